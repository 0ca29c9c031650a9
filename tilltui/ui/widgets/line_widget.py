"""The base of every widget of the till: lines of styled runs, of which only the changed ones are painted.

A subclass says what its lines are (``paint``) and calls ``show`` after its state changed. Textual's own
widgets repaint whole, measure and lay out again, which costs ten to forty times as much
(measured: DataTable 138 M instructions a scan, this way below 4 M).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
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


class StyledWidget(Kept):
    """A widget whose styles come from component classes ``<name>--<role>`` and are looked up once a theme."""

    STYLE_PREFIX: ClassVar[str] = ""
    """What comes before ``--`` in the names of the component classes."""

    ALLOW_SELECT = False
    auto_links: Reactive[bool] = reactive(False)

    def __init__(
        self,
        *,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's own name
        classes: str | None = None,
        disabled: bool = False,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes, disabled=disabled, markup=False)
        self._role_styles: dict[str, Style] = {}

    def role_style(self, role: str) -> Style:
        """The Rich style of a role in the present theme."""
        style = self._role_styles.get(role)
        if style is None:
            style = self.get_component_rich_style(f"{self.STYLE_PREFIX}--{role}") if role else self.rich_style
            self._role_styles[role] = style
        return style

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
        self.forget_strips()
        super().notify_style_update()

    def forget_strips(self) -> None:
        """Drop what was drawn in the old colours."""
        raise NotImplementedError


class LineWidget(StyledWidget):
    """A widget that paints all its lines from its state, cheap enough to be asked at each change."""

    def __init__(
        self,
        *,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's own name
        classes: str | None = None,
        disabled: bool = False,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes, disabled=disabled)
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
        width, height = self.content_size
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
                    regions.append(Region(0, y, _changed_width(old, new, width), 1))
        if regions:
            self.refresh(*regions)

    def render_line(self, y: int) -> Strip:
        """Textual asks for a line of the content."""
        width, height = self.content_size
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


def _changed_width(old: Line, new: Line, width: int) -> int:
    """Cells from the left that a repaint must cover: what is the same at the end is left out.

    The compositor can crop an update on its right side only.
    """
    before, after = "".join(run.text for run in old), "".join(run.text for run in new)
    if len(before) != len(after) or width_of(before) != len(before) or width_of(after) != len(after):
        return width
    end = min(len(after), width)
    for run_before, run_after in zip(reversed(old), reversed(new), strict=False):
        if run_before.role != run_after.role:
            break
        same = _same_at_end(run_before.text, run_after.text)
        end -= same
        if same != len(run_before.text) or same != len(run_after.text):
            break
    return max(1, end)


def _same_at_end(one_text: str, other: str) -> int:
    """How many characters two texts share at their ends."""
    same = 0
    for mine, theirs in zip(reversed(one_text), reversed(other), strict=False):
        if mine != theirs:
            break
        same += 1
    return same
