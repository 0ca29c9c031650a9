"""How attempts end, and what becomes of those that nobody knows the end of.

An end is durable before it is told. An attempt in doubt is asked about until the terminal, or a person, says
how it ended: by itself with a back-off, at every start, and by a key. Asking moves no money. Only a void of a
terminal that refuses a second one is sent again, by a person's key alone, because that is the one question
such a terminal answers.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace

from tilltui.domain.cards.attempt import OPEN, Attempt, State
from tilltui.domain.clock import Clock, now_ms
from tilltui.domain.paying.attempt_kind import AttemptKind
from tilltui.domain.text import clean
from tilltui.errors import N_, DeviceError, SaleError, StoreError, TillError
from tilltui.ports import Charge, ChargeResult, MarkingTerminal, PaymentTerminal
from tilltui.services.cards.card_messages import (
    CardEnded,
    CardEvent,
    CardProgress,
    cleaned,
    doubt_sentence,
    sentence,
)
from tilltui.store.cards import attempts
from tilltui.store.file.engine import Connection
from tilltui.store.file.store import Store

log = logging.getLogger(__name__)

BACK_OFF = (2.0, 5.0, 15.0, 30.0, 60.0)
"""Seconds between two questions to a terminal that does not say; the last one repeats."""

IDLE = 3600.0
"""Seconds between two looks for open attempts where none is known."""


class CardRecovery:
    """Ends the attempts of one terminal; all but ``decided`` is called on its desk's thread.

    Args:
        terminal: The driver.
        store: Where attempts are kept.
        tell: Takes each event, on the desk's thread; must not block.
        back_off: Seconds between two questions.
        clock: The wall clock, UTC milliseconds.
    """

    def __init__(
        self,
        terminal: PaymentTerminal,
        store: Store,
        tell: Callable[[CardEvent], object],
        *,
        back_off: tuple[float, ...] = BACK_OFF,
        clock: Clock = now_ms,
    ) -> None:
        self._terminal = terminal
        self._marks = terminal if isinstance(terminal, MarkingTerminal) else None
        self._store = store
        self._tell = tell
        self._back_off = back_off
        self._clock = clock
        self._failures = 0
        self._next = 0.0
        self._deciding = threading.Lock()
        self._repeating = False

    # Marks

    def mark(self) -> str:
        """Name of the terminal's last operation, where it keeps no tickets; raises ``DeviceError``."""
        return self._marks.mark() if self._marks is not None else ""

    def remember(self, attempt: Attempt) -> None:
        """Hand the terminal the mark of the attempt that comes next."""
        if self._marks is not None:
            self._marks.remember(attempt.ticket, attempt.mark)

    # Ends

    def ended(
        self,
        attempt: Attempt,
        result: ChargeResult,
        error: TillError | None = None,
        *,
        recovered: bool = False,
    ) -> Attempt:
        """Write the end down, then tell it; an end that is not on disk is not told."""
        result = cleaned(result)
        try:
            ended = self._store.run(
                lambda c: attempts.end(c, attempt.ticket, result, self._clock(), recovered=recovered)
            )
        except StoreError as failed:
            log.error(
                "attempt %s ended (%s) and that is not on disk: %s", attempt.ticket, result.outcome, failed
            )
            self.say(CardEnded(replace(attempt, state=State.DOUBT), failed))
            return replace(attempt, state=State.DOUBT)
        log.info("attempt %s of %d: %s", ended.ticket, ended.amount, ended.state)
        self.say(CardEnded(ended, error if error is not None else sentence(ended)))
        return ended

    def doubted(self, attempt: Attempt, why: str) -> Attempt:
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
        if asked.state in OPEN:
            self._next = time.monotonic() + self.later()
            self.say(CardEnded(asked, sentence(asked)))
        return asked

    def decided(self, end: Callable[[Connection], Attempt]) -> Future[Attempt]:
        """Write a person's word down, from any thread, unless the terminal is just doing what it is about."""
        with self._deciding:
            if not self._repeating:
                return self._store.submit(end)
        refused: Future[Attempt] = Future()
        refused.set_exception(
            SaleError(
                N_("The terminal {terminal} is busy with another card."),
                hint=N_("Wait until it is done, or cancel there."),
                terminal=self._terminal.name,
            )
        )
        return refused

    # Asking

    def nothing_open(self) -> None:
        """See that the terminal owes no answer, asking it once.

        Raises:
            CardDoubt: It does.
        """
        for attempt in attempts.open_attempts(self._store.reader, self._terminal.name):
            asked = self._ask(attempt, by_key=False)
            if asked.state in OPEN:
                self._next = time.monotonic() + self.later()
                raise doubt_sentence(asked)

    def ask_all(self, *, by_key: bool) -> float:
        """Ask about what is open; gives the seconds until the next time."""
        waiting = attempts.open_attempts(self._store.reader, self._terminal.name)
        if not waiting:
            self._failures = 0
            return IDLE
        if by_key or time.monotonic() >= self._next:
            for attempt in waiting:
                asked = self._ask(attempt, by_key=by_key)
                if asked.state in OPEN and by_key:
                    self.say(CardEnded(asked, sentence(asked)))
            self._next = time.monotonic() + self.later()
        return max(0.01, self._next - time.monotonic())

    def hurry(self) -> None:
        """Wait no longer for the next question."""
        self._failures, self._next = 0, 0.0

    def later(self) -> float:
        """Seconds to wait after one more question that was not answered."""
        pause = self._back_off[min(self._failures, len(self._back_off) - 1)]
        self._failures += 1
        return pause

    def _ask(self, attempt: Attempt, *, by_key: bool) -> Attempt:
        """Ask the terminal once what became of an attempt; gives it as it is then."""
        self.say(CardProgress(attempt, "asking"))
        self.remember(attempt)
        try:
            if attempt.kind is AttemptKind.CHARGE:
                return self._answered(attempt, self._terminal.recover(attempt.ticket, attempt.amount))
            return self._ask_refund(attempt, by_key=by_key)
        except TillError as error:
            log.info("attempt %s stays in doubt: %s", attempt.ticket, error)
        except Exception:
            log.exception("terminal %s failed when it was asked", self._terminal.name)
        return attempt

    def _ask_refund(self, attempt: Attempt, *, by_key: bool) -> Attempt:
        charge = attempts.by_ticket(self._store.reader, attempt.of_ticket)
        operation = attempts.voided_operation(attempt, charge) if charge is not None else ""
        try:
            result = self._terminal.recover_refund(operation, attempt.ticket, attempt.amount)
        except DeviceError:
            if not (by_key and operation and self._terminal.refuses_second_void):
                raise
            return self._ask_by_repeating(attempt, operation)
        return self._answered(attempt, result)

    def _ask_by_repeating(self, attempt: Attempt, operation: str) -> Attempt:
        """Send a void again, which the terminal refuses where the first one was done.

        Whatever it answers but "given back" says nothing of the first one: the attempt stays in doubt.
        """
        with self._repeated():
            # A person may have decided a moment ago, and have given cash: the writer knows.
            now = self._store.run(lambda c: attempts.by_ticket(c, attempt.ticket))
            if now is None or now.state not in OPEN:
                return now or attempt
            result = self._terminal.refund(operation, attempt.ticket, attempt.amount)
            return self._answered(attempt, result) if result.outcome is Charge.APPROVED else attempt

    @contextmanager
    def _repeated(self) -> Iterator[None]:
        with self._deciding:
            self._repeating = True
        try:
            yield
        finally:
            with self._deciding:
                self._repeating = False

    def _answered(self, attempt: Attempt, result: ChargeResult | None) -> Attempt:
        """Take what the terminal says became of an attempt; ``None``: there was none."""
        if result is None:
            reason = (
                N_("the terminal knows of no such refund")
                if attempt.kind is AttemptKind.REFUND
                else N_("the terminal knows of no such charge")
            )
            result = ChargeResult(Charge.CANCELLED, attempt.ticket, attempt.amount, reason=reason)
        if (result.ticket, result.amount) != (attempt.ticket, attempt.amount):
            log.error("attempt %s stays in doubt: the answer is not to it", attempt.ticket)
            return attempt
        return self.ended(attempt, result, recovered=True)

    def say(self, event: CardEvent) -> None:
        """Tell an event."""
        try:
            self._tell(event)
        except Exception:  # what the listener does wrong must not undo a charge
            log.exception("an event of terminal %s was not taken", self._terminal.name)
