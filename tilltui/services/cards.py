"""Charging cards: one desk a terminal, which never charges twice and never forgets a charge.

An attempt is durable before the first byte leaves, and its end is durable before anybody is told. Where the
terminal did not say how it ended, the desk asks until it does: by itself with a back-off, at every start, and
when somebody presses the key. Until then nothing else is charged there; the sale may be parked or paid in
another way. A charge is never sent again.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Any, Protocol, runtime_checkable

from tilltui.domain.text import clean
from tilltui.errors import (
    N_,
    DeviceBlocked,
    DeviceBusy,
    DeviceError,
    DeviceOffline,
    SaleError,
    StoreError,
    TillError,
)
from tilltui.ports import Charge, ChargeResult, PaymentTerminal
from tilltui.services.card_words import (
    MAX_VOUCHER,
    CardDoubt,
    CardEnded,
    CardEvent,
    CardProgress,
    CardRefused,
    cleaned,
    doubt_sentence,
    printable,
    sentence,
)
from tilltui.store import attempts
from tilltui.store.attempts import Attempt, Loose, State
from tilltui.store.store import Store, now_ms

__all__ = ["CardDesk", "CardDoubt", "CardEnded", "CardEvent", "CardProgress", "CardRefused", "Marks"]

log = logging.getLogger(__name__)

BACK_OFF = (2.0, 5.0, 15.0, 30.0, 60.0)
"""Seconds between two questions to a terminal that does not say; the last one repeats."""

IDLE = 3600.0
"""Seconds between two looks for open attempts where none is known."""

NOTHING_SENT = (DeviceOffline, DeviceBusy, DeviceBlocked)
"""Errors of a terminal that prove that nothing was charged; after any other one nobody knows."""


@runtime_checkable
class Marks(Protocol):
    """A terminal that keeps no ticket: the till keeps the name of its last operation with each attempt."""

    def mark(self) -> str:
        """Name of the last operation, before a charge; raises ``DeviceError``."""

    def remember(self, ticket: str, mark: str) -> None:
        """Take the mark of the attempt that is to be charged or recovered; never blocks."""


@dataclass(slots=True)
class _Job:
    work: Callable[[], Any]
    future: Future[Any]


class CardDesk:
    """Owns one terminal, on one daemon thread.

    Args:
        terminal: The driver; only this desk's thread calls it.
        store: Where attempts are kept.
        tell: Takes each event, on the desk's thread; must not block.
        training: Charge nothing.
        back_off: Seconds between two questions.
        clock: The wall clock, UTC milliseconds.
    """

    def __init__(
        self,
        terminal: PaymentTerminal,
        store: Store,
        tell: Callable[[CardEvent], object],
        *,
        training: bool = False,
        back_off: tuple[float, ...] = BACK_OFF,
        clock: Callable[[], int] = now_ms,
    ) -> None:
        self.name = terminal.name
        self.asks: tuple[str, ...] = tuple(getattr(terminal, "asks", ()))
        self._terminal = terminal
        self._marks = terminal if isinstance(terminal, Marks) else None
        self._store = store
        self._tell = tell
        self._training = training
        self._back_off = back_off
        self._clock = clock
        self._gate = threading.Condition()
        self._job: _Job | None = None
        self._busy = self._hurry = False
        self._cancelled = threading.Event()
        self._stopping = threading.Event()
        self._failures = 0
        self._next = 0.0
        self._thread = threading.Thread(target=self._run, name=f"cards-{self.name}", daemon=True)

    # From any thread; none of these blocks

    def start(self) -> None:
        """Ask about attempts that were left open, then wait for work; a manual terminal needs no thread."""
        if not self.asks:
            self._thread.start()

    def charge(self, amount: int, *, basket_id: int, opened_ms: int, operator_id: int) -> Future[Attempt]:
        """Charge an amount for a basket; the future ends when the end, or the doubt, is on disk.

        Args:
            amount: Minor units, above zero.
            basket_id: The basket in hand.
            opened_ms: ``Basket.opened_ms``: numbers of baskets come again.
            operator_id: Who charges.

        Returns:
            The attempt, or the ``TillError`` that says why nothing was sent.

        Raises:
            SaleError: It cannot be: practising, busy, nothing to charge.
        """
        if self._training:
            raise SaleError(N_("No card is charged while practising."), hint=N_("Practise with cash."))
        if amount <= 0:
            raise SaleError(N_("There is nothing to charge."), hint=N_("Key an amount above zero."))
        return self._give(lambda: self._charge(amount, basket_id, opened_ms, operator_id))

    def refund(self, ticket: str, amount: int, *, operator_id: int) -> Future[Attempt]:
        """Give a charge back, all of it or a part; a refund that is in doubt counts as given.

        Raises:
            SaleError: The terminal is busy. What else speaks against it is in the future.
        """
        return self._give(lambda: self._refund(ticket, amount, operator_id))

    def end_of_day(self) -> Future[tuple[str, ...]]:
        """Close the terminal's day; its report. Refused while an attempt is in doubt.

        Raises:
            SaleError: The terminal is busy.
        """
        return self._give(self._end_of_day)

    def cancel(self) -> None:
        """Give up the charge that is going on, if the terminal still can."""
        self._cancelled.set()

    def ask(self) -> None:
        """Ask about attempts in doubt now: somebody pressed the key."""
        with self._gate:
            self._hurry = True
            self._gate.notify_all()

    def decide(
        self, ticket: str, charged: bool, *, authorisation: str = "", last4: str = ""
    ) -> Future[Attempt]:
        """Take a person's word for an attempt in doubt, who looked at the terminal or its paper."""
        outcome = Charge.APPROVED if charged else Charge.CANCELLED
        reason = "" if charged else N_("the cashier saw at the terminal that nothing was charged")
        result = ChargeResult(outcome, ticket, 0, clean(authorisation, 20), clean(last4, 4), reason=reason)
        log.warning("%s: attempt %s decided by hand: %s", self.name, ticket, outcome)
        future = self._store.submit(lambda c: attempts.end(c, ticket, result, self._clock(), by="cashier"))
        future.add_done_callback(self._decided)
        return future

    def sold(self) -> None:
        """A sale is on disk: note which charges it has."""
        self._store.submit(attempts.settle, durable=False)

    @property
    def busy(self) -> bool:
        """Whether an operation is going on."""
        return self._busy

    @property
    def in_doubt(self) -> list[Attempt]:
        """Attempts whose end is not known, oldest first."""
        return attempts.open_attempts(self._store.reader, self.name)

    @property
    def loose(self) -> list[Loose]:
        """Approved charges of this terminal without a sale: pay their basket with them, or give them back."""
        return [row for row in attempts.loose(self._store.reader) if row.attempt.terminal == self.name]

    def charges_of(self, sale_id: int) -> list[Attempt]:
        """The charges of this terminal that paid a sale, for giving them back."""
        return [row for row in attempts.of_sale(self._store.reader, sale_id) if row.terminal == self.name]

    def stop(self, timeout: float = 2.0) -> bool:
        """Stop within ``timeout`` seconds; ``False``: it still blocks and is asked at the next start."""
        with self._gate:
            self._stopping.set()
            self._gate.notify_all()
        if self._thread.ident is not None:
            self._thread.join(timeout)
        return not self._thread.is_alive()

    def _give(self, work: Callable[[], Any]) -> Future[Any]:
        job = _Job(work, Future())
        with self._gate:
            if self._stopping.is_set() or self._busy:
                raise SaleError(
                    N_("The terminal {terminal} is busy with another card."),
                    hint=N_("Wait until it is done, or cancel there."),
                    terminal=self.name,
                )
            self._busy = True
            self._job = job
            self._cancelled.clear()
            self._gate.notify_all()
        return job.future

    def _decided(self, future: Future[Attempt]) -> None:
        if future.exception() is None:
            self._say(CardEnded(future.result(), sentence(future.result())))

    # On the desk's thread

    def _run(self) -> None:
        pause = 0.0
        while not self._stopping.is_set():
            try:
                job = self._wait(pause)
                if job is not None:
                    self._do(job)
                pause = self._ask_all(by_key=self._asked())
            except Exception:  # the top of the thread: a driver or a disk may raise anything
                log.exception("the desk of terminal %s stumbled; it goes on", self.name)
                pause = self._later()
        with self._gate:
            job, self._job = self._job, None
        if job is not None:
            job.future.set_exception(SaleError(N_("The till is closing.")))

    def _wait(self, pause: float) -> _Job | None:
        until = time.monotonic() + pause
        with self._gate:
            while not (self._job or self._hurry or self._stopping.is_set()):
                left = until - time.monotonic()
                if left <= 0:
                    break
                self._gate.wait(left)
            job, self._job = self._job, None
            return job

    def _asked(self) -> bool:
        with self._gate:
            asked, self._hurry = self._hurry, False
            return asked

    def _later(self) -> float:
        pause = self._back_off[min(self._failures, len(self._back_off) - 1)]
        self._failures += 1
        return pause

    def _do(self, job: _Job) -> None:
        result: Any = None
        error: BaseException | None = None
        try:
            if job.future.set_running_or_notify_cancel():
                result = job.work()
        except TillError as refused:
            log.warning("%s: %s", self.name, refused)
            error = refused
        except Exception as failed:
            log.exception("terminal %s failed", self.name)
            error = failed
        with self._gate:
            self._busy = False
        if job.future.cancelled():
            return
        if error is None:
            job.future.set_result(result)
        else:
            job.future.set_exception(error)

    def _charge(self, amount: int, basket_id: int, opened_ms: int, operator_id: int) -> Attempt:
        self._nothing_open()
        mark = self._marks.mark() if self._marks is not None else ""
        attempt = self._store.run(
            lambda connection: attempts.begin(
                connection,
                terminal=self.name,
                amount=amount,
                basket_id=basket_id,
                opened_ms=opened_ms,
                operator_id=operator_id,
                now_ms=self._clock(),
                mark=mark,
            )
        )
        self._say(CardProgress(attempt, "sent"))
        self._remember(attempt)
        return self._carried_out(
            attempt,
            lambda: self._terminal.charge(
                attempt.ticket,
                amount,
                lambda step: self._say(CardProgress(attempt, step)),
                lambda: self._cancelled.is_set() or self._stopping.is_set(),
            ),
        )

    def _refund(self, ticket: str, amount: int, operator_id: int) -> Attempt:
        self._nothing_open()
        charge = attempts.by_ticket(self._store.reader, ticket)
        if charge is None:
            raise SaleError(N_("This card was not charged."), hint=N_("There is nothing to give back."))
        mark = self._marks.mark() if self._marks is not None else ""
        attempt = self._store.run(
            lambda connection: attempts.begin_refund(
                connection, charge, amount, operator_id, self._clock(), mark
            )
        )
        self._say(CardProgress(attempt, "sent"))
        self._remember(attempt)
        return self._carried_out(attempt, lambda: self._give_back(attempt, charge))

    def _give_back(self, attempt: Attempt, charge: Attempt) -> ChargeResult:
        whole = charge.operation if attempt.amount == charge.amount else ""
        return self._terminal.refund(whole, attempt.ticket, attempt.amount)

    def _end_of_day(self) -> tuple[str, ...]:
        self._nothing_open()
        return tuple(printable(line) for line in self._terminal.end_of_day()[: 4 * MAX_VOUCHER])

    def _carried_out(self, attempt: Attempt, work: Callable[[], ChargeResult]) -> Attempt:
        """Have the terminal do what is written down; gives the attempt as it is on disk then."""
        try:
            result = work()
        except NOTHING_SENT as error:
            result = ChargeResult(Charge.CANCELLED, attempt.ticket, attempt.amount, reason=str(error))
            return self._ended(attempt, result, error)
        except Exception as error:
            # Whatever a driver raises once it may have sent something proves nothing.
            log.warning(
                "attempt %s is in doubt: %s", attempt.ticket, error, exc_info=not isinstance(error, TillError)
            )
            return self._in_doubt(attempt, str(error))
        if (result.ticket, result.amount) != (attempt.ticket, attempt.amount):
            return self._in_doubt(attempt, "the answer is not to this charge")
        return self._ended(attempt, result)

    def _ended(self, attempt: Attempt, result: ChargeResult, error: TillError | None = None) -> Attempt:
        """Write the end down, then tell it; an end that is not on disk is not told."""
        result = cleaned(result)
        try:
            ended = self._store.run(lambda c: attempts.end(c, attempt.ticket, result, self._clock()))
        except StoreError as failed:
            log.error(
                "attempt %s ended (%s) and that is not on disk: %s", attempt.ticket, result.outcome, failed
            )
            self._say(CardEnded(replace(attempt, state=State.DOUBT), failed))
            return replace(attempt, state=State.DOUBT)
        log.info("attempt %s of %d: %s", ended.ticket, ended.amount, ended.state)
        self._say(CardEnded(ended, error if error is not None else sentence(ended)))
        return ended

    def _in_doubt(self, attempt: Attempt, why: str) -> Attempt:
        """Write the doubt down and ask at once; what cannot be known now is asked again later."""
        try:
            doubtful = self._store.run(
                lambda c: attempts.doubt(c, attempt.ticket, clean(why, 200), self._clock())
            )
        except StoreError:
            log.exception("the doubt of attempt %s is not on disk; it is asked all the same", attempt.ticket)
            doubtful = replace(attempt, state=State.DOUBT)
        self._failures = 0
        asked = self._ask(doubtful, by_key=False)
        if asked.state in attempts.OPEN:
            self._next = time.monotonic() + self._later()
            self._say(CardEnded(asked, sentence(asked)))
        return asked

    # Asking

    def _nothing_open(self) -> None:
        """See that the terminal owes no answer, asking it once.

        Raises:
            CardDoubt: It does.
        """
        for attempt in attempts.open_attempts(self._store.reader, self.name):
            asked = self._ask(attempt, by_key=False)
            if asked.state in attempts.OPEN:
                self._next = time.monotonic() + self._later()
                raise doubt_sentence(asked)

    def _ask_all(self, *, by_key: bool) -> float:
        """Ask about what is open; gives the seconds until the next time."""
        waiting = attempts.open_attempts(self._store.reader, self.name)
        if not waiting:
            self._failures = 0
            return IDLE
        if by_key or time.monotonic() >= self._next:
            for attempt in waiting:
                asked = self._ask(attempt, by_key=by_key)
                if asked.state in attempts.OPEN and by_key:
                    self._say(CardEnded(asked, sentence(asked)))
            self._next = time.monotonic() + self._later()
        return max(0.01, self._next - time.monotonic())

    def _ask(self, attempt: Attempt, *, by_key: bool) -> Attempt:
        """Ask the terminal once what became of an attempt; gives it as it is then."""
        self._say(CardProgress(attempt, "asking"))
        self._remember(attempt)
        try:
            result = self._answer(attempt, by_key=by_key)
        except TillError as error:
            log.info("attempt %s stays in doubt: %s", attempt.ticket, error)
            return attempt
        except Exception:
            log.exception("terminal %s failed when it was asked", self.name)
            return attempt
        if (result.ticket, result.amount) != (attempt.ticket, attempt.amount):
            log.error("attempt %s stays in doubt: the answer is not to it", attempt.ticket)
            return attempt
        return self._ended(attempt, result)

    def _answer(self, attempt: Attempt, *, by_key: bool) -> ChargeResult:
        """What the terminal says.

        Raises:
            DeviceError: It does not say.
        """
        if attempt.kind == "refund":
            charge = attempts.by_ticket(self._store.reader, attempt.of_ticket)
            if charge is not None and charge.operation and charge.amount == attempt.amount:
                # A void names the operation: the terminal refuses a second one. By a person's key alone.
                if not by_key:
                    raise DeviceError(N_("A refund is asked about by hand only."), device=self.name)
                return self._give_back(attempt, charge)
        result = self._terminal.recover(attempt.ticket, attempt.amount)
        if result is not None:
            return result
        reason = N_("the terminal knows of no such charge")
        return ChargeResult(Charge.CANCELLED, attempt.ticket, attempt.amount, reason=reason)

    def _remember(self, attempt: Attempt) -> None:
        if self._marks is not None:
            self._marks.remember(attempt.ticket, attempt.mark)

    def _say(self, event: CardEvent) -> None:
        try:
            self._tell(event)
        except Exception:  # what the listener does wrong must not undo a charge
            log.exception("an event of terminal %s was not taken", self.name)
