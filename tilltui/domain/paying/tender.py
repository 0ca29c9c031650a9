"""Taking the money: several tenders in any order, change, and cash rounding on the cash part only."""

from __future__ import annotations

import enum
from dataclasses import replace

from tilltui.domain.frozen import frozen
from tilltui.domain.money.money import Currency, checked
from tilltui.errors import N_, AmountError, SaleError

MAX_PAYMENTS = 20
"""Most payments of one sale."""


class TenderKind(enum.StrEnum):
    """What a customer can pay with."""

    CASH = "cash"
    CARD = "card"
    TRANSFER = "transfer"
    VOUCHER = "voucher"


def ticket_of(reference: str) -> str:
    """The card terminal's ticket in a payment's reference: its last word.

    >>> ticket_of("VI ****4242 A123 00000Z")
    '00000Z'
    """
    return reference.rpartition(" ")[2]


@frozen
class Payment:
    """One tender, in minor units.

    Attributes:
        kind: What it was paid with.
        amount: What it takes off the total, rounding included for cash.
        given: What the customer handed over.
        change: What he got back.
        reference: Card's last four and authorisation, transfer number, voucher number.
        cash_rounding: ``amount`` minus what was owed exactly: what cash rounding added (or took away).
        slip: Lines of the card terminal for the receipt.
    """

    kind: TenderKind
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

    def pay_cash(self, given: int | None = None) -> Settlement:
        """Take cash; ``None`` is the exact amount. Too little is a part, too much gives change.

        Raises:
            AmountError: Nothing was given, or there are no coins for it.
            SaleError: Nothing is left to pay, or a refund is not exact.
        """
        due, owed = self.due, self.cash_due
        self._open(due)
        given = owed if given is None else checked(given)
        if due < 0:
            if given not in (owed, -owed):
                raise SaleError(
                    N_("A refund is paid exactly: {amount}."),
                    hint=N_("Press Enter for the exact amount."),
                    amount=self.currency.format(-owed),
                )
            return self._with(Payment(TenderKind.CASH, owed, owed, cash_rounding=owed - due))
        if given < 0 or (given == 0 and owed > 0):
            raise AmountError(
                N_("Nothing was given."),
                hint=N_("Key what the customer gives, or Enter for the exact amount."),
            )
        if given % self.currency.cash_step:
            raise AmountError(
                N_("There are no coins for {given}."),
                hint=N_("In cash it is {owed}: press Enter for the exact amount."),
                given=self.currency.format(given),
                owed=self.currency.format(owed),
            )
        if given >= owed:
            payment = Payment(TenderKind.CASH, owed, given, change=given - owed, cash_rounding=owed - due)
            return self._with(payment)
        return self._with(Payment(TenderKind.CASH, given, given))

    def pay(
        self,
        kind: TenderKind,
        amount: int | None = None,
        reference: str = "",
        slip: tuple[str, ...] = (),
    ) -> Settlement:
        """Take a card, transfer or voucher; ``None`` is all that is left.

        A card or transfer never takes more than is owed; a voucher worth more is used up without change.

        Raises:
            SaleError: Nothing is left to pay, or more than is owed.
            AmountError: The amount is zero or below.
        """
        if kind is TenderKind.CASH:
            return self.pay_cash(amount)
        due = self.due
        self._open(due)
        amount = due if amount is None else checked(amount)
        if due < 0:
            amount = -abs(amount)
        if amount == 0 or (amount < 0) != (due < 0):
            raise AmountError(N_("Nothing was to be paid with it."), hint=N_("Key an amount above zero."))
        given = amount
        if abs(amount) > abs(due):
            if kind is not TenderKind.VOUCHER or due < 0:
                raise SaleError(
                    N_("Only {due} is left to pay: more is taken in cash alone."),
                    hint=N_("Key {due} or less."),
                    due=self.currency.format(abs(due)),
                )
            amount = due
        return self._with(Payment(kind, amount, given, reference=reference, slip=slip))

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
        elsewhere = sum(p.amount for p in self.payments if p.kind is not TenderKind.CASH)
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
