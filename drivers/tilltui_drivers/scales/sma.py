"""SMA SCP-0499, the protocol of the Scale Manufacturers Association.

``LF W CR`` asks; the answer is LF s r n m f, ten characters of weight, three of unit, CR. s: blank good,
``Z`` at zero, ``O`` over, ``U`` under, ``E`` ``I`` ``T`` faults; n: ``G`` gross, ``N`` net, ``T`` tare; m:
``M`` motion. 9600 baud, 8N1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import ClassVar

from tilltui.ports import Weighing
from tilltui_drivers.scales.engine import Framed, Heard, Noise, Reading, grams, settled

_ANSWER = re.compile(rb"([ ZOUEIT])[\x20-\x7e]([GN])([M ])[\x20-\x7e]([ \d.+-]{10})([a-z]{1,2})[_ ]{1,2}\Z")
_STATES = {b"O": Weighing.OVER, b"U": Weighing.UNDER, b"E": Weighing.ERROR, b"I": Weighing.ERROR}


class Sma(Framed):
    """The protocol SCP-0499."""

    limit: ClassVar[int] = 32

    def ask(self) -> bytes:
        """``LF W CR``."""
        return b"\nW\r"

    def zero(self) -> bytes:
        """``LF Z CR``."""
        return b"\nZ\r"

    def read(self, frame: bytes) -> Iterable[Heard]:
        """Read LF and what follows."""
        _, start, body = frame.rpartition(b"\n")
        match = _ANSWER.match(body) if start and len(body) == 18 else None
        if match is None:
            return [Noise(frame)]
        status, kind, motion, number, unit = match.groups()
        net, text = kind == b"N", number.decode().strip()
        if status in _STATES or status == b"T":
            return [Reading(0, _STATES.get(status, Weighing.ERROR), net)]
        value = grams(text.lstrip("+-").strip(), unit.decode())
        if value is None:
            return [Noise(frame)]
        if motion == b"M":
            return [Reading(value, Weighing.MOTION, net)]
        if text.startswith("-") and value:
            return [Reading(0, Weighing.UNDER, net)]
        return [settled(value, net=net)]
