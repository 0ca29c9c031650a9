"""The payments of a sale: several tenders in any order, change, and cash rounding on the cash part only."""

from __future__ import annotations

from dataclasses import replace

from tilltui.domain.frozen import frozen
from tilltui.domain.money.money import Currency, checked
from tilltui.domain.paying.tenders import CASH, Tender
from tilltui.errors import N_, AmountError, SaleError

MAX_PAYMENTS = 20
"""Most payments of one sale."""


def ticket_of(reference: str) -> str:
    """The card terminal's ticket in a payment's reference: its last word.

    >>> ticket_of("VI ****4242 A123 00000Z")
    '00000Z'
    """
    return reference.rpartition(" ")[2]


@frozen
class Payment:
    """An amount paid by one tender, in minor units.

    Attributes:
        tender: What it was paid with.
        amount: What it takes off the total, rounding included for cash.
        given: What the customer handed over.
        change: What he got back.
        reference: Card's last four and authorisation, transfer number, voucher number.
        cash_rounding: ``amount`` minus what was owed exactly: what cash rounding added (or took away).
        slip: Lines of the card terminal for the receipt.
    """

    tender: Tender
    amount: int
    given: int
    change: int = 0
    reference: str = ""
    cash_rounding: int = 0
    slip: tuple[str, ...] = ()

    @property
    def ticket(self) -> str:
        """The card terminal's ticket behind it; what stands last in its reference."""
        return ticket_of(self.reference)


@frozen
class Settlement:
    """The payments of one sale against its total.

    Attributes:
        currency: Its cash step and rounding apply.
        total: What the sale comes to; below zero the shop pays.
        payments: So far.
    """

    currency: Currency
    total: int
    payments: tuple[Payment, ...] = ()

    @property
    def due(self) -> int:
        """What is left to pay by anything but cash."""
        return self.total - sum(p.amount - p.cash_rounding for p in self.payments)

    @property
    def cash_due(self) -> int:
        """What is left to pay in cash: ``due`` rounded to the cash step."""
        return self.currency.cash(self.due)

    @property
    def settled(self) -> bool:
        """Nothing is left to pay; a sale that comes to nothing needs no payment."""
        return self.due == 0

    @property
    def change(self) -> int:
        """What the customer gets back, over all payments."""
        return sum(payment.change for payment in self.payments)

    @property
    def rounding(self) -> int:
        """What cash rounding made of the total: paid = total + rounding."""
        return sum(payment.cash_rounding for payment in self.payments)

    @property
    def given(self) -> int:
        """What the customer handed over, over all payments."""
        return sum(payment.given for payment in self.payments)

    @property
    def opens_drawer(self) -> bool:
        """Whether something was given, or goes back, that lies in the drawer."""
        return any(payment.tender.opens_drawer for payment in self.payments)

    def pay_cash(self, given: int | None = None) -> Settlement:
        """Take cash; ``None`` is the exact amount. Too little is a part, too much gives change.

        Raises:
            AmountError: Nothing was given, or there are no coins for it.
            SaleError: Nothing is left to pay, or a refund is not exact.
        """
        return self.pay(CASH, given)

    def pay(
        self,
        tender: Tender,
        amount: int | None = None,
        reference: str = "",
        slip: tuple[str, ...] = (),
    ) -> Settlement:
        """Take a tender; ``None`` is all that is left.

        What gives change takes more than is owed and pays a refund in one piece. Anything else takes no more
        than is owed, but what is used up may be worth more.

        Args:
            tender: What it is paid with.
            amount: Minor units.
            reference: Its number.
            slip: Lines of a card terminal for the receipt.

        Raises:
            SaleError: Nothing is left to pay, more than is owed, or a refund is not exact.
            AmountError: The amount is zero or below, or there are no coins for it.
        """
        due = self.due
        self._open(due)
        owed = self.currency.cash(due) if tender.rounds else due
        given = owed if amount is None else checked(amount)
        if tender.gives_change:
            taken, given = self._with_change(tender, given, owed)
        else:
            taken, given = self._without_change(tender, given, owed)
        change = given - taken if tender.gives_change else 0
        rounding = owed - due if taken == owed else 0
        return self._with(Payment(tender, taken, given, change, reference, rounding, slip))

    def _with_change(self, tender: Tender, given: int, owed: int) -> tuple[int, int]:
        """What is taken of what was given, and what was given."""
        if self.due < 0:
            if given not in (owed, -owed):
                raise SaleError(
                    N_("A refund is paid exactly: {amount}."),
                    hint=N_("Press Enter for the exact amount."),
                    amount=self.currency.format(-owed),
                )
            return owed, owed
        if given < 0 or (given == 0 and owed > 0):
            raise AmountError(
                N_("Nothing was given."),
                hint=N_("Key what the customer gives, or Enter for the exact amount."),
            )
        if tender.rounds and given % self.currency.cash_step:
            raise AmountError(
                N_("There are no coins for {given}."),
                hint=N_("In cash it is {owed}: press Enter for the exact amount."),
                given=self.currency.format(given),
                owed=self.currency.format(owed),
            )
        return min(given, owed), given

    def _without_change(self, tender: Tender, given: int, owed: int) -> tuple[int, int]:
        """What is taken of what was given, and what was given."""
        if owed < 0:
            given = -abs(given)
        if given == 0 or (given < 0) != (owed < 0):
            raise AmountError(N_("Nothing was to be paid with it."), hint=N_("Key an amount above zero."))
        if abs(given) <= abs(owed):
            return given, given
        if not tender.used_up or owed < 0:
            raise SaleError(
                N_("Only {due} is left to pay: more is taken in cash alone."),
                hint=N_("Key {due} or less."),
                due=self.currency.format(abs(owed)),
            )
        return owed, given

    def without_last(self) -> Settlement:
        """Take the last payment back, before the sale is closed."""
        if not self.payments:
            raise SaleError(
                N_("Nothing has been paid yet."), hint=N_("There is no payment to take back; Esc goes back.")
            )
        return replace(self, payments=self.payments[:-1])

    def _open(self, due: int) -> None:
        if due == 0 and (self.payments or self.total):
            raise SaleError(N_("Nothing is left to pay."), hint=N_("Enter ends the sale."))
        elsewhere = sum(p.amount for p in self.payments if not p.tender.gives_change)
        if due < 0 <= self.total and elsewhere > self.total:
            # Else a card, charged and then outbid by a void, would pay out of the drawer.
            raise SaleError(
                N_("More was taken without cash than the sale comes to now."),
                hint=N_("F11 takes the payment back; then take the right amount."),
            )
        if len(self.payments) >= MAX_PAYMENTS:
            raise SaleError(
                N_("A sale can have {count} payments at most."),
                hint=N_("Take the last one back and pay all that is left at once."),
                count=MAX_PAYMENTS,
            )

    def _with(self, payment: Payment) -> Settlement:
        return replace(self, payments=(*self.payments, payment))
