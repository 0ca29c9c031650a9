"""A compiled catalogue (GNU gettext's MO file) whose messages are looked up when they are first said.

The standard library reads all of them at once: a till says some sixty of twelve hundred until its screen
stands, and reading the rest is 20 million instructions of its start. The format: GNU gettext manual, section
"The Format of GNU MO Files"; the originals are sorted.
"""

from __future__ import annotations

import struct
from bisect import bisect_left
from gettext import NullTranslations, c2py
from pathlib import Path

_MAGIC = 0x950412DE
"""First word of a file that was compiled on a machine of the same byte order as its reader's."""

_HEADER = struct.Struct("<7I")
_PLACE = struct.Struct("<2I")
"""Length and offset of a text."""


class Catalogue(NullTranslations):
    """The messages of one language; what it does not have is said in English.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: It is no compiled catalogue in UTF-8, least significant byte first, as ours are.
    """

    def __init__(self, file: Path) -> None:
        super().__init__()
        data = self._data = file.read_bytes()
        header = _HEADER.unpack_from(data) if len(data) >= _HEADER.size else (0,)
        if header[0] != _MAGIC:
            raise ValueError(f"Failed to read {file.name}: expected magic {_MAGIC:#x}, got {header[0]:#x}.")
        _magic, _revision, self._count, self._originals, self._translated, _, _ = header
        self._said: dict[str, str] = {}
        about = self._find("") or ""
        fields = dict(line.split(": ", 1) for line in about.splitlines() if ": " in line)
        if "charset=utf-8" not in fields.get("Content-Type", "").lower():
            raise ValueError(f"Failed to read {file.name}: expected UTF-8, got {fields.get('Content-Type')}.")
        rule = fields.get("Plural-Forms", "nplurals=2; plural=(n != 1);")
        self._form = c2py(rule.partition("plural=")[2].partition(";")[0])

    def gettext(self, message: str) -> str:
        """The translation; of a message with a plural the form for one."""
        said = self._said.get(message)
        if said is None:
            said = self._said[message] = self._form_of(message, 1) or message
        return said

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The form for ``n`` things."""
        return self._form_of(msgid1, n) or (msgid1 if n == 1 else msgid2)

    def _form_of(self, message: str, count: int) -> str:
        """The form that ``count`` things need, of one form the only one; empty where there is none."""
        forms = (self._find(message) or "").split("\0")
        form = self._form(count) if len(forms) > 1 else 0
        return forms[form] if form < len(forms) else ""

    def _find(self, message: str) -> str | None:
        """All forms of a message's translation, with zeros between them."""
        wanted = message.encode()
        # One with a plural is kept as both of them, a zero between: it sorts right behind the first alone.
        at = bisect_left(range(self._count), wanted, key=lambda number: self._text(self._originals, number))
        if at == self._count or self._text(self._originals, at).partition(b"\0")[0] != wanted:
            return None
        return self._text(self._translated, at).decode()

    def _text(self, table: int, number: int) -> bytes:
        length, offset = _PLACE.unpack_from(self._data, table + number * _PLACE.size)
        return self._data[offset : offset + length]
