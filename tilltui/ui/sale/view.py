"""Shows the open sale, and what the customer reads of it; it changes nothing of it.

It is the ``Face`` of the conversations: they say what they have done, and it paints what that changes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.screen import Screen

from tilltui.domain.money.money import Currency
from tilltui.domain.record.sales.accepted import Accepted
from tilltui.domain.selling.line import Line
from tilltui.errors import TillError
from tilltui.i18n import _
from tilltui.services.register import Register
from tilltui.services.selling.ringing import Rung
from tilltui.ui.sale.actions import NOTES
from tilltui.ui.sale.buffer import QUANTITY_SECONDS
from tilltui.ui.sale.hints import action_label, hint, words_of
from tilltui.ui.sale.key_map import key_name
from tilltui.ui.sale.product_view import product_view
from tilltui.ui.sale.rows import row_of, rows_of
from tilltui.ui.sale.state import Mode, SaleState, Shown
from tilltui.ui.sale.total import total_view
from tilltui.ui.widgets.key_row import KeyLabel

if TYPE_CHECKING:
    from textual.timer import Timer

    from tilltui.services.devices.display import CustomerLines
    from tilltui.ui.sale.parts import Parts

log = logging.getLogger(__name__)

THANKS_SECONDS = 20.0
"""How long the customer reads the change when nobody comes after."""


class SaleView:
    """Paints the sale screen.

    Args:
        register: What there is to show.
        state: Where the cashier stands.
        alarm: The sound of an error.

    Attributes:
        screen: The screen that is painted, once it stands.
        parts: Its widgets.
    """

    screen: Screen[None]
    parts: Parts

    def __init__(self, register: Register, state: SaleState, alarm: Callable[[], object]) -> None:
        self.state = state
        self._sale = register.sale
        self._devices = register.devices
        self._goods = register.goods
        self._session = register.session
        self._shop = register.sale.shop
        self._money = register.sale.shop.currency
        self._alarm = alarm
        self._quantity_timer: Timer | None = None
        self._card_of: int | None = None

    # What conversations and gestures have done

    def selected(self) -> Line | None:
        """The chosen line."""
        cursor, lines = self.parts.basket.cursor, self._sale.basket.lines
        return lines[cursor] if self.state.mode is not Mode.DONE and 0 <= cursor < len(lines) else None

    def become(self, mode: Mode) -> None:
        """Go to another mode."""
        self.state.mode = mode
        if mode is not Mode.DONE:
            self.state.done = None
        self.paint_total()
        self.paint_input()
        self.paint_keys()

    def begin(self) -> None:
        """Leave the change of the last sale: what comes now is the next one."""
        if self.state.mode is Mode.DONE:
            self.parts.basket.set_rows(())
            self.become(Mode.SELL)
            self.paint_header()

    def say(
        self,
        problem: BaseException | str,
        *,
        level: str = "error",
        code: str = "",
        quantity: int | None = None,
    ) -> None:
        """Say something in the bar until Esc, with its own sound.

        Args:
            problem: The error, or words in the language in force.
            level: ``error`` or ``warning``.
            code: The code that it is about.
            quantity: Thousandths that were keyed before the code.
        """
        if isinstance(problem, BaseException) and not isinstance(problem, TillError):
            log.error("unexpected: %r", problem, exc_info=problem)
        shown = Shown(problem, code, quantity, level)
        self._alarm()
        errors = self.state.errors
        # What comes again and again, such as a disk that does not take the basket, is said once.
        if level == "warning" and any(words_of(old) == words_of(shown) for old in errors):
            return
        errors.append(shown)
        self.paint_errors()

    def say_restored(self) -> None:
        """Say that the till stopped during this sale, where it did."""
        sale = self._sale
        if not sale.basket:
            return
        text = _("The till stopped during this sale: check its lines with the customer.")
        paid = sum(payment.given for payment in sale.payments)
        if paid:
            text += " " + _("{amount} of it was already paid.").format(amount=self._money.format(paid))
        self.say(text, level="warning")

    def put_away(self, shown: Shown) -> None:
        """Take an error out of the bar."""
        self.state.errors.remove(shown)
        self.paint_errors()

    def rung(self, rung: Rung) -> None:
        """Show a line that was rung or grew: the hot path, two rows and the total."""
        row = row_of(rung.line, self._money)
        view = self.parts.basket
        if rung.merged:
            view.update(len(view.rows) - 1, row)
            view.end()
        else:
            view.append(row)
        self.paint_total()
        self.paint_input()
        self.paint_card()
        customer = self.customer
        if customer is not None:
            customer.rung(rung.line.description, rung.line.amount, self._sale.totals.total)

    def changed(self, *numbers: int) -> None:
        """Show lines that changed (all, where none is named), and the total."""
        view, basket = self.parts.basket, self._sale.basket
        if len(view.rows) == len(basket.lines) and numbers:
            for no in numbers:
                view.update(basket.index(no), row_of(basket.line(no), self._money))
        else:
            view.set_rows(rows_of(basket, self._money))
        self.paint_total()
        self.paint_input()
        self.paint_card()
        self.show_customer()

    def paid(self) -> None:
        """Show what is left to pay."""
        self.paint_total()
        self.paint_input()
        self.show_customer()

    def accepted(self, accepted: Accepted) -> None:
        """Show the change of a sale that is on disk, until the next one begins."""
        change = accepted.record.change
        self.state.last_change = self._money.format(change) if change else ""
        self.state.done = accepted
        self.become(Mode.DONE)
        customer = self.customer
        if customer is not None:
            customer.change(change)
            # The greeting comes back by itself.
            self.screen.set_timer(
                THANKS_SECONDS, lambda: customer.idle() if self.state.done is accepted else None
            )

    def lock_texts(self) -> tuple[str, str]:
        """What the lock says: shop and till, and who sells."""
        shop = self._shop
        return f"{shop.name} · {_('Till {till}').format(till=shop.till)}", self._session.operator.name

    @property
    def money(self) -> Currency:
        """What is paid in."""
        return self._money

    # The customer

    @property
    def customer(self) -> CustomerLines | None:
        """What the customer reads."""
        return self._devices.customer

    def show_customer(self) -> None:
        """Show the customer what there is to pay, or that nobody is served."""
        customer = self.customer
        if customer is None:
            return
        if not self._sale.basket:
            customer.idle()
        elif self.state.mode is Mode.SELL:
            customer.total(self._sale.totals.total)
        else:
            customer.total(self._sale.settlement.cash_due)

    # Painting

    def paint_all(self) -> None:
        """Show everything anew, in the language in force."""
        basket = self.parts.basket
        basket.placeholder = _("Scan an item")
        if self.state.done is None:
            basket.set_rows(rows_of(self._sale.basket, self._money))
        basket.refresh()
        if self.parts.training is not None:
            self.parts.training.set_word(_("TRAINING"))
        self.paint_header()
        self.paint_total()
        self.paint_input()
        self.paint_errors()
        self.paint_card_anew()
        if self.state.done is None:
            self.show_customer()

    def paint_header(self) -> None:
        """Shop, till, cashier; number of the sale."""
        shop, done = self._shop, self.state.done
        till = _("Till {till}").format(till=shop.till)
        who = self._session.operator.name or _("Cashier")
        number = f"{shop.till}-{self._sale.next_number:06d}" if done is None else done.number
        self.parts.header.set_texts(f"{shop.name} · {till} · {who}", _("Sale {number}").format(number=number))

    def paint_total(self) -> None:
        """The large number: the total, what is left to pay, or the change."""
        self.parts.panel.set_view(total_view(self.state, self._sale))

    def paint_card(self) -> None:
        """The chosen item's card where there is room for one; looked up only when it is another item."""
        card = self.parts.card
        if not card.display:
            return
        line = self.selected()
        product_id = line.product_id if line is not None else None
        if product_id is not None and product_id == self._card_of:
            return
        self._card_of = product_id
        product = self._goods.by_id(product_id) if product_id is not None else None
        card.set_view(product_view(self._goods.sheet(product), self._money) if product is not None else None)

    def paint_card_anew(self) -> None:
        """The same, whatever it showed before."""
        self._card_of = None
        self.paint_card()

    def paint_input(self) -> None:
        """What is keyed, and what could be done now."""
        state = self.state
        asks = state.mode is Mode.PAY and self._sale.settlement.due >= 0
        pending = state.buffer.pending_text(self._money.decimal)
        self.parts.input.set_buffer(
            state.buffer.text,
            prompt=_("Given:") if asks else "",
            pending=pending,
            hint=hint(state, self._sale),
        )

    def forget_quantity_later(self) -> None:
        """Have a quantity that nobody uses within ten seconds forgotten."""
        if self._quantity_timer is not None:
            self._quantity_timer.stop()
        self._quantity_timer = self.screen.set_timer(QUANTITY_SECONDS, self._forget_quantity)

    def _forget_quantity(self) -> None:
        if self.state.buffer.pending is not None:
            self.state.buffer.take_quantity()
            self.paint_input()

    def paint_keys(self) -> None:
        """What the function keys do here."""
        self.parts.keys.set_keys(self.key_labels())
        self.show_through()

    def key_labels(self) -> list[KeyLabel]:
        """The key row: dim without the right, while a pop-up has the keys; notes, while money goes back."""
        enabled, labels = self.screen.app.screen is self.screen, []
        exact = self._sale.settlement.due < 0
        for action in self.state.keys.actions:
            full, short = action_label(action, self.state, self._sale)
            if full:
                usable = enabled and not (exact and action.id in NOTES) and self._session.may(action.right)
                labels.append(KeyLabel(key_name(action.key), full, short, usable))
        return labels

    def show_through(self) -> None:
        """Paint a pop-up again: Textual does not see that what shines through it has changed."""
        top = self.screen.app.screen
        if top is not self.screen:
            top.refresh()

    def paint_errors(self) -> None:
        """Show the oldest error, and how many there are."""
        errors, bar = self.state.errors, self.parts.bar
        if not errors:
            bar.clear()
        else:
            first, count = errors[0], len(errors)
            text, what_to_do = words_of(first)
            text = f"(1/{count}) {text}" if count > 1 else text
            code = "" if first.code in text else first.code
            bar.show_error(text, what_to_do, code=code, level=first.level)
        self.paint_keys()
