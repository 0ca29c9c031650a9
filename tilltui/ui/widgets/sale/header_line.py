"""The first line: shop, till and cashier; the sale's number; date and time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Unpack

from tilltui.ui.widgets.cells import fit, plain, width_of
from tilltui.ui.widgets.line_widget import Line, LineWidget, Named, one

Clock = Callable[[], tuple[str, float]]
"""Returns the date and time as text, and the seconds until that text changes."""


class HeaderLine(LineWidget):
    """One line, repainted when a text changes: with a clock, once a minute."""

    STYLE_PREFIX = "header"
    COMPONENT_CLASSES: ClassVar[set[str]] = {"header--bar"}
    DEFAULT_CSS = """
    HeaderLine {
        height: 1; width: 1fr; background: $primary; color: #ffffff;
        & > .header--bar { background: $primary; color: #ffffff; text-style: bold; }
        &:ansi {
            background: ansi_blue; color: ansi_white;
            & > .header--bar { background: ansi_blue; color: ansi_white; text-style: bold; }
        }
    }
    """

    def __init__(self, clock: Clock | None = None, **named: Unpack[Named]) -> None:
        super().__init__(**named)
        self._clock = clock
        self._left = self._middle = self._right = ""

    def on_mount(self) -> None:
        """Start the clock."""
        self._tick()

    def set_texts(self, left: str, middle: str = "") -> None:
        """Show who sells where, and which sale."""
        if (left, middle) != (self._left, self._middle):
            self._left, self._middle = left, middle
            self.show()

    def set_clock(self, text: str) -> None:
        """Show a date and time; for screens that own the clock."""
        if text != self._right:
            self._right = text
            self.show()

    def _tick(self) -> None:
        if self._clock is not None:
            text, seconds = self._clock()
            self.set_clock(text)
            # At least a second: a clock that jumps back must not spin.
            self.set_timer(max(1.0, seconds), self._tick)

    def paint(self, width: int, height: int) -> Sequence[Line]:
        """Left and right at the edges, the middle in the middle if there is room; the left one gives way."""
        right, middle = plain(self._right), plain(self._middle)
        body = width - 2 - width_of(right) - 1
        if body < 10:
            return [one(f" {plain(self._left)}", width, "bar")]
        left = plain(self._left)
        if middle and body - width_of(middle) - 1 >= min(width_of(left), 10):
            left = fit(left, min(width_of(left), body - width_of(middle) - 1))
            start = min(max(width_of(left) + 1, (width - width_of(middle)) // 2 - 1), body - width_of(middle))
            text = fit(left, start) + middle
        else:
            text = left
        return [one(f" {fit(text, body)} {right} ", width, "bar")]
