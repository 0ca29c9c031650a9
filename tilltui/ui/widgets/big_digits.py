"""Numbers that can be read from across the counter.

Five rows are drawn with full blocks, three rows with double lines: both are in every console font. (Full
blocks alone cannot tell 0 from 8 in three rows, and half blocks are missing from Lat15.)
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import ClassVar, Unpack

from tilltui.ui.widgets.cells import fit, plain, width_of
from tilltui.ui.widgets.line_widget import Line, LineWidget, Named, Run, one

_FIVE_ROWS = """
0 ###,# #,# #,# #,###
1  #,##, #, #,###
2 ###,  #,###,#  ,###
3 ###,  #,###,  #,###
4 # #,# #,###,  #,  #
5 ###,#  ,###,  #,###
6 ###,#  ,###,# #,###
7 ###,  #,  #,  #,  #
8 ###,# #,###,# #,###
9 ###,# #,###,  #,###
- ,,###,,
+ , # ,###, # ,
. ,,,,#
, ,,,##, #
: ,#,,#,
% # #,  #, # ,#  ,# #
$  ####,# #  , ### ,  # #,#### 
€ ####, #  ,### , #  ,####
£ ###,#  ,## ,#  ,###
R ###,# #,## ,# #,# #
k # #,# #,## ,# #,# #
"""

_THREE_ROWS = """
0 ╔═╗,║ ║,╚═╝
1 ╗,║,║
2 ╔═╗,╔═╝,╚══
3 ══╗, ═╣,══╝
4 ║ ║,╚═╣,  ║
5 ╔══,╚═╗,══╝
6 ╔══,╠═╗,╚═╝
7 ══╗,  ║,  ║
8 ╔═╗,╠═╣,╚═╝
9 ╔═╗,╚═╣,══╝
- ,══,
+  ║ ,═╬═, ║
. ,,.
, ,,.'
: .,.,
% ║ ╔,╔═╝,╝ ║
$ ╔╦═,╚╬╗,═╩╝
€ ╔══,╬═ ,╚══
£ ╔══,╬═,╩══
R ╔═╗,╠╦╝,║╚═
k ║╔,╠╣,║╚
"""


def _parse(table: str, comma_rows: Sequence[str], height: int) -> dict[str, tuple[str, ...]]:
    """Read a table of glyphs: the character, a space, then its rows with commas between."""
    glyphs = {" ": (" ",) * height}
    for line in table.strip("\n").split("\n"):
        rows = list(comma_rows) if line[0] == "," else line[2:].replace("#", "█").split(",")
        rows += [""] * (height - len(rows))
        wide = max(map(len, rows))
        glyphs[line[0]] = tuple(row.ljust(wide) for row in rows)
    return glyphs


_SIZES = {
    5: _parse(_FIVE_ROWS, ("", "", "", " █", "█ "), 5),
    3: _parse(_THREE_ROWS, ("", "", ","), 3),
}


_TO_THE_RIGHT = frozenset("═╔╚╠╦╩╬")
_TO_THE_LEFT = frozenset("═╗╝╣╦╩╬")
"""Lines that reach the edge of their cell: side by side the two make one line."""


Glyph = tuple[str, ...]


def _everywhere(left: Glyph, right: Glyph) -> str:
    return " "


@lru_cache(1024)
def _but_at_points(left: Glyph, right: Glyph) -> str:
    """A point has room of its own around it."""
    return "" if any(glyph[-1].strip() in ("", ".", ",") for glyph in (left, right)) else " "


@lru_cache(1024)
def _where_lines_would_join(left: Glyph, right: Glyph) -> str:
    """Else the 1 of $15.690 would be the corner of the $, and the change read as $5.690."""
    joined = any(a[-1] in _TO_THE_RIGHT and b[0] in _TO_THE_LEFT for a, b in zip(left, right, strict=True))
    return " " if joined else ""


_WAYS = {5: (_everywhere,), 3: (_everywhere, _but_at_points, _where_lines_would_join)}
"""By rows, where gaps are left between the characters: the largest first."""


@lru_cache(256)
def digit_rows(text: str, width: int, rows: int) -> tuple[str, ...]:
    """Draw ``text`` large, in at most ``rows`` rows and ``width`` cells.

    Tries five rows, then three, then three with fewer gaps; a text that still does not fit, or has a
    character that is not drawn large, comes back as itself in one row. No-break spaces count as spaces.

    >>> digit_rows("1,5", 9, 3)
    ('╗   ╔══', '║   ╚═╗', '║ , ══╝')
    """
    text = plain(text)
    for size, ways in _WAYS.items():
        known = _SIZES[size]
        if size > rows or not text or any([character not in known for character in text]):
            continue
        glyphs = [known[character] for character in text]
        room = width - sum([len(glyph[0]) for glyph in glyphs])
        for gap in ways if room >= 0 else ():
            gaps = list(map(gap, glyphs, glyphs[1:]))
            if sum(map(len, gaps)) <= room:
                gaps.append("")
                return tuple(
                    [
                        "".join([g[row] + after for g, after in zip(glyphs, gaps, strict=True)])
                        for row in range(size)
                    ]
                )
    return (text,)


def digit_lines(
    text: str, width: int, rows: int, role: str, margin: int = 0, align: str = "left"
) -> list[Line]:
    """The lines of ``digit_rows``, always ``rows`` of them so that nothing below moves.

    Args:
        text: The number.
        width: Cells of the lines, the margin included.
        rows: Rows to return: 1, 3 or 5.
        role: Style of the number.
        margin: Blank cells on the left, given up where the number needs them.
        align: ``left``, ``right`` or ``center``.
    """
    drawn = digit_rows(text, width - margin, rows)
    if len(drawn) == 1:
        drawn = digit_rows(text, width, rows)
    if (len(drawn[0]) if len(drawn) > 1 else width_of(drawn[0])) + margin <= width:
        drawn = tuple(" " * margin + row for row in drawn)
    above = (rows - len(drawn)) // 2
    blank: Line = (Run(" " * max(0, width), role),)
    if len(drawn) > 1:  # glyphs of one cell each, known to be harmless
        pad = {"left": str.ljust, "right": str.rjust, "center": str.center}[align]
        drawn = tuple(pad(row, width) for row in drawn)
    else:
        drawn = (fit(drawn[0], width, align),)
    lines = [blank] * above + [(Run(row, role),) for row in drawn]
    return lines + [blank] * (rows - len(lines))


class BigDigits(LineWidget):
    """One number, as large as its box allows: change due, the total at payment."""

    STYLE_PREFIX = "big"
    COMPONENT_CLASSES: ClassVar[set[str]] = {"big--number", "big--label"}
    DEFAULT_CSS = """
    BigDigits {
        height: 6; width: 1fr; background: $background; color: $foreground;
        & > .big--number { color: $success; text-style: bold; }
        & > .big--label { text-style: bold; }
    }
    """

    def __init__(self, *, align: str = "left", **named: Unpack[Named]) -> None:
        super().__init__(**named)
        self._label = ""
        self._text = ""
        self._align = align

    def set_number(self, text: str, label: str = "") -> None:
        """Show ``text``, a formatted amount, under ``label``; both may be empty."""
        if (text, label) != (self._text, self._label):
            self._text, self._label = text, label
            self.show()

    def paint(self, width: int, height: int) -> Sequence[Line]:
        """The label, then the number in what is left."""
        lines = [one(self._label, width, "label", self._align)] if self._label else []
        rows = height - len(lines)
        if rows > 0:
            lines += digit_lines(
                self._text, width, 5 if rows >= 5 else 3 if rows >= 3 else 1, "number", align=self._align
            )
        return lines[:height]
