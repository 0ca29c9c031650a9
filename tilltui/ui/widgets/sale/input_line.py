"""The one buffer line: what the cashier has typed so far."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Unpack

from tilltui.ui.widgets.cells import fit, plain, width_of
from tilltui.ui.widgets.line_widget import Line, LineWidget, Named, Run


class InputLine(LineWidget):
    """Shows a prompt and a buffer with a still cursor (a blinking one costs 2.6 kB a second on the wire).

    It does not take keys: the screen owns the buffer, because a scan and a key must be told apart before.
    """

    STYLE_PREFIX = "input"
    COMPONENT_CLASSES: ClassVar[set[str]] = {"input--prompt", "input--text", "input--pending", "input--hint"}
    DEFAULT_CSS = """
    InputLine {
        height: 1; width: 1fr; background: $background; color: $foreground; padding: 0 1;
        & > .input--prompt { color: $secondary; }
        & > .input--text { text-style: bold; }
        & > .input--pending { text-style: bold reverse; }
        & > .input--hint { text-style: dim; }
    }
    """

    def __init__(self, **named: Unpack[Named]) -> None:
        super().__init__(**named)
        self._state = ("", "", "", "")

    def set_buffer(self, text: str, *, prompt: str = "", pending: str = "", hint: str = "") -> None:
        """Show what is being typed.

        Args:
            text: The buffer.
            prompt: What is asked, before the buffer; may be empty.
            pending: What waits for the next scan, such as ``3 x``; shown reversed, not to be overlooked.
            hint: What could be done now, dim, while the buffer is empty.
        """
        if (text, prompt, pending, hint) != self._state:
            self._state = (text, prompt, pending, hint)
            self.show()

    def paint(self, width: int, height: int) -> Sequence[Line]:
        """One line; of a buffer that is too long the end is shown."""
        text, prompt, pending, hint = map(plain, self._state)
        runs = []
        if prompt:
            runs.append(Run(f"{prompt} ", "prompt"))
        if pending:
            runs += [Run(f" {pending} ", "pending"), Run(" ", "text")]
        left = width - sum(width_of(run.text) for run in runs) - 1
        while text and width_of(text) > left:
            text = text[1:]
        runs.append(Run(f"{text}_", "text"))
        if hint and not text:
            runs.append(Run(fit(f" {hint}", max(0, left)), "hint"))
        return [(*runs, Run(" " * max(0, width - sum(width_of(run.text) for run in runs)), ""))]
