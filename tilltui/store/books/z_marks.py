"""What a Z record says of rows that have no record of their own: bad scans, papers, and what was sent.

Under the hash of the Z they can be held against the tables later (``store.audit.marks``): a row that was
deleted or changed since then shows, and head office can compare what the till believes was sent.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from tilltui.store.file.engine import Connection

SCANNED = "bad_scans"
"""Key in ``meta``: number of the last bad scan that a Z speaks of."""

_ROWS = (
    "SELECT id, at_ms, code, source, operator_id, reason FROM bad_scan WHERE id > ? AND id <= ? ORDER BY id"
)


def bad_scans_hash(connection: Connection, after: int, last: int) -> str:
    """SHA-256 of the bad scans after one number, up to another; 64 hexadecimal digits."""
    digest = hashlib.sha256()
    for row in connection.execute(_ROWS, (after, last)):
        digest.update(json.dumps(row, ensure_ascii=True).encode() + b"\n")
    return digest.hexdigest()


def z_marks(connection: Connection) -> dict[str, Any]:
    """What goes into a Z record, from the last one on. Runs in the caller's transaction.

    Returns:
        ``bad_scans``: the numbers before the first and of the last, and the hash of those between;
        ``papers``: number of the last print job; ``sent``: number of the last record that each uploader's
        receiver is said to have.
    """
    row = next(connection.execute("SELECT value FROM meta WHERE key = ?", (SCANNED,)), None)
    after = int(row[0]) if row and str(row[0]).isascii() and str(row[0]).isdigit() else 0
    last, papers = next(
        connection.execute(
            "SELECT (SELECT coalesce(max(id), 0) FROM bad_scan), (SELECT coalesce(max(id), 0) FROM print_job)"
        )
    )
    connection.execute(
        "INSERT INTO meta VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
        (SCANNED, str(last)),
    )
    return {
        "bad_scans": [after, last, bad_scans_hash(connection, after, last)],
        "papers": papers,
        "sent": dict(connection.execute("SELECT uploader, seq FROM upload_cursor ORDER BY uploader")),
    }
