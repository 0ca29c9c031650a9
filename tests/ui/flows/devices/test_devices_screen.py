"""F12, Devices: what is set up, how it is, trying it out, and the papers that wait."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import pytest

from tests.ui.cashier import MILK, SOAP, Bench, Cashier, open_till
from tilltui.domain.paper.elements import Element, Text
from tilltui.errors import DeviceBlocked, OutcomeUnknown
from tilltui.ports import Delivered, Delivery, Drawer, Job, Printer, Scanner
from tilltui.ports.events import Emit
from tilltui.ui.dialogs.ask import AskDialog
from tilltui.ui.dialogs.pick import PickDialog
from tilltui.ui.widgets.choice_list import ChoiceList
from tilltui_drivers.virtual.displays.display import VirtualDisplay, VirtualDisplaySettings
from tilltui_drivers.virtual.scales.scale import VirtualScale, VirtualScaleSettings


class PaperPrinter(Printer):
    """Prints into a list, while it has paper."""

    Settings: ClassVar[type[Any]] = object
    columns = 42

    def __init__(self, name: str = "receipt") -> None:
        self.name = name
        self.papers: list[str] = []
        self.paper = threading.Event()
        self.paper.set()
        self.lost = False

    def render(self, elements: Sequence[Element]) -> bytes:
        return "\n".join(e.left or e.center for e in elements if isinstance(e, Text)).encode()

    def deliver(self, job: Job) -> Delivery:
        if not self.paper.is_set():
            raise DeviceBlocked("no paper", reason="paper", device=self.name)
        job.sending()
        self.papers.append(job.payload.decode())
        if self.lost:
            self.lost = False
            raise OutcomeUnknown("no answer", device=self.name)
        return Delivery(Delivered.CONFIRMED, "pid")

    def kick(self, pin: int) -> None:
        raise AssertionError


class FiredDrawer(Drawer):
    """Counts."""

    Settings: ClassVar[type[Any]] = object

    def __init__(self) -> None:
        self.name = "main"
        self.fired = threading.Event()

    def open(self) -> None:
        self.fired.set()


class StillScanner(Scanner):
    """Does nothing by itself."""

    Settings: ClassVar[type[Any]] = object

    def __init__(self) -> None:
        self.name = "front"

    def start(self, emit: Emit) -> None:
        """Nothing to open."""

    def stop(self, timeout: float = 2.0) -> None:
        """Nothing to close."""


@pytest.fixture
def printer(bench: Bench) -> PaperPrinter:
    printer = PaperPrinter()
    bench.fitted["printer", "receipt"] = printer
    return printer


async def choose_device(cashier: Cashier, name: str) -> None:
    """F12, Devices, and the device of that name."""
    await cashier.choose("devices")
    choices = cashier.app.screen.query_one(ChoiceList).choices
    at = next(i for i, choice in enumerate(choices) if choice.label.endswith(f" {name}"))
    await cashier.press(*["down"] * at, "enter")


def jobs(cashier: Cashier) -> list[str]:
    """States of the print jobs."""
    return [state for (state,) in cashier.store.reader.execute("SELECT state FROM print_job ORDER BY id")]


async def test_without_devices_it_says_so(cashier: Cashier) -> None:
    await cashier.choose("devices")
    assert cashier.errors == ["No device is set up."]


async def test_each_device_with_its_state_in_words(bench: Bench, printer: PaperPrinter) -> None:
    printer.paper.clear()
    bench.fitted["scale", "counter"] = VirtualScale("counter", VirtualScaleSettings(by_itself=False))
    async with open_till(bench) as cashier:
        await cashier.until(lambda: cashier.ready("scale"))
        await cashier.scan(MILK)
        await cashier.press("enter", "enter")
        await cashier.until(lambda: jobs(cashier) == ["blocked"])
        await cashier.choose("devices")
        text = await cashier.text()
        lines = [line for line in text.splitlines() if "receipt" in line or "counter" in line]
        assert ["no paper" in line or "ready" in line for line in lines] == [True, True]


async def test_a_test_page(bench: Bench, printer: PaperPrinter) -> None:
    async with open_till(bench) as cashier:
        await choose_device(cashier, "receipt")
        await cashier.press("1")
        await cashier.until(lambda: bool(printer.papers))
        assert "42 columns" in printer.papers[0]
        await cashier.until(lambda: jobs(cashier) == ["confirmed"])


async def test_a_waiting_receipt_is_tried_again(bench: Bench, printer: PaperPrinter) -> None:
    printer.paper.clear()
    async with open_till(bench) as cashier:
        await cashier.scan(MILK)
        await cashier.press("enter", "enter")
        await cashier.until(lambda: jobs(cashier) == ["blocked"])
        await cashier.choose("jobs")
        assert "no paper" in await cashier.text()
        printer.paper.set()
        await cashier.press("1", "1")
        await cashier.until(lambda: jobs(cashier) == ["confirmed"])
        assert len(printer.papers) == 1


async def test_a_waiting_receipt_is_cancelled(bench: Bench, printer: PaperPrinter) -> None:
    printer.paper.clear()
    async with open_till(bench) as cashier:
        await cashier.scan(MILK)
        await cashier.press("enter", "enter")
        await cashier.until(lambda: jobs(cashier) == ["blocked"])
        await cashier.choose("jobs")
        await cashier.press("1", "2")
        await cashier.until(lambda: jobs(cashier) == ["cancelled"])
        printer.paper.set()
        await cashier.scan(SOAP)
        await cashier.press("enter", "enter")
        await cashier.until(lambda: jobs(cashier) == ["cancelled", "confirmed"])
        assert len(printer.papers) == 1
        assert not cashier.devices.cancel_paper(2)


@pytest.mark.parametrize(("key", "states"), [("1", ["confirmed"]), ("2", ["cancelled", "confirmed"])])
async def test_did_it_come_out(bench: Bench, printer: PaperPrinter, key: str, states: list[str]) -> None:
    printer.lost = True
    async with open_till(bench) as cashier:
        await cashier.scan(MILK)
        await cashier.press("enter", "enter")
        await cashier.until(lambda: jobs(cashier) == ["uncertain"])
        await cashier.until(lambda: cashier.errors == ["A receipt was perhaps not printed."])
        await cashier.press("escape")
        await cashier.choose("jobs")
        await cashier.press("1", key)
        await cashier.until(lambda: jobs(cashier) == states)
        assert len(printer.papers) == len(states)


async def test_a_scanner_is_tried_without_ringing(bench: Bench) -> None:
    bench.fitted["scanner", "front"] = StillScanner()
    async with open_till(bench) as cashier:
        await choose_device(cashier, "front")
        await cashier.press("1")
        await cashier.scan(MILK)
        assert isinstance(cashier.dialog, AskDialog)
        assert MILK in await cashier.text()
        assert cashier.lines == []
        await cashier.press("enter")
        assert cashier.dialog is None


async def test_a_scale_is_tried_without_ringing(bench: Bench) -> None:
    scale = VirtualScale("counter", VirtualScaleSettings(by_itself=False, settle_ms=0))
    bench.fitted["scale", "counter"] = scale
    async with open_till(bench) as cashier:
        await choose_device(cashier, "counter")
        await cashier.press("1")
        scale.put(450)
        await cashier.until(lambda: bool(cashier.errors))
        assert cashier.errors == ["The scale says 0,450 kg."]
        assert cashier.lines == []


async def test_display_and_drawer_are_tried(bench: Bench) -> None:
    display, drawer = VirtualDisplay("customer", VirtualDisplaySettings()), FiredDrawer()
    bench.fitted["display", "customer"] = display
    bench.fitted["drawer", "main"] = drawer
    async with open_till(bench) as cashier:
        await choose_device(cashier, "customer")
        await cashier.press("1")
        assert display.lines[1] == "12345678901234567890"
        await choose_device(cashier, "main")
        await cashier.press("1")
        await cashier.until(drawer.fired.is_set)


async def test_a_left_out_device_says_why(bench: Bench, tmp_path: Path) -> None:
    bench.fitted["display", "customer"] = None
    async with open_till(bench) as cashier:
        await cashier.choose("devices")
        assert "left out" in await cashier.text()
        await cashier.press("1")
        assert cashier.errors == ["There is nothing to try."]
        assert not isinstance(cashier.dialog, PickDialog)
