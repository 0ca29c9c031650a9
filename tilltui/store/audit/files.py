"""What a folder uploader has sent, held against its files: a cursor that was moved on shows here alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from tilltui.errors import N_
from tilltui.ports import OutboxRecord
from tilltui.store.audit.finding import Finding
from tilltui.store.books import journal
from tilltui.store.file.engine import Connection
from tilltui.store.upload import outbox

BATCH = 200
"""Records that are held at a time."""

MAX_FILE = 16 * 1024 * 1024
"""Largest file that is read, bytes."""


def file_findings(
    connection: Connection, uploader: str, path_of: Callable[[OutboxRecord], Path]
) -> Iterator[Finding]:
    """Look for the file of every record that an uploader's cursor has passed.

    Args:
        connection: A reading connection.
        uploader: The shop's own name of the uploader.
        path_of: Where a record's file is.
    """
    upto = outbox.cursor(connection, uploader)
    after = missing = first = 0
    while after < upto and (batch := journal.records(connection, after, BATCH)):
        for record in batch:
            if record.seq > upto:
                break
            digest = _hash_in(path_of(record))
            if digest is None:
                missing += 1
                first = first or record.seq
            elif digest != record.hash:
                yield Finding(
                    "sent", N_("{uploader}: the file of record {seq} is not that record."),
                    {"uploader": uploader, "seq": record.seq},
                )  # fmt: skip
        after = batch[-1].seq
    if missing:
        yield Finding(
            "sent", N_("{uploader}: {count} records count as sent and have no file, from record {seq} on."),
            {"uploader": uploader, "count": missing, "seq": first},
        )  # fmt: skip


def _hash_in(path: Path) -> str | None:
    """The hash that a file says; ``None``: there is no file."""
    try:
        with path.open("rb") as file:
            content = json.loads(file.read(MAX_FILE))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, RecursionError) as error:
        return f"unreadable: {type(error).__name__}"
    return str(content.get("hash")) if isinstance(content, dict) else "no record"
