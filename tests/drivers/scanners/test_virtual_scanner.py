from __future__ import annotations

import os
import queue
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tilltui import plugins
from tilltui.config.fill import keys
from tilltui.config.load import driver_settings
from tilltui.config.problems import Problems
from tilltui.config.schema import DeviceSection
from tilltui.ports import BarcodeScanned, DeviceChanged, DeviceEvent, DeviceState, ScanGarbled
from tilltui_drivers.scanners.code_settings import CodeSettings
from tilltui_drivers.virtual.scanners.scanner import VirtualScanner, VirtualScannerSettings


class Till:
    """Takes events as the till does."""

    def __init__(self) -> None:
        self.events: queue.Queue[DeviceEvent] = queue.Queue()

    def emit(self, event: DeviceEvent) -> bool:
        self.events.put(event)
        return True

    def next(self) -> DeviceEvent:
        return self.events.get(timeout=5)


@pytest.fixture
def till() -> Till:
    return Till()


@pytest.fixture
def pipe(tmp_path: Path, till: Till) -> Iterator[Path]:
    path = tmp_path / "scanner"
    scanner = VirtualScanner("demo", VirtualScannerSettings(path))
    scanner.start(till.emit)
    assert till.next() == DeviceChanged("scanner", "demo", DeviceState.READY)
    yield path
    scanner.stop()
    scanner.stop()
    assert not path.exists()


def code(event: DeviceEvent) -> tuple[str, str | None]:
    assert isinstance(event, BarcodeScanned)
    return event.text, event.symbology


def test_scan_from_the_till(till: Till) -> None:
    scanner = VirtualScanner("demo", VirtualScannerSettings())
    assert not scanner.scan("7801")
    scanner.start(till.emit)
    assert till.next() == DeviceChanged("scanner", "demo", DeviceState.READY)
    assert scanner.scan("]C10109\x1d10A")
    assert code(till.next()) == ("0109\x1d10A", "]C1")
    assert not scanner.scan(" ")
    scanner.feedback(False)
    assert scanner.heard is False
    scanner.stop()
    assert not scanner.scan("7801")
    assert till.events.empty()


def test_echo_into_the_pipe_is_a_scan(pipe: Path, till: Till) -> None:
    for text in ("7801234567894", "96385074"):
        with pipe.open("w") as writer:
            writer.write(f"{text}\n")
        assert code(till.next()) == (text, None)


def test_a_code_without_end_of_line_is_a_scan_too(pipe: Path, till: Till) -> None:
    with pipe.open("w") as writer:
        writer.write("]E07801234567894")
    assert code(till.next()) == ("7801234567894", "]E0")


def test_the_pipe_is_the_users_own(pipe: Path) -> None:
    assert stat.S_IMODE(pipe.stat().st_mode) == 0o600


def test_an_older_pipe_is_taken_and_left(tmp_path: Path, till: Till) -> None:
    path = tmp_path / "scanner"
    os.mkfifo(path, 0o600)
    scanner = VirtualScanner("demo", VirtualScannerSettings(path))
    scanner.start(till.emit)
    assert till.next() == DeviceChanged("scanner", "demo", DeviceState.READY)
    scanner.stop()
    assert path.exists()


@pytest.mark.parametrize("kind", ["file", "folder", "missing", "link"])
def test_what_is_no_pipe_is_a_warning_and_left_alone(tmp_path: Path, till: Till, kind: str) -> None:
    path = tmp_path / "scanner"
    if kind == "file":
        path.write_text("precious")
    elif kind == "folder":
        path.mkdir()
    elif kind == "link":
        os.mkfifo(tmp_path / "other")
        path.symlink_to("other")
    else:
        path = tmp_path / "no" / "scanner"
    scanner = VirtualScanner("demo", VirtualScannerSettings(path))
    scanner.start(till.emit)
    event = till.next()
    assert isinstance(event, DeviceChanged)
    assert (event.state, event.reason) == (DeviceState.FAILED, "missing")
    assert str(path) in event.detail
    scanner.stop()
    assert kind != "file" or path.read_text() == "precious"


def test_it_has_the_rules_of_every_scanner(till: Till) -> None:
    codes = CodeSettings("<", ">", "|", symbologies=("gs1-128",), duplicate_ms=10_000)
    scanner = VirtualScanner("demo", VirtualScannerSettings(codes=codes))
    scanner.start(till.emit)
    assert till.next() == DeviceChanged("scanner", "demo", DeviceState.READY)
    assert scanner.scan("<]C10109|10A>")
    assert code(till.next()) == ("0109\x1d10A", "]C1")
    scanner.scan("<]C10109|10A>")
    scanner.scan("<]E07801>")
    assert isinstance(till.next(), ScanGarbled)


@pytest.mark.parametrize("driver", plugins.names("scanner"))
def test_every_scanner_has_them(driver: str) -> None:
    settings = plugins.load("scanner", driver).Settings
    assert set(keys(CodeSettings)) <= set(keys(settings))
    required = {"port": "/dev/x"} if driver == "serial" else {"device": "/dev/x"}
    options = required if driver in ("serial", "evdev", "hidpos") else {}
    problems = Problems("till.toml")
    section = DeviceSection("scanner", "front", driver, {**options, "symbologies": ["ean"]})
    made = driver_settings(section, settings, problems)
    assert made is not None
    assert made.codes == CodeSettings(symbologies=("ean",))
    section = DeviceSection("scanner", "front", driver, {**options, "symbologies": ["eam"]})
    assert driver_settings(section, settings, problems) is None
    [problem] = problems
    assert "no kind of code" in str(problem.error)
