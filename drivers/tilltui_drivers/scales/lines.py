"""Scales that write a line of text: Torrey asked with ``P``, and the many that write unasked.

Torrey (PCR-40, L-PCR, L-EQ) answers ``"  0.278 kg" CR``, with ``NEG``, ``NETO`` or ``SOBRE PESO`` in it; it
does not say whether the weight moves. The stream of Dini Argeo, CAS and T-Scale is ``ST|US|OL,GS|NT,+
1.250,kg CR LF``: stable, unstable, over load; gross, net. Torrey on USB takes any baud rate (115200 as
delivered), on RS-232 9600 8N1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import ClassVar

from tilltui.ports import Weighing
from tilltui_drivers.scales.engine import Framed, Heard, Manners, Noise, Reading, grams, settled

_OVER = re.compile(r"\bSOBRE ?PESO\b|\AOL\b")
_WORDS = re.compile(r"\b(?:NEG|NETO|NET|BRUTO)\b")
_LINE = re.compile(
    r"(?:(?P<stable>ST|US)\s*,\s*(?:(?P<net>GS|NT)\s*,\s*)?)?"
    r"(?P<sign>[+-]?)\s*(?P<number>\d{1,6}(?:[.,]\d{1,4})?)\s*,?\s*(?P<unit>KG|G|LB|OZ)?\Z"
)


class TextStream(Framed):
    """Lines that come unasked; the head ``ST`` or ``US`` says whether the weight is stable."""

    manners: ClassVar[Manners] = Manners(unasked=True)
    ends: ClassVar[bytes] = b"\r\n"

    def ask(self) -> bytes:
        """Nothing: it speaks by itself."""
        return b""

    def read(self, frame: bytes) -> Iterable[Heard]:
        """Read one line."""
        line = " ".join(frame.decode("ascii", "replace").strip("\x02\x03 \t").upper().split())
        if _OVER.search(line):
            return [Reading(0, Weighing.OVER)]
        words = set(_WORDS.findall(line))
        match = _LINE.match(_WORDS.sub("", line).strip())
        value = grams(match["number"], (match["unit"] or self.unit).lower()) if match else None
        if match is None or value is None:
            return [Noise(frame)]
        net = match["net"] == "NT" or bool(words & {"NETO", "NET"})
        if (match["sign"] == "-" or "NEG" in words) and value:
            return [Reading(0, Weighing.UNDER, net)]
        if match["stable"] == "US":
            return [Reading(value, Weighing.MOTION, net)]
        return [settled(value, net=net, flagged=match["stable"] is not None)]


class Torrey(TextStream):
    """The same lines, asked for with ``P CR LF``, or with ``P`` alone where that is not answered."""

    manners: ClassVar[Manners] = Manners(baudrate=115200, reopen=4.0)

    def __init__(self, unit: str = "kg") -> None:
        super().__init__(unit)
        self._bare = False
        self._answered = False

    def ask(self) -> bytes:
        """``P CR LF`` or ``P``."""
        return b"P" if self._bare else b"P\r\n"

    def feed(self, data: bytes) -> list[Heard]:
        """Read what came; the way of asking that was answered is kept."""
        found = super().feed(data)
        self._answered = self._answered or any(isinstance(item, Reading) for item in found)
        return found

    def unanswered(self) -> None:
        """Try the other way of asking, until one of them is answered."""
        super().unanswered()
        if not self._answered:
            self._bare = not self._bare
