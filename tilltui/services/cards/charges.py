"""What the cashier does with card terminals: charges, refunds of which charge, and doubts."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from typing import TYPE_CHECKING

from tilltui.domain.paying.attempt_kind import AttemptKind
from tilltui.domain.paying.tenders import CARD
from tilltui.domain.people.rights import Right
from tilltui.services.selling.open_sale import OpenSale
from tilltui.services.session import Session, command

if TYPE_CHECKING:
    from tilltui.domain.cards.attempt import Attempt
    from tilltui.domain.cards.loose import Loose
    from tilltui.services.cards.desk import CardDesk


class CardTill:
    """Commands at the card terminals, for the open sale.

    Args:
        sale: The open sale.
        desks: The terminals' desks by name; filled when the devices are started.
    """

    def __init__(self, sale: OpenSale, desks: Mapping[str, CardDesk]) -> None:
        self._sale = sale
        self._desks = desks

    @property
    def session(self) -> Session:
        """Who takes the card."""
        return self._sale.session

    @property
    def desks(self) -> list[CardDesk]:
        """The terminals' desks."""
        return list(self._desks.values())

    def desk_of(self, attempt: Attempt) -> CardDesk | None:
        """The desk of the terminal that an attempt was at, while it is set up."""
        return self._desks.get(attempt.terminal)

    # What is known

    def is_here(self, attempt: Attempt) -> bool:
        """Whether an attempt was for the open sale; numbers of baskets come again."""
        sale = self._sale
        there = (attempt.basket_id, attempt.opened_ms)
        return bool(sale.basket) and there == (sale.basket_id, sale.basket.opened_ms)

    def _paid(self) -> set[str]:
        return {payment.ticket for payment in self._sale.payments}

    def refunds_here(self, desk: CardDesk) -> list[Attempt]:
        """Refunds at a terminal for the goods in the basket that are not among its payments yet."""
        from tilltui.domain.cards.attempt import State
        from tilltui.store.cards import attempts

        sale, paid = self._sale, self._paid()
        basket_id = sale.basket_id if sale.basket else 0
        found = attempts.refunds_of_basket(sale.store.reader, basket_id, sale.basket.opened_ms)
        return [
            row
            for row in found
            if row.terminal == desk.name and row.state is State.APPROVED and row.ticket not in paid
        ]

    def loose_here(self, desk: CardDesk) -> list[Loose]:
        """Charges without a sale that F9 is about: this basket's, or with no basket those of none."""
        paid = self._paid()
        rows = [row for row in desk.loose if row.attempt.ticket not in paid]
        if self._sale.basket:
            return [row for row in rows if self.is_here(row.attempt)]
        return [row for row in rows if not row.basket_there]

    def has_parked_sale(self, attempt: Attempt) -> bool:
        """Whether a charge without a sale is a parked sale's."""
        desk = self.desk_of(attempt)
        rows = [row for row in desk.loose if row.attempt.ticket == attempt.ticket] if desk is not None else []
        return any(row.basket_there for row in rows)

    def charge_of_return(self, desk: CardDesk, amount: int) -> Attempt | None:
        """The charge that can have this much of the goods that come back."""
        from tilltui.domain.record.sales.number import SaleNumber
        from tilltui.store.cards import attempts

        sale = self._sale
        number = SaleNumber.read(sale.basket.returns)
        for charged in desk.charges_of(number.sale) if number is not None else []:
            if charged.amount - attempts.given_back(sale.store.reader, charged.ticket) >= amount:
                return charged
        return None

    def last_charge(self) -> Attempt | None:
        """The terminal's charge that is the last payment."""
        from tilltui.store.cards import attempts

        payments = self._sale.payments
        if not payments or payments[-1].tender.key != CARD.key or not payments[-1].ticket:
            return None
        charged = attempts.by_ticket(self._sale.store.reader, payments[-1].ticket)
        return charged if charged is not None and charged.kind is AttemptKind.CHARGE else None

    # What is done

    @command(Right.SELL)
    def charge(self, desk: CardDesk, amount: int) -> Future[Attempt]:
        """Charge a card for the open sale; see ``CardDesk.charge``."""
        sale = self._sale
        return desk.charge(
            amount,
            basket_id=sale.basket_id,
            opened_ms=sale.basket.opened_ms,
            operator_id=sale.session.operator.id,
        )

    @command(Right.REFUND_CARD)
    def refund(
        self, desk: CardDesk, charged: Attempt, amount: int, *, for_goods: bool = False
    ) -> Future[Attempt]:
        """Give a charge back; see ``CardDesk.refund``.

        Args:
            desk: The terminal's desk.
            charged: What was charged.
            amount: Minor units, above zero.
            for_goods: It pays the goods that come back in the basket.
        """
        sale = self._sale
        return desk.refund(
            charged.ticket,
            amount,
            operator_id=sale.session.operator.id,
            basket_id=sale.basket_id if for_goods else 0,
            opened_ms=sale.basket.opened_ms if for_goods else 0,
        )

    @command(Right.SELL)
    def ask(self, desk: CardDesk) -> None:
        """Have the terminal asked about what is in doubt, now."""
        desk.ask()

    @command(Right.DECIDE_CHARGE)
    def decide(
        self, desk: CardDesk, ticket: str, charged: bool, *, authorisation: str = "", last4: str = ""
    ) -> Future[Attempt]:
        """Take a person's word for an attempt in doubt; see ``CardDesk.decide``."""
        return desk.decide(ticket, charged, authorisation=authorisation, last4=last4)

    @command(Right.TERMINAL_DAY)
    def end_of_day(self, desk: CardDesk) -> Future[tuple[str, ...]]:
        """Close a terminal's day; its report."""
        return desk.end_of_day()
