"""Text measured in terminal cells, and the last net under everything that reaches a strip.

``domain.text.clean`` is the door for text from outside. This is the net behind it: Textual hands escape
sequences in data on to the terminal, so no control, bidi or lone surrogate character may get into a segment.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from rich.cells import cell_len, set_cell_size

from tilltui.ui.shell.glyphs import CUT, plainer

_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_MOST = 2000


@lru_cache(2048)
def plain(text: str) -> str:
    r"""Drop what a terminal could obey, and replace typographic signs by plain ones.

    White space of any kind becomes one space a character; at most 2,000 characters are kept.

    >>> plain("a\x1b[2J\tb\u202ec")
    'a[2J bc'
    """
    text = text[:_MOST]
    if text.isascii() and text.isprintable():
        return text
    text = "".join(" " if c.isspace() else c for c in text)
    text = "".join(c for c in text if unicodedata.category(c) not in _DROPPED and not _selects_variant(c))
    return plainer(text)


def _selects_variant(character: str) -> bool:
    """Variation selectors make a character's width a matter of the terminal's taste."""
    return "\ufe00" <= character <= "\ufe0f"


def width_of(text: str) -> int:
    """Cells that a plain text takes."""
    return len(text) if text.isascii() else cell_len(text)


@lru_cache(2048)
def fit(text: str, width: int, align: str = "left") -> str:
    """Make ``text`` exactly ``width`` cells: padded, or cut with a mark at its end.

    Args:
        text: Any text; it goes through ``plain`` first.
        width: Cells; nothing is returned for 0 or less.
        align: ``left``, ``right`` or ``center``.

    >>> fit("Leche entera", 6)
    'Leche.'
    >>> fit("$5", 4, "right")
    '  $5'
    """
    if width <= 0:
        return ""
    text = plain(text)
    space = width - width_of(text)
    if space < 0:
        return set_cell_size(set_cell_size(text, width - 1).rstrip() + CUT, width)
    if align == "right":
        return " " * space + text
    if align == "center":
        return " " * (space // 2) + text + " " * (space - space // 2)
    return text + " " * space


def wrap(text: str, width: int, most: int) -> list[str]:
    """Break ``text`` at spaces into at most ``most`` lines of exactly ``width`` cells.

    A word that is wider than a line is broken; what does not fit is cut with a mark on the last line.

    >>> wrap("sin papel en la impresora", 10, 2)
    ['sin papel ', 'en la imp.']
    """
    words = plain(text).split()
    lines: list[str] = []
    while words and len(lines) < most - 1:
        line = words.pop(0)
        while words and width_of(line) + 1 + width_of(words[0]) <= width:
            line += " " + words.pop(0)
        if width_of(line) > width:
            head = set_cell_size(line, width).rstrip()
            words.insert(0, line[len(head) :])
            line = head
        if not line:
            break
        lines.append(fit(line, width))
    if words:
        lines.append(fit(" ".join(words), width))
    return lines
