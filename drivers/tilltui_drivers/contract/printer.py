"""What every receipt printer driver must do."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence

import pytest

from tilltui.domain.paper.elements import QR, Barcode, Cut, Element, Feed, Rule, Text
from tilltui.errors import DeviceError, DeviceOffline, OutcomeUnknown
from tilltui.ports import Delivered, Delivery, Job, PaperRules, Printer
from tilltui_drivers.contract.bench import PrinterBench, eventually
from tilltui_drivers.contract.device import BenchTests, check_abilities

KICK_SECONDS = 3.5
"""``ports.Printer.kick`` has three."""

GIVES_UP = 12.0
"""Seconds until a job that cannot be sent is refused."""

RECEIPT: Sequence[Element] = (
    Text(center="CONTRACT", bold=True),
    Rule(),
    Text("Leche entera", right="1200"),
    Text("Pan amasado", right="950"),
    Barcode("7801234567894", "ean13"),
    QR("https://example.com/1"),
    Feed(2),
    Cut(),
)
"""A receipt with everything that is usual."""


class _Sent:
    """Sends one job and notes what the driver called."""

    def __init__(self, printer: Printer) -> None:
        self.printer = printer
        self.sending = 0
        self.waited: list[str] = []
        self.stop = threading.Event()

    def deliver(self, payload: bytes, job_id: int = 1) -> Delivery:
        def sending() -> None:
            self.sending += 1

        return self.printer.deliver(Job(payload, job_id, sending, self.waited.append, self.stop.is_set))


class PrinterContract(BenchTests):
    """At every moment it is known whether a byte of a receipt has left."""

    @pytest.fixture
    def printer(self, bench: PrinterBench) -> Iterator[Printer]:
        """The driver under test, closed afterwards."""
        printer = bench.driver()
        yield printer
        printer.close()

    def test_it_says_what_it_is(self, bench: PrinterBench, printer: Printer) -> None:
        """Kind, name, settings class, columns, paper and rules; no ability is half there."""
        assert (printer.kind, printer.name) == (bench.kind, bench.name)
        assert isinstance(printer.Settings, type)
        assert 16 <= printer.columns <= 96
        assert printer.paper_profile.dots >= printer.columns
        assert isinstance(printer.paper_rules, PaperRules)
        check_abilities(printer)

    def test_render_is_pure(self, printer: Printer) -> None:
        """The same receipt gives the same bytes, without a printer."""
        first = printer.render(RECEIPT)
        assert first
        assert printer.render(list(RECEIPT)) == first

    def test_text_is_no_command(self, printer: Printer) -> None:
        """A product's name must not open the drawer or reprogram the printer."""
        hostile = printer.render([Text("\x1bp\x00\x19\x19\x10\x14\x01\x00\x01\x1d(A", right="\x1b@\x1b")])
        assert b"\x1bp\x00\x19\x19" not in hostile
        assert b"\x10\x14" not in hostile
        assert b"\x1d(A" not in hostile

    def test_a_receipt_is_printed_once(self, bench: PrinterBench, printer: Printer) -> None:
        """``sending`` is called once, and the receipt is on paper once."""
        bench.plug_in()
        job = _Sent(printer)
        delivery = job.deliver(printer.render(RECEIPT))
        assert delivery.outcome in (Delivered.CONFIRMED, Delivered.SENT_UNCONFIRMED)
        assert job.sending == 1
        assert eventually(lambda: _count(bench, "Pan amasado") == 1)
        assert _count(bench, "CONTRACT") == 1

    def test_jobs_keep_their_order(self, bench: PrinterBench, printer: Printer) -> None:
        """Five receipts, one after the other."""
        bench.plug_in()
        for number in range(1, 6):
            _Sent(printer).deliver(printer.render([Text(f"Receipt {number}"), Cut()]), number)
        assert eventually(lambda: _count(bench, "Receipt 5") == 1)
        lines = [line.strip() for line in bench.printed() if "Receipt" in line]
        assert lines == [f"Receipt {number}" for number in range(1, 6)]

    def test_without_a_printer_nothing_has_left(self, printer: Printer) -> None:
        """``DeviceOffline``, in bounded time, and ``sending`` was never called: trying again is safe."""
        job = _Sent(printer)
        began = time.monotonic()
        with pytest.raises(DeviceOffline) as caught:
            job.deliver(printer.render(RECEIPT))
        assert job.sending == 0
        assert caught.value.device == printer.name
        assert time.monotonic() - began < GIVES_UP

    def test_it_works_once_it_is_there(self, bench: PrinterBench, printer: Printer) -> None:
        """After being off the same driver prints."""
        with pytest.raises(DeviceOffline):
            _Sent(printer).deliver(printer.render(RECEIPT))
        bench.plug_in()
        _Sent(printer).deliver(printer.render(RECEIPT))
        assert eventually(lambda: _count(bench, "Pan amasado") == 1)

    def test_a_kick_fires_the_drawer_once(self, bench: PrinterBench, printer: Printer) -> None:
        """Once, within three seconds."""
        bench.plug_in()
        began = time.monotonic()
        printer.kick(2)
        assert time.monotonic() - began < KICK_SECONDS
        assert eventually(lambda: bench.kicks() == 1)

    def test_a_kick_without_a_printer_is_an_error(self, bench: PrinterBench, printer: Printer) -> None:
        """It is said within three seconds, and no drawer opens later."""
        began = time.monotonic()
        with pytest.raises(DeviceError):
            printer.kick(2)
        assert time.monotonic() - began < KICK_SECONDS
        bench.plug_in()
        _Sent(printer).deliver(printer.render([Text("later"), Cut()]))
        assert eventually(lambda: _count(bench, "later") == 1)
        assert bench.kicks() == 0

    def test_a_pin_that_is_none_is_refused(self, bench: PrinterBench, printer: Printer) -> None:
        """There are 2 and 5."""
        bench.plug_in()
        with pytest.raises(DeviceError):
            printer.kick(3)

    def test_close_is_harmless(self, printer: Printer) -> None:
        """Twice, and before any job."""
        printer.close()
        printer.close()

    def test_it_writes_nothing_on_the_screen(
        self, capfd: pytest.CaptureFixture[str], bench: PrinterBench, printer: Printer
    ) -> None:
        """The screen is the till's."""
        with pytest.raises(DeviceError):
            _Sent(printer).deliver(printer.render(RECEIPT))
        bench.plug_in()
        _Sent(printer).deliver(printer.render(RECEIPT))
        assert capfd.readouterr() == ("", "")


class CablePrinterContract(PrinterContract):
    """A printer whose plug can be pulled while it prints."""

    def test_unplugged_in_the_middle_is_doubt(self, bench: PrinterBench, printer: Printer) -> None:
        """Once bytes of the job have left, the driver must not say that nothing was sent."""
        bench.plug_in()
        payload = printer.render([Text(f"line {number:04}") for number in range(2000)])
        bench.cut_cable_after(len(payload) // 2)
        job = _Sent(printer)
        with pytest.raises(OutcomeUnknown):
            job.deliver(payload)
        assert job.sending == 1
        bench.plug_in()
        _Sent(printer).deliver(printer.render([Text("and on"), Cut()]), 2)
        assert eventually(lambda: _count(bench, "and on") == 1)


def _count(bench: PrinterBench, words: str) -> int:
    return sum(words in line for line in bench.printed())
