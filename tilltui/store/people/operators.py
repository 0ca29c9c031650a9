"""Who sells, and the PIN of each as ``services.people.pin`` writes it."""

from __future__ import annotations

import hashlib

from tilltui.domain.record.kinds import RecordKind
from tilltui.store.books.journal import append
from tilltui.store.file.engine import Connection

FIRST = (1, "", "cashier", 1)
"""The one operator that a new database has: number, name, role, active."""


def pin_text(connection: Connection, operator_id: int) -> str:
    """The operator's PIN record; empty for none, or for somebody unknown."""
    for (text,) in connection.execute("SELECT pin_hash FROM operator WHERE id = ?", (operator_id,)):
        return str(text)
    return ""


def set_pin_text(connection: Connection, operator_id: int, text: str) -> None:
    """Keep the operator's PIN record. Runs in the caller's transaction."""
    connection.execute("UPDATE operator SET pin_hash = ? WHERE id = ?", (text, operator_id))


def exists(connection: Connection, operator_id: int) -> bool:
    """Whether there is such an operator."""
    return next(connection.execute("SELECT 1 FROM operator WHERE id = ?", (operator_id,)), None) is not None


def change_pin(connection: Connection, operator_id: int, text: str, by: str, now_ms: int) -> None:
    """Keep a new PIN record, or none, and say so in the journal. Runs in the caller's transaction.

    Args:
        connection: The writing connection.
        operator_id: Whose.
        text: The record; empty for none.
        by: ``till``, or the user of the machine who did it from outside.
        now_ms: The wall clock.
    """
    set_pin_text(connection, operator_id, text)
    body = {"operator": operator_id, "set": bool(text), "mark": pin_mark(text), "by": by}
    append(connection, RecordKind.PIN, body, now_ms)


def pin_mark(text: str) -> str:
    """What the journal says of a PIN record; empty for none.

    It covers the random salt of 16 bytes, so that nobody who reads the journal can try PINs against it. The
    count of wrong tries, which stands last, is not covered: it moves without a record.
    """
    return hashlib.sha256(text.rpartition(":")[0].encode()).hexdigest()[:32] if text else ""
