"""Text to the bytes of a display: one a column, none of them a command."""

from __future__ import annotations

import unicodedata
from typing import Literal

from tilltui_drivers.printers.codepage import CodePage

Page = Literal["", "cp437", "cp850", "cp858", "cp1252"]
"""Code pages that may be set; empty: letters without accents, which every display has."""

_LONGEST = 200
"""Most characters of a text that are looked at: a hostile one must not cost anything."""

_PLAIN = {"¡": "!", "¿": "?", "¢": "c", "£": "L", "«": "<", "»": ">", "ª": "a", "º": "o", "°": "o"}


class Letters:
    """Writes text in one code page.

    Args:
        page: Name of the page; empty: accents are taken off.
    """

    def __init__(self, page: str) -> None:
        # Plain letters go through CP437 first, which writes quotes, dashes and ligatures simply.
        self._page = CodePage(page or "cp437")
        self._ascii = not page

    def cells(self, text: str, columns: int) -> bytes:
        """Give exactly ``columns`` bytes, none below 0x20 and no 0x7F.

        A character never becomes two, ``€`` not ``EUR``: the amount at the end of a line would be cut.
        """
        composed = unicodedata.normalize("NFC", text[:_LONGEST])
        return self._page.encode("".join(map(self._cell, composed)))[:columns].ljust(columns)

    def _cell(self, char: str) -> str:
        char = self._page.printable(char)[:1]
        return _bare(char) if self._ascii else char


def _bare(char: str) -> str:
    """Take the accent off a character that CP437 has; ``""`` stays."""
    if char.isascii():
        return char
    base = _PLAIN.get(char) or unicodedata.normalize("NFKD", char)[:1]
    return base if base.isascii() else "?"
