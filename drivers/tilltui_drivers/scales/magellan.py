"""Datalogic Magellan and NCR: scanner and scale on one cable.

``S14 CR`` asks; ``S140`` not ready, ``S141`` motion, ``S142`` over, ``S143`` zero, ``S144`` and the weight
stable, ``S145`` under zero. Codes come unasked as ``S08`` and a letter. NCR puts STX before and ETX behind.
A metric scale writes five digits of grams, one in pounds four digits of hundredths: not confirmed on a real
one, so four digits are taken only where the settings say pounds. 9600 baud, 7 bits, odd parity.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import ClassVar

from tilltui.ports import Weighing
from tilltui_drivers.scales.engine import Framed, Heard, Manners, Noise, Reading, Scanned, grams, settled

_STATUS = {
    b"0": Weighing.MOTION,
    b"1": Weighing.MOTION,
    b"2": Weighing.OVER,
    b"3": Weighing.ZERO,
    b"5": Weighing.UNDER,
}
_WEIGHT = re.compile(rb"S144(\d{4,5})\Z")
_CODE = re.compile(rb"S08(FF|F|A|E|R4|R|B1|B2|B3)([\x1d\x20-\x7e]{1,512})\Z")
_SYMBOLOGY = {b"A": "]E0", b"F": "]E0", b"FF": "]E4", b"R": "]e0", b"R4": "]e0"} | {
    b"B1": "]A0",
    b"B2": "]I0",
    b"B3": "]C0",
}


class Magellan(Framed):
    """The single-cable protocol, both halves of it."""

    manners: ClassVar[Manners] = Manners(bytesize=7, parity="O")
    ends: ClassVar[bytes] = b"\r\x03"
    limit: ClassVar[int] = 600

    def ask(self) -> bytes:
        """``S14 CR``."""
        return b"S14\r"

    def read(self, frame: bytes) -> Iterable[Heard]:
        """Read a weight, a status or a code; what stands before the last STX is half an answer."""
        body = frame.rpartition(b"\x02")[2].strip(b"\n")
        if code := _CODE.match(body):
            return [Scanned(code[2].decode("ascii"), _SYMBOLOGY.get(code[1]), body)]
        if weight := _WEIGHT.match(body):
            return [self._weight(weight[1].decode(), frame)]
        if body[:3] == b"S14" and body[3:] in _STATUS:
            return [Reading(0, _STATUS[body[3:]])]
        return [Noise(frame)]

    def _weight(self, digits: str, frame: bytes) -> Heard:
        metric = self.unit == "kg"
        if len(digits) != (5 if metric else 4):
            return Noise(frame)
        value = grams(digits, "g") if metric else grams(f"{digits[:2]}.{digits[2:]}", "lb")
        return Noise(frame) if value is None else settled(value)
