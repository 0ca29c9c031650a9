"""How far a long command has come: a bar on a terminal, a count now and then elsewhere."""

from __future__ import annotations

import shutil
import time
from typing import TextIO

from tilltui.i18n import _

REDRAW = 0.1
"""Seconds between two pictures of the bar."""

COUNT_EVERY = 10_000
"""Rows between two lines where there is no terminal."""

MAX_WIDTH = 40
"""Most characters of the bar."""


class Progress:
    """Shows progress on ``stream``, which is stderr so that results can be piped."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._terminal = stream.isatty()
        self._next = 0.0
        self._counted = 0
        self._shown = 0
        self._full, self._empty = ("█", "░") if _can_show(stream, "█░") else ("#", ".")

    def show(self, done: float, rows: int) -> None:
        """Show the part that is done (0 to 1) and the rows."""
        if self._terminal:
            now = time.monotonic()
            if now >= self._next or done >= 1.0:
                self._next = now + REDRAW
                self._draw(done, rows)
        elif rows - self._counted >= COUNT_EVERY:
            self._counted = rows
            print(_("{rows} rows read").format(rows=rows), file=self._stream, flush=True)

    def clear(self) -> None:
        """Take the bar off the terminal."""
        if self._shown:
            print("\r" + " " * self._shown + "\r", end="", file=self._stream, flush=True)
            self._shown = 0

    def _draw(self, done: float, rows: int) -> None:
        count = _("{rows} rows read").format(rows=rows)
        room = shutil.get_terminal_size().columns - len(count) - 8
        width = max(0, min(MAX_WIDTH, room))
        full = round(width * min(max(done, 0.0), 1.0))
        bar = self._full * full + self._empty * (width - full)
        line = f"{bar} {round(done * 100):3d} % {count}"[: shutil.get_terminal_size().columns - 1]
        print(f"\r{line.ljust(self._shown)}", end="", file=self._stream, flush=True)
        self._shown = len(line)


def _can_show(stream: TextIO, text: str) -> bool:
    try:
        text.encode(stream.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True
