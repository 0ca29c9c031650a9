"""What a card terminal does for the screen: a pop-up while it works, and how everything ended in words."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING

from tilltui.domain.paying.tenders import CARD
from tilltui.errors import N_, SaleError, TillError
from tilltui.ui.screens.refunds import RefundActions

if TYPE_CHECKING:
    from tilltui.services.cards.desk import CardDesk, CardEvent
    from tilltui.store.cards.attempt import Attempt
    from tilltui.store.cards.card_sales import Loose
    from tilltui.ui.dialogs.charge import ChargeDialog
    from tilltui.ui.shell.desk import Desk


class AtTerminal:
    """What a terminal is doing for this screen.

    Attributes:
        desk: The terminal's desk.
        dialog: The pop-up that shows it; it may have been left.
        done: The terminal has ended.
    """

    def __init__(self, desk: CardDesk, dialog: ChargeDialog) -> None:
        self.desk = desk
        self.dialog = dialog
        self.done = False


class CardWork(RefundActions):
    """Steps that everything at a terminal shares.

    Attributes:
        at_terminals: What each terminal is doing for this screen, by its desk's name.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.at_terminals: dict[str, AtTerminal] = {}

    def _work_at(
        self,
        desk: CardDesk,
        title: str,
        amount: int,
        work: Callable[[], Future[Attempt]],
        then: Callable[[Attempt, bool], object],
        *,
        cancel: Callable[[], object] | None = None,
    ) -> None:
        """Have the terminal do something while a pop-up shows it.

        Args:
            desk: The terminal's desk.
            title: Heading of the pop-up.
            amount: Minor units.
            work: Begins it.
            then: Takes the attempt, and whether the pop-up was still there.
            cancel: Gives it up.
        """
        from tilltui.ui.dialogs.charge import ChargeDialog

        future = self.try_to(work)
        if future is None:
            return
        dialog = ChargeDialog(title, self.money.format(amount), cancel)
        at_terminal = self.at_terminals[desk.name] = AtTerminal(desk, dialog)
        # Scans are kept from now on, until the pop-up is gone.
        self.waiting += 1

        def left(_result: None) -> None:
            if not at_terminal.done:
                self._stop_waiting()

        def ended(attempt: Attempt) -> None:
            self._gone(at_terminal, lambda here: then(attempt, here))

        def failed(error: BaseException) -> None:
            self._gone(at_terminal, lambda here: self.fail(error))

        self.open(dialog, left)
        self.later(future, ended, failed=failed)

    def _gone(self, at_terminal: AtTerminal, then: Callable[[bool], object]) -> None:
        """The terminal has ended: close the pop-up, do what follows, then ring what was scanned meanwhile."""
        at_terminal.done = True
        del self.at_terminals[at_terminal.desk.name]
        here = not at_terminal.dialog.gone
        try:
            at_terminal.dialog.finish(None)
            then(here)
        finally:
            if here:
                self._stop_waiting()
            self.till.paint_status()

    def _stop_waiting(self) -> None:
        self.waiting -= 1
        self.paint_input()
        self.release()

    def pay_with(self, attempt: Attempt, amount: int) -> None:
        """Pay the sale in hand with a charge that went through."""
        if not self.begin_payment():
            return
        try:
            self.checkout.pay(CARD, amount, attempt.reference, attempt.voucher)
        except TillError as error:
            self.fail(error)
            self._say_end(attempt)
            return
        self.paid()

    # What was heard later

    def card_heard(self, event: CardEvent) -> None:
        """A terminal says something: a step for the pop-up, or how an attempt in doubt ended."""
        from tilltui.services.cards.card_messages import CardProgress

        at_terminal = self.at_terminals.get(event.attempt.terminal)
        if isinstance(event, CardProgress):
            if at_terminal is not None:
                at_terminal.dialog.step(event.step)
            return
        # What the pop-up waits for comes with its own answer.
        if at_terminal is None:
            self._say_end(event.attempt)
        self.till.paint_status()

    def _say_end(self, attempt: Attempt) -> None:
        """Say in the bar how an attempt ended, and what is to be done about it."""
        from tilltui.services.cards.card_messages import sentence
        from tilltui.store.cards.attempt import OPEN

        amount = self.money.format(attempt.amount)
        if attempt.state in OPEN:
            # The desk's own sentence does not fit into the bar.
            refund = attempt.kind == "refund"
            text = (
                N_("Nobody knows yet whether {amount} went back to the card.")
                if refund
                else N_("Nobody knows yet whether the card was charged {amount}.")
            )
            hint = N_("Do not do it again: F9 asks. Park the sale or take cash.")
            self.fail(SaleError(text, hint=hint, amount=amount), level="warning")
            return
        error = sentence(attempt)
        if error is not None:
            self.fail(error)
            return
        if attempt.kind == "refund":
            text = N_("{amount} went back to the card.")
            hint = N_("F9 finishes the return with it.") if self._is_here(attempt) else ""
        elif self._is_here(attempt):
            text = N_("The card was charged {amount}.")
            hint = N_("F9 pays this sale with it, or gives it back.")
        elif any(row.basket_there for row in self._loose_of(attempt)):
            text = N_("The card was charged {amount} for a parked sale.")
            hint = N_("Recall that sale, then F9 pays it.")
        else:
            text = N_("The card was charged {amount} without a sale.")
            hint = N_("F12, Card terminal: give it back.")
        self.fail(SaleError(text, hint=hint, amount=amount), level="warning")

    def say_loose(self) -> None:
        """After a start: say which charges no sale has."""
        for desk in self.desk.devices.cards.values():
            for row in desk.loose:
                self._say_end(row.attempt)

    def _loose_of(self, attempt: Attempt) -> list[Loose]:
        desk = self.desk.devices.cards.get(attempt.terminal)
        return [row for row in desk.loose if row.attempt.ticket == attempt.ticket] if desk is not None else []

    def _is_here(self, attempt: Attempt) -> bool:
        """Whether an attempt was for the basket in hand; numbers of baskets come again."""
        basket, checkout = self.checkout.basket, self.checkout
        return bool(basket) and (attempt.basket_id, attempt.opened_ms) == (
            checkout.basket_id,
            basket.opened_ms,
        )

    def _refunds_here(self, desk: CardDesk) -> list[Attempt]:
        """Refunds at a terminal for the goods in hand that the return has not among its payments yet."""
        from tilltui.store.cards import attempts
        from tilltui.store.cards.attempt import State

        basket, checkout = self.checkout.basket, self.checkout
        paid = {payment.reference.rpartition(" ")[2] for payment in checkout.payments}
        found = attempts.refunds_of_basket(
            self.desk.store.reader, checkout.basket_id if basket else 0, basket.opened_ms
        )
        return [
            row
            for row in found
            if row.terminal == desk.name and row.state is State.APPROVED and row.ticket not in paid
        ]

    def _loose_here(self, desk: CardDesk) -> list[Loose]:
        """Charges without a sale that F9 is about: this basket's, or with no basket those of none."""
        paid = {payment.reference.rpartition(" ")[2] for payment in self.checkout.payments}
        rows = [row for row in desk.loose if row.attempt.ticket not in paid]
        if self.checkout.basket:
            return [row for row in rows if self._is_here(row.attempt)]
        return [row for row in rows if not row.basket_there]
