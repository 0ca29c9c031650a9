"""The one thread that writes.

Every piece of work runs in a transaction of its own on the writing connection. A full disk gives up the
ballast and tries once more; after an I/O error the handle is never used again: it is closed, opened anew and
checked, and what became of the work is asked of the database itself (an error from a sync leaves the kernel's
pages in doubt).
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar

import apsw

from tilltui.errors import N_, DiskFull, StoreError, TillError
from tilltui.store.file.engine import Connection, may_relax, set_durability
from tilltui.store.file.outcome import Outcome

log = logging.getLogger(__name__)

T = TypeVar("T")

Work = Callable[[Connection], T]
"""Runs inside a transaction on the writer thread."""

_BROKEN = (
    apsw.IOError,
    apsw.CorruptError,
    apsw.NotADBError,
    apsw.CantOpenError,
    apsw.ProtocolError,
    apsw.NoMemError,
)


@dataclass(repr=False, eq=False, slots=True)
class _Job:
    work: Callable[[Connection], Any]
    durable: bool
    landed: Callable[[Connection], Any] | None
    transaction: bool
    future: Outcome[Any]


class Writer:
    """Runs work in order on a thread of its own.

    Args:
        open_connection: Opens and checks the writing connection, on the thread.
        give_room: Frees room on a full disk; whether there was any to free.
        full: Whether the disk is full: SQLite reports some full disks as I/O errors.
    """

    def __init__(
        self,
        open_connection: Callable[[], Connection],
        give_room: Callable[[], bool],
        full: Callable[[], bool] = lambda: False,
    ) -> None:
        self._open = open_connection
        self._give_room = give_room
        self._full = full
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._connection: Connection | None = None
        self._durable = True
        self._relaxes = False
        self._closed = False
        self._gate = threading.Lock()
        self._opened: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)

    def start(self) -> None:
        """Open the connection on the thread.

        Raises:
            apsw.Error: It cannot be opened.
            TillError: It cannot be trusted.
        """
        self._thread.start()
        self._opened.result()

    @property
    def connection(self) -> Connection | None:
        """The writing connection for work that runs now; ``None`` on every thread but the writer's."""
        return self._connection if threading.current_thread() is self._thread else None

    def submit(
        self,
        work: Work[T],
        *,
        durable: bool = True,
        landed: Callable[[Connection], T | None] | None = None,
        transaction: bool = True,
    ) -> Future[T]:
        """Queue work; the result or its error is in the future. Never blocks.

        Args:
            work: Runs in a transaction of its own; once more after a full disk.
            durable: Whether the commit waits for the disk.
            landed: After an error of the disk, asked on a new connection whether the work is there after all;
                its result, unless ``None``, is then the work's.
            transaction: ``False`` for work that opens its own.
        """
        job = _Job(work, durable, landed, transaction, Outcome())
        with self._gate:
            if not self._closed:
                self._jobs.put(job)
                return job.future
        job.future.set_exception(
            StoreError(N_("The sales file is closed."), hint=N_("Start the till again."))
        )
        return job.future

    def run(self, work: Work[T], *, durable: bool = True) -> T:
        """Do work and wait for it; not for the user-interface thread."""
        return self.submit(work, durable=durable).result()

    def close(self) -> None:
        """Finish what is queued, then close the connection; may be called twice."""
        with self._gate:
            if self._closed:
                return
            self._closed = True
            self._jobs.put(None)
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        try:
            self._connected()
        except Exception as error:  # whoever waits for the start is told
            self._opened.set_exception(error)
            return
        self._opened.set_result(None)
        while (job := self._jobs.get()) is not None:
            try:
                result = self._perform(job)
            except TillError as error:
                job.future.set_exception(error)
            except BaseException as error:  # top of the thread: whatever the work raised is who asked's
                log.exception("work on the database failed")
                job.future.set_exception(error)
            else:
                job.future.set_result(result)
        self._tidy()
        self._drop()

    def _tidy(self) -> None:
        """Bring the write-ahead log into the file, so that a copy of the file alone is whole."""
        if self._connection is not None and self._relaxes:
            try:
                self._connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
            except apsw.Error as error:
                log.warning("the write-ahead log stays for the next start: %s", error)

    def _perform(self, job: _Job) -> Any:
        """Do one piece of work; a full disk is given room once."""
        try:
            return self._attempt(job)
        except apsw.FullError as error:
            if not self._give_room():
                raise _disk_full() from error
        except _BROKEN as error:
            # Only work that recognises itself may be done again after an error that proves nothing.
            if not self._full() or not self._give_room() or job.landed is None:
                return self._recovered(job, error)
            self._drop()
        except apsw.Error as error:
            raise self._in_words(error) from error
        log.warning("the disk is full: the ballast was given up")
        try:
            return self._attempt(job)
        except apsw.FullError as error:
            raise _disk_full() from error
        except _BROKEN as error:
            return self._recovered(job, error)
        except apsw.Error as error:
            raise self._in_words(error) from error

    def _attempt(self, job: _Job) -> Any:
        connection = self._connected()
        durable = job.durable or not self._relaxes
        if durable != self._durable:
            set_durability(connection, durable=durable)
            self._durable = durable
        if not job.transaction:
            return job.work(connection)
        connection.execute("BEGIN IMMEDIATE")
        try:
            result = job.work(connection)
            connection.execute("COMMIT")
        except BaseException:
            self._roll_back(connection)
            raise
        return result

    def _roll_back(self, connection: Connection) -> None:
        """Undo, where SQLite has not done so by itself."""
        if connection.in_transaction:
            try:
                connection.execute("ROLLBACK")
            except apsw.Error as error:
                log.error("rolling back failed: %s", error)
                self._drop()

    def _recovered(self, job: _Job, error: Exception) -> Any:
        """Find out on a new connection what became of the work."""
        log.error("the disk failed: %s; opening the database anew", error)
        self._drop()
        if job.landed is None:
            raise _uncertain(error) from error
        try:
            result = job.landed(self._connected())
        except (apsw.Error, TillError) as again:
            log.error("the database does not open again: %s", again)
            self._drop()
            raise _uncertain(error) from again
        if result is not None:
            log.warning("the work had landed before the disk failed")
            return result
        raise StoreError(
            N_("The disk reported an error and nothing was saved: {error}."),
            hint=N_("Try again. If it comes back, stop selling and call for help: the disk may be failing."),
            error=str(error),
        ) from error

    def _in_words(self, error: apsw.Error) -> StoreError:
        """An error that leaves the handle whole."""
        if isinstance(error, apsw.ReadOnlyError):
            self._drop()
            return StoreError(
                N_("The sales file cannot be written: the disk is read-only."),
                hint=N_("Check the disk, then start the till again."),
            )
        if isinstance(error, (apsw.BusyError, apsw.LockedError)):
            return StoreError(
                N_("Another program holds the sales file; nothing was saved."),
                hint=N_("Close it, then try again."),
            )
        log.error("the database refused the work", exc_info=error)
        return StoreError(
            N_("The sales file refused the change: {error}."),
            hint=N_(
                "Nothing was saved. Try again; if it stays, call for help: “tilltui audit” checks the file."
            ),
            error=str(error),
        )

    def _connected(self) -> Connection:
        if self._connection is None:
            connection = self._open()
            self._durable = True
            self._relaxes = may_relax(connection)
            self._connection = connection
        return self._connection

    def _drop(self) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            try:
                connection.close()
            except apsw.Error as error:
                log.error("closing the database failed: %s", error)


def _disk_full() -> DiskFull:
    return DiskFull(
        N_("There is no room left on the disk: nothing was saved."),
        hint=N_("Delete files or put in a larger card, then try again."),
    )


def _uncertain(error: Exception) -> StoreError:
    return StoreError(
        N_("The disk reported an error and it is not certain that this was saved: {error}."),
        hint=N_("Try again. If it comes back, stop selling and call for help: the disk may be failing."),
        error=str(error),
    )
