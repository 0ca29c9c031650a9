"""What the sale screen shows: basket, total, input, keys, errors. It changes nothing of the sale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from tilltui.domain.selling.line import Line
from tilltui.errors import TillError
from tilltui.i18n import _, explain, ngettext
from tilltui.services.selling.checkout import Rung
from tilltui.services.selling.lines import UnknownCode
from tilltui.store.books.sales import Accepted
from tilltui.ui.sale.buffer import Buffer
from tilltui.ui.sale.keys import PAY, SELL, Action, KeyMap, key_name
from tilltui.ui.sale.rows import row_of, rows_of
from tilltui.ui.sale.state import Mode, Shown
from tilltui.ui.shell.desk import Desk
from tilltui.ui.widgets.key_row import KeyLabel, KeyRow
from tilltui.ui.widgets.sale.basket_view import BasketView
from tilltui.ui.widgets.sale.error_bar import ErrorBar
from tilltui.ui.widgets.sale.header_line import HeaderLine
from tilltui.ui.widgets.sale.input_line import InputLine
from tilltui.ui.widgets.sale.status_line import StatusLine
from tilltui.ui.widgets.sale.total_panel import TotalPanel, TotalView

if TYPE_CHECKING:
    from textual.screen import Screen

    from tilltui.ui.shell.app import TillApp

    Part = Screen[None]
else:
    # A part of the sale screen is a plain class: to make one of Textual's own costs 2.6 M instructions each.
    Part = object

NOTE_KEYS = 5
"""Keys for bank notes while paying."""


class SalePainter(Part):
    """State and painting of the sale screen; its widgets are looked up once, not at each scan."""

    view: BasketView
    panel: TotalPanel
    bar: ErrorBar
    line_of_input: InputLine
    row_of_keys: KeyRow
    header: HeaderLine
    status: StatusLine

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.checkout = desk.checkout
        self.money = desk.shop.currency
        self.mode = Mode.SELL
        self.waiting = 0
        self.buffer = Buffer()
        self.errors: list[Shown] = []
        self.last_change = ""
        self.done: Accepted | None = None
        self.sell_keys = KeyMap(SELL, desk.keys)
        self.pay_keys = KeyMap(PAY, desk.keys)

    @property
    def till(self) -> TillApp:
        """The application."""
        return cast("TillApp", self.app)

    def find_widgets(self) -> None:
        """Look the widgets up, once they are there."""
        self.view = self.query_one(BasketView)
        self.panel = self.query_one(TotalPanel)
        self.bar = self.query_one(ErrorBar)
        self.line_of_input = self.query_one(InputLine)
        self.row_of_keys = self.query_one(KeyRow)
        self.header = self.query_one(HeaderLine)
        self.status = self.query_one(StatusLine)

    # Basket

    def rung(self, rung: Rung) -> None:
        """Show a line that was rung or grew: the hot path, two rows and the total."""
        row = row_of(rung.line, self.money)
        if rung.merged:
            self.view.update(len(self.view.rows) - 1, row)
            self.view.end()
        else:
            self.view.append(row)
        self.paint_total()
        self.paint_input()
        self.paint_card()
        customer = self.desk.devices.customer
        if customer is not None:
            customer.rung(rung.line.description, rung.line.amount, self.checkout.totals.total)

    def changed(self, *numbers: int) -> None:
        """Show lines that changed, and the total."""
        view, basket = self.view, self.checkout.basket
        if len(view.rows) == len(basket.lines) and numbers:
            for no in numbers:
                view.update(basket.index(no), row_of(basket.line(no), self.money))
        else:
            view.set_rows(rows_of(basket, self.money))
        self.paint_total()
        self.paint_input()
        self.paint_card()
        self.show_customer()

    def show_customer(self) -> None:
        """Show the customer what there is to pay, or that nobody is served."""
        customer = self.desk.devices.customer
        if customer is None:
            return
        if not self.checkout.basket:
            customer.idle()
        elif self.mode is Mode.SELL:
            customer.total(self.checkout.totals.total)
        else:
            customer.total(self.checkout.settlement.cash_due)

    def paint_all(self) -> None:
        """Show everything anew."""
        self.view.placeholder = _("Scan an item")
        if self.done is None:
            self.view.set_rows(rows_of(self.checkout.basket, self.money))
        self.view.refresh()
        self.paint_header()
        self.paint_total()
        self.paint_input()
        self.paint_errors()
        self.paint_card()
        if self.done is None:
            self.show_customer()

    def paint_card(self) -> None:
        """Show the chosen item's card where the screen has room for one."""

    def selected(self) -> Line | None:
        """The chosen line."""
        cursor, lines = self.view.cursor, self.checkout.basket.lines
        return lines[cursor] if self.mode is not Mode.DONE and 0 <= cursor < len(lines) else None

    # Head and total

    def paint_header(self) -> None:
        """Shop, till, cashier; number of the sale."""
        shop = self.desk.shop
        till = _("Till {till}").format(till=shop.till)
        who = self.checkout.operator.name or _("Cashier")
        number = f"{shop.till}-{self.checkout.next_number:06d}" if self.done is None else self.done.number
        self.header.set_texts(f"{shop.name} · {till} · {who}", _("Sale {number}").format(number=number))

    def paint_total(self) -> None:
        """The large number: the total, what is left to pay, or the change."""
        self.panel.set_view(self._total_view())

    def _total_view(self) -> TotalView:
        if self.done is not None:
            return self._change_view(self.done)
        money, totals, basket = self.money, self.checkout.totals, self.checkout.basket
        items = ngettext("{count} item", "{count} items", abs(totals.items)).format(count=totals.items)
        customer = _("Customer: {name}").format(name=basket.customer) if basket.customer else ""
        extra = []
        if totals.discount:
            extra.append(_("Discount {amount}").format(amount=money.format(-totals.discount)))
        if basket.returns:
            extra.append(_("Returns {number}").format(number=basket.returns))
        if basket.note:
            extra.append(basket.note)
        paid = self._paid_lines()
        if self.mode is Mode.SELL:
            tax = _("Tax incl. {amount}").format(amount=money.format(totals.tax)) if totals.tax else ""
            change = _("Last change {amount}").format(amount=self.last_change) if self.last_change else ""
            if paid:
                rest = money.format(self.checkout.settlement.due)
                paid.append(_("To pay {amount}").format(amount=rest))
            amount = money.format(totals.total)
            return TotalView(_("TOTAL"), amount, items, tax, customer, change, (*extra, *paid))
        return self._rest_view(items, customer, [*paid, *extra])

    def _rest_view(self, items: str, customer: str, extra: list[str]) -> TotalView:
        """What is left to pay, or to give back."""
        money, settlement = self.money, self.checkout.settlement
        extra.insert(0, _("Total {amount}").format(amount=money.format(settlement.total)))
        due = settlement.due
        if settlement.cash_due != due:
            extra.append(_("In cash {amount}").format(amount=money.format(abs(settlement.cash_due))))
        label = _("TO PAY") if due >= 0 else _("TO GIVE BACK")
        if self.mode is Mode.SAVING:
            label = _("SAVING")
        return TotalView(label, money.format(abs(due)), items, "", customer, "", tuple(extra), "rest")

    def _paid_lines(self) -> list[str]:
        return [
            f"{self.tender_name(payment.tender.key)} {self.money.format(payment.given)}"
            for payment in self.checkout.payments
        ]

    def _change_view(self, accepted: Accepted) -> TotalView:
        body, money = accepted.body, self.money
        paid = [
            f"{self.tender_name(kind)} {money.format(given)}"
            for kind, _amount, given, *_rest in body["payments"]
        ]
        total = _("Total {amount}").format(amount=money.format(body["total"]))
        number = _("Sale {number}").format(number=accepted.number)
        if not paid and not body["total"]:
            return TotalView(_("NOTHING TO PAY"), money.format(0), extra=(number,), emphasis="change")
        in_cash = any(row[0] == "cash" for row in body["payments"])
        if body["total"] < 0:
            label, amount = _("GIVEN BACK"), -body["total"]
        elif in_cash or body["change"]:
            label, amount = _("CHANGE"), body["change"]
        else:
            label, amount = _("PAID"), body["total"]
        return TotalView(label, money.format(amount), extra=(number, total, *paid), emphasis="change")

    def tender_name(self, kind: str) -> str:
        """A tender in the cashier's language."""
        return _(self.desk.shop.tenders.of(kind).words)

    # Input

    def paint_input(self) -> None:
        """What is keyed, and what could be done now."""
        prompt = _("Given:") if self.mode is Mode.PAY and not self._refunds() else ""
        pending = self.buffer.pending_text(self.money.decimal)
        self.line_of_input.set_buffer(self.buffer.text, prompt=prompt, pending=pending, hint=self._hint())

    def _hint(self) -> str:
        if self.mode is Mode.SAVING:
            return _("saving the sale...")
        if self.waiting:
            return _("one moment...")
        if self.mode is Mode.DONE:
            return _("next customer: scan an item")
        if self.mode is Mode.PAY:
            settlement = self.checkout.settlement
            if self.checkout.in_doubt or (settlement.settled and settlement.payments):
                return _("Enter: save the sale")
            if self.checkout.basket.recalled:
                return _("say how it is paid: F10 cash, F9 card")
            if self._refunds():
                return _("Enter: give it back in cash")
            return _("Enter: exact cash, or key what is given")
        if self.buffer.setting:
            return _("key the quantity of the chosen line, then Enter")
        if self.buffer.pending is not None:
            return _("now scan the item")
        return _("scan, or key a code; Enter: pay") if self.checkout.basket else _("scan an item")

    # Keys

    def paint_keys(self) -> None:
        """What the function keys do here."""
        self.row_of_keys.set_keys(self.key_labels())
        self.show_through()

    def show_through(self) -> None:
        """Paint a pop-up again: Textual does not see that what shines through it has changed."""
        if self.app.screen is not self:
            self.app.screen.refresh()

    def key_map(self) -> KeyMap:
        """The keys of this mode."""
        return self.pay_keys if self.mode in (Mode.PAY, Mode.SAVING) else self.sell_keys

    def action_label(self, action: Action) -> tuple[str, str]:
        """Full and short label of an action here; empty where it does nothing."""
        if action.id.startswith("note") and action.id[4:].isdigit():
            at = int(action.id[4:]) - 1
            notes = self.note_keys()
            text = self.money.format(notes[at]) if at < len(notes) else ""
            return text, text
        if action.id == "card_of_product" and self.errors and self.is_unknown(self.errors[0]):
            return _("Add item"), _("Add")
        return (_(action.label), _(action.short)) if action.label else ("", "")

    def note_keys(self) -> Sequence[int]:
        """The notes that have a key here: the largest."""
        return self.desk.shop.notes[-NOTE_KEYS:]

    def _refunds(self) -> bool:
        """Whether money is to be given back."""
        return self.checkout.settlement.due < 0

    def key_labels(self) -> list[KeyLabel]:
        """The key row; dim while a pop-up has the keys, and the notes while money goes back."""
        enabled, labels = self.app.screen is self, []
        exact = self._refunds()
        for action in self.key_map().actions:
            full, short = self.action_label(action)
            if full:
                usable = enabled and not (exact and action.id.startswith("note"))
                labels.append(KeyLabel(key_name(action.key), full, short, usable))
        return labels

    # Errors

    def is_unknown(self, shown: Shown) -> bool:
        """Whether it is about a code that can be added with one key."""
        return isinstance(shown.problem, UnknownCode)

    def words_of(self, shown: Shown) -> tuple[str, str]:
        """What is wrong and what to do, in the language in force."""
        problem = shown.problem
        if isinstance(problem, TillError):
            said = explain(problem)
            return said.text, said.hint
        if isinstance(problem, str):
            return problem, ""
        return _("Something went wrong: {error}.").format(error=type(problem).__name__), ""

    def paint_errors(self) -> None:
        """Show the oldest error, and how many there are."""
        if not self.errors:
            self.bar.clear()
        else:
            first, count = self.errors[0], len(self.errors)
            text, hint = self.words_of(first)
            text = f"(1/{count}) {text}" if count > 1 else text
            code = "" if first.code in text else first.code
            self.bar.show_error(text, hint, code=code, level=first.level)
        self.paint_keys()
