"""A device's thread that meets an error nobody foresaw says so, logs it, and works again."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.benches import EvdevBench, SerialBench, TcpBench, UdpBench, VirtualBench
from tests.support.hid_scanner import HidBench
from tests.support.sysfs_tree import FakeMachine
from tilltui.ports import BarcodeScanned, DeviceChanged, DeviceEvent, DeviceState, Scanner, WeightRead
from tilltui_drivers.contract.bench import ScannerBench, TillEar, eventually
from tilltui_drivers.discovery.watcher import Change, Plugged, Unplugged, Watcher
from tilltui_drivers.displays.serial import SerialDisplay, SerialDisplaySettings
from tilltui_drivers.scales.serial import SerialScale, SerialScaleSettings
from tilltui_drivers.supervisor import keep_running
from tilltui_drivers.virtual.displays.display import VirtualDisplay, VirtualDisplaySettings
from tilltui_drivers.virtual.displays.display_device import VirtualDisplayDevice
from tilltui_drivers.virtual.scales.scale import VirtualScale, VirtualScaleSettings
from tilltui_drivers.virtual.scales.scale_device import VirtualScaleDevice
from tilltui_drivers.virtual.scales.voices import Toledo8217Voice


class StumblingEar(TillEar):
    """A till whose first look at an event of ``kind`` raises what no driver expects."""

    def __init__(self, kind: type[DeviceEvent]) -> None:
        super().__init__()
        self._kind: type[object] | None = kind

    def emit(self, event: DeviceEvent) -> bool:
        if self._kind is not None and isinstance(event, self._kind):
            self._kind = None
            raise ZeroDivisionError("nobody foresaw this")
        return super().emit(event)


def well_again(ear: TillEar) -> None:
    failed = ear.next(DeviceChanged, lambda event: event.state is DeviceState.FAILED)
    assert failed.reason == "error"
    ear.until(DeviceState.READY)


@pytest.mark.parametrize("bench_class", [SerialBench, EvdevBench, HidBench, UdpBench, TcpBench, VirtualBench])
def test_a_scanner_scans_again(
    bench_class: type[ScannerBench], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ear, bench = StumblingEar(BarcodeScanned), bench_class(tmp_path)
    scanner: Scanner = bench.driver()
    bench.plug_in()
    scanner.start(ear.emit)
    try:
        ear.until(DeviceState.READY)
        bench.scan("111")
        well_again(ear)
        if isinstance(bench, TcpBench):
            bench.close()  # its connection fell with the thread's work: it connects again
        bench.scan("96385074")
        assert ear.next(BarcodeScanned).text == "96385074"
        assert "nobody foresaw this" in caplog.text
    finally:
        scanner.stop()
        bench.close()
    assert not [thread for thread in threading.enumerate() if thread.name == f"scanner-{scanner.name}"]


def test_a_scale_weighs_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    virtual = VirtualScaleDevice(Toledo8217Voice, tmp_path / "scale")
    virtual.plug_in()
    ear = StumblingEar(WeightRead)
    scale = SerialScale("deli", SerialScaleSettings(str(virtual.path), bytesize=8, parity="N"))
    scale.start(ear.emit)
    try:
        ear.until(DeviceState.READY)
        virtual.put(500)
        scale.watch(True)
        well_again(ear)
        virtual.put(750)
        scale.watch(True)
        ear.next(WeightRead, lambda event: event.weight.grams == 750)
        assert "nobody foresaw this" in caplog.text
    finally:
        scale.stop()
        virtual.close()


def test_the_demo_scale_weighs_again() -> None:
    ear = StumblingEar(WeightRead)
    scale = VirtualScale("deli", VirtualScaleSettings(by_itself=False, settle_ms=0))
    scale.start(ear.emit)
    try:
        ear.until(DeviceState.READY)
        scale.put(500)
        scale.watch(True)
        well_again(ear)
        scale.put(750)
        scale.watch(True)
        ear.next(WeightRead, lambda event: event.weight.grams == 750)
    finally:
        scale.stop()


def test_a_display_shows_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    virtual = VirtualDisplayDevice("epson", tmp_path / "display")
    virtual.plug_in()
    ear = StumblingEar(DeviceChanged)  # the very first word, and the next ones get through
    display = SerialDisplay("customer", SerialDisplaySettings(str(virtual.path)))
    display.show("Leche entera", "1.090")
    display.start(ear.emit)
    try:
        well_again(ear)
        assert eventually(lambda: virtual.lines[0].startswith("Leche entera"))
        assert "nobody foresaw this" in caplog.text
    finally:
        display.stop()
        virtual.close()


def test_the_demo_display_writes_again(tmp_path: Path) -> None:
    ear, file = StumblingEar(DeviceChanged), tmp_path / "glass"
    display = VirtualDisplay("customer", VirtualDisplaySettings(file))
    display.start(ear.emit)
    try:
        well_again(ear)
        display.show("Total", "2.180")
        assert eventually(lambda: file.exists() and file.read_text("utf-8").startswith("Total"))
    finally:
        display.stop()


def test_the_watcher_of_plugs_tells_again_and_nothing_twice(tmp_path: Path) -> None:
    machine, changes = FakeMachine(tmp_path), queue.Queue[Change]()
    machine.tty("ttyACM0", machine.usb("1-1", "0c2e", "0001", serial="a"), by_id="usb-a")
    stumbled = threading.Event()

    def changed(change: Change) -> bool:
        if isinstance(change, Unplugged) and not stumbled.is_set():
            stumbled.set()
            raise ZeroDivisionError("nobody foresaw this")
        changes.put(change)
        return True

    watcher = Watcher(changed, machine.roots, poll=0.02, word=lambda: None)
    watcher.start()
    try:
        assert isinstance(changes.get(timeout=15), Plugged)
        machine.pull("1-1")
        assert stumbled.wait(15)
        assert isinstance(changes.get(timeout=15), Unplugged)
        machine.tty("ttyACM1", machine.usb("1-2", "0c2e", "0001", serial="b"), by_id="usb-b")
        assert isinstance(changes.get(timeout=15), Plugged)
        assert changes.empty()
    finally:
        watcher.stop()


@pytest.fixture
def stop() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def test_work_that_always_fails_backs_off_and_still_stops(
    stop: threading.Event, caplog: pytest.LogCaptureFixture
) -> None:
    tries: list[int] = []

    def work() -> None:
        tries.append(1)
        raise ZeroDivisionError

    def failed() -> None:
        if len(tries) == 4:
            stop.set()
        raise KeyError("the till does not take it either")

    with caplog.at_level(logging.ERROR):
        keep_running("a device", work, stop, failed, pauses=(0.0, 0.01))
    assert len(tries) == 4
    assert "could not say" in caplog.text


def test_work_that_ends_is_not_begun_again(stop: threading.Event) -> None:
    done: list[int] = []
    keep_running("a device", lambda: done.append(1), stop, lambda: done.append(2))
    assert done == [1]
