"""Taking the money: the keys while paying."""

from __future__ import annotations

from tilltui.domain.tender import TenderKind
from tilltui.errors import N_, SaleError, TillError
from tilltui.i18n import _
from tilltui.store.sales import Accepted
from tilltui.ui.dialogs.ask import Question, Values
from tilltui.ui.messages import SaleAccepted, SaleRefused
from tilltui.ui.screens.base import Mode, SaleBase


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
            self.become(Mode.PAY)
        return True

    def do_pay(self) -> None:
        """Enter while paying: cash, exact or as keyed; a recalled sale wants the tender named."""
        if self.checkout.basket.recalled and not self.buffer.text:
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
        was_selling, keyed = self.mode is Mode.SELL, self.buffer.take()
        if not self.begin_payment():
            return
        if was_selling and not keyed:
            return
        self._pay_cash(keyed)

    def _pay_cash(self, keyed: str) -> None:
        try:
            self.checkout.pay_cash(self.money.parse(keyed) if keyed else None)
        except TillError as error:
            self.fail(error)
        self.paid()

    def pay_note(self, index: int) -> None:
        """The customer gives a note."""
        notes = self.note_keys()
        if index < len(notes):
            self.buffer.take()
            self.try_to(lambda: self.checkout.pay_cash(notes[index]))
            self.paid()

    def do_card(self) -> None:
        """Take a card for the keyed amount or for the rest."""
        self._tender(TenderKind.CARD, _("Card"), _("Last four digits, authorisation:"))

    def do_transfer(self) -> None:
        """Take a bank transfer."""
        self._tender(TenderKind.TRANSFER, _("Transfer"), _("Number of the transfer:"))

    def do_voucher(self) -> None:
        """Take a voucher."""
        self._tender(TenderKind.VOUCHER, _("Voucher"), _("Number of the voucher:"))

    def _tender(self, kind: TenderKind, title: str, label: str) -> None:
        keyed = self.buffer.take()
        if not self.begin_payment():
            return
        try:
            amount = self.money.parse(keyed) if keyed else None
            settlement = self.checkout.settlement.pay(kind, amount)
        except TillError as error:
            self.fail(error)
            self.paint_input()
            return
        taken = settlement.payments[-1].amount

        def answer(values: Values) -> bool:
            self.checkout.pay(kind, amount, values["reference"])
            return True

        about = _("{amount} by {tender}").format(amount=self.money.format(taken), tender=title.lower())
        question = Question("reference", label, hint=_("Enter: none"), limit=40)
        self.ask(title, [question], answer, lambda done: self.paid(), about=about)

    def do_take_back(self) -> None:
        """Take the last payment back."""
        self.try_to(self.checkout.take_back_payment)
        self.paint_total()

    def paid(self) -> None:
        """After a payment: close the sale if nothing is left."""
        settlement = self.checkout.settlement
        if settlement.settled and (settlement.payments or not settlement.total):
            self.close_sale()
        else:
            self.paint_total()
            self.paint_input()

    def close_sale(self) -> None:
        """Send the sale to the disk; the answer comes as a message."""
        try:
            future = self.checkout.close()
        except TillError as error:
            self.fail(error)
            return
        self.become(Mode.SAVING)
        app = self.app

        def done(_future: object) -> None:
            error = future.exception()
            app.post_message(SaleRefused(error) if error is not None else SaleAccepted(future.result()))

        future.add_done_callback(done)

    def accepted(self, accepted: Accepted) -> None:
        """The sale is on disk: drawer, change, ready; paper and upload behind."""
        kinds = {row[0] for row in accepted.body["payments"]}
        if "cash" in kinds and not self.desk.shop.training:
            self.app.open_drawer("sale")
        self.checkout.finished()
        self.desk.devices.sold()
        change = accepted.body["change"]
        self.last_change = self.money.format(change) if change else ""
        self.done = accepted
        self.mode = Mode.DONE
        self.paint_total()
        self.paint_input()
        self.paint_keys()

    def refused(self, error: BaseException) -> None:
        """The sale could not be saved: it is open as before the last payment, and says why."""
        self.checkout.payments = self.checkout.payments[:-1]
        self.become(Mode.PAY)
        self.fail(error)
