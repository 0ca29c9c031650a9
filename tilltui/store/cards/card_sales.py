"""Charges and the sales that they paid; what money moved without one, and that head office is told of it.

A sale that closed without its charge leaves a *loose* charge, which is to be given back. A charge that its
sale has is in that sale's record. A record of kind ``card`` is written for an attempt whose end somebody had
to be asked about, and for money that went to or from a card without a sale or return: head office holds the
bank's statement against both.
"""

from __future__ import annotations

from collections.abc import Iterator

from tilltui.domain.cards.attempt import WITHOUT_SALE, Attempt
from tilltui.domain.cards.loose import Loose
from tilltui.domain.paying.attempt_kind import AttemptKind
from tilltui.domain.paying.settlement import ticket_of
from tilltui.store.books.keys import AFTER_SALE, NO_BITS
from tilltui.store.cards import attempts
from tilltui.store.file.engine import Connection


def settle(connection: Connection) -> int:
    """Note the sale that each charge has paid, and the return of each refund.

    Runs in the caller's transaction; gives how many were found.
    """
    count = 0
    for attempt in attempts.approved_without_sale(connection):
        sale_id = sale_of(connection, attempt)
        if sale_id:
            connection.execute("UPDATE payment_attempt SET sale_id = ? WHERE id = ?", (sale_id, attempt.id))
            count += 1
    return count


def loose(connection: Connection) -> list[Loose]:
    """Approved charges that neither a closed sale nor an open or parked basket has among its payments."""
    result = []
    for attempt in attempts.approved_without_sale(connection):
        left = attempt.amount - attempts.given_back(connection, attempt.ticket)
        if attempt.kind is not AttemptKind.CHARGE or left <= 0 or sale_of(connection, attempt):
            continue
        paid = attempts.tickets_in_basket(connection, attempt)
        if attempt.ticket not in (paid or ()):
            result.append(Loose(attempt, paid is not None, left))
    return result


def sale_of(connection: Connection, attempt: Attempt) -> int:
    """Number of the closed sale that has an approved attempt among its payments; 0 for none."""
    query = f"SELECT id, reference FROM payment WHERE id {AFTER_SALE} AND tender = 'card'"  # noqa: S608
    for key, reference in connection.execute(query, (attempt.after_sale,)):
        if ticket_of(str(reference)) == attempt.ticket:
            return int(key) >> NO_BITS
    return 0


def untold(connection: Connection) -> Iterator[Attempt]:
    """Approved attempts whose basket is gone without them, and which head office has not been told of."""
    for row in loose(connection):
        if not row.basket_there and not row.attempt.told & WITHOUT_SALE:
            yield row.attempt
    for attempt in attempts.approved_without_sale(connection):
        if (
            attempt.kind is AttemptKind.REFUND
            and not attempt.told & WITHOUT_SALE
            and _gone(connection, attempt)
        ):
            yield attempt


def _gone(connection: Connection, attempt: Attempt) -> bool:
    return not sale_of(connection, attempt) and attempts.tickets_in_basket(connection, attempt) is None


def anything_to_tell(connection: Connection) -> bool:
    """Whether ``tell_loose`` would write something."""
    return next(untold(connection), None) is not None


def tell_loose(connection: Connection, now_ms: int) -> int:
    """Tell head office of money that moved without a sale. Runs in the caller's durable transaction.

    A refund is done with then: its return will not come, where a charge is still to be given back.

    Returns:
        How many were told.
    """
    found = list(untold(connection))
    for attempt in found:
        attempts.tell(connection, attempt, WITHOUT_SALE, now_ms)
        if attempt.kind is AttemptKind.REFUND:
            connection.execute("UPDATE payment_attempt SET sale_id = 0 WHERE id = ?", (attempt.id,))
    return len(found)
