"""The door to everything that is kept."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

import apsw

from tilltui.domain.clock import now_ms
from tilltui.domain.paper.job import NewJob
from tilltui.domain.record.sales.accepted import Accepted
from tilltui.domain.record.sales.closing import Closing
from tilltui.errors import N_, DiskFull, StoreError
from tilltui.store.books import journal, sales, totals
from tilltui.store.file.backup import back_up
from tilltui.store.file.ballast import BALLAST_BYTES, Ballast
from tilltui.store.file.bound import bind
from tilltui.store.file.engine import Connection, open_reader, open_writer
from tilltui.store.file.filesystem import check_filesystem
from tilltui.store.file.health import check_file
from tilltui.store.file.lock import TillLock
from tilltui.store.file.migrate import check_version, migrate
from tilltui.store.file.writer import Work, Writer

log = logging.getLogger(__name__)

T = TypeVar("T")

DATABASE = "till.db"
"""Name of the database in the data folder."""

Papers = Callable[[Closing, str], Sequence[NewJob]]
"""Print jobs of a sale beside its receipt, which goes to that printer (empty: it has none)."""

FULL_BYTES = 1024 * 1024
"""With less free room than this an I/O error is taken for a full disk."""


class _Local(threading.local):
    """What each thread has for itself."""

    connection: Connection | None = None


class Store:
    """A till's database, open for selling.

    Attributes:
        folder: The data folder.
        path: The database in it.
        till: Number of the till.
        ballast: The room kept for a full disk.
        writer: The one thread that writes.
        vfs: Name of the SQLite VFS to use, ``None`` for the system's.
        papers: Gives the print jobs of a sale beside its receipt (``services.paper.print_routes``).
    """

    def __init__(self, folder: Path, till: str, *, ballast_bytes: int, vfs: str | None) -> None:
        self.folder = folder
        self.path = folder / DATABASE
        self.till = till
        self.vfs = vfs
        self.papers: Papers = lambda closing, printer: ()
        self.ballast = Ballast(folder, ballast_bytes)
        self._lock = TillLock(folder)
        self._local = _Local()
        self._readers: list[Connection] = []
        self._prepared = False
        self._closed = False
        self.writer = Writer(self._open_writer, self.ballast.release, self._disk_full)

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
            raise _in_words(folder, error) from error
        if safe_disk_only:
            check_filesystem(folder)
        store = cls(folder, till, ballast_bytes=ballast_bytes, vfs=vfs)
        try:
            store._lock.acquire(who)
            store.writer.start()
        except BaseException as error:
            store.close()
            if isinstance(error, (apsw.Error, OSError)):
                raise _in_words(store.path, error) from error
            raise
        bind(store)
        store.ballast.hold()
        return store

    def _open_writer(self) -> Connection:
        connection = self._trusted()
        if not self._prepared:
            try:
                self._prepare(connection)
            except BaseException:
                connection.close()
                raise
            self._prepared = True
        return connection

    def _trusted(self) -> Connection:
        """The writing connection, checked; on a full disk the ballast goes first.

        At the first opening the chain's tail is checked and the rest is ``check``'s; a handle that replaces
        one which the disk failed under is checked whole before anything is written through it.
        """
        try:
            connection = open_writer(self.path, vfs=self.vfs)
        except (apsw.FullError, apsw.IOError, apsw.CantOpenError):
            if not self._disk_full() or not self.ballast.release():
                raise
            log.warning("the disk is full: the ballast was given up to open the database")
            connection = open_writer(self.path, vfs=self.vfs)
        try:
            if check_version(connection):
                if self._prepared and connection.pragma("quick_check") != "ok":
                    raise apsw.CorruptError("quick_check found damage")
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
        try:
            self._own(connection, now)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    def _own(self, connection: Connection, now: int) -> None:
        """Make a new database this till's, or see that it is."""
        row = next(connection.execute("SELECT till FROM head"), None)
        if row is None:
            journal.enrol(connection, self.till, now)
        elif row[0] != self.till:
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

    def _disk_full(self) -> bool:
        return self.ballast.free_bytes() < FULL_BYTES

    @property
    def reader(self) -> Connection:
        """A reading connection of the calling thread.

        Raises:
            StoreError: The store is closed.
        """
        if self._closed:
            raise StoreError(N_("The sales file is closed."), hint=N_("Start the till again."))
        connection = self._local.connection
        if connection is None:
            connection = open_reader(self.path, vfs=self.vfs)
            self._local.connection = connection
            self._readers.append(connection)
        return connection

    @property
    def connection(self) -> Connection:
        """The connection that belongs to this thread now: the writing one inside work, else a reading one.

        Raises:
            StoreError: The store is closed.
        """
        return self.writer.connection or self.reader

    def submit(self, work: Work[T], *, durable: bool = True) -> Future[T]:
        """Queue work for the writer; never blocks."""
        return self.writer.submit(work, durable=durable)

    def run(self, work: Work[T], *, durable: bool = True) -> T:
        """Have the writer do work and wait; not for the user-interface thread."""
        return self.writer.run(work, durable=durable)

    def close_sale(self, closing: Closing, *, printer: str = "", basket_id: int = 0) -> Future[Accepted]:
        """Queue the durable transaction of a sale; the future tells whether it was accepted."""
        jobs = self.papers(closing, printer)

        def work(connection: Connection) -> Accepted:
            return sales.close_sale(connection, closing, printer=printer, basket_id=basket_id, jobs=jobs)

        return self.writer.submit(work, landed=lambda connection: sales.landed(connection, closing.uuid))

    def landed(self, uuid: str) -> Future[Accepted | None]:
        """Ask the writer whether a sale is on disk whose closing failed."""
        return self.submit(lambda connection: sales.landed(connection, uuid), durable=False)

    def record(self, kind: str, body: dict[str, Any]) -> Future[journal.Head]:
        """Queue a journal record that is no sale: a drawer opened by hand, an import."""
        return self.submit(lambda connection: journal.append(connection, kind, body, now_ms()))

    def backup(self, folder: Path | None = None) -> Callable[[], Path]:
        """What makes a backup when called, on a thread that may block."""
        target = folder or self.folder / "backups"
        return lambda: back_up(self.reader, target)

    def check(self) -> None:
        """Check the whole file; blocks, for a thread that may.

        Raises:
            StoreError: It is damaged.
        """
        check_file(self.path, vfs=self.vfs)

    def close(self) -> None:
        """Finish what is queued and let go; may be called twice."""
        self._closed = True
        # Before the writer: the last one to go folds the log into the file, and these could not.
        for reader in self._readers:
            try:
                reader.close()
            except apsw.Error as error:  # in use by a thread that does not end, or the disk is gone
                log.warning("a reading connection did not close: %s", error)
        self._readers.clear()
        self.writer.close()
        self._lock.release()


def _in_words(path: Path, error: Exception) -> StoreError:
    """Why the database does not open."""
    if isinstance(error, (apsw.CorruptError, apsw.NotADBError)):
        return StoreError(
            N_("The sales file {path} is damaged: {error}."),
            hint=N_("Restore the newest backup with 'tilltui restore'; keep the damaged file."),
            path=str(path),
            error=str(error),
        )
    if isinstance(error, apsw.FullError):
        return DiskFull(
            N_("There is no room left on the disk: the sales file {path} cannot be opened."),
            hint=N_("Delete files or put in a larger card, then start the till again."),
            path=str(path),
        )
    return StoreError(
        N_("The sales file {path} cannot be opened: {error}."),
        hint=N_("Check that the disk is there and that this user may write to it."),
        path=str(path),
        error=str(error),
    )
