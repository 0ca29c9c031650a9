"""Taking the money: the keys while paying."""

from __future__ import annotations

from tilltui.domain.paying.tenders import CARD, TRANSFER, VOUCHER, Tender
from tilltui.domain.text import clean
from tilltui.errors import N_, SaleError, TillError
from tilltui.i18n import _
from tilltui.store.books.sales import Accepted
from tilltui.ui.dialogs.question import Question, Values
from tilltui.ui.sale.amounts import keyed_amount
from tilltui.ui.sale.state import Mode
from tilltui.ui.screens.base import SaleBase

THANKS_SECONDS = 20.0
"""How long the customer reads the change when nobody comes after."""


class PayActions(SaleBase):
    """What the keys do while paying."""

    def begin_payment(self) -> bool:
        """Go from selling to paying.

        Returns:
            Whether there is something to pay.
        """
        if not self.checkout.basket:
            self.fail(SaleError(N_("There is nothing to sell yet."), hint=N_("Scan an item first.")))
            return False
        if self.mode is Mode.SELL:
            self.buffer.pending = None
            self.buffer.setting = False
            self.become(Mode.PAY)
            self.show_customer()
        return True

    @property
    def all_paid(self) -> bool:
        """Nothing is left to pay: saving it failed before, or there was nothing to pay at all."""
        settlement = self.checkout.settlement
        return settlement.settled and bool(settlement.payments or not settlement.total)

    def do_pay(self) -> None:
        """Enter while paying: cash, exact or as keyed; a recalled sale wants the tender named."""
        if self.checkout.basket.recalled and not self.buffer.text and not self.all_paid:
            self.fail(
                SaleError(
                    N_("This sale was recalled: say how it is paid."),
                    hint=N_("F10 for cash, F9 for a card, F7 for a transfer."),
                ),
                level="warning",
            )
            return
        self.do_cash()

    def do_cash(self) -> None:
        """Take cash: the keyed amount, or the exact one."""
        was_selling, keyed = self.mode is not Mode.PAY, self.buffer.take()
        if not self.begin_payment():
            self.paint_input()
        elif keyed or not was_selling:
            self._pay_cash(keyed)

    def _pay_cash(self, keyed: str) -> None:
        if not self.all_paid and not self.attempt(
            lambda: self.checkout.pay_cash(keyed_amount(self.money, keyed) if keyed else None)
        ):
            self.paint_input()
            return
        self.paid()

    def pay_note(self, index: int) -> None:
        """The customer gives a note."""
        notes = self.note_keys()
        if index < len(notes):
            self.buffer.take()
            if self.attempt(lambda: self.checkout.pay_cash(notes[index])):
                self.paid()
            self.paint_input()

    def do_card(self) -> None:
        """Take a card for the keyed amount or for the rest."""
        self._tender(CARD, _("Last four digits, authorisation:"))

    def do_transfer(self) -> None:
        """Take a bank transfer."""
        self._tender(TRANSFER, _("Number of the transfer:"))

    def do_voucher(self) -> None:
        """Take a voucher; its number can be scanned."""
        self._tender(VOUCHER, _("Number of the voucher:"))

    def _tender(self, kind: Tender, label: str) -> None:
        keyed = self.buffer.take()
        if not self.begin_payment():
            self.paint_input()
            return
        try:
            amount = keyed_amount(self.money, keyed) if keyed else None
            settlement = self.checkout.would_pay(kind, amount)
        except TillError as error:
            self.fail(error)
            self.paint_input()
            return
        self.paint_input()
        self._ask_reference(kind, label, amount, settlement.payments[-1].amount)

    def _ask_reference(self, kind: Tender, label: str, amount: int | None, taken: int) -> None:
        """Ask for a number of the tender; Enter leaves it out."""
        title = self.tender_name(kind.key)

        def answer(values: Values) -> str:
            return clean(values["reference"], 60)

        def take(reference: str) -> None:
            if self.attempt(lambda: self.checkout.pay(kind, amount, reference)):
                self.paid()

        def is_number(code: str) -> bool:
            return kind.scans_number and len(code) <= 40 and not self.checkout.knows(code)

        self.ask(
            title,
            [Question("reference", label, hint=_("Enter: none"), limit=40, takes_code=is_number)],
            answer,
            take,
            about=_("{amount} by {tender}").format(
                amount=self.money.format(abs(taken)), tender=title.lower()
            ),
            dropped=_("{tender}: the payment was not taken, the scan came first.").format(tender=title),
            always=False,
        )

    def do_take_back(self) -> None:
        """Take the last payment back."""
        self.attempt(self.checkout.take_back_payment)
        self.paint_total()
        self.paint_input()

    def paid(self) -> None:
        """After a payment: close the sale if nothing is left."""
        if self.all_paid:
            self.close_sale()
        else:
            self.paint_total()
            self.paint_input()
            self.show_customer()

    def close_sale(self) -> None:
        """Send the sale to the disk; keys and scans that come meanwhile are the next customer's."""
        future = self.try_to(self.checkout.close)
        if future is not None:
            self.become(Mode.SAVING)
            self.later(future, self.accepted, failed=self.refused, wait=True)

    def accepted(self, accepted: Accepted) -> None:
        """The sale is on disk: drawer, change, ready; paper and upload behind."""
        kinds = {row[0] for row in accepted.body["payments"]}
        if self.desk.shop.tenders.open_drawer(kinds) and not self.desk.shop.training:
            self.till.open_drawer("sale", for_sale=True)
        self.checkout.finished()
        self.desk.devices.sold()
        change = accepted.body["change"]
        self.last_change = self.money.format(change) if change else ""
        self.done = accepted
        self.become(Mode.DONE)
        self.till.paint_status()
        self._thank(change)

    def _thank(self, change: int) -> None:
        """Show the customer the change; the greeting comes back by itself."""
        customer, done = self.desk.devices.customer, self.done
        if customer is not None:
            customer.change(change)
            self.set_timer(THANKS_SECONDS, lambda: customer.idle() if self.done is done else None)

    def refused(self, error: BaseException) -> None:
        """The sale could not be saved: it is open as before, with its payments, once that is certain."""

        def known(landed: Accepted | None) -> None:
            if landed is not None:
                self.accepted(landed)
            else:
                self._open_again(error, in_doubt=False)

        self.later(
            self.checkout.find_out(),
            known,
            failed=lambda _: self._open_again(error, in_doubt=True),
            wait=True,
        )

    def _open_again(self, error: BaseException, *, in_doubt: bool) -> None:
        self.checkout.reopened(in_doubt=in_doubt)
        self.drop_kept_keys()
        self.become(Mode.PAY)
        self.fail(error)
