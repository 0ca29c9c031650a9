"""Brings the journal to head office: one worker thread for each uploader.

The journal is the outbox. A worker takes the oldest records after its uploader's cursor, sends them as one
batch (one in flight, ids never renewed), and moves the cursor only when each record has an outcome. What
head office holds, refuses or calls a fork is parked with the reason and the queue goes on: a record that
waits for a person must not keep a thousand good ones from arriving. After a fork nothing is overwritten and
the alarm stays up; the records behind it go on as well, because head office flags them itself (their chain
does not fit), and a second copy of a sale is worth more than a queue that stands still.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import field
from typing import Protocol, runtime_checkable

from tilltui.domain.frozen import frozen
from tilltui.errors import N_, TillError, UploadDenied, UploadUnavailable
from tilltui.ports import OutboxRecord, Outcome, Uploader, Verdict
from tilltui.upload.policy import BackOff, BatchSize

_log = logging.getLogger(__name__)

DENIED_SECONDS = 300.0
"""Pause after head office turned the till away: a person must act, and may have."""

IDLE_SECONDS = 60.0
"""With nothing to send the journal is looked at this often, should a wake be missed."""


class Backlog(Protocol):
    """How much waits: any object with these two attributes."""

    @property
    def count(self) -> int:
        """Records after the cursor."""

    @property
    def oldest_ms(self) -> int | None:
        """``created_ms`` of the oldest of them (UTC milliseconds), ``None`` when none waits."""


class Outbox(Protocol):
    """The journal as a worker sees it. Called on worker threads; every method may raise ``StoreError``."""

    def cursor(self, uploader: str) -> int:
        """Number of the last acknowledged record, 0 at first."""

    def pending(self, uploader: str, limit: int) -> list[OutboxRecord]:
        """At most ``limit`` records after the cursor, oldest first."""

    def following(self, seq: int, limit: int) -> list[OutboxRecord]:
        """At most ``limit`` records after number ``seq``, oldest first."""

    def acknowledge(self, uploader: str, upto_seq: int, parked: Sequence[tuple[int, str, str]]) -> None:
        """Move the cursor forward to ``upto_seq`` and keep ``parked``; returns once that is durable.

        Args:
            uploader: Name of the uploader.
            upto_seq: Last record that has an outcome; below the cursor it has no effect.
            parked: ``(seq, verdict, reason)`` of each record that was not simply accepted.
        """

    def backlog(self, uploader: str) -> Backlog:
        """How many records wait and since when."""

    def parked_before(self, uploader: str) -> tuple[int, int]:
        """How many records were parked so far, and how many of them are forks; survives a restart."""


@runtime_checkable
class Cancellable(Protocol):
    """An uploader whose ``send`` can be broken off from another thread."""

    def cancel(self) -> None:
        """Make a running ``send`` raise ``UploadUnavailable`` soon; never blocks."""


@runtime_checkable
class Ahead(Protocol):
    """An uploader that makes the next batch ready while head office stores the one before.

    There is still one batch in flight: the next one leaves only when the one before was acknowledged.
    """

    upcoming: Callable[[], Sequence[OutboxRecord]]
    """Set by the worker; called by ``send``, never raises, gives nothing where nothing follows."""


@frozen
class SyncStatus:
    """How an uploader is doing, for the status line.

    Attributes:
        uploader: The shop's own name of the uploader.
        online: Whether the last attempt was answered; ``None`` before the first.
        waiting: Records that head office has not confirmed.
        oldest_ms: When the oldest of them was made (UTC milliseconds).
        last_error: English text of what went wrong last; empty once a batch went through.
        parked: Records held, refused or forked, that wait for a person.
        forks: Those of them that are forks: an alarm that stays until head office has settled them.
        denied: Head office turned the till away: a person must act.
        error: The error itself, to be explained in the cashier's language.
    """

    uploader: str
    online: bool | None = None
    waiting: int = 0
    oldest_ms: int | None = None
    last_error: str = ""
    parked: int = 0
    forks: int = 0
    denied: bool = False
    error: TillError | None = field(default=None, compare=False)


class SyncWorker:
    """Sends one uploader's records in a daemon thread of its own.

    Args:
        uploader: Where to; belongs to the worker from now on.
        outbox: Where from.
        changed: Called with each new status, on the worker's thread; must not block.
        clock: Monotonic seconds.
        uniform: Random number in 0..1 for the back-off.
    """

    def __init__(
        self,
        uploader: Uploader,
        outbox: Outbox,
        changed: Callable[[SyncStatus], object],
        *,
        clock: Callable[[], float] = time.monotonic,
        uniform: Callable[[], float] | None = None,
    ) -> None:
        self.name = uploader.name
        self.status = SyncStatus(uploader.name)
        self._uploader = uploader
        self._outbox = outbox
        self._changed = changed
        self._clock = clock
        self._size = BatchSize()
        self._back_off = BackOff() if uniform is None else BackOff(uniform)
        self._open = False
        self._batch: Sequence[OutboxRecord] = ()
        self._ahead: Sequence[OutboxRecord] = ()
        self._next: Sequence[OutboxRecord] = ()
        if isinstance(uploader, Ahead):
            uploader.upcoming = self._look_ahead
        self._error: TillError | None = None
        self._online: bool | None = None
        self._parked = 0
        self._forks = 0
        self._gate = threading.Condition()
        self._woken = False
        self._idle = False
        self._hurry = False
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name=f"sync-{uploader.name}", daemon=True)

    def start(self) -> None:
        """Begin to send; returns at once."""
        self._thread.start()

    def wake(self, *, at_once: bool = False) -> None:
        """Say that a record was added; never blocks.

        Args:
            at_once: Do not wait for the end of a back-off: a person asked, or a cable was plugged in.
        """
        with self._gate:
            self._woken = True
            self._hurry = self._hurry or at_once
            self._gate.notify()

    def stop(self, timeout: float = 2.0) -> bool:
        """Stop within ``timeout`` seconds; ``False`` if an uploader still blocks (its thread is a daemon).

        Nothing is lost either way: what was not acknowledged is sent again.
        """
        with self._gate:
            self._stopping = True
            self._gate.notify()
        if isinstance(self._uploader, Cancellable):
            self._uploader.cancel()
        if self._thread.ident is not None and self._thread is not threading.current_thread():
            self._thread.join(timeout)
        return not self._thread.is_alive()

    def step(self) -> float:
        """Send at most one batch and give the seconds to wait before the next step.

        Used by the thread; a command that drains the journal, or a test, may call it instead of ``start``.
        """
        self._woken = False
        self._idle = False
        try:
            # Only a batch that was acknowledged is followed by what was looked up behind it.
            batch, self._next = self._next or self._outbox.pending(self.name, self._size.size), ()
            if not batch:
                self._idle = True
                self._publish()
                return IDLE_SECONDS
            self._batch, self._ahead = batch, ()
            self._acknowledge(batch, self._send(batch))
            self._next = self._ahead
        except UploadDenied as error:
            self._failed(error, online=True)
            return DENIED_SECONDS
        except UploadUnavailable as error:
            self._size.failed()
            self._failed(error, online=False)
            return self._back_off.failed(error.retry_after)
        except TillError as error:
            # Our own disk: what head office thinks of us is not known by it.
            self._failed(error, online=self._online)
            return self._back_off.failed()
        return 0.0

    def _look_ahead(self) -> Sequence[OutboxRecord]:
        """The records after those that are being sent."""
        if not self._ahead:
            try:
                self._ahead = self._outbox.following(self._batch[-1].seq, self._size.after_success)
            except TillError as error:  # said again, and told to the cashier, when they are due
                _log.debug("uploader %s: the next records cannot be read yet: %s", self.name, error)
        return self._ahead

    def close(self) -> None:
        """Let the uploader go; for those who call ``step`` themselves."""
        self._open = False
        with contextlib.suppress(TillError):
            self._uploader.close()

    def _send(self, batch: Sequence[OutboxRecord]) -> list[Outcome]:
        try:
            if not self._open:
                self._uploader.open()
                self._open = True
            outcomes = self._uploader.send(batch)
        except (UploadDenied, UploadUnavailable):
            self.close()
            raise
        except Exception as error:
            # Anyone's plug-in may raise anything; its failure must look like a server that is down.
            _log.exception("uploader %s failed", self.name)
            self.close()
            if isinstance(error, TillError):
                raise UploadUnavailable(error.message, hint=error.hint, **error.fields) from error
            raise UploadUnavailable(
                N_("The uploader {uploader} failed: {kind}"),
                hint=N_("The sales are kept and sent again. The log has the details."),
                uploader=self.name,
                kind=type(error).__name__,
            ) from error
        return self._checked(batch, outcomes)

    def _checked(self, batch: Sequence[OutboxRecord], outcomes: object) -> list[Outcome]:
        """One outcome a record, in order, or nothing is believed."""
        fine = isinstance(outcomes, list) and len(outcomes) == len(batch)
        if isinstance(outcomes, list) and fine:
            fine = all(
                isinstance(outcome, Outcome)
                and outcome.seq == record.seq
                and isinstance(outcome.verdict, Verdict)
                and isinstance(outcome.reason, str)
                for record, outcome in zip(batch, outcomes, strict=True)
            )
        if not isinstance(outcomes, list) or not fine:
            raise UploadUnavailable(
                N_("The answer of {uploader} does not fit the {count} records that were sent"),
                hint=N_("Nothing was ticked off; the records are sent again."),
                uploader=self.name,
                count=len(batch),
            )
        return outcomes

    def _acknowledge(self, batch: Sequence[OutboxRecord], outcomes: Sequence[Outcome]) -> None:
        parked = [
            (outcome.seq, outcome.verdict.value, outcome.reason)
            for outcome in outcomes
            if outcome.verdict is not Verdict.ACCEPTED
        ]
        self._outbox.acknowledge(self.name, batch[-1].seq, parked)
        for seq, verdict, reason in parked:
            level = logging.CRITICAL if verdict == Verdict.FORK else logging.WARNING
            _log.log(level, "uploader %s: record %d %s: %s", self.name, seq, verdict, reason)
        self._parked += len(parked)
        self._forks += sum(outcome.verdict is Verdict.FORK for outcome in outcomes)
        self._size.succeeded()
        self._back_off.succeeded()
        self._error = None
        self._online = True
        self._publish()

    def _failed(self, error: TillError, *, online: bool | None) -> None:
        if str(error) != self.status.last_error:
            _log.warning("uploader %s: %s", self.name, error)
        self._error = error
        self._online = online
        self._publish()

    def _publish(self) -> None:
        """Tell the screen, but only what it does not know yet."""
        try:
            backlog = self._outbox.backlog(self.name)
            waiting, oldest_ms = backlog.count, backlog.oldest_ms
        except TillError as error:
            self._error = error
            waiting, oldest_ms = self.status.waiting, self.status.oldest_ms
        status = SyncStatus(
            self.name,
            online=self._online,
            waiting=waiting,
            oldest_ms=oldest_ms,
            last_error="" if self._error is None else str(self._error),
            parked=self._parked,
            forks=self._forks,
            denied=isinstance(self._error, UploadDenied),
            error=self._error,
        )
        if status != self.status:
            self.status = status
            self._changed(status)

    def _run(self) -> None:
        try:
            self._parked, self._forks = self._outbox.parked_before(self.name)
            pause = 0.0
            while not self._stopping:
                try:
                    self._rest(pause)
                    pause = self.step()
                except Exception:
                    _log.exception("sync worker %s stumbled; it goes on", self.name)
                    pause = self._back_off.failed()
        finally:
            self.close()

    def _rest(self, pause: float) -> None:
        """Wait; a sale ends an idle wait, and in a back-off only brings the status up to date."""
        until = self._clock() + pause
        while True:
            with self._gate:
                if not (self._stopping or self._hurry or self._woken):
                    left = until - self._clock()
                    if left <= 0:
                        return
                    self._gate.wait(left)
                if self._stopping or self._hurry or (self._idle and self._woken):
                    self._hurry = False
                    return
                woken, self._woken = self._woken, False
            if woken:
                self._publish()
