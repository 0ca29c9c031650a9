"""Asks for one thing or a few: a weight, a price, a note, a card's last digits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar

from textual import events
from textual.widget import Widget

from tilltui.errors import TillError
from tilltui.i18n import _
from tilltui.ui.dialogs.dialog import Dialog
from tilltui.ui.dialogs.question import Question, Values
from tilltui.ui.widgets.form_field import FormField
from tilltui.ui.widgets.key_row import KeyLabel
from tilltui.ui.widgets.label import Label

R = TypeVar("R")


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
            yield Label(self._about, classes="body framed")
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

    def prepare(self) -> None:
        """Begin at the first field."""
        self._fields = list(self.query(FormField))
        self.set_focus(self._fields[0])

    def on_form_field_changed(self, event: FormField.Changed) -> None:
        """What was wrong is being mended."""
        event.stop()

    def pressed(self, event: events.Key) -> None:
        """Arrows and Tab move between fields; everything else is typed."""
        if event.key in ("down", "tab"):
            self._step(1)
        elif event.key in ("up", "shift+tab"):
            self._step(-1)
        elif self._field.take_key(event.key, event.character):
            self.wrong("")

    @property
    def _at(self) -> int:
        return next((i for i, field in enumerate(self._fields) if field is self.focused), 0)

    @property
    def _field(self) -> FormField:
        return self._fields[self._at]

    def _step(self, by: int) -> None:
        self.set_focus(self._fields[(self._at + by) % len(self._fields)])

    def take_barcode(self, text: str) -> bool:
        """Fill the field that wants this code, if there is one."""
        if not self._ready:
            return False
        for question, field in zip(self._questions, self._fields, strict=True):
            if question.takes_code is not None and question.takes_code(text):
                field.value = text
                self.set_focus(field)
                return True
        return False

    def accept(self) -> None:
        """Go to the next field, or answer."""
        fields = self._fields
        if self._at < len(fields) - 1:
            self._step(1)
            return
        values = {question.name: field.value for question, field in zip(self._questions, fields, strict=True)}
        try:
            result = self._answer(values)
        except TillError as error:
            self.wrong(error)
            return
        self.finish(result)
