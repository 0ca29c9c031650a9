"""Putting a backup in the place of the database, as a new epoch: nothing is sent or printed twice."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from pathlib import Path

import apsw

from tilltui.domain.selling.parking import WaitsFor
from tilltui.errors import N_, StoreError
from tilltui.store.books import journal
from tilltui.store.file.backup import check_copy, copy_database, sync
from tilltui.store.file.engine import Connection
from tilltui.store.file.migrate import check_version

NUMBERS_SKIPPED = 1000
"""Sale numbers left out when nobody can say how many were used after the backup."""


def restore_file(backup: Path, database: Path, *, till: str = "") -> Path | None:
    """Put a checked backup in the place of the database; the old one is kept beside it.

    The restored database begins a new epoch, continues the numbers of sales after those of the old one,
    prints nothing that was waiting and parks the open basket. It takes the old one's place in one step: a
    power cut leaves the old or the new. The caller holds the till's lock.

    Args:
        backup: The copy.
        database: The till's database.
        till: Number of the till; a backup of another is refused.

    Returns:
        Where the old database went, or ``None`` if there was none.

    Raises:
        StoreError: The backup is not whole or not this till's; nothing was changed.
    """
    part = database.with_suffix(".restoring")
    try:
        _require(backup)
        source = apsw.Connection(str(backup), flags=apsw.SQLITE_OPEN_READONLY)
        try:
            copy_database(source, part)
        finally:
            source.close()
        _begin_anew(part, backup, database, till)
        sync(part)
        before = _keep_before(database)
        part.rename(database)
        sync(database.parent)
    except (OSError, apsw.Error) as error:
        raise StoreError(
            N_("{path} was not restored: {error}."),
            hint=N_("Check that the disk is there and has room, then try again."),
            path=str(backup),
            error=str(error),
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return before


def _require(backup: Path) -> None:
    problem = check_copy(backup)
    if problem:
        raise _unfit(backup, problem)


def _unfit(backup: Path, problem: str) -> StoreError:
    return StoreError(
        N_("{path} cannot be restored: {problem}."),
        hint=N_("Choose another backup; nothing was changed."),
        path=str(backup),
        problem=problem,
    )


def _begin_anew(part: Path, backup: Path, database: Path, till: str) -> None:
    """Make the copy a database of its own."""
    connection = apsw.Connection(str(part), flags=apsw.SQLITE_OPEN_READWRITE)
    try:
        check_version(connection)
        head = journal.read_head(connection)
        if till and head.till != till:
            raise _unfit(backup, f"it is a backup of till {head.till}")
        for flaw in journal.flaws(connection):
            raise _unfit(backup, f"record {flaw.seq}: {flaw.what}")
        now_ms = time.time_ns() // 1_000_000
        connection.pragma("synchronous", "EXTRA")
        connection.execute("BEGIN IMMEDIATE")
        sales = _sales_used(database, head.sales)
        journal.begin_epoch(connection, "restore", now_ms, sales=sales)
        _calm(connection, now_ms)
        connection.execute("COMMIT")
    finally:
        connection.close()


def _sales_used(database: Path, sales: int) -> int:
    """Number of the last sale that the old database may have printed."""
    if not database.exists():
        return sales + NUMBERS_SKIPPED
    try:
        old = apsw.Connection(str(database), flags=apsw.SQLITE_OPEN_READWRITE)
        try:
            return max(sales, journal.read_head(old).sales)
        finally:
            old.close()
    except (apsw.Error, StoreError):
        return sales + NUMBERS_SKIPPED


def _calm(connection: Connection, now_ms: int) -> None:
    """What waited to be printed may be on paper already, what was in the basket may be sold."""
    connection.execute(
        """UPDATE print_job SET state = 'cancelled', reason = 'restored', updated_ms = ?
         WHERE state IN ('queued', 'blocked', 'sending', 'uncertain')""",
        (now_ms,),
    )
    connection.execute("UPDATE basket SET waits_for = ? WHERE waits_for = ''", (WaitsFor.LOOK.value,))


def _keep_before(database: Path) -> Path | None:
    """Give the old database a second name and leave nothing of it that the new one would take for its own."""
    if not database.exists():
        return None
    _fold_log(database)
    before = database.with_name(f"{database.name}.before-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}")
    logs = ("-wal", "-journal")
    for suffix in ("", *logs):
        old = database.with_name(database.name + suffix)
        if old.exists():
            os.link(old, before.with_name(before.name + suffix))
    sync(database.parent)
    for suffix in (*logs, "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)
    sync(database.parent)
    return before


def _fold_log(database: Path) -> None:
    """Bring the write-ahead log into the old file, where it is whole enough for that."""
    try:
        old = apsw.Connection(str(database), flags=apsw.SQLITE_OPEN_READWRITE)
        try:
            old.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
        finally:
            old.close()
    except apsw.Error:
        # Damaged: it is kept as it is, log and all.
        return
