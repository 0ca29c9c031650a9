"""Paying goods back: the tender held against how their sale was paid.

Which charge of a card a refund goes to is ``services.cards.charges``.
"""

from __future__ import annotations

from tilltui.domain.cards.attempt import OPEN
from tilltui.domain.money.currency import Currency
from tilltui.domain.paying.refunds import Ceilings, allowed, for_a_word, most
from tilltui.domain.paying.settlement import Payment, Settlement
from tilltui.domain.paying.tenders import TENDERS, Tender, Tenders
from tilltui.domain.selling.basket import Basket
from tilltui.domain.selling.change import ChangeKind
from tilltui.errors import N_, SaleError
from tilltui.store.cards import attempts
from tilltui.store.file.engine import Connection
from tilltui.store.returns.refunds import money_of_family

CASH_FOR_CARD = ChangeKind.CASH_FOR_CARD
"""What the basket's trail calls it when somebody says that the card cannot have its money."""


def ceilings(
    reader: Connection, basket: Basket, payments: tuple[Payment, ...], tenders: Tenders = TENDERS
) -> dict[str, int] | None:
    """The most that may still go back by each tender; ``None`` where the sale of the goods is not known.

    Args:
        reader: Where the earlier sales are read.
        basket: The basket that takes goods back.
        payments: What it was given so far.
        tenders: The shop's.
    """
    if not basket.returns:
        return None
    paid, given_back = money_of_family(reader, basket.returns)
    given_back += [(p.tender.key, p.cash_rounding - p.amount) for p in payments if p.amount < 0]
    return allowed(paid, given_back, tenders)


def cash_for_card(basket: Basket) -> bool:
    """Whether somebody has said that the card cannot have its money."""
    return any(change.what == CASH_FOR_CARD for change in basket.trail)


def part(
    reader: Connection, basket: Basket, settlement: Settlement, tender: Tender, tenders: Tenders = TENDERS
) -> int | None:
    """How much a tender without an amount gives back: all that is left, or what may go back by it.

    Returns:
        Minor units; ``None`` for all that is left to pay.
    """
    if settlement.total >= 0:
        return None
    limits = ceilings(reader, basket, settlement.payments, tenders)
    if limits is None:
        return None
    limit = most(limits, tender, cash_for_card=cash_for_card(basket), tenders=tenders)
    return limit if 0 < limit < -settlement.due else None


def needs_a_word(
    reader: Connection,
    basket: Basket,
    settlement: Settlement,
    basket_id: int,
    tenders: Tenders = TENDERS,
) -> bool:
    """Whether cash may pay the rest only after somebody has said why the card cannot have its money.

    Not while a refund to the card is under way: then nothing may.
    """
    if settlement.total >= 0 or settlement.due >= 0 or cash_for_card(basket):
        return False
    limits = ceilings(reader, basket, settlement.payments, tenders)
    if limits is None or limits[tenders.cash.key] >= -settlement.due or not for_a_word(limits, tenders):
        return False
    tickets = {payment.ticket for payment in settlement.payments}
    found = attempts.refunds_of_basket(reader, basket_id, basket.opened_ms)
    return all(refund.ticket in tickets for refund in found)


def checked(
    reader: Connection,
    basket: Basket,
    paid: Settlement,
    *,
    basket_id: int = 0,
    tenders: Tenders = TENDERS,
) -> Settlement:
    """Give a settlement back whose last payment was just taken, if it may go this way.

    A sale that the customer pays is not looked at.

    Args:
        reader: Where the earlier sales are read.
        basket: The open basket.
        paid: Its settlement with the new payment.
        basket_id: The basket's number, by which refunds at a terminal are found.
        tenders: The shop's.

    Raises:
        SaleError: It may not: another tender brought the money, or it went, or perhaps went, back already.
    """
    *before, new = paid.payments
    amount = new.cash_rounding - new.amount
    if paid.total >= 0 or amount <= 0:
        return paid
    nothing_under_way(reader, basket, paid, basket_id)
    limits = ceilings(reader, basket, tuple(before), tenders)
    if limits is None:
        if new.tender.refunds_unknown:
            return paid
        raise SaleError(
            N_("Goods without their sale are paid back in cash or as a voucher."),
            hint=N_("Press Enter for cash."),
        )
    limit = most(limits, new.tender, cash_for_card=cash_for_card(basket), tenders=tenders)
    if amount <= limit:
        return paid
    raise _too_much(limits, new.tender, limit, paid.currency, tenders)


def _too_much(
    limits: Ceilings, tender: Tender, limit: int, currency: Currency, tenders: Tenders
) -> SaleError:
    """Say that no more goes back so, and by what other tender the most goes back."""
    # What was paid by something else than cash is looked for first.
    others = sorted(map(tenders.of, limits), key=lambda other: other.gives_change)
    way = next((other for other in others if other.key != tender.key and limits[other.key]), None)
    hint, name = (way.goes_back, way.words) if way is not None else ("", "")
    amount = currency.format(limits[way.key] if way is not None else 0)
    if limit:
        return SaleError(
            N_("Only {most} of this sale came so: no more goes back so."),
            hint=hint,
            most=currency.format(limit),
            amount=amount,
            way=name,
        )
    return SaleError(tender.came_otherwise, hint=hint, amount=amount, way=name, tender=tender.words)


def nothing_under_way(reader: Connection, basket: Basket, paid: Settlement, basket_id: int) -> None:
    """See that no refund of these goods at a terminal is left out of their payments.

    Cash that has left the drawer cannot be called back, and neither can a refund that turns out to have been
    made: while one is in doubt the goods are paid back no other way. It ends when the terminal says how it
    ended, or a person who looked at it does.

    Raises:
        SaleError: One is.
    """
    tickets = {payment.ticket for payment in paid.payments}
    for refund in attempts.refunds_of_basket(reader, basket_id, basket.opened_ms):
        if refund.ticket in tickets:
            continue
        amount = paid.currency.format(refund.amount)
        if refund.state in OPEN:
            raise SaleError(
                N_("Nobody knows yet whether {amount} went back to the card."),
                hint=N_("Press F9 and see what the terminal says; give no cash before."),
                amount=amount,
            )
        raise SaleError(
            N_("{amount} went back to the card already."),
            hint=N_("Press F9: it finishes the return."),
            amount=amount,
        )
