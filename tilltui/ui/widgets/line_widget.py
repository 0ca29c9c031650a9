"""The base of every widget of the till: lines of styled runs, of which only the changed ones are painted.

A subclass says what its lines are (``paint``) and calls ``show`` after its state changed. Textual's own
widgets repaint whole, measure and lay out again, which costs ten to forty times as much
(measured: DataTable 138 M instructions a scan, this way below 4 M).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple, Self, TypedDict, Unpack

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.reactive import Reactive, reactive
from textual.strip import Strip

from tilltui.ui.widgets.cells import fit, width_of
from tilltui.ui.widgets.kept import Kept


class Run(NamedTuple):
    """A piece of a line in one style.

    Attributes:
        text: What ``cells.plain`` or ``cells.fit`` returned.
        role: One of the widget's ``ROLES``, or empty for the widget's own colours.
    """

    text: str
    role: str = ""


Line = tuple[Run, ...]


def one(text: str, width: int, role: str = "", align: str = "left") -> Line:
    """A line of a single run, fitted to ``width`` cells."""
    return (Run(fit(text, width, align), role),)


class Named(TypedDict, total=False):
    """How a widget is called in the style sheet.

    Attributes:
        id: Its own name.
        classes: Names that it shares, with spaces between.
    """

    id: str | None
    classes: str | None


class StyledWidget(Kept):
    """A widget whose styles come from component classes ``<name>--<role>`` and are looked up once a theme."""

    STYLE_PREFIX: ClassVar[str] = ""
    """What comes before ``--`` in the names of the component classes."""

    ALLOW_SELECT = False
    auto_links: Reactive[bool] = reactive(False)

    def __init__(self, **named: Unpack[Named]) -> None:
        super().__init__(**named, markup=False)
        self._role_styles: dict[str, Style] = {}
        self._bare: bool | None = None

    def role_style(self, role: str, over: str = "") -> Style:
        """The Rich style of a role in the present theme, as the terminal gets it.

        Args:
            role: A role, or empty for the widget's own colours.
            over: Another role that is laid over it, such as the cursor.
        """
        key = f"{role}/{over}" if over else role
        style = self._role_styles.get(key)
        if style is None:
            style = self._component_style(role) if role else self.rich_style
            if over:
                style += self._component_style(over)
            background = self.background_colors[1]
            style = Style(bgcolor=background.rich_color) + style
            for line_filter in self.get_line_filters():
                style = line_filter.apply([Segment(" ", style)], background)[0].style or Style.null()
            self._role_styles[key] = style
        return style

    def _component_style(self, role: str) -> Style:
        return self.get_component_rich_style(f"{self.STYLE_PREFIX}--{role}")

    @property
    def bare(self) -> bool:
        """Whether the lines are all there is to draw: no border, padding, opacity, tint or hatch."""
        if self._bare is None:
            styles = self.styles
            self._bare = (
                styles.gutter == (0, 0, 0, 0)
                and not any(edge for edge, _ in styles.outline)
                and not styles.tint.a
                and self.opacity == 1.0
                and styles.text_opacity == 1.0
                and not (styles.has_rule("hatch") and styles.hatch != "none")
            )
        return self._bare

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines as they are, where nothing is to be drawn around them; else Textual's way."""
        if not self.bare:
            return super().render_lines(crop)
        strips = [self.render_line(y) for y in crop.line_range]
        if crop.column_span != (0, self.area.width):
            strips = [strip.crop(*crop.column_span) for strip in strips]
        return strips

    @property
    def area(self) -> Size:
        """Columns and lines for what the widget draws; Textual's own way to the same walks up the tree."""
        return self.outer_size if self.bare else self.content_size

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Self:
        """Have parts painted: the screen is told at once, where Textual sends two messages a widget."""
        if not regions or not repaint or layout or recompose or not self._is_mounted:
            return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)
        if self.bare:
            self._repaint_regions.update(regions)
        else:
            self._set_dirty(*regions)
        if self.display:
            screen = self.screen
            screen._dirty_widgets.add(self)
            screen.check_idle()
        return self

    def strip_of(self, line: Line, width: int) -> Strip:
        """Draw one line, padded or cropped to ``width`` cells."""
        segments = [Segment(text, self.role_style(role)) for text, role in line if text]
        strip = Strip(segments)
        if strip.cell_length != width:
            strip = strip.adjust_cell_length(width, self.role_style(line[-1].role if line else ""))
        return strip

    def notify_style_update(self) -> None:
        """Forget the styles of the theme before."""
        self._role_styles.clear()
        self._bare = None
        self._styles_cache.clear()
        self.forget_strips()
        super().notify_style_update()

    def forget_strips(self) -> None:
        """Drop what was drawn in the old colours."""
        raise NotImplementedError


class LineWidget(StyledWidget):
    """A widget that paints all its lines from its state, cheap enough to be asked at each change."""

    def __init__(self, **named: Unpack[Named]) -> None:
        super().__init__(**named)
        self._lines: Sequence[Line] = ()
        self._painted_for = (-1, -1)
        self._strips: dict[int, Strip] = {}

    def paint(self, width: int, height: int) -> Sequence[Line]:
        """The lines to show, at most ``height`` of them; texts come from ``cells.fit`` or ``cells.plain``."""
        raise NotImplementedError

    def show(self) -> None:
        """Paint what changed since the last time, and nothing else."""
        if not self.is_mounted:
            return
        width, height = self.area
        if (width, height) != self._painted_for:
            return  # a resize is on its way and paints everything
        before, self._lines = self._lines, tuple(self.paint(width, height))
        regions = []
        for y in range(max(len(before), len(self._lines))):
            old = before[y] if y < len(before) else ()
            new = self._lines[y] if y < len(self._lines) else ()
            if old != new:
                self._strips.pop(y, None)
                if y < height:
                    start, cells = _changed_span(old, new, width)
                    regions.append(Region(start, y, cells, 1))
        if regions:
            self.refresh(*regions)

    def render_line(self, y: int) -> Strip:
        """Textual asks for a line of the content."""
        width, height = self.area
        if self._painted_for != (width, height):
            self._strips.clear()
            self._lines = tuple(self.paint(width, height))
            self._painted_for = (width, height)
        strip = self._strips.get(y)
        if strip is None:
            line = self._lines[y] if y < len(self._lines) else ()
            strip = self._strips[y] = self.strip_of(line, width)
        return strip

    def forget_strips(self) -> None:
        """Drop what was drawn in the old colours."""
        self._strips.clear()


def _changed_span(old: Line, new: Line, width: int) -> tuple[int, int]:
    """First cell and number of cells that a repaint must cover: what is the same at both ends is left out."""
    before, after = "".join(run.text for run in old), "".join(run.text for run in new)
    if len(before) != len(after) or width_of(before) != len(before) or width_of(after) != len(after):
        return 0, width
    end = min(len(after), width)
    start = min(_same(old, new), end - 1) if end else 0
    end -= _same(_mirrored(old), _mirrored(new))
    return start, max(1, end - start)


def _same(old: Line, new: Line) -> int:
    """How many characters two lines share at their beginnings, in the same roles."""
    same = 0
    for run_before, run_after in zip(old, new, strict=False):
        if run_before.role != run_after.role:
            break
        run = _common(run_before.text, run_after.text)
        same += run
        if run != len(run_before.text) or run != len(run_after.text):
            break
    return same


def _mirrored(line: Line) -> Line:
    return tuple(Run(run.text[::-1], run.role) for run in reversed(line))


def _common(one_text: str, other: str) -> int:
    """How many characters two texts share at their beginnings."""
    shorter = min(len(one_text), len(other))
    if one_text[:shorter] == other[:shorter]:
        return shorter
    return next(i for i in range(shorter) if one_text[i] != other[i])
