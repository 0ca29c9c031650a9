"""One door for text from outside.

Catalogue, barcode, keyboard and network text is hostile: Textual passes escape sequences in data on to the
terminal, and receipt printers obey control bytes. Everything that comes in goes through ``clean``.
"""

from __future__ import annotations

import re
import unicodedata

MAX_NAME = 120
"""Most characters of a product, customer or shop name."""

MAX_NOTE = 500
"""Most characters of a note."""

_PLAIN = re.compile(r"[ -~\u00a1-\u00ac\u00ae-\u024f]*\Z")
_SPACES = re.compile(r"\s+")
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def clean(value: str, limit: int = MAX_NAME) -> str:
    r"""Make text from outside safe to keep, show and print.

    Composes accents (NFC), turns every run of white space into one space, drops control, format (bidi),
    surrogate, private and unassigned characters, strips, and cuts to ``limit`` characters.

    >>> clean(" Leche\x1b[2J\tentera ")
    'Leche[2J entera'
    """
    value = value[: limit * 8]
    if not _PLAIN.match(value):
        value = _SPACES.sub(" ", value)
        value = "".join(c for c in value if unicodedata.category(c) not in _DROPPED)
        # Composed last: what was dropped may have stood between a letter and its accent.
        value = unicodedata.normalize("NFC", value)
    return _SPACES.sub(" ", value).strip()[:limit].rstrip()


def fold(value: str) -> str:
    """Take accents off and lower the case, for comparing names.

    >>> fold("Ñandú")
    'nandu'
    """
    # The case first: lowering a Turkish dotted I leaves an accent behind.
    decomposed = unicodedata.normalize("NFD", value.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))
