from __future__ import annotations

import fcntl
import os
import queue
import resource
import select
import struct
import termios
import threading
import time
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest

from tilltui.errors import ConfigError
from tilltui.ports import BarcodeScanned, DeviceChanged, DeviceEvent, DeviceState, ScanGarbled
from tilltui_drivers.scanners.code_settings import CodeSettings
from tilltui_drivers.scanners.serial import SerialScanner, SerialSettings
from tilltui_drivers.transport.serial.port import Line, SerialTransport


class Till:
    """Takes events as the till does, and says when it is closing."""

    def __init__(self) -> None:
        self.events: queue.Queue[DeviceEvent] = queue.Queue()
        self.closing = False

    def emit(self, event: DeviceEvent) -> bool:
        self.events.put(event)
        return not self.closing

    def next(self) -> DeviceEvent:
        return self.events.get(timeout=10)

    def code(self) -> str:
        event = self.next()
        assert isinstance(event, BarcodeScanned), event
        return event.text

    def wait_for(self, state: DeviceState, reason: str = "") -> DeviceChanged:
        event = self.next()
        assert isinstance(event, DeviceChanged), event
        assert (event.kind, event.device, event.state, event.reason) == ("scanner", "front", state, reason)
        return event


class Cable:
    """A pseudo terminal behind a link, as a by-id path is one: plug in, type, unplug."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.master = -1

    def plug_in(self) -> None:
        self.master, slave = os.openpty()
        tty.setraw(slave)
        self.path.symlink_to(os.ttyname(slave))
        os.close(slave)

    def unplug(self) -> None:
        self.path.unlink()
        master, self.master = self.master, -1
        os.close(master)

    def send(self, data: bytes) -> None:
        while data:
            data = data[os.write(self.master, data) :]


@pytest.fixture
def cable(tmp_path: Path) -> Iterator[Cable]:
    cable = Cable(tmp_path / "usb-scanner")
    yield cable
    if cable.master >= 0:
        cable.unplug()


@pytest.fixture
def till() -> Till:
    return Till()


@pytest.fixture
def scanner(cable: Cable) -> Iterator[SerialScanner]:
    scanner = SerialScanner("front", SerialSettings(str(cable.path), bad_beep="S334"))
    yield scanner
    scanner.stop()


@pytest.fixture
def ready(cable: Cable, scanner: SerialScanner, till: Till) -> SerialScanner:
    cable.plug_in()
    scanner.start(till.emit)
    till.wait_for(DeviceState.CONNECTING)
    till.wait_for(DeviceState.READY)
    return scanner


@pytest.mark.usefixtures("ready")
def test_codes_arrive_with_all_their_parts(cable: Cable, till: Till) -> None:
    before = time.monotonic()
    cable.send(b"]E07801234567894\r\n")
    event = till.next()
    assert isinstance(event, BarcodeScanned)
    assert (event.text, event.source, event.symbology) == ("7801234567894", "front", "]E0")
    assert event.raw == b"]E07801234567894"
    assert before <= event.at <= time.monotonic()


@pytest.mark.usefixtures("ready")
def test_a_thousand_codes_at_full_speed_arrive_in_order(cable: Cable, till: Till) -> None:
    sent = [f"78{number:010}" for number in range(1000)]
    sender = threading.Thread(target=cable.send, args=("".join(f"{c}\r\n" for c in sent).encode(),))
    sender.start()
    got = [till.code() for _ in sent]
    sender.join(10)
    assert got == sent


@pytest.mark.usefixtures("ready")
def test_silence_ends_a_code_without_terminator(cable: Cable, till: Till) -> None:
    cable.send(b"7801")
    assert till.code() == "7801"


@pytest.mark.usefixtures("ready")
def test_garbage_is_said(cable: Cable, till: Till) -> None:
    sender = threading.Thread(target=cable.send, args=(b"x" * 9000 + b"\r7801\r",))
    sender.start()
    event = till.next()
    assert isinstance(event, ScanGarbled)
    assert event.source == "front"
    assert till.code() == "7801"
    sender.join(10)


@pytest.mark.usefixtures("ready")
def test_unplugged_and_back_again(cable: Cable, till: Till) -> None:
    for round_ in range(2):
        cable.send(b"7801\r")
        assert till.code() == "7801"
        cable.unplug()
        assert till.wait_for(DeviceState.FAILED, "unplugged").detail
        if round_:
            till.wait_for(DeviceState.FAILED, "missing")
        cable.plug_in()
        till.wait_for(DeviceState.READY)
    cable.send(b"7802\r")
    assert till.code() == "7802"


@pytest.mark.usefixtures("ready")
def test_half_a_code_before_the_unplugging_is_no_code(cable: Cable, till: Till) -> None:
    cable.send(b"7801\r78")
    assert till.code() == "7801"
    cable.unplug()
    assert isinstance(till.next(), ScanGarbled)
    till.wait_for(DeviceState.FAILED, "unplugged")


@pytest.mark.usefixtures("ready")
def test_unplugged_in_full_flow_every_code_that_was_read_is_there(cable: Cable, till: Till) -> None:
    sent = [f"78{number:010}" for number in range(200)]
    cable.send("".join(f"{code}\r" for code in sent).encode())
    cable.unplug()
    got: list[str] = []
    while not isinstance(event := till.next(), DeviceChanged):
        if isinstance(event, BarcodeScanned):
            got.append(event.text)
    assert (event.state, event.reason) == (DeviceState.FAILED, "unplugged")
    assert got == sent[: len(got)]


def test_a_missing_port_is_a_warning_and_found_when_it_comes(
    cable: Cable, scanner: SerialScanner, till: Till
) -> None:
    scanner.start(till.emit)
    till.wait_for(DeviceState.CONNECTING)
    assert str(cable.path) in till.wait_for(DeviceState.FAILED, "missing").detail
    cable.plug_in()
    till.wait_for(DeviceState.READY)
    cable.send(b"7801\r")
    assert till.code() == "7801"


def test_a_port_in_use_is_said_so(cable: Cable, scanner: SerialScanner, till: Till) -> None:
    cable.plug_in()
    other = SerialTransport(Line(str(cable.path)))
    other.open(time.monotonic() + 1)
    scanner.start(till.emit)
    till.wait_for(DeviceState.CONNECTING)
    till.wait_for(DeviceState.FAILED, "busy")
    other.dispose()
    till.wait_for(DeviceState.READY)


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_a_path_that_is_no_serial_line_is_a_warning(tmp_path: Path, till: Till, kind: str) -> None:
    path = tmp_path / "thing"
    path.write_text("") if kind == "file" else path.mkdir()
    scanner = SerialScanner("front", SerialSettings(str(path)))
    scanner.start(till.emit)
    till.wait_for(DeviceState.CONNECTING)
    till.wait_for(DeviceState.FAILED, "settings")
    scanner.stop()


def test_settings_that_cannot_be_are_a_warning(cable: Cable, till: Till) -> None:
    cable.plug_in()
    scanner = SerialScanner("front", SerialSettings(str(cable.path), bytesize=9))
    scanner.start(till.emit)
    till.wait_for(DeviceState.CONNECTING)
    till.wait_for(DeviceState.FAILED, "settings")
    scanner.stop()


def test_seven_bits_and_even_parity_open(cable: Cable, till: Till) -> None:
    cable.plug_in()
    scanner = SerialScanner("front", SerialSettings(str(cable.path), bytesize=7, parity="E"))
    scanner.start(till.emit)
    till.wait_for(DeviceState.CONNECTING)
    till.wait_for(DeviceState.READY)
    scanner.stop()


def test_stop_is_quick_in_every_state(cable: Cable, ready: SerialScanner, till: Till) -> None:
    started = time.monotonic()
    ready.stop()
    assert time.monotonic() - started < 0.5
    ready.stop()
    cable.unplug()
    till.events = queue.Queue()
    ready.start(till.emit)
    till.wait_for(DeviceState.CONNECTING)
    till.wait_for(DeviceState.FAILED, "missing")
    started = time.monotonic()
    ready.stop()
    assert time.monotonic() - started < 0.5
    assert not [t for t in threading.enumerate() if t.name == "scanner-front"]


def test_a_closing_till_ends_the_thread(cable: Cable, ready: SerialScanner, till: Till) -> None:
    [thread] = [t for t in threading.enumerate() if t.name == "scanner-front"]
    till.closing = True
    cable.send(b"7801\r")
    thread.join(5)
    assert not thread.is_alive()


def test_stopped_and_unplugged_scanners_leave_no_descriptor(cable: Cable, till: Till) -> None:
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(5):
        cable.plug_in()
        scanner = SerialScanner("front", SerialSettings(str(cable.path)))
        scanner.start(till.emit)
        till.wait_for(DeviceState.CONNECTING)
        till.wait_for(DeviceState.READY)
        cable.unplug()
        till.wait_for(DeviceState.FAILED, "unplugged")
        scanner.stop()
        till.events = queue.Queue()
    assert len(os.listdir("/proc/self/fd")) == before


def test_kinds_of_code_and_repetitions(cable: Cable, till: Till) -> None:
    cable.plug_in()
    codes = CodeSettings(symbologies=("ean",), duplicate_ms=10_000)
    scanner = SerialScanner("front", SerialSettings(str(cable.path), codes=codes))
    scanner.start(till.emit)
    till.wait_for(DeviceState.CONNECTING)
    till.wait_for(DeviceState.READY)
    cable.send(b"]E07801\r]E07801\r]Q37801\r7802\r]E07803\r")
    assert till.code() == "7801"
    refused = [till.next(), till.next()]
    assert ["may not read" in e.reason for e in refused if isinstance(e, ScanGarbled)] == [True, False]
    assert till.code() == "7803"
    scanner.stop()


def test_a_kind_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ConfigError, match="cuneiform"):
        CodeSettings(symbologies=("cuneiform",))


def test_feedback_beeps_at_the_scanner(cable: Cable, ready: SerialScanner, till: Till) -> None:
    ready.feedback(True)
    ready.feedback(False)
    assert select.select([cable.master], [], [], 5)[0]
    assert os.read(cable.master, 100) == b"S334\r"
    cable.send(b"7801\r")
    assert till.code() == "7801"


def test_feedback_without_a_scanner_does_nothing(scanner: SerialScanner, till: Till) -> None:
    scanner.feedback(False)
    scanner.start(till.emit)
    till.wait_for(DeviceState.CONNECTING)
    till.wait_for(DeviceState.FAILED, "missing")
    scanner.feedback(False)


@pytest.mark.usefixtures("ready")
def test_an_idle_scanner_costs_nothing() -> None:
    waited = threading.Event()
    before = resource.getrusage(resource.RUSAGE_SELF)
    waited.wait(2.0)
    after = resource.getrusage(resource.RUSAGE_SELF)
    switches = after.ru_nvcsw - before.ru_nvcsw
    assert switches <= 12, f"{switches} wake-ups in 2 s"


def test_transport_says_how_much_was_taken(cable: Cable) -> None:
    cable.plug_in()
    transport = SerialTransport(Line(str(cable.path)))
    transport.open(time.monotonic() + 1)
    flood = b"x" * 1_000_000
    taken = transport.write(flood, time.monotonic() + 0.05)
    assert 0 < taken < len(flood)
    assert fcntl.ioctl(cable.master, termios.FIONREAD, b"\0\0\0\0") != struct.pack("i", 0)
    transport.dispose()
    transport.dispose()
