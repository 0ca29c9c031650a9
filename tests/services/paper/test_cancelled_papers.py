"""A paper that was cancelled while it waited is never begun, however late that was: over a real store."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tilltui.config.schema import Config, Shop
from tilltui.domain.paper.elements import Element, Text
from tilltui.domain.paper.paper_kind import PaperKind
from tilltui.errors import DeviceBlocked, DeviceOffline
from tilltui.ports import Delivered, Delivery, DeviceEvent, Job, JobChanged, Printer
from tilltui.services.devices.devices import Devices
from tilltui.services.paper.printing import JobWithdrawn, PrintWorker
from tilltui.services.paper.spool import Spool
from tilltui.services.shop import shop_of
from tilltui.store.file.store import Store
from tilltui.store.paper import jobs

CONFIG = Config(shop=Shop("Almacén"))


class Slow(Printer):
    """Stands still between taking a job and asking to begin it, where a person may cancel."""

    columns = 42
    name = "receipt"

    def __init__(self, *fails: Exception) -> None:
        self.fails = list(fails)
        self.reached: queue.Queue[int] = queue.Queue()
        self.go_on = threading.Semaphore(0)
        self.papers: list[str] = []

    def render(self, elements: Sequence[Element]) -> bytes:
        return "".join(element.left for element in elements if isinstance(element, Text)).encode()

    def deliver(self, job: Job) -> Delivery:
        self.reached.put(job.id)
        assert self.go_on.acquire(timeout=10)
        if self.fails:
            raise self.fails.pop(0)
        job.sending()
        self.papers.append(job.payload.decode())
        return Delivery(Delivered.CONFIRMED, "pid")

    def kick(self, pin: int) -> None:
        raise AssertionError


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "till", "1", safe_disk_only=False, ballast_bytes=4096)
    yield opened
    opened.close()


def a_spool(store: Store) -> Spool:
    return Spool(store, shop_of(CONFIG), str)


def state_of(store: Store, number: int) -> str:
    row = jobs.job(store.reader, number)
    assert row is not None
    return row.state


@pytest.mark.parametrize(
    "fails",
    [(), (DeviceOffline("off", device="receipt"),), (DeviceBlocked("no paper", reason="paper"),)],
    ids=["ready", "offline", "blocked"],
)
def test_what_is_cancelled_in_the_last_moment_is_not_begun(store: Store, fails: Sequence[Exception]) -> None:
    spool, printer, events = a_spool(store), Slow(*fails), queue.Queue[DeviceEvent]()
    first = spool.add("receipt", PaperKind.NOTE, "first", [Text("first")])
    second = spool.add("receipt", PaperKind.NOTE, "second", [Text("second")])
    worker = PrintWorker(printer, spool, (0.01,))

    def emit(event: DeviceEvent) -> bool:
        events.put(event)
        return True

    worker.start(emit)
    try:
        assert printer.reached.get(timeout=10) == first
        assert Devices(CONFIG, store).cancel_paper(first)
        printer.go_on.release()
        assert printer.reached.get(timeout=10) == second
        printer.go_on.release()
        while not isinstance(event := events.get(timeout=10), JobChanged) or event.state != "confirmed":
            assert not isinstance(event, JobChanged) or event.job_id == second
    finally:
        worker.stop()
    assert printer.papers == ["second"]
    assert (state_of(store, first), state_of(store, second)) == ("cancelled", "confirmed")


def test_what_has_begun_is_not_cancelled(store: Store) -> None:
    spool = a_spool(store)
    number = spool.add("receipt", PaperKind.NOTE, "first", [Text("first")])
    spool.set_state(number, "sending")
    assert not Devices(CONFIG, store).cancel_paper(number)
    assert state_of(store, number) == "sending"


@pytest.mark.parametrize("state", ["queued", "blocked", "sending", "confirmed", "uncertain"])
def test_a_cancelled_paper_stays_so(store: Store, state: str) -> None:
    spool = a_spool(store)
    number = spool.add("receipt", PaperKind.NOTE, "first", [Text("first")])
    assert Devices(CONFIG, store).cancel_paper(number)
    with pytest.raises(JobWithdrawn):
        spool.set_state(number, state)
    row = jobs.job(store.reader, number)
    assert row is not None
    assert (row.state, row.attempts, row.reason) == ("cancelled", 0, "said by the cashier")


def test_an_answer_that_comes_twice_counts_once(store: Store) -> None:
    spool = a_spool(store)
    number = spool.add("receipt", PaperKind.NOTE, "first", [Text("first")])
    spool.set_state(number, "sending")
    spool.set_state(number, "uncertain")
    spool.settle(number, printed=False)
    spool.settle(number, printed=True)
    assert state_of(store, number) == "cancelled"
    # What waits was not asked about.
    waits = spool.add("receipt", PaperKind.NOTE, "second", [Text("second")])
    spool.settle(waits, printed=True)
    assert state_of(store, waits) == "queued"
