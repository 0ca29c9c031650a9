"""Correcting: quantity, price, discount, void of the chosen line."""

from __future__ import annotations

from textual.timer import Timer

from tilltui.domain.money.money import format_quantity, parse_rate
from tilltui.domain.selling.line import Line
from tilltui.errors import N_, SaleError
from tilltui.i18n import _
from tilltui.ui.dialogs.question import Question, Values
from tilltui.ui.sale import buffer
from tilltui.ui.sale.amounts import keyed_amount, keyed_quantity
from tilltui.ui.screens.base import SaleBase
from tilltui.ui.widgets.choice import Choice


class CorrectActions(SaleBase):
    """What changes the chosen line."""

    _quantity_timer: Timer | None = None

    def do_times(self) -> None:
        """Take ``*``: what is keyed is a quantity."""
        self.begin()
        if self.attempt(self.buffer.times) and self.buffer.pending is not None:
            if self._quantity_timer is not None:
                self._quantity_timer.stop()
            self._quantity_timer = self.set_timer(buffer.QUANTITY_SECONDS, self._forget_quantity)
        self.paint_input()

    def _forget_quantity(self) -> None:
        """A quantity that nobody used within ten seconds is forgotten."""
        if self.buffer.pending is not None:
            self.buffer.take_quantity()
            self.paint_input()

    def set_line_quantity(self, text: str) -> None:
        """``*5`` makes the chosen line five."""
        line = self.chosen()
        if line is None:
            return
        if self.attempt(lambda: self.checkout.set_quantity(line.no, keyed_quantity(text))):
            self.changed(line.no)

    def do_edit(self) -> None:
        """Change quantity or price of the chosen line; what is keyed already is the quantity."""
        line = self.chosen()
        if line is None:
            return
        keyed = self.buffer.take()
        if keyed:
            self.set_line_quantity(keyed)
            self.paint_input()
            return
        now_quantity = format_quantity(abs(line.quantity), self.money.decimal)
        now_price = self.money.format(line.unit_price, symbol=False)

        def answer(values: Values) -> bool:
            quantity, price = values["quantity"].strip(), values["price"].strip()
            # In one step: what was refused must not leave half of itself behind a pop-up that Esc closes.
            self.checkout.edit(
                line.no,
                quantity=keyed_quantity(quantity) if quantity != now_quantity else None,
                price=keyed_amount(self.money, price) if price != now_price else None,
            )
            return True

        questions = [
            Question("quantity", _("Quantity:"), now_quantity, limit=10),
            Question("price", _("Price:"), now_price, limit=20),
        ]
        self.ask(line.description, questions, answer, lambda done: self.changed(line.no))

    def do_discount(self) -> None:
        """Give a discount on the chosen line, or on everything."""
        if not self.checkout.basket:
            self.fail(SaleError(N_("There is nothing to discount yet."), hint=N_("Scan an item first.")))
            return
        line, keyed = self.selected(), self.buffer.take()
        choices = [Choice(_("On the whole sale"), self.money.format(self.checkout.basket.subtotal), "sale")]
        if line is not None and line.live:
            choices.insert(0, Choice(line.description, self.money.format(line.gross), "line"))

        def picked(choice: Choice | None) -> None:
            if choice is not None:
                self._ask_discount(line if choice.value == "line" else None, keyed)

        self.pick(_("Discount"), choices, picked)

    def _ask_discount(self, line: Line | None, keyed: str) -> None:
        def answer(values: Values) -> bool:
            text = values["discount"].strip()
            rate = parse_rate(text) if text.endswith("%") else 0
            amount = 0 if rate or text.endswith("%") else keyed_amount(self.money, text or "0")
            if line is not None:
                self.checkout.set_line_discount(line.no, rate=rate, amount=amount)
            else:
                self.checkout.set_discount(rate=rate, amount=amount)
            return True

        example = self.money.format(500, symbol=False)
        question = Question(
            "discount", _("Discount:"), keyed, hint=_("10% or {amount}").format(amount=example), limit=20
        )
        title = line.description if line is not None else _("Discount on the sale")
        self.ask(title, [question], answer, lambda done: self.changed(*([line.no] if line else [])))

    def chosen(self) -> Line | None:
        """The chosen line, or ``None`` with a word about it."""
        line = self.selected()
        if line is None:
            self.fail(SaleError(N_("No line is chosen."), hint=N_("Scan an item first.")))
        return line

    def do_void_line(self) -> None:
        """Take the chosen line back with a reversing line."""
        line = self.chosen()
        if line is not None and self.attempt(lambda: self.checkout.void(line.no)):
            self.changed()
