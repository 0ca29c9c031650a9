"""Command sets of customer displays: two lines of twenty characters in one piece of bytes.

Sources: Epson DM-D110 specification pp. 42-52; Partner CD5220 manual section 6; POS-X XP8200 manual 4.1;
Logic Controls PDX3/LDX9 manual 8.1; Posiflex PD-2609, UTC table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tilltui.ports.display import COLUMNS
from tilltui_drivers.displays.letters import Letters

Commands = Literal["epson", "cd5220", "aedex", "logic", "utc"]
"""Names of the command sets."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """One command set.

    Attributes:
        reset: For a display that was just found.
        start: Overwrite mode and no cursor; may be said again without a flicker.
        upper: Stands before the upper line.
        lower: Stands before the lower line.
        end: Stands behind each line.
        clear: Shows nothing; empty where that is two lines of blanks.
        pages: The display's numbers of code pages, where it has a command to choose one.
        lead: A pair of characters that begins a command even inside of a line, and must not stand in it.
    """

    reset: bytes
    start: bytes
    upper: bytes
    lower: bytes
    end: bytes = b""
    clear: bytes = b""
    pages: tuple[tuple[str, int], ...] = ()
    lead: bytes = b""

    def opening(self, page: str) -> bytes:
        """Bytes that go before a text; ``page`` is a code page, or empty for plain letters."""
        number = dict(self.pages).get(page)
        return self.start if number is None else self.start + b"\x1b\x74" + bytes([number])

    def frame(self, upper: str, lower: str, letters: Letters) -> bytes:
        """Write both lines, each exactly ``COLUMNS`` characters whatever the texts hold."""
        return self.upper + self._line(upper, letters) + self.lower + self._line(lower, letters)

    def blank(self) -> bytes:
        """Show nothing."""
        return self.clear or self.frame("", "", Letters(""))

    def _line(self, text: str, letters: Letters) -> bytes:
        cells = letters.cells(text, COLUMNS)
        if self.lead:
            cells = cells.replace(self.lead, self.lead[:1] + b".")
        return cells + self.end


_EPSON_PAGES = (("cp437", 0), ("cp850", 2), ("cp1252", 16), ("cp858", 19))

DIALECTS: dict[Commands, Dialect] = {
    # The 20th character of the lower line would scroll the display in its other modes.
    "epson": Dialect(
        reset=b"\x1b\x40",
        start=b"\x1f\x01\x1f\x43\x00",
        upper=b"\x1f\x24\x01\x01",
        lower=b"\x1f\x24\x01\x02",
        clear=b"\x0c",
        pages=_EPSON_PAGES,
    ),
    "cd5220": Dialect(
        reset=b"\x1b\x40\x1b\x5f\x00",
        # In the mode of its line commands it takes no others until it is cleared.
        start=b"",
        upper=b"\x1b\x51\x41",
        lower=b"\x1b\x51\x42",
        end=b"\x0d",
        clear=b"\x0c",
    ),
    "aedex": Dialect(reset=b"!#A\r", start=b"", upper=b"!#1", lower=b"!#2", end=b"\r", lead=b"!#"),
    "logic": Dialect(reset=b"\x1f", start=b"\x11\x14", upper=b"\x10\x00", lower=b"\x10\x14", clear=b"\x1e"),
    "utc": Dialect(
        reset=b"",
        start=b"",
        upper=b"\x1b\x75\x41",
        lower=b"\x1b\x75\x42",
        end=b"\r",
        clear=b"\x1b\x75\x41\r\x1b\x75\x42\r",
    ),
}
"""The command sets by the name that the settings use."""

TO_DISPLAY = b"\x1b\x3d\x02"
"""Makes a printer pass on what follows to the display behind it."""

TO_PRINTER = b"\x1b\x3d\x01"
"""Makes it print again."""
