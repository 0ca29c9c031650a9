"""The banner that nobody can overlook while sales are only practice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Unpack

from tilltui.ui.widgets.cells import fit, plain, width_of
from tilltui.ui.widgets.line_widget import Line, LineWidget, Named, Run


class TrainingBanner(LineWidget):
    """A word repeated across the whole width, in the same place on every screen."""

    STYLE_PREFIX = "training"
    COMPONENT_CLASSES: ClassVar[set[str]] = {"training--bar"}
    DEFAULT_CSS = """
    TrainingBanner {
        height: 1; width: 1fr; background: #c8a000; color: #000000;
        & > .training--bar { background: #c8a000; color: #000000; text-style: bold; }
        &:ansi {
            background: ansi_yellow; color: ansi_black;
            & > .training--bar { background: ansi_yellow; color: ansi_black; text-style: none; }
        }
    }
    """

    def __init__(self, word: str, **named: Unpack[Named]) -> None:
        super().__init__(**named)
        self._word = word

    def set_word(self, word: str) -> None:
        """Show another word."""
        if word != self._word:
            self._word = word
            self.show()

    def paint(self, width: int, height: int) -> Sequence[Line]:
        """One line."""
        piece = f"  {plain(self._word)}  ■"
        times = max(1, width // max(1, width_of(piece)))
        return [(Run(fit((piece * times).rstrip("■"), width, "center"), "bar"),)]
