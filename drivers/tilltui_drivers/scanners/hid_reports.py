"""From a HID scanner's reports to codes: pure, no I/O, threads or clock of its own."""

from __future__ import annotations

from tilltui.errors import N_
from tilltui_drivers.scanners.framer import MAX_FRAME, Frame, Framing, undress
from tilltui_drivers.scanners.hid_descriptor import Layout

CONTINUES = 1.0
"""Seconds within which the next report of a code must come; a scanner sends one each millisecond."""

_NO_AIM = b"\0\0\0"


class ReportCutter:
    """Puts the reports of a code together; never raises, never holds more than ``MAX_FRAME`` bytes.

    A report says itself how long it is and whether the code goes on, so that a code may hold any byte, the
    end of a line too. Reports of another number, such as a status, are passed over.

    Args:
        layout: Where a report has what.
        framing: How the scanner dresses its codes; ``idle_ms`` does not matter.
    """

    def __init__(self, layout: Layout, framing: Framing) -> None:
        self._layout = layout
        self._framing = framing
        self._aim = b""
        self._code = bytearray()
        self._going_on = False
        self._overflown = False
        self._last = 0.0

    @property
    def due(self) -> float | None:
        """Time at which a code that goes on is given up; ``None``: there is none."""
        return self._last + CONTINUES if self._going_on else None

    def feed(self, data: bytes, now: float) -> list[Frame]:
        """Take one report; give the code that it completes.

        Args:
            data: A report, with its number in front where the device numbers them.
            now: ``time.monotonic()`` of reading it.
        """
        layout, frames = self._layout, list[Frame]()
        if not data or (layout.number and data[0] != layout.number):
            return frames
        self._last = now
        aim = bytes(place.read(data) for place in layout.aim)
        if self._going_on and aim not in (self._aim, _NO_AIM, b""):
            self._break_off(frames, now)
        if not self._going_on:
            self._aim = aim
        part = self._part(data)
        if part is None:
            frames.append(Frame(data[:MAX_FRAME], "", None, now, N_("A code broke off.")))
            self._clear()
            return frames
        self._add(part, frames, now)
        self._going_on = layout.continued is not None and layout.continued.read(data) != 0
        if not self._going_on:
            self._end(frames, now)
        return frames

    def flush(self, now: float) -> list[Frame]:
        """Give up a code whose rest does not come.

        Args:
            now: ``time.monotonic()``.
        """
        return self.abandon(now) if self.due is not None and now >= self.due else []

    def abandon(self, now: float) -> list[Frame]:
        """Give up what is not complete: part of a code is never a code."""
        frames: list[Frame] = []
        self._break_off(frames, now)
        return frames

    def _part(self, report: bytes) -> bytes | None:
        """The bytes of code in a report; ``None`` where it says that it has more than it can."""
        layout = self._layout
        part = report[layout.data : layout.data + layout.room]
        if layout.count is None:
            return part.rstrip(b"\0")
        count = layout.count.read(report)
        return part[:count] if count <= len(part) else None

    def _add(self, part: bytes, frames: list[Frame], now: float) -> None:
        if self._overflown:
            return
        if len(self._code) + len(part) > MAX_FRAME:
            fault = N_("The scanner sent far more than a code.")
            frames.append(Frame(bytes(self._code), "", None, now, fault))
            self._code.clear()
            self._overflown = True
            return
        self._code += part

    def _break_off(self, frames: list[Frame], now: float) -> None:
        if self._code:
            frames.append(Frame(bytes(self._code), "", None, now, N_("A code broke off.")))
        self._clear()

    def _end(self, frames: list[Frame], now: float) -> None:
        raw, aim = bytes(self._code), self._aim
        self._clear()
        own, text = undress(raw, self._framing)
        if text:
            given = aim.decode("ascii", "replace")
            frames.append(Frame(raw, text, given if _is_aim(aim) else own, now))

    def _clear(self) -> None:
        self._code.clear()
        self._going_on = self._overflown = False


def _is_aim(aim: bytes) -> bool:
    """Whether three bytes are an AIM identifier: some scanners leave the field empty, or send their own."""
    return len(aim) == 3 and aim[:1] == b"]" and aim[1:].isalnum()
