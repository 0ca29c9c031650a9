"""Which characters the bare console can draw.

The Linux console has 256 glyphs: either the kernel's built-in CP437 font (``drivers/tty/vt/cp437.uni``) or
Debian's western default, Lat15-Fixed16 (``console-setup-linux``, the table in the PSF file). ``ALLOWED`` is
what both have. The kernel draws some capitals without their accent (Á as A): readable, so it counts.
The euro sign and the ellipsis are in Lat15 only, half blocks (▀▄) in the kernel's font only: none is allowed.
"""

from __future__ import annotations

_LATIN = "".join(map(chr, range(0xA0, 0x100)))
_NOT_IN_BOTH = frozenset("¯³¹¾Þþ")
_LINES = "─│┌┐└┘├┤┬┴┼═║╒╓╔╕╖╗╘╙╚╛╜╝╞╟╠╡╢╣╤╥╦╧╨╩╪╫╬"
_SIGNS = "█░▒■▲▶▼◀←↑→↓•‼ƒμπⁿ₧∞∩≈≡≤≥"

ALLOWED = (
    frozenset(map(chr, range(0x20, 0x7F))) | (frozenset(_LATIN) - _NOT_IN_BOTH) | frozenset(_LINES + _SIGNS)
)
"""Every character that both console fonts can draw."""

CUT = "."
"""Marks a text that was cut; the ellipsis is missing from the kernel's font."""

_PLAINER = str.maketrans(
    {
        "\u2010": "-",
        "\u2011": "-",
        "\u2012": "-",
        "\u2013": "-",
        "\u2014": "-",
        "\u2212": "-",
        "\u2018": "'",
        "\u2019": "'",
        "\u201a": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u201e": '"',
        "\u2026": "...",
        "\u00af": "-",
        "\u00b9": "1",
        "\u00b3": "3",
        "\u00be": "3/4",
        "\u0152": "OE",
        "\u0153": "oe",
        "\u2122": "TM",
    }
)


def plainer(text: str) -> str:
    """Replace typographic characters by what every console font has.

    >>> plainer("Dulce “de leche” – 1…")
    'Dulce "de leche" - 1...'
    """
    return text.translate(_PLAINER)


def missing(text: str) -> str:
    """Characters of ``text`` that a console font may lack, once each, in order.

    >>> missing("1,50 € ▀")
    '€▀'
    """
    return "".join(dict.fromkeys(c for c in text if c not in ALLOWED))
