"""By which way money goes back: as it came.

A sale that was paid in cash is refunded in cash, one that was paid by card to that card: else the till would
turn a stolen card into cash, and cash into a transfer.

Sales that take goods of each other back, as an exchange does, are one *family*: what was swapped twice still
goes back by the way the first payment came.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tilltui.domain.paying.tender import TenderKind

Moved = tuple[TenderKind, int]
"""A tender and an amount above zero, in minor units, without cash rounding."""

Ceilings = Mapping[TenderKind, int]
"""The most that may go back by each tender, minor units."""

WITHOUT_SALE = (TenderKind.CASH, TenderKind.VOUCHER)
"""By what goods are paid back whose sale is not known."""

_INSTEAD_OF = (TenderKind.CARD, TenderKind.TRANSFER, TenderKind.VOUCHER, TenderKind.CASH)
"""What was given back by a tender that did not bring so much was given instead of these, in this order."""


def allowed(paid: Iterable[Moved], given_back: Iterable[Moved]) -> dict[TenderKind, int]:
    """The most that may still go back by each tender: what came by it, less what was given back by it.

    Where more was given back by a tender than came by it, such as cash for a card that the terminal could not
    reach, the rest is taken off the others. Together the ceilings are what is left of the money.

    Args:
        paid: Payments of the sale and its family.
        given_back: Refunds of them so far, those of the return in hand too.

    >>> card, cash = TenderKind.CARD, TenderKind.CASH
    >>> allowed([(card, 5000), (cash, 3990)], [(card, 1000)])[card]
    4000
    >>> allowed([(card, 5000)], [(cash, 1000)])[card]
    4000
    """
    left = dict.fromkeys(TenderKind, 0)
    for kind, amount in paid:
        left[kind] += amount
    for kind, amount in given_back:
        left[kind] -= amount
    excess = -sum(amount for amount in left.values() if amount < 0)
    left = {kind: max(amount, 0) for kind, amount in left.items()}
    for kind in _INSTEAD_OF:
        taken = min(left[kind], excess)
        left[kind] -= taken
        excess -= taken
    return left


def most(ceilings: Ceilings, kind: TenderKind, *, cash_for_card: bool) -> int:
    """The most that goes back by a tender.

    Args:
        ceilings: Of ``allowed``.
        kind: The tender.
        cash_for_card: Somebody has said why the card cannot have its money: it may go back in cash.
    """
    extra = ceilings[TenderKind.CARD] if cash_for_card and kind is TenderKind.CASH else 0
    return ceilings[kind] + extra
