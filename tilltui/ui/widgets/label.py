"""Plain text over as many rows as it needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Unpack

from textual.geometry import Size

from tilltui.ui.widgets.cells import plain, wrap
from tilltui.ui.widgets.line_widget import Line, LineWidget, Named, one


class Label(LineWidget):
    """Text without markup, wrapped at words; at most ``MOST`` rows."""

    STYLE_PREFIX = "label"
    COMPONENT_CLASSES: ClassVar[set[str]] = {"label--text"}
    MOST: ClassVar[int] = 20
    DEFAULT_CSS = "Label { height: auto; width: 1fr; }"

    def __init__(self, text: str = "", **named: Unpack[Named]) -> None:
        super().__init__(**named)
        self._text = plain(text)

    def set_text(self, text: str) -> None:
        """Show another text."""
        text = plain(text)
        if text != self._text:
            self._text = text
            self.show()
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Rows that the text needs."""
        return len(wrap(self._text, width, self.MOST)) if self._text else 0

    def paint(self, width: int, height: int) -> Sequence[Line]:
        """The wrapped text."""
        return [one(text, width, "text") for text in wrap(self._text, width, self.MOST)]
