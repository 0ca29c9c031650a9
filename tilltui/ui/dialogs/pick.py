"""Picks one of a list: menus, parked sales, languages, receipts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import events
from textual.widget import Widget

from tilltui.i18n import _
from tilltui.ui.dialogs.dialog import Dialog
from tilltui.ui.widgets.choice_list import Choice, ChoiceList
from tilltui.ui.widgets.key_row import KeyLabel


class PickDialog(Dialog[Choice]):
    """A list with a cursor; digits pick at once.

    Args:
        title: Heading.
        choices: What there is.
    """

    def __init__(self, title: str, choices: Sequence[Choice]) -> None:
        super().__init__(title)
        self._choices = tuple(choices)

    def content(self) -> Iterable[Widget]:
        """The list."""
        listing = ChoiceList(self._choices, classes="framed", digits=True)
        listing.styles.height = max(1, min(len(self._choices), 14))
        yield listing

    def keys(self) -> list[KeyLabel]:
        """What the keys do here."""
        return [KeyLabel("↑↓", _("Choose")), KeyLabel("Enter", _("Accept")), KeyLabel("Esc", _("Back"))]

    def on_mount(self) -> None:
        """Give the list the keys."""
        self.query_one(ChoiceList).focus()

    def on_choice_list_picked(self, event: ChoiceList.Picked) -> None:
        """One was picked."""
        event.stop()
        self.dismiss(event.choice)

    def on_choice_list_cursor_moved(self, event: ChoiceList.CursorMoved) -> None:
        """Nothing depends on the cursor here."""
        event.stop()

    def pressed(self, event: events.Key) -> None:
        """No other keys."""
