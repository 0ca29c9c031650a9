"""Text to the bytes of a printer's code page, and nothing that a printer obeys.

Our own, because python-escpos chooses pages by the order of their numbers as strings and so prints the line
after an ``Í`` in a page that the printer lacks. No ESC/POS page has the colón sign ``₡``: it becomes ``¢``,
as on every price tag in Costa Rica.
"""

from __future__ import annotations

import codecs
import unicodedata
from functools import lru_cache

PAGES = ("cp858", "cp1252", "cp850", "cp437")
"""Code pages that the till can write, the best for Spanish and Portuguese first."""

_SIMPLER = {
    "\u00a0": " ",
    "\u00ad": "",
    "\u2010": "-",
    "\u2011": "-",
    "\u2012": "-",
    "\u2013": "-",
    "\u2014": "-",
    "\u2015": "-",
    "\u2018": "'",
    "\u2019": "'",
    "\u201a": "'",
    "\u201b": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\u201e": '"',
    "\u2022": "*",
    "\u2026": "...",
    "\u202f": " ",
    "\u2032": "'",
    "\u2033": '"',
    "\u2039": "<",
    "\u203a": ">",
    "\u20a1": "\u00a2",
    "\u20ac": "EUR",
    "\u2116": "No.",
    "\u2122": "TM",
    "\u2190": "<-",
    "\u2192": "->",
    "\u2212": "-",
    "\u2713": "x",
    "\u00d7": "x",
    "\u00f8": "o",
    "\u00d8": "O",
    "\u0142": "l",
    "\u0141": "L",
    "\u0111": "d",
    "\u0131": "i",
    "\u0153": "oe",
    "\u0152": "OE",
    "\u00e6": "ae",
    "\u00c6": "AE",
    "\u00df": "ss",
}
"""What a character becomes in a page that lacks it."""


class CodePage:
    """One code page.

    Attributes:
        name: Python's name of the codec, one of ``PAGES``.
    """

    def __init__(self, name: str) -> None:
        if name not in PAGES:
            raise ValueError(f"Failed to use {name!r} as code page: expected one of {', '.join(PAGES)}.")
        self.name = name
        self._codec = codecs.lookup(name)
        self._one = lru_cache(maxsize=1024)(self._fold)

    def printable(self, text: str) -> str:
        """Fold ``text`` to characters of the page, each of which is one byte on paper.

        Accents are composed, typographic signs simplified, accents that the page lacks taken off (``Í`` is
        ``I`` in CP437), anything else becomes ``?``. White space and control characters become a space.
        """
        if text.isascii() and text.isprintable():
            return text
        return "".join(map(self._one, unicodedata.normalize("NFC", text)))

    def encode(self, text: str) -> bytes:
        """Give the bytes of ``text``; none below 0x20 and no 0x7F, whatever the text says."""
        raw = self._codec.encode(self.printable(text), "replace")[0]
        # The last gate before the printer: it must not trust any step above it.
        return bytes(byte if byte >= 0x20 and byte != 0x7F else 0x3F for byte in raw)

    def _has(self, text: str) -> bool:
        try:
            raw = self._codec.encode(text)[0]
        except UnicodeEncodeError:
            return False
        return len(raw) == len(text) and all(byte >= 0x20 and byte != 0x7F for byte in raw)

    def _fold(self, char: str) -> str:
        if self._has(char):
            # CP850 and CP1252 keep NBSP and the soft hyphen as codes that printers draw as blots.
            return _SIMPLER[char] if char in "\u00a0\u00ad" else char
        if char.isspace() or unicodedata.category(char) == "Cc":
            return " "
        simple = _SIMPLER.get(char)
        if simple is not None and self._has(simple):
            return simple
        if unicodedata.category(char) in ("Mn", "Me", "Cf"):
            return ""
        bare = "".join(c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c))
        return bare if bare and bare != char and self._has(bare) else "?"
