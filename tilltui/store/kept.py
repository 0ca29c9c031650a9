"""Sales that are kept: the list of receipts, the next number, what a paper is printed from."""

from __future__ import annotations

import json
from typing import Any

from tilltui.domain.frozen import frozen
from tilltui.store.engine import Connection


@frozen
class Kept:
    """A sale in the list of receipts.

    Attributes:
        seq: Its record in the journal.
        id: Its number at the till.
        total: Minor units.
        closed_ms: UTC milliseconds.
    """

    seq: int
    id: int
    total: int
    closed_ms: int


def recent(connection: Connection, most: int) -> list[Kept]:
    """The last sales, newest first."""
    rows = connection.execute("SELECT seq, id, total, closed_ms FROM sale ORDER BY id DESC LIMIT ?", (most,))
    return [Kept(*row) for row in rows]


def next_number(connection: Connection) -> int:
    """Number that the next sale will get."""
    return int(next(connection.execute("SELECT sales + 1 FROM head"))[0])


def record(connection: Connection, seq: int) -> tuple[str, dict[str, Any]] | None:
    """Kind and body of a journal record, or ``None`` if there is none."""
    row = next(connection.execute("SELECT kind, body FROM journal WHERE seq = ?", (seq,)), None)
    return (row[0], json.loads(row[1])) if row is not None else None
