"""Picks one of a list: menus, parked sales, languages, receipts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Generic, TypeVar

from textual import events
from textual.widget import Widget

from tilltui.i18n import _
from tilltui.ui.dialogs.dialog import Dialog
from tilltui.ui.widgets.choice import Choice
from tilltui.ui.widgets.choice_list import ChoiceList
from tilltui.ui.widgets.key_row import KeyLabel

T = TypeVar("T")

MOST_ROWS = 14
"""Rows of a list on the smallest screen; a longer one turns pages."""


class PickDialog(Dialog[Choice[T]], Generic[T]):
    """A list with a cursor; digits pick at once.

    Args:
        title: Heading.
        choices: What there is.
    """

    def __init__(self, title: str, choices: Sequence[Choice[T]]) -> None:
        super().__init__(title)
        self._choices = tuple(choices)

    def content(self) -> Iterable[Widget]:
        """The list."""
        listing = ChoiceList(self._choices, classes="framed", digits=True)
        listing.styles.height = max(1, min(len(self._choices), MOST_ROWS))
        yield listing

    def keys(self) -> list[KeyLabel]:
        """What the keys do here."""
        return [KeyLabel("↑↓", _("Choose")), KeyLabel("Enter", _("Accept")), KeyLabel("Esc", _("Back"))]

    def prepare(self) -> None:
        """Give the list the cursor."""
        self._list = self.query_one(ChoiceList)
        self.set_focus(self._list)

    def on_choice_list_picked(self, event: ChoiceList.Picked) -> None:
        """One was clicked or touched."""
        event.stop()
        self.finish(event.choice)

    def on_choice_list_cursor_moved(self, event: ChoiceList.CursorMoved) -> None:
        """Nothing depends on the cursor here."""
        event.stop()

    def pressed(self, event: events.Key) -> None:
        """Digits pick, arrows move."""
        index = self._list.index_of_digit(event.character or "")
        if index is not None:
            self._take(index)
        else:
            self._list.take_move(event.key)

    def accept(self) -> None:
        """Take what the cursor is on."""
        self._take(self._list.cursor)

    def _take(self, index: int) -> None:
        if 0 <= index < len(self._choices) and self._choices[index].enabled:
            self.finish(self._choices[index])
