"""Shows something: help, a product's card, a receipt; any key or a scan leaves it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import events
from textual.widget import Widget

from tilltui.i18n import _
from tilltui.ui.dialogs.dialog import Dialog
from tilltui.ui.sale.actions import Action
from tilltui.ui.sale.key_map import key_name
from tilltui.ui.widgets.cells import wrap
from tilltui.ui.widgets.choice import Choice
from tilltui.ui.widgets.choice_list import ChoiceList
from tilltui.ui.widgets.key_row import KeyLabel, KeyRow
from tilltui.ui.widgets.sale.product_card import ProductCard
from tilltui.ui.widgets.sale.values import ProductView


class TextDialog(Dialog[None]):
    """Lines of text to scroll through, such as a receipt.

    Args:
        title: Heading.
        lines: What is shown.
    """

    HEIGHT: ClassVar[str] = "90%"

    def __init__(self, title: str, lines: Sequence[str]) -> None:
        super().__init__(title)
        self._lines = tuple(lines)

    def content(self) -> Iterable[Widget]:
        """The text as a list, for its paging."""
        yield ChoiceList([Choice(line, None) for line in self._lines], classes="framed", digits=False)

    def keys(self) -> list[KeyLabel]:
        """What the keys do here."""
        return [KeyLabel("↑↓", _("Scroll")), KeyLabel("Esc", _("Back"))]

    def prepare(self) -> None:
        """Give the list the cursor."""
        self.set_focus(self.query_one(ChoiceList))

    def pressed(self, event: events.Key) -> None:
        """Arrows scroll."""
        self.query_one(ChoiceList).take_move(event.key)

    def on_choice_list_picked(self, event: ChoiceList.Picked) -> None:
        """Enter leaves."""
        event.stop()
        self.leave()

    def on_choice_list_cursor_moved(self, event: ChoiceList.CursorMoved) -> None:
        """Nothing depends on the cursor here."""
        event.stop()

    def accept(self) -> None:
        """Enter leaves."""
        self.leave()


class HelpDialog(TextDialog):
    """What each key does here."""

    WIDTH: ClassVar[int] = 76
    INDENT: ClassVar[int] = 6

    def __init__(self, title: str, actions: Sequence[Action], labels: dict[str, str]) -> None:
        lines: list[str] = []
        # Frame, the cursor's mark and the space at the end.
        room = self.WIDTH - 4 - self.INDENT
        for action in actions:
            label = labels.get(action.id) or (_(action.label) if action.label else "")
            text = f"{label}: {_(action.help)}" if label else _(action.help)
            first, *more = wrap(text, room, 4)
            lines.append(f"{key_name(action.key):<{self.INDENT}}{first.rstrip()}")
            lines += [" " * self.INDENT + line.rstrip() for line in more]
        super().__init__(title, lines)


LABELS_KEY = "f7"
"""Asks for shelf labels of the product on the sheet."""


class SheetDialog(Dialog[str]):
    """A product's sheet; its result is ``labels`` where labels of the product are wanted.

    Args:
        view: The product.
        labels: Whether there is a printer for labels.
    """

    HEIGHT: ClassVar[str] = "18"

    def __init__(self, view: ProductView, *, labels: bool = False) -> None:
        super().__init__(_("Product"))
        self._view = view
        self._labels = labels

    def content(self) -> Iterable[Widget]:
        """The card."""
        card = ProductCard(classes="framed")
        card.set_view(self._view)
        yield card

    def keys(self) -> list[KeyLabel]:
        """What the keys do here."""
        labels = [KeyLabel(key_name(LABELS_KEY), _("Print shelf labels"))] if self._labels else []
        return [*labels, KeyLabel("Esc", _("Back"))]

    def pressed(self, event: events.Key) -> None:
        """F7 once more: labels."""
        if event.key == LABELS_KEY and self._labels:
            self.finish("labels")

    def on_key_row_pressed(self, event: KeyRow.Pressed) -> None:
        """A click on a key's label is the key."""
        super().on_key_row_pressed(event)
        if event.key == key_name(LABELS_KEY):
            self.finish("labels")

    def accept(self) -> None:
        """Enter leaves."""
        self.leave()
