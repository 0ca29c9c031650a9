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
        """Give exactly ``columns`` bytes, none below 0x20 and no 0x7F."""
        text = self._page.printable(text[:_LONGEST])
        if self._ascii and not text.isascii():
            text = "".join(map(_bare, text))
        return self._page.encode(text)[:columns].ljust(columns)


def _bare(char: str) -> str:
    if char.isascii():
        return char
    base = _PLAIN.get(char) or unicodedata.normalize("NFKD", char)[:1]
    return base if base.isascii() else "?"
