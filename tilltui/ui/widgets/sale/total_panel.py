"""What the customer owes, beside the basket."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal, Unpack

from tilltui.ui.widgets.big_digits import digit_lines
from tilltui.ui.widgets.cells import width_of, wrap
from tilltui.ui.widgets.line_widget import Line, LineWidget, Named, one
from tilltui.ui.widgets.sale.values import TotalView


class TotalPanel(LineWidget):
    """Label, large amount, then small print; a scan repaints only the lines that changed.

    The margin is a part of the text: padding would be a segment of its own in each line that is sent.
    Rows needed: 10 for everything; shorter panels drop blank lines first, then the last lines.
    """

    STYLE_PREFIX = "total"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "total--label",
        "total--total",
        "total--rest",
        "total--change",
        "total--small",
    }
    DEFAULT_CSS = """
    TotalPanel {
        width: 24; height: 1fr; background: $background; color: $foreground;
        & > .total--label { text-style: bold; }
        & > .total--total { color: $accent; text-style: bold; }
        & > .total--rest { color: $warning; text-style: bold; }
        & > .total--change { color: $success; text-style: bold; }
        & > .total--small { color: $foreground; }
    }
    """

    def __init__(
        self,
        view: TotalView | None = None,
        *,
        rows: Literal[3, 5] = 3,
        **named: Unpack[Named],
    ) -> None:
        super().__init__(**named)
        self._view = view or TotalView("", "")
        self._rows = rows

    @property
    def view(self) -> TotalView:
        """What is shown."""
        return self._view

    def set_view(self, view: TotalView) -> None:
        """Show ``view``."""
        if view != self._view:
            self._view = view
            self.show()

    def paint(self, width: int, height: int) -> Sequence[Line]:
        """Label, amount, then items and tax, customer and last change, extra; a blank before each group."""
        view = self._view
        rows = self._rows if height >= self._rows + 3 else 3 if height >= 6 else 1
        lines = [
            one(f" {view.label}", width, "label"),
            *digit_lines(view.amount, width, rows, view.emphasis, 1),
        ]
        groups = (view.items, view.tax), (view.customer, view.last_change), view.extra
        kept = [[line for text in group if text for line in _fitted(text, width - 1)] for group in groups]
        small = [text for group in kept if group for text in ("", *group)]
        if height < len(lines) + len(small):
            small = [text for text in small if text]
        lines += [one(f" {text}", width, "small") for text in small]
        return lines[:height]


def _fitted(text: str, width: int) -> list[str]:
    """The text on one line, or on two: most end in an amount, and a cut amount is a wrong one."""
    return [text] if width_of(text) <= width else wrap(text, width, 2)
