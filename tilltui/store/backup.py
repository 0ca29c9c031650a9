"""Copies of the database that can be trusted."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import apsw

from tilltui.errors import N_, StoreError
from tilltui.store.engine import APPLICATION_ID, Connection

KEEP = 7
"""How many backups stay in a folder."""


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
        folder.mkdir(parents=True, exist_ok=True)
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
        _sync(part)
        part.rename(target)
        _sync(folder)
    except (OSError, apsw.Error) as error:
        part.unlink(missing_ok=True)
        raise StoreError(
            N_("The backup to {folder} failed: {error}."),
            hint=N_("Check that the disk or USB stick is there and has room."),
            folder=str(folder),
            error=str(error),
        ) from error
    for old in sorted(folder.glob("till-*.db"))[:-keep]:
        old.unlink(missing_ok=True)
    return target


def check_copy(path: Path) -> str:
    """Check a backup.

    Returns:
        What is wrong in English, or nothing.
    """
    try:
        copy = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
        try:
            if copy.pragma("application_id") != APPLICATION_ID:
                return "not a till's database"
            answer = copy.pragma("quick_check")
        finally:
            copy.close()
    except apsw.Error as error:
        return str(error)
    return "" if answer == "ok" else str(answer)


def restore_file(backup: Path, database: Path) -> Path | None:
    """Put a checked backup in the place of the database; the old one is kept beside it.

    The caller holds the till's lock, and gives the restored database a new epoch when it opens it.

    Returns:
        Where the old database went, or ``None`` if there was none.

    Raises:
        StoreError: The backup is not whole.
    """
    problem = check_copy(backup)
    if problem:
        raise StoreError(
            N_("{path} cannot be restored: {problem}."),
            hint=N_("Choose another backup; nothing was changed."),
            path=str(backup),
            problem=problem,
        )
    source = apsw.Connection(str(backup), flags=apsw.SQLITE_OPEN_READONLY)
    part = database.with_suffix(".restoring")
    try:
        _copy(source, part)
    finally:
        source.close()
    _sync(part)
    aside: Path | None = None
    if database.exists():
        aside = database.with_name(f"{database.name}.before-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}")
        for suffix in ("-wal", "-shm", ""):
            old = database.with_name(database.name + suffix)
            if old.exists():
                old.rename(aside.with_name(aside.name + suffix))
    part.rename(database)
    _sync(database.parent)
    return aside


def _copy(source: Connection, path: Path) -> None:
    path.unlink(missing_ok=True)
    fd = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    os.close(fd)
    target = apsw.Connection(str(path))
    try:
        with target.backup("main", source, "main") as backup:
            while not backup.done:
                backup.step(256)
        target.pragma("journal_mode", "delete")
    finally:
        target.close()


def _sync(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
