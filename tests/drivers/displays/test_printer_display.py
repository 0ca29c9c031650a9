"""A display behind a printer: through the print worker, after every receipt, never in its way."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from tilltui.domain.paper.elements import Element
from tilltui.domain.paper.job_state import JobState
from tilltui.errors import DeviceBlocked, DeviceError, DeviceOffline
from tilltui.ports import Delivered, Delivery, DeviceChanged, DeviceEvent, DeviceState, Job, Printer
from tilltui.services.paper.printing import PrintJob, PrintWorker
from tilltui_drivers.displays.dialects import DIALECTS, TO_DISPLAY, TO_PRINTER
from tilltui_drivers.displays.printer import PrinterDisplay, PrinterDisplaySettings
from tilltui_drivers.printers.escpos import SELECT_PRINTER, EscposPrinter
from tilltui_drivers.transport.memory import MemoryTransport
from tilltui_drivers.virtual.displays.display import VirtualDisplay, VirtualDisplaySettings
from tilltui_drivers.virtual.displays.display_device import Interpreter


@dataclass
class Scripted(Printer):
    """Notes what it is told, in order."""

    name: str = "receipt"
    columns: int = 48
    log: queue.Queue[str] = field(default_factory=queue.Queue)
    busy: threading.Event = field(default_factory=threading.Event)
    errors: list[DeviceError] = field(default_factory=list)
    job_errors: list[DeviceError] = field(default_factory=list)

    def render(self, elements: Sequence[Element]) -> bytes:
        return b"x"

    def deliver(self, job: Job) -> Delivery:
        if self.job_errors:
            raise self.job_errors.pop(0)
        job.sending()
        self.log.put(f"job {job.id}")
        assert self.busy.wait(5)
        return Delivery(Delivered.CONFIRMED, "pid")

    def kick(self, pin: int) -> None:
        self.log.put("kick")

    def pass_on(self, data: bytes) -> None:
        if self.errors:
            self.log.put("failed")
            raise self.errors.pop(0)
        self.log.put(data.decode("latin-1"))


@dataclass
class Jobs:
    """Jobs in memory."""

    jobs: list[PrintJob] = field(default_factory=list)
    printer: str = ""

    def serve(self, printer: Printer) -> None:
        self.printer = printer.name

    def next_job(self, printer: str) -> PrintJob | None:
        return next((job for job in self.jobs if job.state in ("queued", "blocked")), None)

    def set_state(self, job_id: int, state: str, reason: str = "", fence: str = "") -> None:
        self.jobs = [replace(job, state=state) if job.id == job_id else job for job in self.jobs]

    def recover(self, printer: str) -> list[PrintJob]:
        return []

    def add(self, number: int) -> None:
        self.jobs.append(PrintJob(number, "receipt", "receipt", "", [], JobState.QUEUED, 0, 0, None))


@pytest.fixture
def printer() -> Scripted:
    return Scripted()


@pytest.fixture
def jobs() -> Jobs:
    return Jobs()


@pytest.fixture
def worker(printer: Scripted, jobs: Jobs) -> Iterator[PrintWorker]:
    worker = PrintWorker(printer, jobs, back_off=(30.0,))
    yield worker
    printer.busy.set()
    worker.stop()


def test_the_latest_text_goes_out_when_no_receipt_waits(
    printer: Scripted, jobs: Jobs, worker: PrintWorker
) -> None:
    jobs.add(1)
    jobs.add(2)
    worker.start(lambda event: True)
    assert printer.log.get(timeout=5) == "job 1"
    for number in range(100):
        worker.display(f"text {number}".encode())
    printer.busy.set()
    assert printer.log.get(timeout=5) == "job 2"
    assert printer.log.get(timeout=5) == "text 99"
    assert printer.log.empty()


def test_a_kick_and_a_receipt_go_before_a_text(printer: Scripted, jobs: Jobs, worker: PrintWorker) -> None:
    printer.busy.set()
    worker.start(lambda event: True)
    worker.display(b"one")
    assert printer.log.get(timeout=5) == "one"
    worker.display(b"two")  # waits its fifth of a second
    jobs.add(1)
    worker.wake()
    kicked = worker.kick(2)
    kicked.result(5)
    heard = [printer.log.get(timeout=5) for _ in range(3)]
    assert heard[-1] == "two"
    assert sorted(heard[:2]) == ["job 1", "kick"]


def test_five_a_second_at_most(printer: Scripted, worker: PrintWorker) -> None:
    worker.start(lambda event: True)
    began, number, pause = time.monotonic(), 0, threading.Event()
    while time.monotonic() - began < 1.0:
        number += 1
        worker.display(f"text {number}".encode())
        pause.wait(0.002)
    seen = 1
    while printer.log.get(timeout=5) != f"text {number}":
        seen += 1
    assert 4 <= seen <= 7


def test_a_printer_that_is_off_is_left_alone_for_a_while(printer: Scripted, worker: PrintWorker) -> None:
    printer.errors = [DeviceOffline("no cable")]
    worker.start(lambda event: True)
    worker.display(b"one")
    assert printer.log.get(timeout=5) == "failed"
    worker.display(b"two")
    worker.kick(2).result(5)
    assert printer.log.get(timeout=5) == "kick"
    with pytest.raises(queue.Empty):
        printer.log.get(timeout=0.5)


def test_while_a_receipt_waits_for_paper_the_display_goes_on(
    printer: Scripted, jobs: Jobs, worker: PrintWorker
) -> None:
    printer.job_errors = [DeviceBlocked("no paper", reason="paper")]
    jobs.add(1)
    blocked: queue.Queue[DeviceEvent] = queue.Queue()
    worker.start(lambda event: not blocked.put(event))  # type: ignore[func-returns-value]
    while not (
        isinstance(event := blocked.get(timeout=5), DeviceChanged) and event.state is DeviceState.BLOCKED
    ):
        pass
    worker.display(b"one")
    assert printer.log.get(timeout=5) == "one"


def test_the_driver_hands_on_what_the_display_reads() -> None:
    handed: list[bytes] = []
    socket = SimpleNamespace(pass_on=handed.append)
    display = PrinterDisplay("pole", PrinterDisplaySettings("receipt"))
    display.show("nobody", "listens")
    events: list[DeviceEvent] = []
    display.attach(socket)  # type: ignore[arg-type]
    display.start(lambda event: not events.append(event))  # type: ignore[func-returns-value]
    assert isinstance(events[0], DeviceChanged)
    assert events[0].state is DeviceState.READY
    display.show("Piña", "$1.290")
    [data] = handed
    assert data.startswith(b"\x1b\x3d\x02")
    assert data.endswith(b"\x1b\x3d\x01")
    assert b"\x1b\x40" not in data
    virtual = Interpreter("epson", behind_printer=True)
    virtual.feed(data)
    assert [line.rstrip() for line in virtual.grid.lines] == ["Pina", "$1.290"]
    assert not virtual.printed
    display.clear()
    virtual.feed(handed[-1])
    assert virtual.grid.lines == (" " * 20, " " * 20)
    display.stop()


def test_without_its_printer_it_says_so_and_raises_nothing() -> None:
    events: list[DeviceEvent] = []
    display = PrinterDisplay("pole", PrinterDisplaySettings("kitchen"))
    display.start(lambda event: not events.append(event))  # type: ignore[func-returns-value]
    display.show("a", "b")
    display.clear()
    [event] = events
    assert isinstance(event, DeviceChanged)
    assert (event.state, event.reason) == (DeviceState.FAILED, "missing")
    assert "kitchen" in event.detail


def test_the_printer_passes_it_on_and_selects_itself_again_before_the_next_receipt() -> None:
    pipe = MemoryTransport()
    printer = EscposPrinter("receipt", EscposPrinter.Settings(transport="file", path="/dev/null"), pipe=pipe)
    assert SELECT_PRINTER not in printer.preamble(True)
    data = TO_DISPLAY + DIALECTS["epson"].clear + TO_PRINTER
    printer.pass_on(data)
    assert bytes(pipe.written) == data
    assert printer.preamble(True).startswith(b"\x1b\x3d\x01\x1b\x40")


def test_the_virtual_display_is_read_like_a_real_one(tmp_path: Path) -> None:
    events: queue.Queue[DeviceEvent] = queue.Queue()
    display = VirtualDisplay("pole", VirtualDisplaySettings(tmp_path / "glass", codepage="cp858"))
    display.start(lambda event: not events.put(event))  # type: ignore[func-returns-value]
    assert isinstance(events.get(timeout=5), DeviceChanged)
    display.show("Piña", "x" * 30)
    assert display.lines == ("Piña".ljust(20), "x" * 20)
    display.stop()
    assert (tmp_path / "glass").read_text("utf-8") == "Piña".ljust(20) + "\n" + "x" * 20 + "\n"
    display.clear()
    assert display.lines == (" " * 20, " " * 20)
