"""Taking the money: what the basket comes to, what was paid of it, and how goods are paid back."""

from __future__ import annotations

from dataclasses import replace

from tilltui.domain.paying.tender import Settlement
from tilltui.domain.paying.tenders import Tender
from tilltui.domain.selling.basket import Change, Totals
from tilltui.domain.text import MAX_NOTE, clean
from tilltui.errors import N_, SaleError
from tilltui.services.selling.open_sale import BasketInHand


class Paying(BasketInHand):
    """The basket in hand and the money for it; goods that come back are paid as they were bought."""

    @property
    def totals(self) -> Totals:
        """What the basket comes to now."""
        if self._totals is None or self._totals[0] is not self.basket:
            day = self.shop.day(self._clock())
            self._totals = (self.basket, self.basket.totals(self.shop.taxes, day))
        return self._totals[1]

    @property
    def settlement(self) -> Settlement:
        """What was paid against the total."""
        return Settlement(self.shop.currency, self.totals.total, self.payments)

    def pay_cash(self, given: int | None = None) -> Settlement:
        """Take cash; ``None`` is the exact amount."""
        return self._paid(self._as_it_came(self.settlement.pay(self.shop.tenders.cash, given)))

    def pay(
        self,
        tender: Tender,
        amount: int | None = None,
        reference: str = "",
        voucher: tuple[str, ...] = (),
    ) -> Settlement:
        """Take a tender; ``None`` is all that is left, or all that may go back so.

        Args:
            tender: What it is paid with.
            amount: Minor units.
            reference: Last four digits and authorisation, or a number.
            voucher: Lines of a card terminal for the receipt.
        """
        return self._paid(self.would_pay(tender, amount, clean(reference, 60), voucher))

    def would_pay(
        self,
        tender: Tender,
        amount: int | None = None,
        reference: str = "",
        voucher: tuple[str, ...] = (),
    ) -> Settlement:
        """What ``pay`` would make of the settlement; nothing is paid.

        Raises:
            SaleError: It cannot be paid so; goods that come back are paid as they were bought.
            AmountError: The amount cannot be.
        """
        settlement = self.settlement
        if amount is None and settlement.total < 0:
            from tilltui.services.returns import refunds

            amount = refunds.part(self.store.reader, self.basket, settlement, tender, self.shop.tenders)
        return self._as_it_came(settlement.pay(tender, amount, reference, voucher))

    def _as_it_came(self, paid: Settlement) -> Settlement:
        if paid.total >= 0:
            return paid
        from tilltui.services.returns import refunds  # what only a return needs

        return refunds.checked(
            self.store.reader, self.basket, paid, basket_id=self._basket_id, tenders=self.shop.tenders
        )

    @property
    def cash_needs_a_word(self) -> bool:
        """Whether cash may pay this return only after ``give_cash_for_card``: its money came by card."""
        settlement = self.settlement
        if settlement.total >= 0:
            return False
        from tilltui.services.returns import refunds

        return refunds.needs_a_word(
            self.store.reader, self.basket, settlement, self._basket_id, self.shop.tenders
        )

    def give_cash_for_card(self, reason: str) -> None:
        """Let money that came by card go back in cash; the reason stands in the journal.

        Raises:
            SaleError: There is no reason.
        """
        from tilltui.services.returns.refunds import CASH_FOR_CARD

        reason = clean(reason, MAX_NOTE)
        if not reason:
            raise SaleError(N_("Say why the card cannot have its money."), hint=N_("Key it in a few words."))
        change = self._change(CASH_FOR_CARD, 0, "card", reason)
        self._became(replace(self.basket, trail=(*self.basket.trail, change)), [])

    def take_back_payment(self) -> Settlement:
        """Take the last payment back; the journal keeps that there was one.

        Raises:
            SaleError: Nothing has been paid yet.
        """
        settlement = self.settlement.without_last()
        self._undoubted()
        taken = self.payments[-1]
        change = self._change("payment", 0, f"{taken.tender.key} {taken.given}", taken.reference)
        self.basket = replace(self.basket, trail=(*self.basket.trail, change))
        return self._paid(settlement)

    def _paid(self, settlement: Settlement) -> Settlement:
        self._undoubted()
        self.payments = settlement.payments
        self._keep([])
        return settlement

    def _change(self, what: str, no: int, before: object, after: object) -> Change:
        return Change(what, no, str(before), str(after), self.operator.name, "", self._clock())
