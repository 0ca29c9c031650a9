"""Card attempts held against the journal's records of them, and against the sales that they say they paid."""

from __future__ import annotations

from collections.abc import Iterator

from tilltui.domain.cards.attempt import WHY, Attempt
from tilltui.domain.paying.attempt_kind import AttemptKind
from tilltui.domain.paying.settlement import ticket_of
from tilltui.domain.paying.tenders import CARD
from tilltui.domain.record.card_record import CardRecord
from tilltui.domain.record.damage import RecordDamaged
from tilltui.errors import N_
from tilltui.store.audit.finding import Finding, damaged
from tilltui.store.books.keys import OF_SALE
from tilltui.store.cards import attempts
from tilltui.store.file.engine import Connection

_TOLD_OR_SOLD = "SELECT ticket FROM payment_attempt WHERE told <> 0 OR sale_id <> 0 ORDER BY id"


def card_findings(connection: Connection) -> Iterator[Finding]:
    """Check every record of kind ``card``, and every attempt that has a sale or that was told."""
    told: dict[str, int] = {}
    for seq, data in connection.execute("SELECT seq, body FROM journal WHERE kind = 'card' ORDER BY seq"):
        try:
            record = CardRecord.parse(data)
        except RecordDamaged as error:
            yield damaged("card", seq, error)
            continue
        ticket = record.attempt.ticket
        attempt = _attempt(connection, ticket)
        if attempt is None or attempts.said_of(attempt) != record.attempt:
            yield Finding(
                "card",
                N_("Card attempt {ticket} is not as record {seq} says."),
                {"ticket": ticket, "seq": seq},
            )
        told[ticket] = told.get(ticket, 0) | sum(bit for bit, why in WHY.items() if why in record.why)
    for (value,) in connection.execute(_TOLD_OR_SOLD).fetchall():
        ticket = str(value)
        attempt = _attempt(connection, ticket)
        if attempt is None or attempt.told != told.get(ticket, 0):
            yield Finding("card", N_("Of card attempt {ticket} a record is missing."), {"ticket": ticket})
        elif attempt.sale_id and not _paid(connection, attempt):
            yield Finding(
                "card",
                N_("Card attempt {ticket} is not among the payments of sale {id}."),
                {"ticket": attempt.ticket, "id": attempt.sale_id},
            )


def _attempt(connection: Connection, ticket: str) -> Attempt | None:
    """An attempt; nothing where it is not there, or so altered that it cannot be read."""
    try:
        return attempts.by_ticket(connection, ticket)
    except ValueError:
        return None


def _paid(connection: Connection, attempt: Attempt) -> bool:
    """Whether the sale has a card payment with the attempt's ticket, of no more than its amount."""
    query = f"SELECT amount, reference FROM payment WHERE id {OF_SALE} AND tender = ?2"  # noqa: S608
    sign = -1 if attempt.kind is AttemptKind.REFUND else 1
    return any(
        0 < amount * sign <= attempt.amount
        for amount, reference in connection.execute(query, (attempt.sale_id, CARD.key))
        if ticket_of(str(reference)) == attempt.ticket
    )
