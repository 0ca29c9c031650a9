"""What the parts of the sale screen share: the sale in hand, its painting, and how errors are said."""

from __future__ import annotations

import enum
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from textual.screen import Screen

from tilltui.domain.line import Line
from tilltui.errors import N_, TillError
from tilltui.i18n import _, explain, ngettext
from tilltui.services.checkout import Rung
from tilltui.services.ringing import UnknownCode
from tilltui.store.sales import Accepted
from tilltui.ui.buffer import Buffer
from tilltui.ui.desk import Desk
from tilltui.ui.dialogs.ask import AskDialog, Question, Values
from tilltui.ui.dialogs.dialog import Dialog
from tilltui.ui.keys import PAY, SELL, Action, KeyMap, key_name
from tilltui.ui.rows import row_of, rows_of
from tilltui.ui.widgets.basket_view import BasketView
from tilltui.ui.widgets.error_bar import ErrorBar
from tilltui.ui.widgets.header_line import HeaderLine
from tilltui.ui.widgets.input_line import InputLine
from tilltui.ui.widgets.key_row import KeyLabel, KeyRow
from tilltui.ui.widgets.total_panel import TotalPanel, TotalView

if TYPE_CHECKING:
    from tilltui.ui.app import TillApp

log = logging.getLogger(__name__)

R = TypeVar("R")


class Mode(enum.StrEnum):
    """Where the cashier stands."""

    SELL = "sell"
    PAY = "pay"
    SAVING = "saving"
    """The sale is on its way to the disk; keys wait, scans are kept for the next sale."""
    DONE = "done"
    """The change is shown until the next scan or key."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An error that waits to be seen.

    Attributes:
        text: What is wrong.
        hint: What to do.
        code: The code that it is about.
        unknown: The code is unknown and can be added with one key.
        level: ``error`` or ``warning``.
    """

    text: str
    hint: str = ""
    code: str = ""
    unknown: bool = False
    level: str = "error"


class SaleBase(Screen[None]):
    """State and painting of the sale screen."""

    app: TillApp

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.checkout = desk.checkout
        self.money = desk.shop.currency
        self.mode = Mode.SELL
        self.buffer = Buffer()
        self.errors: list[Shown] = []
        self.last_change = ""
        self.done: Accepted | None = None
        self.scanned_at = 0.0
        self.sell_keys = KeyMap(SELL, desk.keys)
        self.pay_keys = KeyMap(PAY, desk.keys)
        self._unused_quantity = 0

    # Errors

    def fail(self, error: BaseException | str, *, code: str = "", level: str = "error") -> None:
        """Say an error in the bar until Esc, with its own sound."""
        if isinstance(error, TillError):
            said = explain(error)
            unknown = isinstance(error, UnknownCode)
            shown = Shown(said.text, said.hint, code, unknown, level)
        elif isinstance(error, str):
            shown = Shown(error, code=code, level=level)
        else:
            log.error("unexpected: %r", error, exc_info=error)
            shown = Shown(_("Something went wrong: {error}.").format(error=type(error).__name__), level=level)
        self.errors.append(shown)
        self.app.alarm()
        self.paint_errors()

    def next_error(self) -> bool:
        """Put the error away that is shown.

        Returns:
            Whether there was one.
        """
        if not self.errors:
            return False
        self.errors.pop(0)
        self.paint_errors()
        return True

    def paint_errors(self) -> None:
        """Show the oldest error, and how many there are."""
        bar = self.query_one(ErrorBar)
        if not self.errors:
            bar.clear()
        else:
            first, count = self.errors[0], len(self.errors)
            text = f"(1/{count}) {first.text}" if count > 1 else first.text
            bar.show_error(text, first.hint, code=first.code, level=first.level)
        self.paint_keys()

    # Painting

    def rung(self, rung: Rung) -> None:
        """Show a line that was rung or grew: the hot path, two rows and the total."""
        view = self.query_one(BasketView)
        row = row_of(rung.line, self.money)
        if rung.merged:
            view.update(len(view.rows) - 1, row)
            view.end()
        else:
            view.append(row)
        self.paint_total()
        self.paint_input()

    def changed(self, *numbers: int) -> None:
        """Show lines that changed, and the total."""
        view, basket = self.query_one(BasketView), self.checkout.basket
        if len(view.rows) == len(basket.lines) and numbers:
            for no in numbers:
                view.update(basket.index(no), row_of(basket.line(no), self.money))
        else:
            view.set_rows(rows_of(basket, self.money))
        self.paint_total()
        self.paint_input()

    def paint_all(self) -> None:
        """Show everything anew."""
        basket = self.checkout.basket
        self.query_one(BasketView).set_rows(rows_of(basket, self.money))
        self.paint_header()
        self.paint_total()
        self.paint_input()
        self.paint_errors()

    def paint_header(self) -> None:
        """Shop, till, cashier; number of the sale."""
        shop = self.desk.shop
        till = _("Till {till}").format(till=shop.till)
        who = self.checkout.operator.name or _("Cashier")
        number = f"{shop.till}-{self.checkout.next_number:06d}"
        sale = _("Sale {number}").format(number=number)
        self.query_one(HeaderLine).set_texts(f"{shop.name} · {till} · {who}", sale)

    def paint_total(self) -> None:
        """The large number: the total, what is left to pay, or the change."""
        self.query_one(TotalPanel).set_view(self._total_view())

    def _total_view(self) -> TotalView:
        if self.done is not None:
            return self._change_view(self.done)
        money, totals, basket = self.money, self.checkout.totals, self.checkout.basket
        items = ngettext("{count} item", "{count} items", totals.items).format(count=totals.items)
        tax = _("Tax incl. {amount}").format(amount=money.format(totals.tax)) if totals.tax else ""
        customer = _("Customer: {name}").format(name=basket.customer) if basket.customer else ""
        change = _("Last change {amount}").format(amount=self.last_change) if self.last_change else ""
        extra = []
        if totals.discount:
            extra.append(_("Discount {amount}").format(amount=money.format(-totals.discount)))
        if basket.note:
            extra.append(basket.note)
        if self.mode is Mode.SELL:
            amount = money.format(totals.total)
            return TotalView(_("TOTAL"), amount, items, tax, customer, change, tuple(extra))
        settlement = self.checkout.settlement
        extra.insert(0, _("Total {amount}").format(amount=money.format(totals.total)))
        for payment in settlement.payments:
            extra.append(f"{self.tender_name(payment.kind.value)} {money.format(payment.given)}")
        if settlement.cash_due != settlement.due:
            extra.append(_("In cash {amount}").format(amount=money.format(settlement.cash_due)))
        label = _("SAVING") if self.mode is Mode.SAVING else _("TO PAY")
        return TotalView(label, money.format(settlement.due), items, "", customer, "", tuple(extra), "rest")

    def _change_view(self, accepted: Accepted) -> TotalView:
        body, money = accepted.body, self.money
        extra = [
            _("Sale {number}").format(number=accepted.number),
            _("Total {amount}").format(amount=money.format(body["total"])),
        ]
        for kind, _amount, given, *_rest in body["payments"]:
            extra.append(f"{self.tender_name(kind)} {money.format(given)}")
        return TotalView(_("CHANGE"), money.format(body["change"]), "", "", "", "", tuple(extra), "change")

    def tender_name(self, kind: str) -> str:
        """A tender in the cashier's language."""
        names = {
            "cash": N_("Cash"), "card": N_("Card"), "transfer": N_("Transfer"), "voucher": N_("Voucher"),
        }  # fmt: skip
        return _(names.get(kind, kind))

    def paint_input(self) -> None:
        """What is keyed, and what could be done now."""
        hints = {
            Mode.SELL: _("scan, or key a code; Enter: pay") if self.checkout.basket else _("scan an item"),
            Mode.PAY: _("Enter: exact cash, or key what is given"),
            Mode.SAVING: _("saving the sale..."),
            Mode.DONE: _("next customer: scan an item"),
        }
        prompt = _("Given:") if self.mode is Mode.PAY else ""
        pending = self.buffer.pending_text(self.money.decimal)
        self.query_one(InputLine).set_buffer(
            self.buffer.text, prompt=prompt, pending=pending, hint=hints[self.mode]
        )

    def paint_keys(self) -> None:
        """What the function keys do here."""
        self.query_one(KeyRow).set_keys(self.key_labels())

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
        if action.id == "card_of_product" and self.errors and self.errors[0].unknown:
            return _("Add item"), _("Add")
        return (_(action.label), _(action.short)) if action.label else ("", "")

    def note_keys(self) -> Sequence[int]:
        """The notes that have a key here: the largest five."""
        return self.desk.shop.notes[-5:]

    def key_labels(self) -> list[KeyLabel]:
        """The key row."""
        labels = []
        for action in self.key_map().actions:
            full, short = self.action_label(action)
            if full:
                labels.append(KeyLabel(key_name(action.key), full, short))
        return labels

    # Steps

    def become(self, mode: Mode) -> None:
        """Go to another mode."""
        self.mode = mode
        if mode is not Mode.DONE:
            self.done = None
        self.paint_total()
        self.paint_input()
        self.paint_keys()

    def begin(self) -> None:
        """Leave the change of the last sale: what comes now is the next one."""
        if self.mode is Mode.DONE:
            self.done = None
            self.mode = Mode.SELL
            self.query_one(BasketView).set_rows(())
            self.paint_header()
            self.paint_total()
            self.paint_input()
            self.paint_keys()

    def selected(self) -> Line | None:
        """The chosen line."""
        cursor, lines = self.query_one(BasketView).cursor, self.checkout.basket.lines
        return lines[cursor] if self.mode is not Mode.DONE and 0 <= cursor < len(lines) else None

    def ask(
        self,
        title: str,
        questions: Sequence[Question],
        answer: Callable[[Values], R],
        then: Callable[[R], object] | None = None,
        *,
        about: str = "",
        dropped: str = "",
    ) -> None:
        """Ask something in a pop-up.

        Args:
            title: Heading.
            questions: The fields.
            answer: Makes the result, or raises what is wrong with it.
            then: Takes the result.
            about: A sentence over the fields.
            dropped: Said in the bar when the pop-up is left without an answer: an item that was not rung.
        """

        def closed(result: R | None) -> None:
            if result is not None:
                if then is not None:
                    then(result)
            elif dropped:
                self.fail(dropped)

        self.open(AskDialog(title, questions, answer, about=about), closed)

    def open(self, dialog: Dialog[R], then: Callable[[R | None], object] | None = None) -> None:
        """Open a pop-up over the sale."""

        def closed(result: R | None) -> None:
            if then is not None:
                then(result)

        self.app.push_screen(dialog, closed)

    def try_to(self, work: Callable[[], R]) -> R | None:
        """Do a step of the sale; what it refuses is said in the bar."""
        try:
            return work()
        except TillError as error:
            self.fail(error)
            return None

    def attempt(self, work: Callable[[], object]) -> bool:
        """Do a step of the sale; what it refuses is said in the bar.

        Returns:
            Whether it was done.
        """
        try:
            work()
        except TillError as error:
            self.fail(error)
            return False
        return True

    def just_scanned(self) -> bool:
        """Within 300 ms of a scan, whose own Enter must dismiss and pay nothing."""
        return time.monotonic() - self.scanned_at < 0.3
