"""A screen that sends what changed, and does not look at anything else.

Textual's compositor answers one changed line by asking every widget in sight for all its lines, cutting the
whole screen into pieces and sending whole pieces, each with its colours spelt out: half of what a scan cost.
Here a changed line is asked of its widget alone, cropped to what changed, and lines of one colour are sent
together, the colour once. Whatever does not fit that (a pop-up, a layout, a widget in front of another) goes
Textual's own way.

The compositor is private to Textual: the tests compare what a terminal shows after any sequence of changes
with a screen painted at once.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import Compositor, CompositorUpdate
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from tilltui.ui.widgets.cells import width_of
from tilltui.ui.widgets.line_widget import StyledWidget


class Piece(NamedTuple):
    """Text in one style.

    Attributes:
        y: Line of the screen, from 0.
        x: Column of the screen, from 0.
        text: What stands there.
        style: How.
    """

    y: int
    x: int
    text: str
    style: Style


class PiecesUpdate(CompositorUpdate):
    """Pieces of lines, sent grouped by style: to move the cursor is shorter than to name a colour."""

    def __init__(self, pieces: list[Piece]) -> None:
        self.pieces = pieces

    def render_segments(self, console: Console) -> str:
        """The bytes for the terminal; they begin and end in its default style."""
        system = console._color_system or ColorSystem.TRUECOLOR
        groups: dict[str, list[Piece]] = {}
        for piece in self.pieces:
            codes = piece.style._ansi
            if codes is None:
                codes = Strip.render_ansi(piece.style, system)
            groups.setdefault(codes, []).append(piece)
        sent: list[str] = []
        before = ""
        # By their ends, where the colours are: a style that only adds an attribute to the one before comes
        # right after it and need not repeat the colours.
        for codes in sorted(groups, key=lambda codes: codes[::-1]):
            if before and codes.endswith(f";{before}"):
                sent.append(f"\x1b[{codes[: -len(before) - 1]}m")
            elif codes != before:
                sent.append(f"\x1b[0;{codes}m" if before else f"\x1b[{codes}m")
            before = codes
            at = (-1, -1)
            for y, x, text, _ in groups[codes]:
                sent.append(text if at == (y, x) else f"\x1b[{y + 1};{x + 1}H{text}")
                at = (y, x + width_of(text))
        if before:
            sent.append("\x1b[0m")
        return "".join(sent)


class QuickCompositor(Compositor):
    """Textual's, with a short way for lines of widgets that nothing covers."""

    def __init__(self) -> None:
        super().__init__()
        self._open_for: object = None
        self._open: list[tuple[Widget, Region]] = []

    def render_partial_update(self) -> Any:
        """What changed, the short way if all of it lies in uncovered widgets."""
        changed: dict[int, list[Region]] = {}
        places = self._in_the_open()
        for region in self._dirty_regions:
            for at, (_, place) in enumerate(places):
                if place.contains_region(region):
                    changed.setdefault(at, []).append(region)
                    break
            else:
                return super().render_partial_update()
        self._dirty_regions.clear()
        pieces: list[Piece] = []
        for at, regions in changed.items():
            # Regions that overlap become one: the edge of one must not cut a wide character of another.
            for y, x1, x2 in self._regions_to_spans(regions):
                pieces += _pieces(*places[at], y, x1, x2)
        return PiecesUpdate(pieces) if pieces else None

    def _in_the_open(self) -> list[tuple[Widget, Region]]:
        """Widgets of lines that are wholly in sight, with where they are."""
        visible = self.visible_widgets
        if visible is not self._open_for:
            self._open_for, self._open = visible, []
            in_front: list[Region] = []
            for widget, (region, clip) in visible.items():
                shown = region.intersection(clip)
                if (
                    isinstance(widget, StyledWidget)
                    and shown == region
                    and not any(region.overlaps(other) for other in in_front)
                ):
                    self._open.append((widget, region))
                in_front.append(shown)
        return self._open


class QuickScreen(Screen[None]):
    """To be put before ``Screen`` in a screen's bases."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._compositor = QuickCompositor()


def _pieces(widget: Widget, place: Region, y: int, x1: int, x2: int) -> list[Piece]:
    """What a widget at ``place`` shows on line ``y`` of the screen from column ``x1`` up to ``x2``."""
    left, top, width, _ = place
    pieces: list[Piece] = []
    x = left
    for segment in widget.render_lines(Region(0, y - top, width, 1))[0]:
        text, style, _control = segment
        start, x = x, x + segment.cell_length
        if x <= x1 or start >= x2:
            continue
        if start < x1 or x > x2:
            text = _cells(text, max(0, x1 - start), min(x, x2) - start)
        pieces.append(Piece(y, max(start, x1), text, style or Style.null()))
    return pieces


def _cells(text: str, first: int, end: int) -> str:
    """The cells ``first`` to ``end`` of a text; a wide character that is cut becomes a space."""
    before, inside = text[:first], text[first:end]
    if width_of(before) == first and width_of(inside) == end - first:
        return inside
    return Strip([Segment(text)]).crop(first, end).text
