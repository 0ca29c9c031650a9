"""What is kept and looked up while selling: the list of receipts, the next number, papers, a PIN."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tilltui.domain.record.sales.listed import ListedSale
from tilltui.store.file.engine import Connection

if TYPE_CHECKING:
    from tilltui.domain.record.any_record import Record


def recent(connection: Connection, most: int) -> list[ListedSale]:
    """The last sales, newest first."""
    rows = connection.execute("SELECT seq, id, total, closed_ms FROM sale ORDER BY id DESC LIMIT ?", (most,))
    return [ListedSale(*row) for row in rows]


def next_number(connection: Connection) -> int:
    """Number that the next sale will get."""
    return int(next(connection.execute("SELECT sales + 1 FROM head"))[0])


def record(connection: Connection, seq: int) -> Record | None:
    """What a record of the journal says, or ``None`` if there is none.

    Raises:
        RecordDamaged: It cannot be read.
    """
    from tilltui.domain.record.any_record import parse_record  # a till opens without it

    row = next(connection.execute("SELECT kind, body FROM journal WHERE seq = ?", (seq,)), None)
    return parse_record(row[0], row[1]) if row is not None else None


def has_pin(connection: Connection, operator_id: int) -> bool:
    """Whether the operator has a PIN; here, because a start without one need not load ``operators``."""
    query = "SELECT 1 FROM operator WHERE id = ? AND pin_hash <> ''"
    return next(connection.execute(query, (operator_id,)), None) is not None
