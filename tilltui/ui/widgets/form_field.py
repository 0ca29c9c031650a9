"""A one-line editor for notes, PINs, searches and amounts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import ClassVar, Unpack

from textual import events
from textual.message import Message

from tilltui.ui.widgets.cells import fit, plain, width_of
from tilltui.ui.widgets.line_widget import Line, LineWidget, Named, Run


class FormField(LineWidget, can_focus=True):
    """Label and text with a still block cursor; ``compact`` leaves the border out and takes one row.

    Keys it takes: printable ones that ``accepts`` allows, backspace, delete, left, right, home, end, Ctrl+U
    (empties it) and Enter. All others, F-keys and arrows up and down among them, go on to the screen.
    """

    STYLE_PREFIX = "field"
    COMPONENT_CLASSES: ClassVar[set[str]] = {"field--label", "field--text", "field--cursor", "field--hint"}
    DEFAULT_CSS = """
    FormField {
        height: 3; width: 1fr; background: $background; color: $foreground; border: solid $secondary;
        &:focus { border: double $accent; }
        &.compact { height: 1; border: none; }
        & > .field--label { color: $secondary; }
        & > .field--text { text-style: bold; }
        & > .field--cursor { text-style: reverse; }
        & > .field--hint { text-style: dim; }
    }
    """

    @dataclass(repr=False, eq=False)
    class Changed(Message):
        """The text changed.

        Attributes:
            field: The field.
            value: Its text.
        """

        field: FormField
        value: str

    @dataclass(repr=False, eq=False)
    class Submitted(Message):
        """Enter was pressed.

        Attributes:
            field: The field.
            value: Its text.
        """

        field: FormField
        value: str

    def __init__(
        self,
        label: str = "",
        value: str = "",
        *,
        masked: bool = False,
        limit: int = 120,
        accepts: Callable[[str], bool] | None = None,
        hint: str = "",
        compact: bool = False,
        **named: Unpack[Named],
    ) -> None:
        """Make a field.

        Args:
            label: What is asked.
            value: Text to begin with.
            masked: Show ``*`` for each character, for PINs.
            limit: Most characters.
            accepts: Called with the text as it would become; ``False`` refuses the key.
            hint: Shown dim while the field is empty.
            compact: One row without a border.
            named: Its id and classes.
        """
        super().__init__(**named)
        self.set_class(compact, "compact")
        self._label, self._masked, self._limit, self._hint = label, masked, limit, hint
        self._accepts = accepts
        self._value = plain(value)[:limit]
        self._at = len(self._value)

    @property
    def value(self) -> str:
        """The text."""
        return self._value

    @value.setter
    def value(self, text: str) -> None:
        text = plain(text)[: self._limit]
        self._at = len(text)
        self._become(text)

    def paint(self, width: int, height: int) -> Sequence[Line]:
        """One line, scrolled so that the cursor is in it."""
        label = f"{plain(self._label)} " if self._label else ""
        label = fit(label, min(width_of(label), max(0, width - 8)))
        room = max(1, width - width_of(label))
        shown = ("*" * len(self._value) if self._masked else self._value) + " "
        if not self.has_focus:
            text = fit(shown[:-1], room) if self._value else fit(self._hint, room)
            return [(Run(label, "label"), Run(text, "text" if self._value else "hint"))]
        # Start so that the cursor's character is the last one shown, or at the beginning if everything fits.
        ends = list(accumulate(width_of(character) for character in shown))
        start = next(
            i
            for i in range(len(shown))
            if ends[self._at] - (ends[i - 1] if i else 0) <= room or i == self._at
        )
        before, under, after = shown[start : self._at], shown[self._at], shown[self._at + 1 :]
        rest = room - width_of(before) - width_of(under)
        tail, role = (after, "text") if self._value else (self._hint, "hint")
        tail = plain(tail)
        tail = fit(tail if width_of(tail) <= rest else tail[:rest], rest)
        return [(Run(label, "label"), Run(before, "text"), Run(under, "cursor"), Run(tail, role))]

    def watch_has_focus(self, has_focus: bool) -> None:
        """Show or hide the cursor."""
        super().watch_has_focus(has_focus)
        self.show()

    def on_paste(self, event: events.Paste) -> None:
        """Insert what was pasted, on one line and without control characters."""
        event.stop()
        self._insert(plain(event.text.strip()))

    def on_key(self, event: events.Key) -> None:
        """Edit; every key that is not for editing goes on to the screen."""
        if self.take_key(event.key, event.character):
            event.stop()
            event.prevent_default()

    def take_key(self, key: str, character: str | None) -> bool:
        """Edit by a key.

        Returns:
            Whether it is one for editing.
        """
        if self._edit(key):
            return True
        if not character or not character.isprintable() or not plain(character):
            return False
        self._insert(plain(character))
        return True

    def _edit(self, key: str) -> bool:
        at, value = self._at, self._value
        match key:
            case "enter":
                self.post_message(self.Submitted(self, value))
            case "backspace":
                self._at = max(0, at - 1)
                self._become(value[: self._at] + value[at:])
            case "delete":
                self._become(value[:at] + value[at + 1 :])
            case "ctrl+u":
                self._at = 0
                self._become("")
            case "left" | "right" | "home" | "end":
                self._at = {
                    "left": max(0, at - 1),
                    "right": min(len(value), at + 1),
                    "home": 0,
                    "end": len(value),
                }[key]
                self.show()
            case _:
                return False
        return True

    def _insert(self, text: str) -> None:
        wanted = self._value[: self._at] + text + self._value[self._at :]
        if len(wanted) > self._limit or (self._accepts is not None and not self._accepts(wanted)):
            return
        self._at += len(text)
        self._become(wanted)

    def _become(self, text: str) -> None:
        changed, self._value = text != self._value, text
        self.show()
        if changed:
            self.post_message(self.Changed(self, text))
