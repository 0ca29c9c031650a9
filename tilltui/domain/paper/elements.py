"""What stands on paper, as a list of elements without a printer in mind.

The same list becomes ESC/POS bytes, the screen preview, a PNG and an e-mail. ``sale_receipt`` in
``domain.paper`` writes it for a sale.
"""

from __future__ import annotations

from typing import Any

from tilltui.domain.frozen import frozen


@frozen
class Text:
    """One line with up to three columns; too long a line wraps at the left column.

    Attributes:
        left: Text at the left margin.
        center: Text in the middle.
        right: Text at the right margin, kept whole where the line must wrap.
        bold: Emphasised.
        size: 1 normal, 2 double height and width.
        indent: Spaces before the left column, also of wrapped lines.
    """

    left: str = ""
    center: str = ""
    right: str = ""
    bold: bool = False
    size: int = 1
    indent: int = 0


@frozen
class Rule:
    """A line across the paper, of ``char``."""

    char: str = "-"


@frozen
class Feed:
    """Empty lines."""

    lines: int = 1


@frozen
class Barcode:
    """A one-dimensional code, centred.

    Attributes:
        data: ASCII text.
        symbology: ``code128``, ``ean13`` or ``ean8``.
        text: Whether the digits are printed below.
    """

    data: str
    symbology: str = "code128"
    text: bool = True


@frozen
class QR:
    """A QR code, centred; ``size`` is the module width in dots."""

    data: str
    size: int = 6


@frozen
class PDF417:
    """A PDF417 stamp, centred; ``data`` are the bytes as they are to be read."""

    data: bytes


@frozen
class Image:
    """A one-bit picture, centred: rows of ``width`` pixels packed eight to a byte, 1 is black."""

    width: int
    height: int
    bits: bytes


@frozen
class Cut:
    """Feed to the knife and cut, or feed to the tear bar where there is none."""


Element = Text | Rule | Feed | Barcode | QR | PDF417 | Image | Cut

_KINDS: dict[str, type[Any]] = {
    kind.__name__: kind for kind in (Text, Rule, Feed, Barcode, QR, PDF417, Image, Cut)
}


def to_data(elements: list[Element]) -> list[list[Any]]:
    """Turn elements into plain lists for JSON; bytes become hexadecimal text."""
    rows: list[list[Any]] = []
    for element in elements:
        values = [getattr(element, name) for name in element.__dataclass_fields__]
        rows.append([type(element).__name__, *(v.hex() if isinstance(v, bytes) else v for v in values)])
    return rows


def from_data(rows: list[list[Any]]) -> list[Element]:
    """Read back what ``to_data`` made.

    Raises:
        ValueError: A row names no element or has the wrong fields.
    """
    elements: list[Element] = []
    for name, *values in rows:
        kind = _KINDS.get(name)
        if kind is None or len(values) != len(kind.__dataclass_fields__):
            raise ValueError(
                f"Failed to read {name!r} as a receipt element: expected one of {sorted(_KINDS)}."
            )
        if kind is PDF417 or kind is Image:
            values[-1] = bytes.fromhex(values[-1])
        elements.append(kind(*values))
    return elements
