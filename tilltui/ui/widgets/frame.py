"""Ruled lines between the parts of a screen, with joints where a column meets them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Unpack

from tilltui.ui.widgets.cells import fit, plain, width_of
from tilltui.ui.widgets.line_widget import Line, LineWidget, Named, Run

_ENDS = {"top": "┌┐", "middle": "├┤", "bottom": "└┘", "open": "──"}
_JOINTS = {"down": "┬", "up": "┴", "cross": "┼", "": "─"}


class FrameRule(LineWidget):
    """One horizontal line of a frame, such as ``├────┴──┤``, with an optional title in it."""

    STYLE_PREFIX = "frame"
    COMPONENT_CLASSES: ClassVar[set[str]] = {"frame--title"}
    DEFAULT_CSS = """
    FrameRule {
        height: 1; width: 1fr; background: $background; color: $secondary;
        & > .frame--title { text-style: bold; color: $foreground; }
    }
    """

    def __init__(
        self,
        ends: str = "middle",
        *,
        joint: str = "",
        from_right: int = 0,
        title: str = "",
        **named: Unpack[Named],
    ) -> None:
        """Draw a rule.

        Args:
            ends: ``top``, ``middle``, ``bottom`` or ``open`` (no corners).
            joint: ``down``, ``up``, ``cross`` or empty.
            from_right: Cells between the joint and the right edge of the screen, the end included.
            title: Text in the line.
            named: Its id and classes.

        Raises:
            KeyError: ``ends`` or ``joint`` is none of these words.
        """
        super().__init__(**named)
        self._ends, self._joint, self._title = _ENDS[ends], _JOINTS[joint], title
        self._joints: tuple[int, ...] = (from_right,) if from_right else ()

    def set_joints(self, *from_right: int) -> None:
        """Put the joint at these places, counted as ``from_right``."""
        if from_right != self._joints:
            self._joints = from_right
            self.show()

    def paint(self, width: int, height: int) -> Sequence[Line]:
        """One line."""
        if width < 4:
            return [(Run("─" * width),)]
        rule = self._ends[0] + "─" * (width - 2) + self._ends[1]
        for from_right in self._joints:
            at = width - 1 - from_right
            if 0 < at < width - 1:
                rule = rule[:at] + self._joint + rule[at + 1 :]
        if not self._title:
            return [(Run(rule),)]
        title = fit(f" {plain(self._title)} ", min(width - 4, width_of(plain(self._title)) + 2))
        return [(Run(rule[:2]), Run(title, "title"), Run(rule[2 + width_of(title) :]))]


class FrameSide(LineWidget):
    """An upright line of a frame, one column wide.

    In place of a border: widgets with nothing around their lines are painted the short way.
    """

    STYLE_PREFIX = "side"
    COMPONENT_CLASSES: ClassVar[set[str]] = set()
    DEFAULT_CSS = "FrameSide { height: 1fr; width: 1; background: $background; color: $secondary; }"

    def paint(self, width: int, height: int) -> Sequence[Line]:
        """As many lines as there is room for."""
        return [(Run("│" * width),)] * height
