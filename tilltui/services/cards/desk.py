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
from dataclasses import dataclass
from typing import Any

from tilltui.domain.cards.attempt import Attempt
from tilltui.domain.cards.loose import Loose
from tilltui.domain.clock import Clock, now_ms
from tilltui.domain.text import clean
from tilltui.errors import N_, DeviceBlocked, DeviceBusy, DeviceOffline, OutcomeUnknown, SaleError, TillError
from tilltui.ports import Charge, ChargeResult, PaymentTerminal
from tilltui.services.cards.card_messages import (
    MAX_SLIP,
    CardDoubt,
    CardEnded,
    CardEvent,
    CardProgress,
    CardRefused,
    printable,
    sentence,
)
from tilltui.services.cards.recovery import BACK_OFF, CardRecovery
from tilltui.store.cards import attempts, card_sales
from tilltui.store.file.engine import Connection
from tilltui.store.file.store import Store

__all__ = ["CardDesk", "CardDoubt", "CardEnded", "CardEvent", "CardProgress", "CardRefused"]

log = logging.getLogger(__name__)

NOTHING_SENT = (DeviceOffline, DeviceBusy, DeviceBlocked)
"""Errors of a terminal that prove that nothing was charged; after any other one nobody knows."""


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
        clock: Clock = now_ms,
    ) -> None:
        self.name = terminal.name
        self.asks: tuple[str, ...] = tuple(terminal.asks)
        self._terminal = terminal
        self._store = store
        self._recovery = CardRecovery(terminal, store, tell, back_off=back_off, clock=clock)
        self._say = self._recovery.say
        self._training = training
        self._clock = clock
        self._gate = threading.Condition()
        self._job: _Job | None = None
        self._busy = self._hurry = self._plugged = False
        self._cancelled = threading.Event()
        self._stopping = threading.Event()
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
            basket_id: The open basket.
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

    def refund(
        self, ticket: str, amount: int, *, operator_id: int, basket_id: int = 0, opened_ms: int = 0
    ) -> Future[Attempt]:
        """Give a charge back, all of it or a part; a refund that is in doubt counts as given.

        Args:
            ticket: The charge's.
            amount: Minor units, above zero.
            operator_id: Who gives it back.
            basket_id: The basket of goods that come back, which the refund pays; 0 where there is none.
            opened_ms: That basket's ``opened_ms``.

        Raises:
            SaleError: The terminal is busy. What else speaks against it is in the future.
        """
        return self._give(lambda: self._refund(ticket, amount, operator_id, (basket_id, opened_ms)))

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

    def look_again(self) -> None:
        """Ask now as it would ask by itself later: the terminal was plugged in."""
        with self._gate:
            self._plugged = True
            self._gate.notify_all()

    def decide(
        self, ticket: str, charged: bool, *, authorisation: str = "", last4: str = ""
    ) -> Future[Attempt]:
        """Take a person's word for an attempt in doubt, who looked at the terminal or its paper."""
        outcome = Charge.APPROVED if charged else Charge.CANCELLED
        reason = "" if charged else N_("the cashier saw at the terminal that it was not done")
        result = ChargeResult(outcome, ticket, 0, clean(authorisation, 20), clean(last4, 4), reason=reason)
        future = self._recovery.decided(
            lambda connection: attempts.end(
                connection, ticket, result, self._clock(), by="cashier", recovered=True
            )
        )
        log.warning("%s: attempt %s decided by hand: %s", self.name, ticket, outcome)
        future.add_done_callback(self._decided)
        return future

    def sold(self) -> None:
        """A sale is on disk: note which charges it has, and tell head office of those that none has."""

        def settle(connection: Connection) -> bool:
            card_sales.settle(connection)
            return card_sales.anything_to_tell(connection)

        def settled(future: Future[bool]) -> None:
            if future.exception() is None and future.result():
                # Durable, unlike what was noted: a record may leave for head office at once.
                self._store.submit(lambda connection: card_sales.tell_loose(connection, self._clock()))

        self._store.submit(settle, durable=False).add_done_callback(settled)

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
        return [row for row in card_sales.loose(self._store.reader) if row.attempt.terminal == self.name]

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
        self.sold()
        while not self._stopping.is_set():
            try:
                job = self._wait(pause)
                if job is not None:
                    self._do(job)
                pause = self._recovery.ask_all(by_key=self._asked())
            except Exception:  # the top of the thread: a driver or a disk may raise anything
                log.exception("the desk of terminal %s stumbled; it goes on", self.name)
                pause = self._recovery.later()
        with self._gate:
            job, self._job = self._job, None
        if job is not None:
            job.future.set_exception(
                SaleError(
                    N_("The till is closing."),
                    hint=N_("Nothing was charged: take the card after the next start."),
                )
            )

    def _wait(self, pause: float) -> _Job | None:
        until = time.monotonic() + pause
        with self._gate:
            while not (self._job or self._hurry or self._plugged or self._stopping.is_set()):
                left = until - time.monotonic()
                if left <= 0:
                    break
                self._gate.wait(left)
            job, self._job = self._job, None
            if self._plugged:
                self._plugged = False
                self._recovery.hurry()
            return job

    def _asked(self) -> bool:
        with self._gate:
            asked, self._hurry = self._hurry, False
            return asked

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
        self._recovery.nothing_open()
        mark = self._recovery.mark()
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
        return self._carried_out(
            attempt,
            lambda: self._terminal.charge(
                attempt.ticket,
                amount,
                lambda step: self._say(CardProgress(attempt, step)),
                lambda: self._cancelled.is_set() or self._stopping.is_set(),
            ),
        )

    def _refund(self, ticket: str, amount: int, operator_id: int, basket: tuple[int, int]) -> Attempt:
        self._recovery.nothing_open()
        charge = attempts.by_ticket(self._store.reader, ticket)
        if charge is None:
            raise SaleError(N_("This card was not charged."), hint=N_("There is nothing to give back."))
        mark = self._recovery.mark()
        attempt = self._store.run(
            lambda connection: attempts.begin_refund(
                connection, charge, amount, operator_id, self._clock(), mark, basket=basket
            )
        )
        operation = attempts.voided_operation(attempt, charge)
        return self._carried_out(attempt, lambda: self._terminal.refund(operation, attempt.ticket, amount))

    def _end_of_day(self) -> tuple[str, ...]:
        self._recovery.nothing_open()
        try:
            lines = self._terminal.end_of_day()
        except OutcomeUnknown as error:
            raise CardDoubt(
                N_("Nobody knows whether the terminal closed its day: {why}."),
                hint=N_("Look at its display or paper. If it has no report, close the day again."),
                why=str(error.fields.get("why", "")) or N_("no answer"),
            ) from error
        return tuple(printable(line) for line in lines[: 4 * MAX_SLIP])

    def _carried_out(self, attempt: Attempt, work: Callable[[], ChargeResult]) -> Attempt:
        """Have the terminal do what is written down; gives the attempt as it is on disk then."""
        self._say(CardProgress(attempt, "sent"))
        self._recovery.remember(attempt)
        try:
            result = work()
        except NOTHING_SENT as error:
            result = ChargeResult(Charge.CANCELLED, attempt.ticket, attempt.amount, reason=str(error))
            return self._recovery.ended(attempt, result, error)
        except Exception as error:
            # Whatever a driver raises once it may have sent something proves nothing.
            log.warning(
                "attempt %s is in doubt: %s", attempt.ticket, error, exc_info=not isinstance(error, TillError)
            )
            return self._recovery.doubted(attempt, str(error))
        if (result.ticket, result.amount) != (attempt.ticket, attempt.amount):
            return self._recovery.doubted(attempt, "the answer is not to this charge")
        return self._recovery.ended(attempt, result)
