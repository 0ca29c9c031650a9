"""The till's own workers, too, live through an error that nobody foresaw."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar

import pytest

from tests.support import selling
from tests.support.outbox import MemoryOutbox, chain
from tilltui.domain.cards.attempt import Attempt, State
from tilltui.domain.paper.elements import Element, Text
from tilltui.domain.paper.job_state import JobState
from tilltui.ports import (
    Charge,
    ChargeResult,
    Delivered,
    Delivery,
    DeviceChanged,
    DeviceEvent,
    DeviceState,
    Job,
    JobChanged,
    OutboxRecord,
    Outcome,
    PaymentTerminal,
    Printer,
    Uploader,
    Verdict,
)
from tilltui.services.cards.desk import CardDesk
from tilltui.services.devices.drawer_watch import DrawerWatch
from tilltui.services.paper.printing import PrintJob, PrintWorker
from tilltui.services.upload.worker import SyncWorker
from tilltui.store.cards import attempts


def bug() -> ZeroDivisionError:
    return ZeroDivisionError("nobody foresaw this")


class Ear(queue.Queue[DeviceEvent]):
    """Takes events as the till does."""

    def emit(self, event: DeviceEvent) -> bool:
        self.put(event)
        return True


class Clumsy(Printer):
    """Fails once in each of the ways that are in ``fails``, and then prints."""

    name = "receipt"
    columns = 48

    def __init__(self, *fails: str) -> None:
        self.fails = list(fails)
        self.printed: queue.Queue[int] = queue.Queue()
        self.kicked: queue.Queue[int] = queue.Queue()

    def _stumble(self, where: str) -> None:
        if where in self.fails:
            self.fails.remove(where)
            raise bug()

    def render(self, elements: Sequence[Element]) -> bytes:
        return b"x"

    def deliver(self, job: Job) -> Delivery:
        self._stumble("before")
        job.sending()
        self._stumble("after")
        self.printed.put(job.id)
        return Delivery(Delivered.CONFIRMED, "pid")

    def kick(self, pin: int) -> None:
        self._stumble("kick")
        self.kicked.put(pin)

    def drawer_level(self) -> bool:
        self._stumble("level")
        return True


class Jobs:
    """Jobs in memory."""

    def __init__(self, count: int) -> None:
        self.states = dict.fromkeys(range(1, count + 1), "queued")

    def serve(self, printer: Printer) -> None:
        pass

    def next_job(self, printer: str) -> PrintJob | None:
        waiting = [number for number, state in self.states.items() if state == "queued"]
        if not waiting:
            return None
        return PrintJob(waiting[0], "receipt", "receipt", "", [Text("hola")], JobState.QUEUED, 0, 0, None)

    def set_state(self, job_id: int, state: str, reason: str = "", fence: str = "") -> None:
        self.states[job_id] = state

    def recover(self, printer: str) -> list[PrintJob]:
        lost = [number for number, state in self.states.items() if state == "sending"]
        for number in lost:
            self.states[number] = "uncertain"
        return []


class Bench:
    """A print worker that is started, and its printer."""

    def __init__(self, *fails: str, jobs: int = 0) -> None:
        self.printer, self.jobs = Clumsy(*fails), Jobs(jobs)
        self.worker = PrintWorker(self.printer, self.jobs, (0.01,))
        self.events = Ear()
        self.worker.start(self.events.emit)


@pytest.mark.parametrize(
    ("where", "printed", "first"), [("before", [1, 2], "confirmed"), ("after", [2], "uncertain")]
)
def test_a_print_worker_prints_again_and_nothing_twice(where: str, printed: list[int], first: str) -> None:
    bench = Bench(where, jobs=2)
    try:
        assert [bench.printer.printed.get(timeout=10) for _ in printed] == printed
    finally:
        bench.worker.stop()
    assert bench.jobs.states == {1: first, 2: "confirmed"}
    assert bench.printer.printed.empty()
    events = list(bench.events.queue)
    assert any(isinstance(event, DeviceChanged) and event.reason == "failed" for event in events)
    assert isinstance(events[-1], JobChanged | DeviceChanged)


def test_a_kick_that_fails_in_the_back_off_of_another_ends_neither_worker_nor_wait(
    caplog: pytest.LogCaptureFixture,
) -> None:
    bench = Bench("kick", "kick")
    try:
        for _ in range(2):
            with pytest.raises(ZeroDivisionError):
                bench.worker.kick(2).result(10)
        bench.worker.kick(5).result(10)
        assert bench.printer.kicked.get(timeout=10) == 5
        assert caplog.text.count("Print worker of receipt failed") == 2
    finally:
        bench.worker.stop()


def test_a_level_that_fails_keeps_nobody_waiting() -> None:
    bench = Bench("level")
    try:
        with pytest.raises(ZeroDivisionError):
            bench.worker.drawer_level().result(10)
        assert bench.worker.drawer_level().result(10) is True
    finally:
        bench.worker.stop()


def test_a_till_that_cannot_be_told_does_not_end_the_print_worker() -> None:
    printer, jobs, told = Clumsy("before"), Jobs(1), list[DeviceEvent]()

    def emit(event: DeviceEvent) -> bool:
        told.append(event)
        raise bug()

    worker = PrintWorker(printer, jobs, (0.01,))
    worker.start(emit)
    try:
        assert printer.printed.get(timeout=10) == 1
    finally:
        worker.stop()
    assert jobs.states == {1: "confirmed"}
    assert told


class ClumsyTerminal(PaymentTerminal):
    """Fails once, then approves."""

    Settings: ClassVar[type[Any]] = object

    def __init__(self) -> None:
        self.name = "card"
        self.charges = 0

    def charge(
        self, ticket: str, amount: int, progress: Callable[[str], None], stopping: Callable[[], bool]
    ) -> ChargeResult:
        self.charges += 1
        if self.charges == 1:
            raise bug()
        return ChargeResult(Charge.APPROVED, ticket, amount)

    def recover(self, ticket: str, amount: int) -> ChargeResult | None:
        return None

    def refund(self, operation: str, ticket: str, amount: int) -> ChargeResult:
        raise bug()

    def end_of_day(self) -> tuple[str, ...]:
        raise bug()


def test_a_card_desk_charges_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stumbled, real = threading.Event(), attempts.open_attempts

    def once(*arguments: Any) -> list[Attempt]:
        if not stumbled.is_set():
            stumbled.set()
            raise bug()
        return real(*arguments)

    monkeypatch.setattr(attempts, "open_attempts", once)
    store = selling.open_store(tmp_path / "till")
    desk = CardDesk(ClumsyTerminal(), store, lambda event: None, back_off=(0.01,))
    desk.start()
    try:
        assert stumbled.wait(10)
        with pytest.raises(ZeroDivisionError):
            desk.end_of_day().result(10)
        first = desk.charge(1000, basket_id=1, opened_ms=1, operator_id=1).result(10)
        second = desk.charge(1000, basket_id=1, opened_ms=1, operator_id=1).result(10)
    finally:
        desk.stop()
        store.close()
    assert (first.state, second.state) == (State.CANCELLED, State.APPROVED)
    assert "the desk of terminal card stumbled" in caplog.text


class ClumsyUploader(Uploader):
    """Takes everything."""

    Settings: ClassVar[type[Any]] = object

    def __init__(self) -> None:
        self.name = "hq"
        self.sent = threading.Event()

    def open(self) -> None:
        pass

    def send(self, batch: Sequence[OutboxRecord]) -> list[Outcome]:
        self.sent.set()
        return [Outcome(record.seq, Verdict.ACCEPTED) for record in batch]

    def close(self) -> None:
        pass


def test_a_sync_worker_sends_again(caplog: pytest.LogCaptureFixture) -> None:
    uploader, stumbled = ClumsyUploader(), threading.Event()

    def changed(status: object) -> None:
        if not stumbled.is_set():
            stumbled.set()
            raise bug()

    outbox = MemoryOutbox(chain(1))
    worker = SyncWorker(uploader, outbox, changed, uniform=lambda: 0.0)
    worker.start()
    try:
        assert stumbled.wait(10)
        uploader.sent.clear()
        for record in chain(2)[1:]:
            outbox.records.append(record)
        worker.wake(at_once=True)
        assert uploader.sent.wait(10)
    finally:
        worker.stop()
    assert "stumbled" in caplog.text


def test_a_drawer_watch_looks_again(caplog: pytest.LogCaptureFixture) -> None:
    class Drawer:
        name = "main"
        looks = 0

        def is_open(self) -> bool:
            self.looks += 1
            if self.looks == 1:
                raise bug()
            return True

    said = Ear()
    watch = DrawerWatch(Drawer(), said.emit, 0.01, poll=0.01)
    with caplog.at_level(logging.ERROR):
        watch.opened()
        event = said.get(timeout=10)
    watch.stop()
    assert isinstance(event, DeviceChanged)
    assert (event.state, event.reason) == (DeviceState.DEGRADED, "left_open")
    assert "stumbled" in caplog.text
