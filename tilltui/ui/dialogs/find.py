"""Finds a product by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

from textual import events
from textual.widget import Widget

from tilltui.domain.goods.product import Product
from tilltui.domain.money.money import Currency
from tilltui.i18n import _
from tilltui.ui.dialogs.dialog import Dialog
from tilltui.ui.widgets.boxes import SideBySide
from tilltui.ui.widgets.choice import Choice
from tilltui.ui.widgets.choice_list import ChoiceList
from tilltui.ui.widgets.form_field import FormField
from tilltui.ui.widgets.key_row import KeyLabel


class FindDialog(Dialog[Product]):
    """A field and what it finds, from two letters on.

    Args:
        search: Finds products.
        currency: For the prices.
        text: What was typed already.
    """

    WIDTH: ClassVar[int] = 72
    HEIGHT: ClassVar[str] = "20"

    def __init__(
        self, search: Callable[[str], Sequence[Product]], currency: Currency, text: str = ""
    ) -> None:
        super().__init__(_("Find an item"))
        self._search = search
        self._currency = currency
        self._text = text

    def content(self) -> Iterable[Widget]:
        """The field over the list."""
        with SideBySide(classes="framed") as row:
            row.styles.height = 1
            yield FormField(
                _("Name:"), self._text, limit=60, hint=_("two letters or more"), compact=True, id="text"
            )
        yield ChoiceList((), classes="framed", digits=False, placeholder=_("Nothing found yet."))

    def keys(self) -> list[KeyLabel]:
        """What the keys do here."""
        return [KeyLabel("↑↓", _("Choose")), KeyLabel("Enter", _("Ring it up")), KeyLabel("Esc", _("Back"))]

    def prepare(self) -> None:
        """Begin to type at once."""
        self._field, self._list = self.query_one(FormField), self.query_one(ChoiceList)
        self.set_focus(self._field)
        self._look(self._text)

    def on_form_field_changed(self, event: FormField.Changed) -> None:
        """Something was pasted; what was typed has been looked for already."""
        event.stop()
        if self._field.value != self._text:
            self._look(self._field.value)

    def on_choice_list_picked(self, event: ChoiceList.Picked) -> None:
        """A product was clicked or touched."""
        event.stop()
        if isinstance(event.choice.value, Product):
            self.finish(event.choice.value)

    def on_choice_list_cursor_moved(self, event: ChoiceList.CursorMoved) -> None:
        """Nothing depends on the cursor here."""
        event.stop()

    def pressed(self, event: events.Key) -> None:
        """Arrows move in the list; everything else is typed and looked for at once."""
        if event.key in ("up", "down", "pageup", "pagedown"):
            self._list.take_move(event.key)
        elif self._field.take_key(event.key, event.character) and self._field.value != self._text:
            # Before the next key: an Enter right behind takes what this letter finds.
            self._look(self._field.value)

    def accept(self) -> None:
        """Take the chosen product."""
        chosen = self._list.chosen
        if chosen is not None and isinstance(chosen.value, Product):
            self.finish(chosen.value)

    def _look(self, text: str) -> None:
        self._text = text
        choices = [Choice(product.name, product, self._price(product)) for product in self._search(text)]
        self._list.set_choices(choices)

    def _price(self, product: Product) -> str:
        if product.open_price:
            return _("open price")
        price = self._currency.format(product.price)
        return price if product.unit == "u" else f"{price}/{product.unit}"
