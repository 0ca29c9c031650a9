"""Adam CBD and AZextra: ``P CR LF`` answered by ``... 1.250kg CR LF``.

It gives a weight once, and then nothing until another one lies on it, and it beeps at each question: so it
is asked every five seconds and may be silent. That it answers with stable weights only is not confirmed on
a real scale. 4800 baud, 8N1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import ClassVar

from tilltui.ports import Weighing
from tilltui_drivers.scales.engine import Framed, Heard, Manners, Noise, Reading, grams, settled

_WEIGHT = re.compile(rb"(?:\A|[^\d.,])(?P<sign>-?) *(?P<number>\d{1,4}\.\d{1,4}) ?kg *\Z")


class Adam(Framed):
    """The protocol of the CBD."""

    manners: ClassVar[Manners] = Manners(baudrate=4800, poll=5.0, patience=5.0, silence=None, confirm=1)
    ends: ClassVar[bytes] = b"\r\n"

    def ask(self) -> bytes:
        """``P CR LF``."""
        return b"P\r\n"

    def zero(self) -> bytes:
        """``Z CR LF``."""
        return b"Z\r\n"

    def read(self, frame: bytes) -> Iterable[Heard]:
        """Read one line."""
        match = _WEIGHT.search(frame)
        value = grams(match["number"].decode(), "kg") if match else None
        if match is None or value is None:
            return [Noise(frame)]
        if match["sign"] and value:
            return [Reading(0, Weighing.UNDER)]
        return [settled(value)]
