"""Asks for one thing or a few: a weight, a price, a note, a card's last digits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from textual import events
from textual.widget import Widget

from tilltui.errors import TillError
from tilltui.i18n import _
from tilltui.ui.dialogs.dialog import Dialog
from tilltui.ui.widgets.form_field import FormField
from tilltui.ui.widgets.key_row import KeyLabel
from tilltui.ui.widgets.label import Label

R = TypeVar("R")

Values = Mapping[str, str]
"""What was keyed, by the question's name."""


@dataclass(frozen=True, slots=True)
class Question:
    """One field.

    Attributes:
        name: Name in the answer.
        label: What is asked.
        value: Text to begin with.
        hint: Shown while it is empty.
        limit: Most characters.
        masked: For PINs.
    """

    name: str
    label: str
    value: str = ""
    hint: str = ""
    limit: int = 60
    masked: bool = False


class AskDialog(Dialog[R], Generic[R]):
    """Asks the questions; Enter goes to the next one and at the last to ``answer``.

    Args:
        title: Heading.
        questions: At least one.
        answer: Makes the result of the answers; its ``TillError`` is shown and the dialog stays.
        about: A sentence over the fields.
    """

    def __init__(
        self,
        title: str,
        questions: Sequence[Question],
        answer: Callable[[Values], R],
        *,
        about: str = "",
    ) -> None:
        super().__init__(title)
        self._questions = tuple(questions)
        self._answer = answer
        self._about = about

    def content(self) -> Iterable[Widget]:
        """The sentence and the fields."""
        if self._about:
            yield Label(self._about, classes="body")
        for question in self._questions:
            yield FormField(
                question.label,
                question.value,
                masked=question.masked,
                limit=question.limit,
                hint=question.hint,
                id=f"field-{question.name}",
            )

    def keys(self) -> list[KeyLabel]:
        """Enter, Esc and, with several fields, the arrows."""
        keys = [KeyLabel("Enter", _("Accept")), KeyLabel("Esc", _("Back"))]
        if len(self._questions) > 1:
            keys.append(KeyLabel("↑↓", _("Other field")))
        return keys

    def on_mount(self) -> None:
        """Begin at the first field."""
        self._fields[0].focus()

    @property
    def _fields(self) -> list[FormField]:
        return list(self.query(FormField))

    def on_form_field_submitted(self, event: FormField.Submitted) -> None:
        """Enter in a field."""
        event.stop()
        self.accept()

    def on_form_field_changed(self, event: FormField.Changed) -> None:
        """What was wrong is being mended."""
        event.stop()
        self.wrong("")

    def pressed(self, event: events.Key) -> None:
        """Arrows and Tab move between fields."""
        if event.key in ("down", "tab"):
            self._step(1)
        elif event.key in ("up", "shift+tab"):
            self._step(-1)

    def _step(self, by: int) -> None:
        fields = self._fields
        at = next((i for i, field in enumerate(fields) if field.has_focus), 0)
        fields[(at + by) % len(fields)].focus()

    def accept(self) -> None:
        """Go to the next field, or answer."""
        fields = self._fields
        at = next((i for i, field in enumerate(fields) if field.has_focus), len(fields) - 1)
        if at < len(fields) - 1:
            fields[at + 1].focus()
            return
        values = {question.name: field.value for question, field in zip(self._questions, fields, strict=True)}
        try:
            result = self._answer(values)
        except TillError as error:
            self.wrong(error)
            return
        self.dismiss(result)
