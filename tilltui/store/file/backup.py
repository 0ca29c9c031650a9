"""Copies of the database that can be trusted."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from pathlib import Path

import apsw

from tilltui.errors import N_, StoreError
from tilltui.store.file.engine import APPLICATION_ID, Connection

KEEP = 7
"""How many backups stay in a folder."""

STALE_S = 24 * 3600
"""A half-written copy that was last touched this many seconds ago is left over from a power cut."""


def back_up(connection: Connection, folder: Path, *, now: datetime | None = None, keep: int = KEEP) -> Path:
    """Copy the database into a folder, synced and checked; the oldest beyond ``keep`` go.

    Args:
        connection: Any connection of the database.
        folder: Where to; made if it is not there.
        now: For the file's name.
        keep: How many stay.

    Returns:
        The new file.

    Raises:
        StoreError: The copy cannot be written or is not whole.
    """
    stamp = (now or datetime.now(UTC)).strftime("%Y%m%d-%H%M%S-%f")
    target = folder / f"till-{stamp}.db"
    part = target.with_suffix(".part")
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _copy(connection, part)
        problem = check_copy(part)
        if problem:
            part.unlink(missing_ok=True)
            raise StoreError(
                N_("The backup in {folder} is not whole: {problem}."),
                hint=N_("Use another disk or USB stick for the backup."),
                folder=str(folder),
                problem=problem,
            )
        sync(part)
        part.rename(target)
        sync(folder)
        _forget_old(target, keep)
    except (OSError, apsw.Error) as error:
        _forget(part)
        raise StoreError(
            N_("The backup to {folder} failed: {error}."),
            hint=N_("Check that the disk or USB stick is there and has room."),
            folder=str(folder),
            error=str(error),
        ) from error
    return target


def backups(folder: Path) -> list[Path]:
    """The backups in a folder, oldest first by name."""
    return sorted(folder.glob("till-*.db"))


def check_copy(path: Path) -> str:
    """Check a backup.

    Returns:
        What is wrong in English, or nothing.
    """
    try:
        copy = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
        try:
            if copy.pragma("application_id") != APPLICATION_ID:
                return N_("it is not a till's database")
            answer = copy.pragma("quick_check")
        finally:
            copy.close()
    except apsw.Error as error:
        return str(error)
    return "" if answer == "ok" else str(answer)


def copy_database(source: Connection, path: Path) -> None:
    """Copy a database as it is at this moment into a new file that needs no other beside it.

    Raises:
        apsw.Error: It cannot be read or written.
        OSError: The file cannot be made.
    """
    _copy(source, path)


def sync(path: Path) -> None:
    """Wait until a file or folder is on the disk."""
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _copy(source: Connection, path: Path) -> None:
    path.unlink(missing_ok=True)
    fd = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    os.close(fd)
    target = apsw.Connection(str(path))
    # Without a snapshot the copy would begin anew at every sale; with a rollback journal a snapshot would
    # keep the till from selling.
    snapshot = source.pragma("journal_mode") == "wal" and not source.in_transaction
    try:
        if snapshot:
            source.execute("BEGIN; SELECT count(*) FROM sqlite_schema").fetchall()
        with target.backup("main", source, "main") as backup:
            while not backup.done:
                backup.step(256)
        target.pragma("journal_mode", "delete")
    finally:
        if snapshot:
            source.execute("ROLLBACK")
        target.close()


def _forget_old(newest: Path, keep: int) -> None:
    """Delete all but ``keep`` backups; never the newest, whatever the clock called it."""
    others = [path for path in backups(newest.parent) if path != newest]
    for old in others[: max(0, len(others) - keep + 1)]:
        old.unlink(missing_ok=True)
    for part in newest.parent.glob("till-*.part"):
        if abs(time.time() - part.stat().st_mtime) > STALE_S:
            part.unlink(missing_ok=True)


def _forget(part: Path) -> None:
    try:
        part.unlink(missing_ok=True)
    except OSError:
        # The stick is gone, and the file with it.
        return
