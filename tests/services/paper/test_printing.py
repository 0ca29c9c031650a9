"""The spool against a store in memory, with scripted printers and with the virtual device on TCP."""

import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import pytest

from tilltui.domain.paper.elements import Cut, Element, Text
from tilltui.domain.paper.job_state import JobState
from tilltui.errors import DeviceBlocked, DeviceBusy, DeviceError, DeviceOffline, OutcomeUnknown, StoreError
from tilltui.ports import (
    Delivered,
    Delivery,
    DeviceChanged,
    DeviceEvent,
    DeviceState,
    Job,
    JobChanged,
    Printer,
)
from tilltui.services.paper.printer_errands import KICK_TTL
from tilltui.services.paper.printing import PrintJob, PrintWorker
from tilltui_drivers.printers.escpos import EscposPrinter
from tilltui_drivers.virtual.printers.printer_device import Faults, VirtualPrinterDevice


def a_job(number: int, text: str = "hola") -> PrintJob:
    return PrintJob(
        number, "receipt", "receipt", f"Sale {number}", [Text(text), Cut()], JobState.QUEUED, 0, 0, number
    )


class Store:
    """Jobs in memory; every change of state is remembered in order."""

    def __init__(self, *jobs: PrintJob) -> None:
        self.jobs = {job.id: job for job in jobs}
        self.log: list[tuple[int, str, str]] = []
        self.fences: dict[int, str] = {}
        self.fail_on = ""
        self.served = ""

    def serve(self, printer: Printer) -> None:
        self.served = printer.name

    def next_job(self, printer: str) -> PrintJob | None:
        waiting = [j for j in self.jobs.values() if j.printer == printer and j.state in ("queued", "blocked")]
        return min(waiting, key=lambda job: job.id, default=None)

    def set_state(self, job_id: int, state: str, reason: str = "", fence: str = "") -> None:
        if state == self.fail_on:
            raise StoreError("the disk is full")
        self.jobs[job_id] = replace(self.jobs[job_id], state=state)
        self.log.append((job_id, state, reason))
        self.fences[job_id] = fence

    def recover(self, printer: str) -> list[PrintJob]:
        lost = [job for job in self.jobs.values() if job.state == "sending"]
        for job in lost:
            self.set_state(job.id, "uncertain", "interrupted")
        return lost


@dataclass
class Script(Printer):
    """Does what it is told, one step a delivery; then confirms everything."""

    steps: list[object] = field(default_factory=list)
    name: str = "receipt"
    columns: int = 48
    delivered: list[int] = field(default_factory=list)
    kicked: list[int] = field(default_factory=list)
    threads: set[str] = field(default_factory=set)
    poison: bool = False
    closed: threading.Event = field(default_factory=threading.Event)
    kicks_while_printing: bool = False
    kick_errors: list[DeviceError] = field(default_factory=list)

    def render(self, elements: Sequence[Element]) -> bytes:
        first = elements[0]
        if isinstance(first, Text) and first.left == "poison":
            raise ZeroDivisionError("no such thing")
        return b"x"

    def deliver(self, job: Job) -> Delivery:
        self.threads.add(threading.current_thread().name)
        step = self.steps.pop(0) if self.steps else None
        if isinstance(step, Exception) and not isinstance(step, OutcomeUnknown | AfterSending):
            raise step
        job.sending()
        if isinstance(step, AfterSending):
            raise step.error
        if isinstance(step, OutcomeUnknown):
            raise step
        if callable(step):
            step(job.waiting, job.stopping)
        self.delivered.append(job.id)
        return Delivery(Delivered.CONFIRMED, "pid", paper_low=step == "low")

    def kick(self, pin: int) -> None:
        self.threads.add(threading.current_thread().name)
        if self.kick_errors:
            raise self.kick_errors.pop(0)
        self.kicked.append(pin)

    def close(self) -> None:
        self.closed.set()


class AfterSending(Exception):
    """An error that the driver raises once bytes have left."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error


class Bench:
    """A worker, its store and what it said."""

    def __init__(self, printer: Printer, *jobs: PrintJob, back_off: tuple[float, ...] = (0.01, 0.02)) -> None:
        self.store = Store(*jobs)
        self.printer = printer
        self.events: queue.Queue[DeviceEvent] = queue.Queue()
        self.seen: list[DeviceEvent] = []
        self.worker = PrintWorker(printer, self.store, back_off)

    def start(self) -> None:
        self.worker.start(self._emit)

    def _emit(self, event: DeviceEvent) -> bool:
        self.events.put(event)
        return True

    def until(self, job_id: int, state: str, reason: str | None = None) -> JobChanged:
        while True:
            event = self.events.get(timeout=10)
            self.seen.append(event)
            if not isinstance(event, JobChanged) or (event.job_id, event.state) != (job_id, state):
                continue
            if reason is None or event.reason == reason:
                return event

    def until_device(self, state: DeviceState, reason: str) -> DeviceChanged:
        while True:
            event = self.events.get(timeout=10)
            self.seen.append(event)
            if isinstance(event, DeviceChanged) and (event.state, event.reason) == (state, reason):
                return event


@pytest.fixture
def bench() -> Iterator[Callable[..., Bench]]:
    made: list[Bench] = []

    def make(printer: Printer, *jobs: PrintJob, **options: tuple[float, ...]) -> Bench:
        found = Bench(printer, *jobs, **options)
        made.append(found)
        return found

    yield make
    for each in made:
        each.worker.stop()
        assert each.worker._thread is None or not each.worker._thread.is_alive()


Make = Callable[..., Bench]


def blocked(reason: str) -> DeviceBlocked:
    return DeviceBlocked("cannot print", reason=reason, device="receipt")


def test_jobs_print_oldest_first_on_one_thread(bench: Make) -> None:
    printer = Script()
    desk = bench(printer, a_job(2), a_job(1), a_job(3))
    desk.start()
    desk.until(3, "confirmed")
    assert printer.delivered == [1, 2, 3]
    assert [state for job, state, _ in desk.store.log if job == 2] == ["sending", "confirmed"]
    assert desk.store.fences[1] == "pid"
    assert printer.threads == {"print-receipt"}


def test_a_new_job_is_noticed_when_woken(bench: Make) -> None:
    desk = bench(Script())
    desk.start()
    desk.store.jobs[5] = a_job(5)
    desk.worker.wake()
    desk.until(5, "confirmed")


def test_blocked_stays_at_the_head_and_goes_on(bench: Make) -> None:
    printer = Script([blocked("paper"), blocked("paper"), blocked("cover"), DeviceOffline("gone")])
    desk = bench(printer, a_job(1), a_job(2))
    desk.start()
    desk.until(2, "confirmed")
    assert printer.delivered == [1, 2]
    assert desk.store.log[:4] == [
        (1, "blocked", "paper"),
        (1, "blocked", "cover"),
        (1, "queued", "offline"),
        (1, "sending", ""),
    ], "a state that repeats is not written again"
    devices = [(e.state, e.reason) for e in desk.seen if isinstance(e, DeviceChanged)]
    assert devices == [
        (DeviceState.BLOCKED, "paper"),
        (DeviceState.BLOCKED, "cover"),
        (DeviceState.FAILED, "offline"),
        (DeviceState.READY, ""),
    ]


def test_the_back_off_ends_when_woken(bench: Make) -> None:
    desk = bench(Script([DeviceBusy("held"), blocked("paper")]), a_job(1), back_off=(300.0,))
    desk.start()
    desk.until(1, "queued", "offline")
    desk.worker.wake()
    desk.until(1, "blocked", "paper")
    desk.worker.retry(1)
    desk.until(1, "confirmed")


@pytest.mark.parametrize(
    "error",
    [
        OutcomeUnknown("silence", device="receipt"),
        AfterSending(DeviceOffline("gone", device="receipt")),
        AfterSending(blocked("paper")),
    ],
)
def test_what_was_sent_is_never_sent_again(bench: Make, error: Exception) -> None:
    printer = Script([error])
    desk = bench(printer, a_job(1), a_job(2))
    desk.start()
    desk.until(2, "confirmed")
    assert printer.delivered == [2]
    assert desk.store.jobs[1].state == "uncertain"
    desk.worker.retry(1)
    desk.store.jobs[3] = a_job(3)
    desk.worker.wake()
    desk.until(3, "confirmed")
    assert printer.delivered == [2, 3]


def test_a_driver_that_breaks_after_sending_leaves_the_job_uncertain(bench: Make) -> None:
    printer = Script([AfterSending(KeyError("bug"))])
    desk = bench(printer, a_job(1), a_job(2))
    desk.start()
    desk.until(2, "confirmed")
    assert desk.store.log[:2] == [(1, "sending", ""), (1, "uncertain", "interrupted")]
    assert printer.delivered == [2]


def test_a_driver_that_breaks_before_sending_is_tried_again(bench: Make) -> None:
    printer = Script([KeyError("bug")])
    desk = bench(printer, a_job(1))
    desk.start()
    desk.until(1, "confirmed")
    assert printer.delivered == [1]
    assert any(isinstance(e, DeviceChanged) and e.state is DeviceState.FAILED for e in desk.seen)


def test_a_job_that_cannot_be_rendered_leaves_the_lane(bench: Make) -> None:
    printer = Script()
    desk = bench(printer, a_job(1, "poison"), a_job(2))
    desk.start()
    desk.until(2, "confirmed")
    assert desk.store.jobs[1].state == "cancelled"
    assert "no such thing" in desk.store.log[0][2]


def test_jobs_left_sending_are_uncertain_after_a_start(bench: Make) -> None:
    desk = bench(Script(), replace(a_job(1), state=JobState.SENDING), a_job(2))
    desk.start()
    desk.until(1, "uncertain")
    desk.until(2, "confirmed")
    assert desk.store.jobs[1].state == "uncertain"


def test_a_full_disk_sends_nothing_and_recovers(bench: Make) -> None:
    printer = Script()
    desk = bench(printer, a_job(1))
    desk.store.fail_on = "sending"
    desk.start()
    desk.until_device(DeviceState.FAILED, "failed")
    assert printer.delivered == []
    desk.store.fail_on = ""
    desk.worker.wake()
    desk.until(1, "confirmed")
    assert printer.delivered == [1]


def test_waiting_in_the_middle_is_told(bench: Make) -> None:
    def step(waiting: Callable[[str], None], stopping: Callable[[], bool]) -> None:
        waiting("paper")
        waiting("")

    desk = bench(Script([step]), a_job(1))
    desk.start()
    desk.until(1, "sending", "paper")
    desk.until(1, "confirmed")
    devices = [(e.state, e.reason) for e in desk.seen if isinstance(e, DeviceChanged)]
    assert devices == [(DeviceState.BLOCKED, "paper"), (DeviceState.READY, "")]


def test_low_paper_is_told(bench: Make) -> None:
    desk = bench(Script(["low"]), a_job(1))
    desk.start()
    desk.until_device(DeviceState.DEGRADED, "paper_low")


def test_a_till_that_no_longer_listens_ends_the_worker(bench: Make) -> None:
    printer = Script()
    desk = bench(printer, a_job(1), a_job(2))
    desk.worker.start(lambda event: False)
    assert printer.closed.wait(10)
    assert printer.delivered == [1]
    assert desk.store.jobs[2].state == "queued"


# -- the drawer ----------------------------------------------------------------------------------------


def test_kicks_go_before_jobs_and_once(bench: Make) -> None:
    printer = Script()
    desk = bench(printer, a_job(1))
    first, second = desk.worker.kick(2), desk.worker.kick(5)
    desk.start()
    assert first.result(10) is None
    assert second.result(10) is None
    desk.until(1, "confirmed")
    assert printer.kicked == [2, 5]
    assert printer.threads == {"print-receipt"}


def test_a_kick_is_served_during_the_back_off_without_ending_it(bench: Make) -> None:
    printer = Script([DeviceOffline("gone"), DeviceOffline("again")])
    desk = bench(printer, a_job(1), back_off=(300.0,))
    desk.start()
    desk.until(1, "queued", "offline")
    assert desk.worker.kick(2).result(10) is None
    assert len(printer.steps) == 1


def test_a_failed_kick_is_not_repeated(bench: Make) -> None:
    printer = Script(kick_errors=[DeviceOffline("off", device="receipt")])
    desk = bench(printer)
    desk.start()
    with pytest.raises(DeviceOffline):
        desk.worker.kick(2).result(10)
    assert desk.worker.kick(5).result(10) is None
    assert printer.kicked == [5]


def test_an_old_kick_is_dropped(bench: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    printer = Script()
    desk = bench(printer)
    kick = desk.worker.kick(2)
    clock = time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: clock() + KICK_TTL + 1)
    desk.start()
    with pytest.raises(DeviceError, match="too long"):
        kick.result(10)
    assert printer.kicked == []


def test_a_kick_during_a_job_waits_until_the_printer_can(bench: Make) -> None:
    inside, done = threading.Event(), threading.Event()

    def step(waiting: Callable[[str], None], stopping: Callable[[], bool]) -> None:
        inside.set()
        assert done.wait(10)
        stopping()
        assert printer.kicked == []
        stopping()
        assert printer.kicked == [2]

    printer = Script([step], kicks_while_printing=True, kick_errors=[DeviceBusy("sending")])
    desk = bench(printer, a_job(1))
    desk.start()
    assert inside.wait(10)
    kick = desk.worker.kick(2)
    done.set()
    assert kick.result(10) is None
    desk.until(1, "confirmed")


def test_kicks_after_the_end_are_refused(bench: Make) -> None:
    printer = Script()
    desk = bench(printer)
    desk.start()
    desk.worker.stop()
    assert printer.closed.wait(10)
    with pytest.raises(DeviceError, match="closing"):
        desk.worker.kick(2).result(0)


# -- with the real driver and the virtual device -------------------------------------------------------


def test_the_whole_lane_through_paper_out(bench: Make) -> None:
    with VirtualPrinterDevice(Faults(paper_for=3)) as virtual:
        settings = EscposPrinter.Settings(host="127.0.0.1", port=virtual.serve_tcp(), profile="TM-T20II")
        desk = bench(EscposPrinter("receipt", settings), *(a_job(n, f"recibo {n}") for n in range(1, 6)))
        desk.start()
        desk.until_device(DeviceState.BLOCKED, "paper")
        assert desk.worker.kick(2).result(10) is None
        assert virtual.wait_for(lambda printer: printer.paper.kicks == [2])
        virtual.set_paper()
        desk.worker.wake()
        desk.until(5, "confirmed")
        assert [line for line in virtual.paper.lines if line] == [f"recibo {n}" for n in range(1, 6)]
        assert virtual.paper.cuts == 5
        assert virtual.paper.kicks == [2]


def test_power_lost_then_back_prints_the_rest_and_not_the_doubtful_one(bench: Make) -> None:
    with VirtualPrinterDevice(Faults(paper_for=3)) as virtual:
        port = virtual.serve_tcp()
        settings = EscposPrinter.Settings(host="127.0.0.1", port=port, profile="TM-T20II")
        desk = bench(EscposPrinter("receipt", settings), *(a_job(n, f"recibo {n}") for n in (1, 2, 3)))
        desk.start()
        desk.until_device(DeviceState.BLOCKED, "paper")
        doubtful = next((job.id for job in desk.store.jobs.values() if job.state == "sending"), 0)
        virtual.power_off()
        desk.until_device(DeviceState.FAILED, "offline")
    with VirtualPrinterDevice() as virtual:
        virtual.serve_tcp(port=port)
        desk.worker.wake()
        desk.until(3, "confirmed")
        printed = [line for line in virtual.paper.lines if line]
        assert f"recibo {doubtful}" not in printed
        assert printed[-1] == "recibo 3"
        if doubtful:
            assert desk.store.jobs[doubtful].state == "uncertain"


@dataclass
class Knowing(Script):
    """A printer that tells the level of its drawer socket, and what it knows can be forgotten."""

    levels: list[bool | DeviceError] = field(default_factory=list)
    forgotten: threading.Event = field(default_factory=threading.Event)

    def drawer_level(self) -> bool:
        self.threads.add(threading.current_thread().name)
        level = self.levels.pop(0)
        if isinstance(level, DeviceError):
            raise level
        return level

    def use_memory(self, memory: object) -> None:
        raise AssertionError("the store serves it")

    def forget(self) -> None:
        self.threads.add(threading.current_thread().name)
        self.forgotten.set()


def test_level_and_forgetting_are_the_workers_business() -> None:
    printer = Knowing(levels=[True, DeviceOffline("off", device="receipt")])
    bench = Bench(printer)
    bench.start()
    assert bench.store.served == "receipt"
    assert bench.worker.drawer_level().result(5) is True
    with pytest.raises(DeviceOffline):
        bench.worker.drawer_level().result(5)
    bench.worker.forget()
    assert printer.forgotten.wait(5)
    bench.worker.stop()
    assert bench.worker.drawer_level().result(5) is None
    assert printer.threads == {"print-receipt"}


def test_a_printer_that_knows_nothing_of_drawers_says_so() -> None:
    bench = Bench(Script())
    bench.start()
    bench.worker.forget()
    assert bench.worker.drawer_level().result(5) is None
    bench.worker.stop()
