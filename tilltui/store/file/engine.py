"""Which SQLite may carry a till, and how its connections are set up.

SQLite 3.7.0 to 3.51.2 can corrupt a database when a write-ahead log is reset under a second connection (fixed
in 3.51.3, back-ported to 3.50.7 and 3.44.6; sqlite.org/wal.html, "the WAL reset bug"). On an engine without
the fix the store uses a rollback journal with ``synchronous=EXTRA`` instead.
"""

from __future__ import annotations

from pathlib import Path

import apsw

from tilltui.errors import N_, StoreError

Connection = apsw.Connection
"""An open database handle."""

APPLICATION_ID = 0x54494C4C
"""Marks a file as a till's: ``TILL``."""

BUSY_MS = 5000
"""How long a statement waits for another process that reads, in milliseconds."""

_FIXED_IN = {50: 7, 44: 6}


def wal_is_safe(version: tuple[int, int, int]) -> bool:
    """Whether an engine of that version is free of the WAL reset bug.

    >>> wal_is_safe((3, 40, 1)), wal_is_safe((3, 50, 7)), wal_is_safe((3, 54, 1))
    (False, True, True)
    """
    major, minor, patch = version
    if (major, minor, patch) >= (3, 51, 3):
        return True
    return major == 3 and minor in _FIXED_IN and patch >= _FIXED_IN[minor]


def engine_version() -> tuple[int, int, int]:
    """Version of the SQLite that the store runs on."""
    major, minor, patch = (int(part) for part in apsw.sqlite_lib_version().split(".")[:3])
    return major, minor, patch


def open_writer(path: Path, *, vfs: str | None = None) -> Connection:
    """Open the one connection that writes, creating the file if need be, with every pragma set and read back.

    Raises:
        StoreError: The file is no till database, cannot be opened, or a pragma does not hold.
    """
    flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
    connection = apsw.Connection(str(path), flags=flags, vfs=vfs)
    try:
        # EXTRA must stand before the first write: else the unlink of the rollback journal that creates the
        # file is not synced, and a power cut can roll the whole database back.
        _set(connection, "synchronous", "EXTRA", 3)
        _set(connection, "trusted_schema", "OFF", 0)
        _set(connection, "cell_size_check", "ON", 1)
        _check_owner(connection, path)
        journal = "wal" if wal_is_safe(engine_version()) else "truncate"
        _set(connection, "journal_mode", journal.upper(), journal)
        _set(connection, "foreign_keys", "ON", 1)
        # Without it REPLACE deletes rows past the triggers that keep sales as they are.
        _set(connection, "recursive_triggers", "ON", 1)
        _set(connection, "secure_delete", "FAST", 2)
        _set(connection, "wal_autocheckpoint", "1000", 1000)
        _set(connection, "journal_size_limit", "6291456", 6291456)
        _set(connection, "mmap_size", "0", 0, absent_ok=True)
        _set(connection, "temp_store", "MEMORY", 2)
        connection.set_busy_timeout(BUSY_MS)
    except BaseException:
        connection.close()
        raise
    return connection


def open_reader(path: Path, *, vfs: str | None = None) -> Connection:
    """Open a connection that can only read.

    Raises:
        apsw.CantOpenError: There is no database yet.
    """
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY, vfs=vfs)
    connection.set_busy_timeout(BUSY_MS)
    connection.execute("PRAGMA query_only=ON")
    connection.execute("PRAGMA mmap_size=0")
    connection.execute("PRAGMA temp_store=MEMORY")
    return connection


def may_relax(connection: Connection) -> bool:
    """Whether a commit may do without the disk and yet harm no other: only with a write-ahead log.

    With a rollback journal ``synchronous=NORMAL`` can corrupt the file (sqlite.org/pragma.html).
    """
    return bool(connection.pragma("journal_mode") == "wal")


def set_durability(connection: Connection, *, durable: bool) -> None:
    """Choose whether the next commits wait for the disk. Only the open basket's may do without.

    Raises:
        StoreError: The level did not take.
    """
    if durable:
        _set(connection, "synchronous", "EXTRA", 3)
    else:
        _set(connection, "synchronous", "NORMAL", 1)


def _check_owner(connection: Connection, path: Path) -> None:
    """Refuse somebody else's database and make a new file ours."""
    owner = connection.pragma("application_id")
    if owner == APPLICATION_ID:
        return
    if owner or next(connection.execute("SELECT count(*) FROM sqlite_schema"))[0]:
        raise StoreError(
            N_("{path} is not a till's database."),
            hint=N_("Move the file away, or set another data_dir under [till]."),
            path=str(path),
        )
    connection.execute("PRAGMA page_size=4096")
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")


def _set(
    connection: Connection, name: str, value: str, expected: int | str, *, absent_ok: bool = False
) -> None:
    connection.execute(f"PRAGMA {name}={value}").fetchall()
    actual = connection.pragma(name)
    if actual != expected and not (absent_ok and actual is None):
        raise StoreError(
            N_("The database setting {name} is {actual} instead of {expected}: no sale would be safe."),
            hint=N_("Keep the data folder on a local ext4, xfs or btrfs disk."),
            name=name,
            actual=actual,
            expected=expected,
        )
