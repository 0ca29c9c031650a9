"""Finds a product by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

from textual import events
from textual.containers import Horizontal
from textual.widget import Widget

from tilltui.domain.money import Currency
from tilltui.i18n import _
from tilltui.store.catalogue import Product
from tilltui.ui.dialogs.dialog import Dialog
from tilltui.ui.widgets.choice_list import Choice, ChoiceList
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
        with Horizontal(classes="framed") as row:
            row.styles.height = 1
            yield FormField(
                _("Name:"), self._text, limit=60, hint=_("two letters or more"), compact=True, id="text"
            )
        yield ChoiceList((), classes="framed", digits=False, placeholder=_("Nothing found yet."))

    def keys(self) -> list[KeyLabel]:
        """What the keys do here."""
        return [KeyLabel("↑↓", _("Choose")), KeyLabel("Enter", _("Ring it up")), KeyLabel("Esc", _("Back"))]

    def on_mount(self) -> None:
        """Begin to type at once."""
        self.query_one(FormField).focus()
        self._look(self._text)

    def on_form_field_changed(self, event: FormField.Changed) -> None:
        """Search with each letter."""
        event.stop()
        self._look(event.value)

    def on_form_field_submitted(self, event: FormField.Submitted) -> None:
        """Enter takes the chosen product."""
        event.stop()
        self.accept()

    def on_choice_list_picked(self, event: ChoiceList.Picked) -> None:
        """A product was picked."""
        event.stop()
        product = event.choice.value
        if isinstance(product, Product):
            self.dismiss(product)

    def on_choice_list_cursor_moved(self, event: ChoiceList.CursorMoved) -> None:
        """Nothing depends on the cursor here."""
        event.stop()

    def pressed(self, event: events.Key) -> None:
        """Arrows move in the list while the field has the keys."""
        steps = {"down": 1, "up": -1, "pagedown": 10, "pageup": -10}
        if event.key in steps:
            self.query_one(ChoiceList).move(steps[event.key])

    def accept(self) -> None:
        """Take the chosen product."""
        chosen = self.query_one(ChoiceList).chosen
        if chosen is not None and isinstance(chosen.value, Product):
            self.dismiss(chosen.value)

    def _look(self, text: str) -> None:
        choices = [Choice(product.name, self._price(product), product) for product in self._search(text)]
        self.query_one(ChoiceList).set_choices(choices)

    def _price(self, product: Product) -> str:
        if product.open_price:
            return _("open price")
        price = self._currency.format(product.price)
        return price if product.unit == "u" else f"{price}/{product.unit}"
