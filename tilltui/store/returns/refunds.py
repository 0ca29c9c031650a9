"""How the sales of a family were paid, and what was given back of them.

Which charge of a card a refund goes to is ``services.cards.charges``.
"""

from __future__ import annotations

from tilltui.domain.paying.refunds import Moved
from tilltui.domain.record.sales.number import SaleNumber
from tilltui.store.books.keys import OF_SALE
from tilltui.store.file.engine import Connection

MAX_FAMILY = 1000
"""Most sales that are followed: nothing may make the till read for ever."""

_PAID = f"SELECT tender, amount - rounding FROM payment WHERE id {OF_SALE}"  # noqa: S608


def money_of_family(connection: Connection, number: str) -> tuple[list[Moved], list[Moved]]:
    """What was paid in the family of a sale, and what was given back.

    Args:
        connection: Reading or writing.
        number: The sale's, as printed.
    """
    paid: list[Moved] = []
    given_back: list[Moved] = []
    for sale_id in _family(connection, number):
        for tender, amount in connection.execute(_PAID, (sale_id,)):
            if amount > 0:
                paid.append((tender, amount))
            elif amount < 0:
                given_back.append((tender, -amount))
    return paid, given_back


def _family(connection: Connection, number: str) -> list[int]:
    """Numbers of the sales that took goods back of each other: up to the first, then everything below it."""
    wanted = SaleNumber.read(number)
    if wanted is None:
        return []
    first = wanted.sale
    for _ in range(MAX_FAMILY):
        query = "SELECT returns FROM sale WHERE id = ? AND returns <> ''"
        row = next(connection.execute(query, (first,)), None)
        above = SaleNumber.read(str(row[0])) if row is not None else None
        if above is None:
            break
        first = above.sale
    found = [first]
    for sale_id in found:
        query = "SELECT id FROM sale WHERE returns = ? AND returns <> '' ORDER BY id"
        found += [below for (below,) in connection.execute(query, (str(SaleNumber(wanted.till, sale_id)),))]
        if len(found) > MAX_FAMILY:
            break
    return found
