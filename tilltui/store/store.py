"""The door to everything that is kept."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

import apsw
from playhouse.apsw_ext import APSWDatabase

from tilltui.domain.sale import Closing
from tilltui.errors import N_, StoreError
from tilltui.store import journal, models, sales, totals
from tilltui.store.backup import back_up
from tilltui.store.ballast import BALLAST_BYTES, Ballast
from tilltui.store.engine import Connection, open_reader, open_writer
from tilltui.store.filesystem import check_filesystem
from tilltui.store.lock import TillLock
from tilltui.store.migrate import migrate
from tilltui.store.writer import Work, Writer

log = logging.getLogger(__name__)

T = TypeVar("T")

DATABASE = "till.db"
"""Name of the database in the data folder."""


def now_ms() -> int:
    """The wall clock, UTC milliseconds since 1970."""
    return time.time_ns() // 1_000_000


class _Database(APSWDatabase):  # type: ignore[misc]
    """Peewee on the store's own connections: the writer's on the writer thread, a reading one elsewhere."""

    def __init__(self, store: Store) -> None:
        super().__init__(str(store.path), autoconnect=True)
        self._store = store

    def _connect(self) -> Connection:
        return open_reader(self._store.path, vfs=self._store.vfs)


class Store:
    """A till's database, open for selling.

    Attributes:
        folder: The data folder.
        path: The database in it.
        till: Number of the till.
        ballast: The room kept for a full disk.
        writer: The one thread that writes.
        vfs: Name of the SQLite VFS to use, ``None`` for the system's.
    """

    def __init__(self, folder: Path, till: str, *, ballast_bytes: int, vfs: str | None) -> None:
        self.folder = folder
        self.path = folder / DATABASE
        self.till = till
        self.vfs = vfs
        self.ballast = Ballast(folder, ballast_bytes)
        self._lock = TillLock(folder)
        self._local = threading.local()
        self._readers: list[Connection] = []
        self.writer = Writer(self._open_writer, self.ballast.release)

    @classmethod
    def open(
        cls,
        folder: Path,
        till: str,
        *,
        who: str = "till",
        safe_disk_only: bool = True,
        ballast_bytes: int = BALLAST_BYTES,
        vfs: str | None = None,
    ) -> Store:
        """Open the database of a till, making it if it is not there.

        Args:
            folder: The data folder, made with mode 0700.
            till: Number of the till.
            who: What this process is, for the message to another that wants in.
            safe_disk_only: Refuse file systems that forget.
            ballast_bytes: Size of the ballast file.
            vfs: SQLite VFS, for fault tests.

        Raises:
            StoreError: It cannot be opened, checked or trusted; the message says what to do.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise _cannot_open(folder, error) from error
        if safe_disk_only:
            check_filesystem(folder)
        store = cls(folder, till, ballast_bytes=ballast_bytes, vfs=vfs)
        try:
            store._lock.acquire(who)
            store.writer.start()
            store.writer.submit(store._prepare, transaction=False).result()
        except BaseException as error:
            store.close()
            if isinstance(error, (apsw.CorruptError, apsw.NotADBError)):
                raise _damaged(store.path, error) from error
            if isinstance(error, (apsw.Error, OSError)):
                raise _cannot_open(store.path, error) from error
            raise
        models.database.initialize(_Database(store))
        store.ballast.hold()
        return store

    def _open_writer(self) -> Connection:
        connection = open_writer(self.path, vfs=self.vfs)
        try:
            if connection.pragma("user_version"):
                if connection.pragma("quick_check") != "ok":
                    raise apsw.CorruptError("quick_check found damage")
                if next(connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'head'"))[0]:
                    journal.check_tail(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _prepare(self, connection: Connection) -> None:
        """Migrate, enrol, and see to a shift."""
        os.chmod(self.path, 0o600)
        migrate(connection, lambda version: back_up(connection, self.folder / "backups"))
        now = now_ms()
        connection.execute("BEGIN IMMEDIATE")
        row = next(connection.execute("SELECT till FROM head"), None)
        if row is None:
            journal.enrol(connection, self.till, now)
        elif row[0] != self.till:
            connection.execute("ROLLBACK")
            raise StoreError(
                N_("{path} belongs to till {there}, not to till {here}."),
                hint=N_("Correct id under [till], or give this till its own data_dir."),
                path=str(self.path),
                there=row[0],
                here=self.till,
            )
        else:
            journal.note_clock(connection, journal.read_head(connection), now)
        if totals.current_shift(connection) is None:
            totals.open_shift(connection, 1, now)
        connection.execute("COMMIT")

    @property
    def reader(self) -> Connection:
        """A reading connection of the calling thread."""
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = open_reader(self.path, vfs=self.vfs)
            self._local.connection = connection
            self._readers.append(connection)
        return connection

    def submit(self, work: Work[T], *, durable: bool = True) -> Future[T]:
        """Queue work for the writer; never blocks."""
        return self.writer.submit(work, durable=durable)

    def run(self, work: Work[T], *, durable: bool = True) -> T:
        """Have the writer do work and wait; not for the user-interface thread."""
        return self.writer.run(work, durable=durable)

    def close_sale(
        self, closing: Closing, *, printer: str = "", basket_id: int = 0
    ) -> Future[sales.Accepted]:
        """Queue the durable transaction of a sale; the future tells whether it was accepted."""

        def work(connection: Connection) -> sales.Accepted:
            return sales.close_sale(connection, closing, printer=printer, basket_id=basket_id)

        return self.writer.submit(work, landed=lambda connection: sales.landed(connection, closing.uuid))

    def record(self, kind: str, body: dict[str, Any]) -> Future[journal.Head]:
        """Queue a journal record that is no sale: a drawer opened by hand, an import."""
        return self.submit(lambda connection: journal.append(connection, kind, body, now_ms()))

    def backup(self, folder: Path | None = None) -> Callable[[], Path]:
        """What makes a backup when called, on a thread that may block."""
        target = folder or self.folder / "backups"
        return lambda: back_up(self.reader, target)

    def close(self) -> None:
        """Finish what is queued and let go; may be called twice."""
        self.writer.close()
        while self._readers:
            self._readers.pop().close()
        self._lock.release()


def _damaged(path: Path, error: Exception) -> StoreError:
    return StoreError(
        N_("The sales file {path} is damaged: {error}."),
        hint=N_("Restore the newest backup with 'tilltui restore'; keep the damaged file."),
        path=str(path),
        error=str(error),
    )


def _cannot_open(path: Path, error: Exception) -> StoreError:
    return StoreError(
        N_("The sales file {path} cannot be opened: {error}."),
        hint=N_("Check that the disk is there and that this user may write to it."),
        path=str(path),
        error=str(error),
    )
