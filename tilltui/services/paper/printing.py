"""The print spool: one worker a printer, which never loses, doubles or blocks.

A job is a row, inserted in its sale's own transaction. The worker takes the oldest, commits ``sending``
before the first byte leaves, and never sends it again after that: what is not confirmed becomes ``uncertain``
and a person looks at the paper. A copy is a new job.
"""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import Future
from typing import Protocol

from tilltui.domain.frozen import frozen
from tilltui.domain.paper.elements import Element
from tilltui.domain.paper.job_state import JobState
from tilltui.errors import DeviceBlocked, DeviceError, OutcomeUnknown
from tilltui.ports import (
    Delivered,
    DeviceChanged,
    DeviceEvent,
    DeviceState,
    Emit,
    ExpectsRest,
    Job,
    JobChanged,
    Printer,
    Remembers,
)
from tilltui.services.paper.printer_errands import PrinterErrands

_log = logging.getLogger(__name__)

BACK_OFF = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds between two tries while nothing was sent; the last one repeats."""

_IDLE = 60.0
"""Seconds after which an idle worker looks for jobs even though nobody woke it."""


@frozen
class PrintJob:
    """One piece of paper to be.

    Attributes:
        id: Identity in the store.
        printer: The shop's own name of the printer.
        kind: ``receipt``, ``copy``, ``gift``, ``order``, ``z``, ``label``, ...
        title: What a person calls it, for the list of jobs.
        elements: What stands on it.
        state: How it stands.
        attempts: How often it was tried.
        copy_no: 0 for the original.
        sale_id: Sale that it belongs to.
    """

    id: int
    printer: str
    kind: str
    title: str
    elements: list[Element]
    state: JobState
    attempts: int
    copy_no: int
    sale_id: int | None


class JobStore(Protocol):
    """Where jobs are kept. All but ``serve`` is called on the print worker's thread and may block."""

    def serve(self, printer: Printer) -> None:
        """Learn of a printer that will ask for jobs; called once, before anything else."""

    def next_job(self, printer: str) -> PrintJob | None:
        """Give the oldest job of ``printer`` that waits."""

    def set_state(self, job_id: int, state: JobState, reason: str = "", fence: str = "") -> None:
        """Change a job's state; returns once that is durably committed.

        Raises:
            JobWithdrawn: It was cancelled meanwhile, and stays so.
        """

    def recover(self, printer: str) -> list[PrintJob]:
        """Turn jobs left ``sending`` into ``uncertain`` and give them: nobody knows whether they printed."""


class JobWithdrawn(Exception):
    """A job was cancelled while it waited: it is never begun."""


class PrintWorker:
    """Owns one printer, on one daemon thread.

    Args:
        printer: The driver; only this worker's thread calls it.
        store: The jobs.
        back_off: Seconds between tries while nothing was sent.
    """

    def __init__(self, printer: Printer, store: JobStore, back_off: tuple[float, ...] = BACK_OFF) -> None:
        self.printer = printer
        self._store = store
        self._back_off = back_off
        self._emit: Emit = lambda event: True
        self._signal = threading.Condition()
        self._woken = False
        self._stopping = threading.Event()
        self._errands = PrinterErrands(printer, self._signal, self._stopping)
        self._forgetting = threading.Event()
        self._thread: threading.Thread | None = None
        self._failures = 0
        self._rendering: PrintJob | None = None
        self._shown: tuple[DeviceState, str] | None = None
        self._noted: tuple[int, JobState, str] | None = None

    def start(self, emit: Emit) -> None:
        """Begin to work and return at once."""
        self._emit = emit
        self._store.serve(self.printer)
        self._thread = threading.Thread(target=self._run, name=f"print-{self.printer.name}", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Look for jobs now: one was added, or somebody put paper in. From any thread."""
        with self._signal:
            self._woken = True
            self._signal.notify_all()

    def retry(self, job_id: int) -> None:
        """Try a job that is queued or blocked now instead of after the back-off. From any thread."""
        _log.info("Job %d is tried again by hand", job_id)
        self.wake()

    def look_again(self) -> None:
        """The printer was plugged in: look for it now. From any thread."""
        self.wake()

    def forget(self) -> None:
        """Forget what the printer was found able to do, before its next job: it was exchanged, or set anew.

        From any thread.
        """
        self._forgetting.set()
        self.wake()

    def kick(self, pin: int) -> Future[None]:
        """Open the drawer once, before any waiting job; from any thread, without blocking.

        The future ends without a value, or with the ``DeviceError`` that says why it stayed shut. A kick
        that is not sent within ``KICK_TTL`` is dropped.
        """
        return self._errands.kick(pin)

    def display(self, data: bytes) -> None:
        """Pass ``data`` on to the customer display behind the printer; from any thread, returns at once.

        Only the latest is kept, and it is sent when no receipt waits. A driver that is no
        ``PassesOn`` passes nothing on.
        """
        self._errands.show(data)

    def drawer_level(self) -> Future[bool | None]:
        """Ask whether pin 3 of the printer's drawer socket is high, between two jobs; from any thread.

        The future ends with ``None`` where the printer does not tell, or with a ``DeviceError``.
        """
        level = self._errands.level()
        if not level.done():
            self.wake()
        return level

    def stop(self, timeout: float = 2.0) -> None:
        """Stop within ``timeout`` seconds; what waits stays in the store."""
        with self._signal:
            self._stopping.set()
            self._signal.notify_all()
        if self._thread is not None:
            self._thread.join(timeout)

    # -- on the worker's thread ------------------------------------------------------------------------

    def _run(self) -> None:
        pause = 0.0
        while not self._stopping.is_set():
            try:
                # Inside, too: while it waits it fires drawers, and a driver may fail in any way at that.
                self._wait(pause)
                self._recover()
                while not self._stopping.is_set():
                    self._wait(self._turn())
            except Exception as error:
                _log.exception("Print worker of %s failed", self.printer.name)
                self._after_failure(error)
                pause = self._delay()
        self._errands.end()
        self.printer.close()

    def _recover(self) -> None:
        for job in self._store.recover(self.printer.name):
            _log.warning("Job %d was being sent when the till stopped", job.id)
            if isinstance(self.printer, ExpectsRest):
                self.printer.expect_rest(self.printer.render(job.elements))
            self._tell_job(job.id, JobState.UNCERTAIN, "interrupted")

    def _after_failure(self, error: Exception) -> None:
        """Take a job that cannot even be rendered out of the lane; it would stand in everybody's way."""
        job, self._rendering = self._rendering, None
        self._show(DeviceState.FAILED, "failed", str(error))
        if job is None:
            return
        try:
            self._set(job.id, JobState.CANCELLED, f"cannot be rendered: {error}")
        except Exception:  # part of the top of the thread: no store may end it
            _log.exception("Job %d could not be cancelled", job.id)

    def _turn(self) -> float:
        """Serve kicks, then one job; gives the seconds to wait before the next turn."""
        self._errands.serve_kicks()
        self._errands.serve_levels()
        if self._forgetting.is_set():
            self._forgetting.clear()
            if isinstance(self.printer, Remembers):
                self.printer.forget()
        job = self._store.next_job(self.printer.name)
        if job is None:
            self._failures = 0
            return _IDLE
        self._rendering = job
        payload = self.printer.render(job.elements)
        self._rendering = None
        try:
            return self._deliver(job, payload)
        except JobWithdrawn:
            _log.info("Job %d was cancelled before it was begun", job.id)
            return 0.0

    def _deliver(self, job: PrintJob, payload: bytes) -> float:
        committed = False

        def sending() -> None:
            nonlocal committed
            # Said first: should the commit itself fail half-way, the job counts as sent.
            committed = True
            self._set(job.id, JobState.SENDING)

        try:
            delivery = self.printer.deliver(
                Job(payload, job.id, sending, lambda reason: self._waiting(job.id, reason), self._between)
            )
        except DeviceError as error:
            return self._undelivered(job, error, committed)
        self._failures = 0
        self._set(job.id, JobState(delivery.outcome), fence=delivery.fence)
        reason = "paper_low" if delivery.paper_low else ""
        if not reason and delivery.outcome is Delivered.SENT_UNCONFIRMED:
            reason = "unconfirmed"
        self._show(DeviceState.DEGRADED if reason else DeviceState.READY, reason)
        return 0.0

    def _undelivered(self, job: PrintJob, error: DeviceError, committed: bool) -> float:
        _log.warning("Job %d: %s", job.id, error)
        if committed or isinstance(error, OutcomeUnknown):
            self._failures = 0
            self._set(job.id, JobState.UNCERTAIN, str(error))
            self._show(DeviceState.DEGRADED, "uncertain", str(error))
            return 0.0
        if isinstance(error, DeviceBlocked):
            self._note(job.id, JobState.BLOCKED, error.reason)
            self._show(DeviceState.BLOCKED, error.reason, str(error))
        else:
            self._note(job.id, JobState.QUEUED, "offline")
            self._show(DeviceState.FAILED, "offline", str(error))
        return self._delay()

    def _delay(self) -> float:
        delay = self._back_off[min(self._failures, len(self._back_off) - 1)]
        self._failures += 1
        return delay

    def _wait(self, seconds: float) -> None:
        """Wait until somebody wakes the worker, serving kicks meanwhile."""
        deadline = time.monotonic() + seconds
        while not self._stopping.is_set():
            with self._signal:
                left = self._errands.due(deadline) - time.monotonic()
                if not self._errands.kicks_wait and not self._woken and left > 0:
                    self._signal.wait(left)
                if self._woken or time.monotonic() >= deadline:
                    self._woken = False
                    return
            self._errands.serve_kicks()
            if not self._woken:
                self._errands.serve_display()

    def _between(self) -> bool:
        """Asked by the driver while it waits: serve kicks if it can do both, and say whether to stop."""
        if self._errands.kicks_wait and self.printer.kicks_while_printing:
            self._errands.serve_kicks(may_wait=True)
        return self._stopping.is_set()

    # -- telling ---------------------------------------------------------------------------------------

    def _waiting(self, job_id: int, reason: str) -> None:
        self._show(DeviceState.BLOCKED if reason else DeviceState.READY, reason)
        self._tell_job(job_id, JobState.SENDING, reason)

    def _set(self, job_id: int, state: JobState, reason: str = "", fence: str = "") -> None:
        self._store.set_state(job_id, state, reason, fence)
        self._noted = None
        self._tell_job(job_id, state, reason)

    def _note(self, job_id: int, state: JobState, reason: str) -> None:
        """Set a state that repeats with each try; the same one is not written to the card again."""
        if self._noted != (job_id, state, reason):
            self._set(job_id, state, reason)
            self._noted = (job_id, state, reason)

    def _tell_job(self, job_id: int, state: JobState, reason: str) -> None:
        self._say(JobChanged(job_id, self.printer.name, state, reason))

    def _show(self, state: DeviceState, reason: str = "", detail: str = "") -> None:
        if self._shown != (state, reason):
            self._shown = (state, reason)
            self._say(DeviceChanged("printer", self.printer.name, state, reason, detail))

    def _say(self, event: DeviceEvent) -> None:
        try:
            going_on = self._emit(event)
        except Exception:  # what the listener does wrong must not make a receipt doubtful
            _log.exception("An event of printer %s was not taken", self.printer.name)
            return
        if not going_on:
            self._stopping.set()
