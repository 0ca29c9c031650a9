"""Dialog 06: price-computing scales of Mettler, Dibal, Bizerba, Ohaus and Cely.

The till sends a unit price (record 01), asks with EOT ENQ, and gets record 02: unit, weight, price, amount.
NAK is followed up with record 08, whose answer 09 says why. Every answer is closed with EOT. The till
computes the price itself, so it sends a price of nought; whether a scale takes that is not confirmed on a
real one. Scales that demand a checksum (record 11, for which the maker's secret is needed) are not
supported and say so as a fault. 9600 baud, 7 bits, odd parity; dialogs 02 and 04 run at 2400 and 4800.
"""

from __future__ import annotations

import re
from typing import ClassVar

from tilltui.ports import Weighing
from tilltui_drivers.scales.engine import Engine, Heard, Manners, Noise, Reading, Send, grams, settled

_PRICE = b"\x04\x02\x30\x31\x1b000000\x1b\x03"
_WEIGH = b"\x04\x05"
_WHY = b"\x04\x02\x30\x38\x03"
_DONE = Send(b"\x04")
_ACK, _NAK, _STX, _ETX = 0x06, 0x15, 0x02, 0x03
_LIMIT = 48
_RESULT = re.compile(rb"02\x1b([0-3])\x1b(\d{5})\x1b(\d{6})\x1b(\d{6})\Z")
_STATUS = re.compile(rb"09\x1b([0-9A-F]{2})\Z")
_STATES = {
    b"00": Weighing.MOTION,
    b"20": Weighing.MOTION,
    b"22": Weighing.MOTION,
    b"30": Weighing.ZERO,
    b"31": Weighing.UNDER,
    b"32": Weighing.OVER,
}
"""20 in motion, 22 not finished, 30 under the least weight, 31 below zero, 32 over load; else a fault."""


class Dialog06(Engine):
    """The protocol Dialog 06."""

    manners: ClassVar[Manners] = Manners(bytesize=7, parity="O", confirm=1)

    def __init__(self, unit: str = "kg") -> None:
        super().__init__(unit)
        self._held = bytearray()
        self._priced = False
        self._last: Reading | None = None

    def ask(self) -> bytes:
        """The price, once; then the weight."""
        return _WEIGH if self._priced else _PRICE

    def reset(self) -> None:
        """Forget the last weight, and that a price was sent."""
        self._held.clear()
        self._priced = False
        self._last = None

    def unanswered(self) -> None:
        """Begin again with the price."""
        self.reset()

    def feed(self, data: bytes) -> list[Heard]:
        """Read what came, in any pieces."""
        found: list[Heard] = []
        for byte in data:
            if byte == _STX:
                self._held[:] = b"\x02"
            elif self._held:
                found.extend(self._more(byte))
            elif byte == _ACK and not self._priced:
                self._priced = True
                found.append(Send(_WEIGH))
            elif byte == _NAK:
                found.append(Send(_WHY))
        return found

    def _more(self, byte: int) -> list[Heard]:
        if byte == _ETX:
            record = bytes(self._held[1:])
            self._held.clear()
            return [self._record(record), _DONE]
        self._held.append(byte)
        if len(self._held) <= _LIMIT:
            return []
        noise = bytes(self._held)
        self._held.clear()
        return [Noise(noise)]

    def _record(self, record: bytes) -> Heard:
        if result := _RESULT.match(record):
            value = grams(result[2].decode(), "g")
            if result[1] != b"3" or value is None:
                return Reading(0, Weighing.ERROR)
            self._last = settled(value)
            return self._last
        if status := _STATUS.match(record):
            return self._said(status[1])
        return Reading(0, Weighing.ERROR) if record.startswith(b"11") else Noise(record)

    def _said(self, why: bytes) -> Reading:
        # 21 is "not moved since the last answer": that answer still holds.
        if why == b"21" and self._last is not None:
            return self._last
        self._last = None
        if why in (b"10", b"11", b"12"):
            self._priced = False
        return Reading(0, Weighing.MOTION if why == b"21" else _STATES.get(why, Weighing.ERROR))
