"""Elements to lines of a fixed width: one look for paper, preview and picture.

Pure: widths are counted in characters of the printer's normal font (32, 42 or 48 a line), a character is one
cell. The caller's ``printable`` runs first: it may change the length of a text (``…`` becomes ``...``).
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable

from tilltui.domain.frozen import frozen
from tilltui.domain.paper.elements import PDF417, QR, Barcode, Cut, Element, Feed, Image, Rule, Text

Printable = Callable[[str], str]
"""Folds a text to what the paper can show, one cell a character."""

MAX_FEED = 30
"""Most empty lines that one ``Feed`` gives: a roll is not for emptying."""


@frozen
class Line:
    """One line as it stands on paper.

    Attributes:
        text: Characters from the left margin, without trailing spaces.
        bold: Emphasised.
        size: 1 normal, 2 double height and width (then ``text`` holds half as many characters).
    """

    text: str = ""
    bold: bool = False
    size: int = 1


Graphic = Barcode | QR | PDF417 | Image | Cut
"""What is no line of characters."""


def _as_is(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


def lay_out(elements: Iterable[Element], columns: int, printable: Printable = _as_is) -> list[Line | Graphic]:
    """Turn elements into lines of at most ``columns`` characters; graphics and cuts are passed on.

    Raises:
        ValueError: There is less than one column.
    """
    if columns < 1:
        raise ValueError(f"Failed to lay out a receipt: expected at least 1 column, got {columns}.")
    placed: list[Line | Graphic] = []
    for element in elements:
        if isinstance(element, Text):
            placed.extend(_text(element, columns, printable))
        elif isinstance(element, Rule):
            placed.append(Line((printable(element.char) or "-")[0] * columns))
        elif isinstance(element, Feed):
            placed.extend([Line()] * max(0, min(element.lines, MAX_FEED)))
        else:
            placed.append(element)
    return placed


def _text(element: Text, columns: int, printable: Printable) -> list[Line]:
    size = 2 if element.size >= 2 and columns >= 2 else 1
    width = columns // size
    left, center, right = printable(element.left), printable(element.center), printable(element.right)
    rows = _rows(left.rstrip(), center.strip(), right.strip(), width, max(0, element.indent))
    return [Line(row.rstrip(), element.bold, size) for row in rows]


def _rows(left: str, center: str, right: str, width: int, indent: int) -> list[str]:
    """Set up to three columns; a right column that leaves too little room gets a row of its own."""
    indent = min(indent, width // 2)
    rows: list[str] = []
    if len(right) > width - indent:
        rows = [part.rjust(width) for part in _wrap(right, width)]
        right = ""
    elif left and right and width - indent - len(right) - 1 < min(len(left), width // 3):
        rows, right = [right.rjust(width)], ""
    room = width - indent - (len(right) + 1 if right else 0)
    above = [" " * indent + part for part in _wrap(left, room)]
    if right:
        above = above or [""]
        above[0] = above[0].ljust(width - len(right)) + right
    return _add_center(above, center, width) + rows or [""]


def _add_center(rows: list[str], center: str, width: int) -> list[str]:
    """Put the centre into the first row's gap where it fits with a space on both sides, else above."""
    if not center:
        return rows
    alone = [(" " * ((width - len(part)) // 2)) + part for part in _wrap(center, width)]
    if not rows:
        return alone
    if len(alone) == 1:
        first, start = rows[0].ljust(width), (width - len(center)) // 2
        gap = first[max(0, start - 1) : start + len(center) + 1]
        if not gap.strip():
            return [first[:start] + center + first[start + len(center) :], *rows[1:]]
    return alone + rows


def _wrap(text: str, width: int) -> list[str]:
    """Break at spaces, and inside a word that alone is too long; nothing for an empty text."""
    if not text:
        return []
    if len(text) <= width:
        return [text]
    return textwrap.wrap(
        text, max(1, width), expand_tabs=False, replace_whitespace=False, break_on_hyphens=False
    )


def to_text(elements: Iterable[Element], columns: int) -> str:
    """Show elements as plain text, with ``[QR ...]``, ``[||| ... |||]`` and the like for what is no text."""
    shown: list[str] = []
    for item in lay_out(elements, columns):
        if isinstance(item, Line):
            shown.append(" ".join(item.text) if item.size == 2 else item.text)
        elif isinstance(item, Cut):
            shown.append("- " * (columns // 2))
        else:
            shown.append(_caption(item, columns).center(columns).rstrip())
    return "\n".join(line.rstrip() for line in shown) + "\n"


def _caption(item: Barcode | QR | PDF417 | Image, columns: int) -> str:
    if isinstance(item, Barcode):
        # Bars are understood in every language.
        caption = f"[||| {_as_is(item.data)} |||]"
    elif isinstance(item, QR):
        caption = f"[QR {_as_is(item.data)}]"
    elif isinstance(item, PDF417):
        caption = f"[PDF417 {len(item.data)} bytes]"
    else:
        caption = f"[Image {item.width}x{item.height}]"
    return caption if len(caption) <= columns else caption[: columns - 2] + "~]"
