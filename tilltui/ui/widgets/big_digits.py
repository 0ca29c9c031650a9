"""Numbers that can be read from across the counter.

Five rows are drawn with full blocks, three rows with double lines: both are in every console font. (Full
blocks alone cannot tell 0 from 8 in three rows, and half blocks are missing from Lat15.)
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import ClassVar

from tilltui.ui.widgets.cells import fit, plain, width_of
from tilltui.ui.widgets.line_widget import Line, LineWidget, Run, one

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


@lru_cache(256)
def digit_rows(text: str, width: int, rows: int) -> tuple[str, ...]:
    """Draw ``text`` large, in at most ``rows`` rows and ``width`` cells.

    Tries five rows, then three, then three without gaps; a text that still does not fit, or has a character
    that is not drawn large, comes back as itself in one row. No-break spaces count as spaces.

    >>> digit_rows("1,5", 9, 3)
    ('╗   ╔══', '║   ╚═╗', '║ , ══╝')
    """
    text = plain(text)
    for size, gap in ((5, " "), (3, " "), (3, "")):
        glyphs = _SIZES[size]
        if size > rows or any(character not in glyphs for character in text):
            continue
        drawn = [gap.join(glyphs[character][row] for character in text) for row in range(size)]
        if drawn and len(drawn[0]) <= width:
            return tuple(drawn)
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

    def __init__(
        self,
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name
        classes: str | None = None,
        align: str = "left",
    ) -> None:
        super().__init__(id=id, classes=classes)
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
