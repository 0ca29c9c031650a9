"""NCI, also called SCP-01 and SCP-02: Weigh-Tronix, Avery, Brecknell, CAS PD-II in NCI mode.

``W CR`` asks. SCP-01: LF weight unit CR LF h1 h2 [h3] CR ETX; SCP-02 puts ``S`` before the status. In
motion and over load the weight may be missing. h1: bit 0 motion, 1 at zero, 2 and 3 memory faults; h2: bit
0 under, 1 over, 2 and 3 memory faults, 6 another byte follows; h3: bit 2 net, 3 fault at the start. 9600
baud, 7 bits, even parity, or 8N1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import ClassVar

from tilltui.ports import Weighing
from tilltui_drivers.scales.engine import Framed, Heard, Manners, Noise, Reading, grams, settled

_ANSWER = re.compile(
    rb"(?:\n *(?P<sign>[+-]?) *(?P<number>\d{1,6}\.?\d{0,4}) *(?P<unit>[A-Za-z]{1,2})\r)?"
    rb"\nS?(?P<status>[\x30-\x3f\x70-\x7f]{2,3})\r\Z"
)


class Nci(Framed):
    """The protocol SCP-01, and SCP-02."""

    manners: ClassVar[Manners] = Manners(bytesize=7, parity="E")
    ends: ClassVar[bytes] = b"\x03"

    def ask(self) -> bytes:
        """``W CR``."""
        return b"W\r"

    def zero(self) -> bytes:
        """``Z CR``."""
        return b"Z\r"

    def read(self, frame: bytes) -> Iterable[Heard]:
        """Read one answer; a status alone tells no weight."""
        match = _ANSWER.search(frame)
        if match is None:
            return [Noise(frame)]
        h1, h2, h3 = (match["status"] + b"\x30")[:3]
        net = bool(h3 & 0x04)
        if h1 & 0x0C or h2 & 0x0C or h3 & 0x08:
            return [Reading(0, Weighing.ERROR, net)]
        if h2 & 0x02:
            return [Reading(0, Weighing.OVER, net)]
        if h2 & 0x01 or match["sign"] == b"-":
            return [Reading(0, Weighing.UNDER, net)]
        number, unit = (match["number"] or b"").decode().rstrip("."), (match["unit"] or b"").decode().lower()
        value = grams(number, unit)
        if h1 & 0x01:
            return [Reading(value or 0, Weighing.MOTION, net)]
        if value is None:
            return [Noise(frame)]
        return [settled(value, net=net)]
