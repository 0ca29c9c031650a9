"""Card attempts held against the journal's records of them, and against the sales that they say they paid."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tilltui.errors import N_
from tilltui.store.audit.finding import Finding
from tilltui.store.books.keys import OF_SALE
from tilltui.store.cards import attempts
from tilltui.store.cards.attempt import WHY, Attempt
from tilltui.store.file.engine import Connection

_TOLD_OR_SOLD = "SELECT ticket FROM payment_attempt WHERE told <> 0 OR sale_id <> 0 ORDER BY id"


def card_findings(connection: Connection) -> Iterator[Finding]:
    """Check every record of kind ``card``, and every attempt that has a sale or that was told."""
    told: dict[str, int] = {}
    for seq, data in connection.execute("SELECT seq, body FROM journal WHERE kind = 'card' ORDER BY seq"):
        body = _parsed(data)
        ticket = str(body.get("ticket", ""))
        attempt = _attempt(connection, ticket)
        if attempt is None or not _says(body, attempt):
            yield Finding(
                "card",
                N_("Card attempt {ticket} is not as record {seq} says."),
                {"ticket": ticket, "seq": seq},
            )
        told[ticket] = told.get(ticket, 0) | _bits(body)
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


def _says(body: dict[str, Any], attempt: Attempt) -> bool:
    """Whether a record and its attempt agree."""
    return attempts.said_of(attempt).items() <= body.items()


def _bits(body: dict[str, Any]) -> int:
    words = body.get("why", ())
    return sum(bit for bit, word in WHY.items() if word in words)


def _paid(connection: Connection, attempt: Attempt) -> bool:
    """Whether the sale has a card payment with the attempt's ticket, of no more than its amount."""
    query = f"SELECT amount, reference FROM payment WHERE id {OF_SALE} AND tender = 'card'"  # noqa: S608
    sign = -1 if attempt.kind == "refund" else 1
    return any(
        0 < amount * sign <= attempt.amount
        for amount, reference in connection.execute(query, (attempt.sale_id,))
        if str(reference).rpartition(" ")[2] == attempt.ticket
    )


def _parsed(data: bytes) -> dict[str, Any]:
    """A record's body; nothing where it is no longer JSON, which its hash tells."""
    try:
        content = json.loads(data)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}
