"""Attempts at charging a card or giving a charge back.

A row is durable before the first byte leaves for the terminal and ends as the terminal says, or as a person
who looked at it says. Which sale it paid is found in ``card_sales``.
"""

from __future__ import annotations

import json

from tilltui.domain.cards.attempt import RECOVERED, WHY, WITHOUT_SALE, Attempt, State, ticket_text
from tilltui.domain.paying.attempt_kind import AttemptKind
from tilltui.domain.paying.settlement import ticket_of
from tilltui.domain.record.card_record import RecordedAttempt
from tilltui.domain.record.kinds import RecordKind
from tilltui.errors import N_, SaleError
from tilltui.ports import Charge, ChargeResult
from tilltui.store.books.journal import append, read_head
from tilltui.store.books.keys import OF_SALE
from tilltui.store.file.engine import Connection
from tilltui.store.selling import baskets

ENDED = {
    Charge.APPROVED: State.APPROVED,
    Charge.DECLINED: State.DECLINED,
    Charge.CANCELLED: State.CANCELLED,
}
"""How an attempt stands after what its terminal said."""

_COLUMNS = ", ".join(Attempt.__dataclass_fields__)
_SELECT = f"SELECT {_COLUMNS} FROM payment_attempt"  # noqa: S608
_OPENED = "SELECT json_extract(header, '$.opened_ms') FROM basket WHERE id = ?"
_OPEN = "state IN ('sent', 'doubt')"
_APPROVED_WITHOUT_SALE = "state = 'approved' AND sale_id IS NULL"


def begin(
    connection: Connection,
    *,
    terminal: str,
    amount: int,
    basket_id: int,
    opened_ms: int,
    operator_id: int,
    now_ms: int,
    mark: str = "",
) -> Attempt:
    """Write down a charge that is about to be sent. Runs in the caller's transaction.

    Raises:
        SaleError: The terminal still owes the answer to an earlier one.
    """
    _no_other(connection, terminal)
    return _insert(
        connection,
        (AttemptKind.CHARGE, terminal, amount, basket_id, opened_ms, operator_id, "", mark),
        now_ms,
    )


def begin_refund(
    connection: Connection,
    charge: Attempt,
    amount: int,
    operator_id: int,
    now_ms: int,
    mark: str = "",
    *,
    basket: tuple[int, int] = (0, 0),
) -> Attempt:
    """Write down that a charge is about to be given back. Runs in the caller's transaction.

    Args:
        connection: The writing connection.
        charge: What was charged.
        amount: Minor units, above zero.
        operator_id: Who gives it back.
        now_ms: The wall clock.
        mark: The terminal's last operation, where it keeps no tickets.
        basket: Number and ``opened_ms`` of the basket of goods that come back; zeros where there is none.

    Raises:
        SaleError: It was no charge, or so much of it is not left, or the terminal owes an answer, or the
            goods of this basket were paid back already.
    """
    _no_other(connection, charge.terminal)
    known = by_ticket(connection, charge.ticket)
    if known is None or known.kind is not AttemptKind.CHARGE or known.state is not State.APPROVED:
        raise SaleError(N_("This card was not charged."), hint=N_("There is nothing to give back."))
    left = known.amount - given_back(connection, charge.ticket)
    if not 0 < amount <= left:
        raise SaleError(
            N_("Only {left} of this charge is left to give back."),
            hint=N_("Look at what was given back already."),
            left=left,
        )
    for earlier in refunds_of_basket(connection, *basket):
        if earlier.ticket not in (tickets_in_basket(connection, earlier) or ()):
            raise SaleError(
                N_("The money for these goods went back to the card already."),
                hint=N_("Press F9: it finishes the return."),
            )
    values = (AttemptKind.REFUND, charge.terminal, amount, *basket, operator_id, known.ticket, mark)
    refund = _insert(connection, values, now_ms)
    if not refund.basket_id:
        connection.execute("UPDATE payment_attempt SET sale_id = 0 WHERE id = ?", (refund.id,))
    return _one(connection, "WHERE id = ?", refund.id)


def voided_operation(refund: Attempt, charge: Attempt) -> str:
    """The terminal's number of the charge that a refund gives back whole; empty where it is a part."""
    return charge.operation if refund.amount == charge.amount else ""


def _no_other(connection: Connection, terminal: str) -> None:
    for attempt in open_attempts(connection, terminal):
        raise SaleError(
            N_("The terminal still owes the answer to charge {ticket}."),
            hint=N_("Ask it again, or look at it and say how it ended."),
            ticket=attempt.ticket,
        )


def _insert(connection: Connection, values: tuple[object, ...], now_ms: int) -> Attempt:
    head = read_head(connection)
    number = int(next(connection.execute("SELECT coalesce(max(id), 0) + 1 FROM payment_attempt"))[0])
    connection.execute(
        """INSERT INTO payment_attempt (id, ticket, kind, terminal, amount, basket_id, opened_ms, operator_id,
         of_ticket, mark, state, after_sale, created_ms, updated_ms)
         VALUES (?,?,?,?,?,?,?,?,?,?,'sent',?,?,?)""",
        (number, _free_ticket(connection, number, head.epoch), *values, head.sales, now_ms, now_ms),
    )
    return _one(connection, "WHERE id = ?", number)


def _free_ticket(connection: Connection, number: int, epoch: str) -> str:
    """The ticket of a number.

    Each epoch begins elsewhere: a restored backup counts on from an old number, and must not give a ticket
    again that the terminal has seen after the backup was made.
    """
    number += int(epoch, 16)
    while next(
        connection.execute("SELECT 1 FROM payment_attempt WHERE ticket = ?", (ticket_text(number),)), None
    ):
        number += 1
    return ticket_text(number)


def end(
    connection: Connection,
    ticket: str,
    result: ChargeResult,
    now_ms: int,
    *,
    by: str = "terminal",
    recovered: bool = False,
) -> Attempt:
    """Write down how an attempt ended; one that has ended stays. Runs in the caller's transaction.

    Args:
        connection: The writing connection.
        ticket: The attempt's.
        result: How it ended.
        now_ms: The wall clock.
        by: Who says so, ``terminal`` or ``cashier``.
        recovered: It was not the answer to the attempt itself: somebody was asked. Head office is told.
    """
    connection.execute(
        f"""UPDATE payment_attempt SET state = ?, decided_by = ?, authorisation = ?, last4 = ?, brand = ?,
         operation = ?, reason = ?, slip = ?, updated_ms = ? WHERE ticket = ? AND {_OPEN}""",  # noqa: S608
        (
            ENDED[result.outcome].value, by, result.authorisation, result.last4, result.brand,
            result.operation, result.reason[:200], json.dumps(result.slip, ensure_ascii=False),
            now_ms, ticket,
        ),
    )  # fmt: skip
    changed = connection.changes() > 0
    ended = _one(connection, "WHERE ticket = ?", ticket)
    if not changed:
        return ended
    approved_refund = ended.kind is AttemptKind.REFUND and ended.state is State.APPROVED
    why = (RECOVERED if recovered else 0) | (WITHOUT_SALE if approved_refund and not ended.basket_id else 0)
    if approved_refund:
        _close_if_all_back(connection, ended.of_ticket)
    return tell(connection, ended, why, now_ms) if why else ended


def tell(connection: Connection, attempt: Attempt, why: int, now_ms: int) -> Attempt:
    """Tell head office of an attempt, by a record of the journal. Runs in the caller's durable transaction.

    Args:
        connection: The writing connection.
        attempt: As it stands.
        why: ``RECOVERED``, ``WITHOUT_SALE``, added up.
        now_ms: The wall clock.
    """
    body = said_of(attempt).body() | {"why": [word.value for bit, word in WHY.items() if why & bit]}
    append(connection, RecordKind.CARD, body, now_ms)
    connection.execute("UPDATE payment_attempt SET told = told | ? WHERE id = ?", (why, attempt.id))
    return _one(connection, "WHERE id = ?", attempt.id)


def said_of(attempt: Attempt) -> RecordedAttempt:
    """What a record of the journal says of an attempt that has ended."""
    return RecordedAttempt(
        ticket=attempt.ticket,
        terminal=attempt.terminal,
        kind=attempt.kind,
        amount=attempt.amount,
        state=attempt.state,
        decided_by=attempt.decided_by,
        of_ticket=attempt.of_ticket,
        authorisation=attempt.authorisation,
        last4=attempt.last4,
        brand=attempt.brand,
        operation=attempt.operation,
        reason=attempt.reason,
        operator=attempt.operator_id,
        after_sale=attempt.after_sale,
        began_ms=attempt.created_ms,
    )


def _close_if_all_back(connection: Connection, ticket: str) -> None:
    """A charge that was given back whole belongs to no sale any more: 0."""
    connection.execute(
        """UPDATE payment_attempt SET sale_id = 0 WHERE ticket = ? AND sale_id IS NULL AND amount <=
         (SELECT coalesce(sum(r.amount), 0) FROM payment_attempt r
          WHERE r.kind = 'refund' AND r.of_ticket = ? AND r.state = 'approved')""",
        (ticket, ticket),
    )


def doubt(connection: Connection, ticket: str, reason: str, now_ms: int) -> Attempt:
    """Nobody knows how it ended. Runs in the caller's transaction."""
    connection.execute(
        f"""UPDATE payment_attempt SET state = 'doubt', reason = ?, updated_ms = ?
         WHERE ticket = ? AND {_OPEN}""",  # noqa: S608
        (reason[:200], now_ms, ticket),
    )
    return _one(connection, "WHERE ticket = ?", ticket)


def by_ticket(connection: Connection, ticket: str) -> Attempt | None:
    """One attempt."""
    for row in connection.execute(f"{_SELECT} WHERE ticket = ?", (ticket,)):
        return _row(row)
    return None


def open_attempts(connection: Connection, terminal: str) -> list[Attempt]:
    """Those whose end is not known, oldest first."""
    query = f"{_SELECT} WHERE terminal = ? AND {_OPEN} ORDER BY id"
    return [_row(row) for row in connection.execute(query, (terminal,))]


def recent(connection: Connection, limit: int = 20) -> list[Attempt]:
    """The last attempts of all terminals, newest first."""
    return [_row(row) for row in connection.execute(f"{_SELECT} ORDER BY id DESC LIMIT ?", (limit,))]


def of_sale(connection: Connection, sale_id: int) -> list[Attempt]:
    """The charges that paid a sale, found by the tickets in its payments."""
    rows = connection.execute(f"SELECT reference FROM payment WHERE id {OF_SALE} ORDER BY id", (sale_id,))  # noqa: S608
    tickets = [ticket_of(str(reference)) for (reference,) in rows]
    found = [by_ticket(connection, ticket) for ticket in tickets if ticket]
    return [attempt for attempt in found if attempt is not None and attempt.kind is AttemptKind.CHARGE]


def given_back(connection: Connection, ticket: str) -> int:
    """How much of a charge was given back, or may have been."""
    query = """SELECT coalesce(sum(amount), 0) FROM payment_attempt
     WHERE kind = 'refund' AND of_ticket = ? AND state IN ('sent', 'doubt', 'approved')"""
    return int(next(connection.execute(query, (ticket,)))[0])


def refunds_of_basket(connection: Connection, basket_id: int, opened_ms: int) -> list[Attempt]:
    """Refunds for the goods of a basket that went back to the card, or may have, and that no sale has yet."""
    if not basket_id:
        return []
    query = f"""{_SELECT} WHERE kind = 'refund' AND basket_id = ? AND opened_ms = ? AND sale_id IS NULL
     AND state IN ('sent', 'doubt', 'approved') ORDER BY id"""
    return [_row(row) for row in connection.execute(query, (basket_id, opened_ms))]


def tickets_in_basket(connection: Connection, attempt: Attempt) -> frozenset[str] | None:
    """Tickets among the payments of the basket that an attempt was for; ``None``: the basket is gone."""
    for (opened_ms,) in connection.execute(_OPENED, (attempt.basket_id,)):
        if opened_ms == attempt.opened_ms:
            return frozenset(payment.ticket for payment in baskets.payments(connection, attempt.basket_id))
    return None


def approved_without_sale(connection: Connection) -> list[Attempt]:
    """Charges and refunds of goods that went through and whose sale is not noted, oldest first."""
    query = f"{_SELECT} WHERE {_APPROVED_WITHOUT_SALE} ORDER BY id"
    return [_row(row) for row in connection.execute(query).fetchall()]


def _one(connection: Connection, where: str, value: object) -> Attempt:
    return _row(next(connection.execute(f"{_SELECT} {where}", (value,))))


def _row(values: tuple[object, ...]) -> Attempt:
    fields = dict(zip(Attempt.__dataclass_fields__, values, strict=True))
    fields["kind"] = AttemptKind(str(fields["kind"]))
    fields["state"] = State(str(fields["state"]))
    fields["slip"] = tuple(json.loads(str(fields["slip"])))
    return Attempt(**fields)  # type: ignore[arg-type]
