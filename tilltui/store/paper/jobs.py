"""Print jobs: rows that live from the sale's transaction until the printer confirms them."""

from __future__ import annotations

import json
from typing import Any

from tilltui.domain.paper.job import JobRow
from tilltui.domain.paper.job_state import JobState
from tilltui.domain.paper.paper_kind import PaperKind
from tilltui.store.file.engine import Connection

_NO_RECEIPTS = (PaperKind.GIFT, PaperKind.ORDER)
"""What is printed of a sale and is no receipt of it."""

_ROW = (
    "SELECT id, printer, kind, title, seq, copy_no, doc, state, attempts, reason, created_ms FROM print_job "
)


# SQLite uses the partial index only where its own condition stands in the query, word for word.
_OPEN = "(state = 'queued' OR state = 'blocked' OR state = 'sending' OR state = 'uncertain')"
_NEXT = f"{_ROW}WHERE printer = ? AND {_OPEN} AND state IN ('queued', 'blocked') ORDER BY id LIMIT 1"
_SENDING = f"{_ROW}WHERE printer = ? AND {_OPEN} AND state = 'sending' ORDER BY id"
# Left to itself it would read all jobs in their order, which spares it the sorting of the few.
_UNSETTLED = f"{_ROW}INDEXED BY print_job_open WHERE {_OPEN} ORDER BY id"


def _row(values: tuple[Any, ...]) -> JobRow:
    doc = json.loads(values[6]) if values[6] is not None else None
    return JobRow(*(*values[:6], doc, JobState(values[7]), *values[8:]))


def next_job(connection: Connection, printer: str) -> JobRow | None:
    """The oldest job that waits for a printer."""
    for row in connection.execute(_NEXT, (printer,)):
        return _row(row)
    return None


def job(connection: Connection, job_id: int) -> JobRow | None:
    """One job."""
    for row in connection.execute(_ROW + "WHERE id = ?", (job_id,)):
        return _row(row)
    return None


def recent(connection: Connection, limit: int = 20) -> list[JobRow]:
    """The last jobs of all printers, newest first."""
    return [_row(row) for row in connection.execute(_ROW + "ORDER BY id DESC LIMIT ?", (limit,))]


def unsettled(connection: Connection) -> list[JobRow]:
    """Jobs that wait or that nobody knows the end of, oldest first."""
    return [_row(row) for row in connection.execute(_UNSETTLED)]


def set_state(
    connection: Connection, job_id: int, state: JobState, now_ms: int, *, reason: str = "", fence: str = ""
) -> bool:
    """Move a job to another state. Runs in the caller's transaction.

    Returns:
        ``False``: it was cancelled in the meantime, and stays so; its printer must not begin it.
    """
    connection.execute(
        """UPDATE print_job SET state = ?, reason = ?, fence = ?, updated_ms = ?,
         attempts = attempts + (? = 'sending') WHERE id = ? AND state <> 'cancelled'""",
        (state, reason[:200], fence, now_ms, state, job_id),
    )
    return connection.changes() > 0


def recover(connection: Connection, printer: str, now_ms: int) -> list[JobRow]:
    """Jobs that were being sent when the till stopped become uncertain. Runs in the caller's transaction."""
    rows = [_row(row) for row in connection.execute(_SENDING, (printer,))]
    for row in rows:
        set_state(connection, row.id, JobState.UNCERTAIN, now_ms, reason="stopped")
    return rows


def add(
    connection: Connection,
    printer: str,
    kind: PaperKind,
    title: str,
    now_ms: int,
    *,
    seq: int | None = None,
    copy_no: int = 0,
    doc: list[list[Any]] | None = None,
) -> int:
    """Queue a job. Runs in the caller's transaction.

    Returns:
        Its row.
    """
    text = json.dumps(doc, ensure_ascii=False, separators=(",", ":")) if doc is not None else None
    connection.execute(
        """INSERT INTO print_job (printer, kind, title, seq, copy_no, doc, state, created_ms, updated_ms)
         VALUES (?,?,?,?,?,?,'queued',?,?)""",
        (printer, kind, title[:80], seq, copy_no, text, now_ms, now_ms),
    )
    return connection.last_insert_rowid()


def copies(connection: Connection, seq: int) -> int:
    """How many times a record's receipt has been queued; gift receipts and order slips are none."""
    query = "SELECT count(*) FROM print_job WHERE seq = ? AND kind NOT IN (?, ?)"
    return int(next(connection.execute(query, (seq, *_NO_RECEIPTS)))[0])


def gifts(connection: Connection, seq: int) -> int:
    """How many gift receipts of a record have been queued."""
    query = "SELECT count(*) FROM print_job WHERE seq = ? AND kind = ?"
    return int(next(connection.execute(query, (seq, PaperKind.GIFT)))[0])


def again(connection: Connection, job_id: int, now_ms: int) -> int | None:
    """Queue a copy of a job of whatever kind; ``None``: there is no such job, or it cannot be had again.

    Runs in the caller's transaction.
    """
    row = job(connection, job_id)
    if row is not None and row.kind == PaperKind.LABEL:
        # A label is no document: two of them are as good as one, and none says COPY.
        return add(connection, row.printer, PaperKind.LABEL, row.title, now_ms, doc=row.doc)
    if row is None or row.seq is None:
        return None
    if row.kind in _NO_RECEIPTS:
        query = "SELECT max(copy_no) + 1 FROM print_job WHERE seq = ? AND kind = ? AND printer = ?"
        copy_no = int(next(connection.execute(query, (row.seq, row.kind, row.printer)))[0])
        kind = PaperKind(row.kind)
    else:
        kind, copy_no = PaperKind.COPY, max(1, copies(connection, row.seq))
    return add(connection, row.printer, kind, row.title, now_ms, seq=row.seq, copy_no=copy_no)
