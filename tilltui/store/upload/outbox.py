"""What is still to be sent: the journal after each uploader's cursor."""

from __future__ import annotations

from collections.abc import Sequence

from tilltui.ports import OutboxRecord
from tilltui.store.books.journal import records
from tilltui.store.file.engine import Connection


def cursor(connection: Connection, uploader: str) -> int:
    """Number of the last record that an uploader's receiver has."""
    row = next(connection.execute("SELECT seq FROM upload_cursor WHERE uploader = ?", (uploader,)), None)
    return int(row[0]) if row else 0


def pending(connection: Connection, uploader: str, limit: int) -> list[OutboxRecord]:
    """Records after the cursor, oldest first."""
    return records(connection, cursor(connection, uploader), limit)


def acknowledge(
    connection: Connection, uploader: str, upto_seq: int, parked: Sequence[tuple[int, str, str]], now_ms: int
) -> None:
    """Move the cursor forward, never back or beyond the journal; keep what was held, refused or forked.

    Runs in the caller's transaction.
    """
    connection.execute(
        """INSERT INTO upload_cursor VALUES (?, ?, ?) ON CONFLICT DO UPDATE
         SET seq = max(seq, excluded.seq), updated_ms = excluded.updated_ms""",
        (uploader, min(upto_seq, next(connection.execute("SELECT seq FROM head"))[0]), now_ms),
    )
    connection.executemany(
        """INSERT INTO upload_parked VALUES (?,?,?,?,?) ON CONFLICT DO UPDATE
         SET verdict = excluded.verdict, reason = excluded.reason""",
        [(uploader, seq, verdict, reason[:500], now_ms) for seq, verdict, reason in parked],
    )


def backlog(connection: Connection, uploader: str) -> tuple[int, int | None]:
    """How many records wait, and the UTC milliseconds of the oldest."""
    seq = cursor(connection, uploader)
    newest = next(connection.execute("SELECT seq FROM head"))[0]
    row = next(connection.execute("SELECT created_ms FROM journal WHERE seq = ?", (seq + 1,)), None)
    return max(0, newest - seq), row[0] if row else None


def parked(connection: Connection, uploader: str) -> tuple[int, int]:
    """How many records wait for a person to look at them, and how many of them are forks."""
    query = """SELECT count(*), coalesce(sum(verdict = 'fork'), 0) FROM upload_parked
     WHERE uploader = ? AND verdict <> 'held'"""
    records, forks = next(connection.execute(query, (uploader,)))
    return int(records), int(forks)
