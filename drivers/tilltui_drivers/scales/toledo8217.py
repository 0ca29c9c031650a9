"""Mettler-Toledo 8217, and the many scales that imitate it (NCI 8213, Ariva-S).

``W`` asks; the answer is STX, six characters of weight, ``N`` for net, CR; or STX ``?`` status CR while
there is no weight to give. Bits of the status: 01 motion, 02 over, 04 under zero, 08 outside of the zero
range, 10 centre of zero, 20 net, 40 bad command. 9600 baud, 7 bits, even parity.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import ClassVar

from tilltui.ports import Weighing
from tilltui_drivers.scales.engine import Framed, Heard, Manners, Noise, Reading, grams, settled

_WEIGHT = re.compile(rb" *(\d{1,4}\.\d{1,4})(N?)\Z")
_STATUS = re.compile(rb"\x02\?(.?)\Z", re.DOTALL)
"""The status byte may be 02 or 0D too."""

_STATES = (
    (0x40, Weighing.ERROR),
    (0x02, Weighing.OVER),
    (0x04, Weighing.UNDER),
    (0x01, Weighing.MOTION),
    (0x08, Weighing.ERROR),
    (0x10, Weighing.ZERO),
)
"""Bits of the status, the weightiest first."""


class Toledo8217(Framed):
    """The protocol of the 8217."""

    manners: ClassVar[Manners] = Manners(bytesize=7, parity="E")
    limit: ClassVar[int] = 24

    def __init__(self, unit: str = "kg") -> None:
        super().__init__(unit)
        self._last: Reading | None = None
        self._quiet = 0

    def ask(self) -> bytes:
        """``W``."""
        return b"W"

    def zero(self) -> bytes:
        """``Z``."""
        return b"Z"

    def reset(self) -> None:
        """Forget the last weight too."""
        super().reset()
        self._last, self._quiet = None, 0

    def read(self, frame: bytes) -> Iterable[Heard]:
        """Read STX and what follows; what stands before the last STX is half an answer."""
        if status := _STATUS.search(frame):
            # A status of 0D has ended the frame itself.
            return [self._status(status[1][0] if status[1] else 0x0D)]
        _, start, body = frame.rpartition(b"\x02")
        match = _WEIGHT.match(body) if start else None
        value = grams(match[1].decode(), self.unit) if match else None
        if match is None or value is None:
            return [Noise(frame)]
        self._last, self._quiet = settled(value, net=bool(match[2])), 0
        return [self._last]

    def _status(self, status: int) -> Reading:
        for bit, state in _STATES:
            if status & bit:
                self._last, self._quiet = None, 0
                return Reading(0, state, bool(status & 0x20))
        # Some give a weight once and then say "nothing new". A broken status byte arrives as 00 as well,
        # so one alone says nothing.
        self._quiet += 1
        if self._last is not None and self._quiet > 1:
            return self._last
        return Reading(self._last.grams if self._last else 0, Weighing.MOTION, bool(status & 0x20))
