"""What a unit was found able to do is asked once, kept over restarts, and doubted when it no longer holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from tilltui.domain.paper.elements import Cut, Text
from tilltui.errors import DeviceBlocked, DeviceError, DeviceOffline
from tilltui.ports import Delivered, Delivery, Job
from tilltui_drivers.printers.escpos import EscposPrinter
from tilltui_drivers.transport.file import FileTransport
from tilltui_drivers.transport.network import NetworkTransport
from tilltui_drivers.transport.serial.printer import SerialPrinterTransport
from tilltui_drivers.transport.usblp import UsbLpTransport
from tilltui_drivers.virtual.printers.printer_device import Faults, VirtualPrinterDevice

GSR_PROBE, PID_PROBE = b"\x1d\x72\x01", b"\x1d\x28\x48\x06\x00\x30\x30"


class Known:
    """A memory that outlives the printers of a test."""

    def __init__(self) -> None:
        self.units: dict[str, dict[str, str]] = {}

    def recall(self, identity: str) -> dict[str, str]:
        return dict(self.units.get(identity, {}))

    def remember(self, identity: str, key: str, value: str) -> None:
        self.units.setdefault(identity, {})[key] = value

    def forget(self, identity: str) -> None:
        self.units.pop(identity, None)

    @property
    def only(self) -> dict[str, str]:
        (unit,) = self.units.values()
        return unit


def a_printer(port: int, memory: Known, profile: str = "generic-80", **settings: object) -> EscposPrinter:
    values: dict[str, object] = {"host": "127.0.0.1", "port": port, "profile": profile, "fence_timeout": 0.4}
    printer = EscposPrinter(
        "receipt",
        EscposPrinter.Settings(**{"status_timeout": 0.3, **values, **settings}),  # type: ignore[arg-type]
    )
    printer.use_memory(memory)
    return printer


def deliver(printer: EscposPrinter, job_id: int = 1) -> Delivery:
    return printer.deliver(Job(printer.render([Text("línea"), Cut()]), job_id))


@pytest.mark.parametrize(
    ("profile", "fences", "fence"),
    [("generic-80", {"gsr"}, "gsr"), ("TM-T20II", {"gsr"}, "gsr"), ("TM-T20II", {"pid", "gsr"}, "pid")],
)
def test_a_fence_is_found_once_and_known_after_a_restart(profile: str, fences: set[str], fence: str) -> None:
    memory = Known()
    with VirtualPrinterDevice(Faults(fences=frozenset(fences))) as virtual:
        port = virtual.serve_tcp()
        assert deliver(a_printer(port, memory, profile)).fence == fence
        assert memory.only == {"replies": "yes", "fence": fence}
        before = len(virtual.received)
        assert deliver(a_printer(port, memory, profile)).fence == fence
        asked = bytes(virtual.received[before:])
        assert (PID_PROBE in asked) is (fence == "pid")


def test_a_printer_that_confirms_nothing_is_not_asked_again_but_its_paper_is_watched() -> None:
    memory = Known()
    with VirtualPrinterDevice(Faults(fences=frozenset())) as virtual:
        port = virtual.serve_tcp()
        first = a_printer(port, memory)
        for job in (1, 2):
            assert deliver(first, job).outcome is Delivered.SENT_UNCONFIRMED
        assert memory.only == {"replies": "yes", "fence": "none"}
        before = len(virtual.received)
        again = a_printer(port, memory)
        assert deliver(again, 3).outcome is Delivered.SENT_UNCONFIRMED
        assert GSR_PROBE not in bytes(virtual.received[before:])
        virtual.set_paper(out=True)
        with pytest.raises(DeviceBlocked):
            deliver(again, 4)


def test_a_printer_that_once_answered_is_off_when_it_is_silent() -> None:
    memory = Known()
    with VirtualPrinterDevice() as virtual:
        port = virtual.serve_tcp()
        deliver(a_printer(port, memory))
    with VirtualPrinterDevice(Faults(mute=True)) as virtual:
        virtual.serve_tcp(port=port)
        before_forgetting = a_printer(port, memory)
        with pytest.raises(DeviceOffline):
            deliver(before_forgetting)
        assert virtual.paper.lines == []
        before_forgetting.forget()
        assert memory.units == {}
        assert deliver(before_forgetting).outcome is Delivered.SENT_UNCONFIRMED


def test_another_unit_in_the_old_ones_place_is_asked_anew_after_three_refusals() -> None:
    memory = Known()
    with VirtualPrinterDevice() as virtual:
        port = virtual.serve_tcp()
        assert deliver(a_printer(port, memory, "TM-T20II")).fence == "pid"
    with VirtualPrinterDevice(Faults(fences=frozenset({"gsr"}))) as virtual:
        virtual.serve_tcp(port=port)
        printer = a_printer(port, memory, "TM-T20II")
        for job in (2, 3, 4):
            with pytest.raises(DeviceOffline, match="confirm"):
                deliver(printer, job)
        assert deliver(printer, 5) == Delivery(Delivered.CONFIRMED, "gsr")
        assert memory.only["fence"] == "gsr"
        assert virtual.paper.lines == ["línea"]


def test_what_the_shop_wrote_stands_above_what_was_remembered() -> None:
    memory = Known()
    with VirtualPrinterDevice() as virtual:
        port = virtual.serve_tcp()
        deliver(a_printer(port, memory))
        assert memory.only["fence"] == "gsr"
        assert deliver(a_printer(port, memory, fence="pid")).fence == "pid"
        assert deliver(a_printer(port, memory, fence="none")).fence == "none"


def test_a_refusal_is_remembered_as_nothing() -> None:
    memory = Known()
    with VirtualPrinterDevice(Faults(garbage=True)) as virtual:
        with pytest.raises(DeviceError):
            deliver(a_printer(virtual.serve_tcp(), memory))
        assert memory.units == {}


@pytest.mark.parametrize(
    ("told", "identity"),
    [
        (b"MFG:EPSON;CMD:ESC/POS;MDL:TM-T20II;CLS:PRINTER;SN:J4YF1;\n", "usb:EPSON/TM-T20II/J4YF1"),
        (b"MANUFACTURER:Custom ;MODEL:K80\x1b[2J;", "usb:Custom/K80[2J/"),
        (b"", "usblp:/dev/usb/lp3"),
        (None, "usblp:/dev/usb/lp3"),
    ],
)
def test_a_unit_is_known_by_its_own_number_where_it_tells_it(
    tmp_path: Path, told: bytes | None, identity: str
) -> None:
    if told is not None:
        (tmp_path / "lp3" / "device").mkdir(parents=True)
        (tmp_path / "lp3" / "device" / "ieee1284_id").write_bytes(told)
    assert UsbLpTransport("/dev/usb/lp3", "receipt", tmp_path).identity() == identity


def test_other_units_are_known_by_where_they_are_plugged_in() -> None:
    assert NetworkTransport("10.0.0.5", 9100).identity() == "tcp:10.0.0.5:9100"
    assert SerialPrinterTransport("/dev/serial/by-id/x").identity() == "serial:/dev/serial/by-id/x"
    assert FileTransport("out.bin").identity() == ""
