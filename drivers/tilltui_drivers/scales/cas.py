"""CAS AP, ER and PD: ENQ, ACK, DC1, weight.

The answer is SOH STX, ``S`` stable or ``U`` unstable, sign, weight of 6 or 7 characters, unit of 2, BCC,
ETX, and EOT from some. BCC is the exclusive or of everything between STX and itself; it may be any byte,
ETX too, so an answer is found by its length. The sign ``F`` for over load is from memory, and the frames as
a whole wait for their confirmation on a real scale. 9600 baud, 8N1 or 7 bits, even parity.
"""

from __future__ import annotations

import re
from functools import reduce
from operator import xor
from typing import ClassVar

from tilltui.ports import Weighing
from tilltui_drivers.scales.engine import Engine, Heard, Manners, Noise, Reading, Send, grams, settled

_STX, _ETX, _ACK = 0x02, 0x03, 0x06
_BODIES = (11, 10)
"""Bytes between STX and BCC."""
_BODY = re.compile(rb"([SU])([ +F-]) *(\d{1,5}\.?\d{0,4}) *(kg|KG|g|G|lb|LB|k|oz)[ \0]*\Z")


class Cas(Engine):
    """The protocol ENQ-DC1."""

    manners: ClassVar[Manners] = Manners(confirm=1)

    def __init__(self, unit: str = "kg") -> None:
        super().__init__(unit)
        self._held = bytearray()
        self._asked = False

    def ask(self) -> bytes:
        """ENQ; the scale's ACK is answered with DC1."""
        self._asked = True
        return b"\x05"

    def reset(self) -> None:
        """Forget half an answer, and a question."""
        self._held.clear()
        self._asked = False

    def unanswered(self) -> None:
        """Forget half an answer."""
        self.reset()

    def feed(self, data: bytes) -> list[Heard]:
        """Read what came, in any pieces."""
        found: list[Heard] = []
        for byte in data:
            if byte == _ACK and self._asked and not self._held:
                self._asked = False
                found.append(Send(b"\x11"))
            elif self._held or byte == _STX:
                self._held.append(byte)
                found.extend(self._frame())
        return found

    def _frame(self) -> list[Heard]:
        """The answer that has just become complete; what cannot become one is dropped up to the next STX."""
        held = self._held
        for size in _BODIES:
            body, rest = bytes(held[1 : size + 1]), held[size + 1 :]
            if len(rest) == 2 and rest[1] == _ETX and rest[0] == reduce(xor, body):
                held.clear()
                return [self._weight(body)]
        if len(held) < max(_BODIES) + 3:
            return []
        noise = bytes(held)
        again = held.find(_STX, 1)
        del held[: again if again > 0 else len(held)]
        return [Noise(noise)]

    def _weight(self, body: bytes) -> Heard:
        match = _BODY.match(body)
        unit = match[4].decode().lower() if match else ""
        value = grams(match[3].decode().rstrip("."), "kg" if unit == "k" else unit) if match else None
        if match is None or value is None:
            return Noise(body)
        if match[2] == b"F":
            return Reading(0, Weighing.OVER)
        if match[1] == b"U":
            return Reading(value, Weighing.MOTION)
        if match[2] == b"-" and value:
            return Reading(0, Weighing.UNDER)
        return settled(value)
