"""The bar that says what went wrong and what to do, until the cashier has seen it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Unpack

from tilltui.ui.widgets.cells import fit, plain, width_of, wrap
from tilltui.ui.widgets.line_widget import Line, LineWidget, Named, Run, one


class ErrorBar(LineWidget):
    """Two lines with a fixed place, so that an error moves nothing: quiet, they tell what was rung last.

    ``show_error`` turns them red until ``clear``; the screen owns Esc and the sound.
    """

    STYLE_PREFIX = "error"
    COMPONENT_CLASSES: ClassVar[set[str]] = {"error--error", "error--warning", "error--key", "error--quiet"}
    DEFAULT_CSS = """
    ErrorBar {
        height: 2; width: 1fr; background: $background; color: $foreground;
        & > .error--error { background: #a40000; color: #ffffff; text-style: bold; }
        & > .error--warning { background: #c8a000; color: #000000; }
        & > .error--key { background: #ffffff; color: #a40000; text-style: bold; }
        & > .error--quiet { text-style: bold; }
        &:ansi {
            & > .error--error { background: ansi_red; color: ansi_bright_white; }
            & > .error--warning { background: ansi_yellow; color: ansi_black; }
            & > .error--key { background: ansi_white; color: ansi_red; text-style: none; }
        }
    }
    """

    def __init__(self, **named: Unpack[Named]) -> None:
        super().__init__(**named)
        self._quiet: tuple[str, str] = ("", "")
        self._problem: tuple[str, str, str, str, str] | None = None

    @property
    def showing(self) -> bool:
        """Whether an error or warning waits to be seen."""
        return self._problem is not None

    def set_quiet(self, text: str, second: str = "") -> None:
        """What to show while nothing is wrong: the article rung last, in one or two lines."""
        self._quiet = (text, second)
        self.show()

    def show_error(
        self, message: str, hint: str = "", *, code: str = "", key: str = "Esc", level: str = "error"
    ) -> None:
        """Show a problem until ``clear``.

        Args:
            message: What is wrong.
            hint: What to do about it.
            code: The barcode it is about; shown first.
            key: The key that dismisses it.
            level: ``error`` (red) or ``warning`` (yellow).
        """
        self._problem = (message, hint, code, key, level)
        self.show()

    def clear(self) -> None:
        """Back to quiet."""
        self._problem = None
        self.show()

    def paint(self, width: int, height: int) -> Sequence[Line]:
        """The problem over the whole height, its key at the end of the last line; else the quiet lines."""
        if self._problem is None:
            first, second = self._quiet
            return [one(f" {plain(first)}", width, "quiet"), one(f" {plain(second)}", width)][:height]
        message, hint, code, key, level = self._problem
        key = f" {plain(key)} "
        body = max(0, width - width_of(key) - 3)
        first = f"! {code}: {message}" if code else f"! {message}"
        if height >= 2 and width_of(plain(first)) <= body:
            texts = [fit(first, body), *(wrap(hint, body, height - 1) if hint else [])]
        else:
            texts = wrap(f"{first} {hint}", body, height)
        texts += [" " * body] * (height - len(texts))
        lines: list[Line] = [(Run(f" {text}{' ' * (width_of(key) + 2)}", level),) for text in texts]
        lines[-1] = (Run(f" {texts[-1]} ", level), Run(key, "key"), Run(" ", level))
        return lines
