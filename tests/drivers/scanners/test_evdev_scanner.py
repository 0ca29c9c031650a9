from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.benches import EvdevBench, key_event
from tilltui.config.load import driver_settings
from tilltui.config.problems import Problems
from tilltui.config.schema import DeviceSection
from tilltui.errors import ConfigError
from tilltui.ports import BarcodeScanned, DeviceState, ScanGarbled
from tilltui_drivers.contract.bench import TillEar
from tilltui_drivers.scanners.code_settings import CodeSettings
from tilltui_drivers.scanners.evdev import EVIOCGRAB, EvdevScanner, EvdevSettings


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[EvdevBench]:
    bench = EvdevBench(tmp_path)
    yield bench
    bench.close()


def test_the_device_is_grabbed_and_given_back(started: EvdevScanner, bench: EvdevBench) -> None:
    assert (EVIOCGRAB, 1) in bench.kernel.calls
    started.stop()
    assert bench.kernel.calls[-1] == (EVIOCGRAB, 0)


@pytest.mark.parametrize("end", [28, 96, 15])
@pytest.mark.usefixtures("started")
def test_enter_both_and_tab_end_a_code(bench: EvdevBench, till: TillEar, end: int) -> None:
    bench.type("AB12")
    bench.press(end)
    assert till.next(BarcodeScanned).text == "AB12"


@pytest.mark.usefixtures("started")
def test_silence_ends_a_code_without_enter(bench: EvdevBench, till: TillEar) -> None:
    bench.type("7801")
    assert till.next(BarcodeScanned).text == "7801"


@pytest.mark.usefixtures("started")
def test_what_the_kernel_dropped_is_said_and_the_rest_is_no_code(bench: EvdevBench, till: TillEar) -> None:
    bench.type("7801")
    bench.send(key_event(0, 3, 0))
    bench.scan("234")
    bench.scan("96385074")
    assert till.next(ScanGarbled).reason == "A code broke off."
    assert till.next(BarcodeScanned).text == "96385074"


@pytest.mark.usefixtures("started")
def test_half_a_record_waits_for_its_other_half(bench: EvdevBench, till: TillEar) -> None:
    record = key_event(1, 2, 1)
    bench.send(record[:7])
    bench.send(record[7:] + key_event(1, 2, 0))
    bench.press(28)
    assert till.next(BarcodeScanned).text == "1"


def test_the_last_keyboard_is_not_taken(bench: EvdevBench, till: TillEar) -> None:
    bench.keyboard_left = False
    bench.plug_in()
    scanner = bench.driver()
    scanner.start(till.emit)
    event = till.until(DeviceState.FAILED)
    assert event.reason == "keyboard"
    assert "does not take the last one" in event.detail
    assert (EVIOCGRAB, 1) not in bench.kernel.calls
    bench.keyboard_left = True  # somebody plugs one in
    till.until(DeviceState.READY)
    scanner.stop()


def test_unless_the_shop_says_that_there_is_another(bench: EvdevBench, till: TillEar) -> None:
    bench.keyboard_left = False
    bench.plug_in()
    scanner = bench.driver(i_have_another_keyboard=True)
    scanner.start(till.emit)
    till.until(DeviceState.READY)
    scanner.stop()


@pytest.mark.parametrize(
    ("number", "reason"),
    [(errno.EBUSY, "busy"), (errno.EACCES, "denied"), (errno.ENODEV, "missing"), (errno.ENOTTY, "settings")],
)
def test_what_keeps_it_from_being_opened_is_said(
    bench: EvdevBench, till: TillEar, number: int, reason: str
) -> None:
    bench.kernel.error = OSError(number, os.strerror(number))
    bench.plug_in()
    scanner = bench.driver()
    scanner.start(till.emit)
    assert till.until(DeviceState.FAILED).reason == reason
    scanner.stop()


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_what_is_no_event_device_is_refused(bench: EvdevBench, till: TillEar, kind: str) -> None:
    bench.path.write_text("precious") if kind == "file" else bench.path.mkdir()
    scanner = bench.driver()
    scanner.start(till.emit)
    assert till.until(DeviceState.FAILED).reason == "settings"
    scanner.stop()


@pytest.mark.parametrize(
    "path",
    ["/dev/input/event3", "event3", "/dev/input/by-id/../event3", "/etc/passwd", "/dev/input/by-idx/a"],
)
def test_a_path_that_does_not_stay_is_refused(path: str) -> None:
    with pytest.raises(ConfigError, match="another device after the next start"):
        EvdevScanner("front", EvdevSettings(path))
    EvdevScanner("front", EvdevSettings("/dev/input/by-id/usb-X-event-kbd"))


def test_kinds_of_code_and_repetitions(bench: EvdevBench, till: TillEar) -> None:
    bench.plug_in()
    scanner = bench.driver(codes=CodeSettings(symbologies=("ean",), duplicate_ms=10_000))
    scanner.start(till.emit)
    till.until(DeviceState.READY)
    bench.press(27)  # ]
    bench.scan("E07801")
    assert till.next(BarcodeScanned).text == "7801"
    bench.press(27)
    bench.scan("E07801")
    bench.press(27)
    bench.scan("Q37801")
    assert "may not read that kind" in till.next(ScanGarbled).reason
    bench.scan("7801")
    assert "switch its AIM identifiers on" in till.next(ScanGarbled).reason
    assert not till.taken()
    scanner.stop()


def test_settings_come_from_the_file() -> None:
    problems = Problems("/nowhere/till.toml")
    section = DeviceSection(
        "scanner",
        "front",
        "evdev",
        {"device": "/dev/input/by-id/usb-X-event-kbd", "symbologies": ["ean", "eam"]},
    )
    assert driver_settings(section, EvdevSettings, problems) is None
    assert "“eam” is no kind of code" in str(next(iter(problems)).error)
