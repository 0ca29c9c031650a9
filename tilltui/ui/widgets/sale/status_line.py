"""One line that says in words how the till is: network, sales that wait, printer, last change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Unpack

from tilltui.ui.widgets.cells import fit, plain, width_of
from tilltui.ui.widgets.line_widget import Line, LineWidget, Named, Run
from tilltui.ui.widgets.sale.values import Notice

_BETWEEN = " · "


class StatusLine(LineWidget):
    """Notices in the order they are given, as many as fit; the last one is cut with a mark."""

    STYLE_PREFIX = "status"
    COMPONENT_CLASSES: ClassVar[set[str]] = {"status--info", "status--warning", "status--error"}
    DEFAULT_CSS = """
    StatusLine {
        height: 1; width: 1fr; background: $background; color: $foreground; padding: 0 1;
        & > .status--warning { color: $warning; }
        & > .status--error { color: $error; text-style: bold; }
    }
    """

    def __init__(self, **named: Unpack[Named]) -> None:
        super().__init__(**named)
        self._notices: tuple[Notice, ...] = ()

    def set_notices(self, notices: Sequence[Notice]) -> None:
        """Show these notices, the most important first."""
        if tuple(notices) != self._notices:
            self._notices = tuple(notices)
            self.show()

    def paint(self, width: int, height: int) -> Sequence[Line]:
        """One line."""
        runs: list[Run] = []
        left = width
        for notice in self._notices:
            text = plain(notice.text)
            between = _BETWEEN if runs else ""
            if left < len(between) + 4:
                break
            runs.append(Run(between, "info"))
            left -= len(between)
            text = fit(text, min(left, width_of(text)))
            runs.append(Run(text, notice.level))
            left -= width_of(text)
        return [(*runs, Run(" " * left, ""))]
