"""By which way money goes back: as it came.

A sale that was paid in cash is refunded in cash, one that was paid by card to that card: else the till would
turn a stolen card into cash, and cash into a transfer.

Sales that take goods of each other back, as an exchange does, are one *family*: what was swapped twice still
goes back by the way the first payment came. Which charge of a card that is, ``services.cards.charges`` finds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tilltui.domain.paying.tenders import TENDERS, Tender, Tenders

Moved = tuple[str, int]
"""Key of a tender and an amount above zero, in minor units, without cash rounding."""

Ceilings = Mapping[str, int]
"""The most that may go back by each tender, by its key; minor units."""


def allowed(paid: Iterable[Moved], given_back: Iterable[Moved], tenders: Tenders = TENDERS) -> dict[str, int]:
    """The most that may still go back by each tender: what came by it, less what was given back by it.

    Where more was given back by a tender than came by it, such as cash for a card that the terminal could not
    reach, the rest is taken off the others, off what gives change last. Together the ceilings are what is
    left of the money.

    Args:
        paid: Payments of the sale and its family.
        given_back: Refunds of them so far, those of the open return too.
        tenders: The shop's.

    >>> allowed([("card", 5000), ("cash", 3990)], [("card", 1000)])["card"]
    4000
    >>> allowed([("card", 5000)], [("cash", 1000)])["card"]
    4000
    """
    left = {tender.key: 0 for tender in tenders}
    for key, amount in paid:
        by = tenders.goes_back_by(key)
        left[by] = left.get(by, 0) + amount
    for key, amount in given_back:
        left[key] = left.get(key, 0) - amount
    excess = -sum(amount for amount in left.values() if amount < 0)
    left = {key: max(amount, 0) for key, amount in left.items()}
    for key in sorted(left, key=lambda key: tenders.of(key).gives_change):
        taken = min(left[key], excess)
        left[key] -= taken
        excess -= taken
    return left


def most(ceilings: Ceilings, tender: Tender, *, cash_for_card: bool, tenders: Tenders = TENDERS) -> int:
    """The most that goes back by a tender.

    Args:
        ceilings: Of ``allowed``.
        tender: The tender.
        cash_for_card: Somebody has said why what brought the money cannot have it: it may go back in cash.
        tenders: The shop's.
    """
    extra = for_a_word(ceilings, tenders) if cash_for_card and tender.gives_change else 0
    return ceilings.get(tender.key, 0) + extra


def for_a_word(ceilings: Ceilings, tenders: Tenders = TENDERS) -> int:
    """How much may go back in cash instead, once somebody says why."""
    return sum(amount for key, amount in ceilings.items() if tenders.of(key).cash_with_reason)
