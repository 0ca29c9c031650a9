"""A terminal's screen as SVG: each word at its own place, frames and large digits as lines.

Textual's own export leaves the places to the viewer's font, which moves the columns wherever that font is
another one, and draws frames as letters, which leaves gaps between rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

WIDTH, HEIGHT = 10, 20
"""Of a cell, in pixels."""

MARGIN = 14
FONT_SIZE = 16.6
"""With which DejaVu Sans Mono is as wide as a cell."""
BASELINE = 15

FOREGROUND, BACKGROUND = "#e8eaed", "#10151c"
"""Where a style names no colour."""

_UP, _RIGHT, _DOWN, _LEFT = (0, -1), (1, 0), (0, 1), (-1, 0)
_SINGLE = {
    "─": (_LEFT, _RIGHT), "│": (_UP, _DOWN), "┌": (_RIGHT, _DOWN), "┐": (_LEFT, _DOWN), "└": (_UP, _RIGHT),
    "┘": (_UP, _LEFT), "├": (_UP, _DOWN, _RIGHT), "┤": (_UP, _DOWN, _LEFT), "┬": (_LEFT, _RIGHT, _DOWN),
    "┴": (_LEFT, _RIGHT, _UP), "┼": (_UP, _RIGHT, _DOWN, _LEFT),
}  # fmt: skip
_DOUBLE = dict(zip("═║╔╗╚╝╠╣╦╩╬", _SINGLE.values(), strict=True))
_APART = 2.0
"""Half the distance of a double line's two strokes."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a run of letters looks."""

    colour: str
    ground: str
    bold: bool
    dim: bool


def svg(rows: Sequence[Iterable[Segment]], title: str) -> str:
    """The rows of a screen as an SVG file.

    Args:
        rows: What each row shows.
        title: For who cannot see the picture.
    """
    shapes: list[str] = []
    columns = 0
    for at, row in enumerate(rows):
        top, column = MARGIN + at * HEIGHT, 0
        for text, look in runs(row):
            left, cells = MARGIN + column * WIDTH, cell_len(text)
            if look.ground != BACKGROUND:
                shapes.append(
                    f'<rect x="{left}" y="{top}" width="{cells * WIDTH}" height="{HEIGHT}" '
                    f'fill="{look.ground}"/>'
                )
            shapes += _letters(text, left, top, look)
            column += cells
        columns = max(columns, column)
    width, height = 2 * MARGIN + columns * WIDTH, 2 * MARGIN + len(rows) * HEIGHT
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" '
        f'font-size="{FONT_SIZE}" stroke-width="1.4">'
    )
    ground = f'<rect width="{width}" height="{height}" rx="8" fill="{BACKGROUND}"/>'
    return "\n".join([head, f"<title>{escape(title)}</title>", ground, *shapes, "</svg>", ""])


def runs(row: Iterable[Segment]) -> Iterator[tuple[str, Look]]:
    """The letters of a row, together as long as they look the same."""
    text, look = "", None
    for segment in row:
        new = _look(segment.style or Style())
        if new != look and text and look is not None:
            yield text, look
            text = ""
        text, look = text + segment.text, new
    if text and look is not None:
        yield text, look


def _look(style: Style) -> Look:
    colour = style.color.get_truecolor().hex if style.color else FOREGROUND
    ground = style.bgcolor.get_truecolor().hex if style.bgcolor else BACKGROUND
    if style.reverse:
        colour, ground = ground, colour
    return Look(colour, ground, bool(style.bold), bool(style.dim))


def _letters(text: str, left: int, top: int, look: Look) -> Iterator[str]:
    words: list[tuple[int, str]] = []
    strokes, x, joined = "", left, False
    for letter in text:
        boxed = letter in _SINGLE or letter in _DOUBLE
        if boxed:
            strokes += frame(letter, x, top)
        elif joined and not letter.isspace():
            words[-1] = (words[-1][0], words[-1][1] + letter)
        elif not letter.isspace():
            words.append((x, letter))
        joined = not boxed and not letter.isspace()
        x += cell_len(letter) * WIDTH
    faint = ' opacity="0.65"' if look.dim else ""
    if words:
        weight = ' font-weight="bold"' if look.bold else ""
        spans = "".join(
            f'<tspan x="{place}" textLength="{cell_len(word) * WIDTH}" lengthAdjust="spacingAndGlyphs">'
            f"{escape(word)}</tspan>"
            for place, word in words
        )
        yield f'<text y="{top + BASELINE}" fill="{look.colour}"{weight}{faint}>{spans}</text>'
    if strokes:
        yield f'<path d="{strokes}" stroke="{look.colour}" fill="none"{faint}/>'


def frame(letter: str, left: float, top: float) -> str:
    """A box drawing letter as path commands: an arm to each edge it reaches."""
    apart = _APART if letter in _DOUBLE else 0.0
    arms = _DOUBLE.get(letter) or _SINGLE[letter]
    middle_x, middle_y = left + WIDTH / 2, top + HEIGHT / 2
    path = ""
    for dx, dy in arms:
        for side in (1, -1) if apart else (1,):
            across = (-dy * side, dx * side)
            # A stroke ends at the one it meets; in a corner's outside it goes on to the other outer stroke.
            if across in arms:
                start = apart
            elif (-dx, -dy) in arms:
                start = 0.0
            else:
                start = -apart
            x, y = middle_x + across[0] * apart, middle_y + across[1] * apart
            path += f"M{x + dx * start:g} {y + dy * start:g}L{x + dx * WIDTH / 2:g} {y + dy * HEIGHT / 2:g}"
    return path
