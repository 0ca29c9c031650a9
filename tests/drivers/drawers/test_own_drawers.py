"""Drawers with a cable of their own: a serial line on a pty, and GPIO against the kernel's structures."""

from __future__ import annotations

import errno
import os
import pty
import select
import termios
import time
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.gpio_chip import Chip
from tilltui.errors import ConfigError, DeviceBusy, DeviceError, DeviceOffline
from tilltui.services.doctor.trials import OwnSocket
from tilltui_drivers.drawers.gpio import GpioDrawer
from tilltui_drivers.drawers.gpio_lines import ACTIVE_LOW, INPUT, OUTPUT, PULL_DOWN, PULL_UP, Lines
from tilltui_drivers.drawers.printer import PrinterDrawer
from tilltui_drivers.drawers.serial import SerialDrawer, modem_lines
from tilltui_drivers.printers.escpos import EscposPrinter
from tilltui_drivers.transport.memory import MemoryTransport

# -- a serial line ---------------------------------------------------------------------------------------


@pytest.fixture
def line() -> Iterator[tuple[int, str]]:
    master, slave = pty.openpty()
    tty.setraw(slave)
    yield master, os.ttyname(slave)
    os.close(master)
    os.close(slave)


def received(master: int) -> bytes:
    data = b""
    while select.select([master], [], [], 0.3)[0]:
        data += os.read(master, 100)
    return data


@pytest.mark.parametrize(
    ("command", "expected"),
    [("07", b"\x07"), ("1b 70 00 32 32", b"\x1b\x70\x00\x32\x32"), ("0x1B,0x07", b"\x1b\x07")],
)
def test_the_bytes_are_sent_once(line: tuple[int, str], command: str, expected: bytes) -> None:
    master, path = line
    drawer = SerialDrawer("main", SerialDrawer.Settings(path, command=command))
    drawer.open()
    assert received(master) == expected


def test_bel_is_what_opens_it_unless_the_shop_says_otherwise(line: tuple[int, str]) -> None:
    master, path = line
    SerialDrawer("main", SerialDrawer.Settings(path)).open()
    assert received(master) == b"\x07"


@pytest.mark.parametrize("command", ["", "7", "zz", "07" * 17, "1b70003232;rm"])
def test_what_is_no_bytes_is_refused(command: str) -> None:
    with pytest.raises(ConfigError, match="main"):
        SerialDrawer("main", SerialDrawer.Settings("/dev/null", command=command))


def test_a_line_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(DeviceOffline):
        SerialDrawer("main", SerialDrawer.Settings(str(tmp_path / "none"))).open()


def test_a_line_that_dies_is_not_tried_again() -> None:
    pipe = MemoryTransport(lose_after=2)
    drawer = SerialDrawer("main", SerialDrawer.Settings("x", command="1b 70 00 32 32"), pipe=pipe)
    with pytest.raises(DeviceError):
        drawer.open()
    assert (bytes(pipe.written), pipe.opened) == (b"\x1b\x70", 1)


def test_a_line_that_takes_nothing_gives_up_within_three_seconds() -> None:
    drawer = SerialDrawer("main", SerialDrawer.Settings("x"), pipe=MemoryTransport(stuck_after=0))
    begun = time.monotonic()
    with pytest.raises(DeviceError):
        drawer.open()
    assert time.monotonic() - begun < 3.0


@pytest.mark.parametrize(
    ("sensor", "bits", "level", "expected"),
    [
        ("cts", termios.TIOCM_CTS, "high", True),
        ("cts", termios.TIOCM_DSR, "high", False),
        ("dsr", termios.TIOCM_DSR, "low", False),
        ("dcd", 0, "low", True),
        ("none", 0xFFFF, "high", None),
    ],
)
def test_a_switch_on_the_cable(sensor: str, bits: int, level: str, expected: bool | None) -> None:
    settings = SerialDrawer.Settings("x", sensor=sensor, open_level=level)  # type: ignore[arg-type]
    assert SerialDrawer("main", settings, signals=lambda path: bits).is_open() is expected


def test_a_line_without_modem_lines_is_an_error_in_words(line: tuple[int, str]) -> None:
    with pytest.raises(OSError, match="ioctl"):
        modem_lines(line[1])
    with pytest.raises(DeviceError, match="main"):
        SerialDrawer("main", SerialDrawer.Settings(line[1], sensor="cts")).is_open()


# -- GPIO ------------------------------------------------------------------------------------------------


def gpio(chip: Chip, **settings: object) -> GpioDrawer:
    values = GpioDrawer.Settings(**{"line": 17, **settings})  # type: ignore[arg-type]
    return GpioDrawer("main", values, lines=Lines("/dev/null", chip.ioctl))


@pytest.mark.parametrize(("active", "flags"), [("high", OUTPUT), ("low", OUTPUT | ACTIVE_LOW)])
def test_a_pulse_is_as_long_as_asked_and_ends(active: str, flags: int) -> None:
    chip = Chip()
    gpio(chip, active=active, pulse_ms=40).open()
    assert chip.requests == [(17, flags, b"tilltui")]
    (on, at), (off, until) = chip.set
    assert (on, off) == (1, 0)
    assert until - at >= 0.04
    assert chip.all_closed()


@pytest.mark.parametrize(
    ("level", "bits", "flags"),
    [
        ("high", 1, INPUT | PULL_DOWN),
        ("low", 1, INPUT | ACTIVE_LOW | PULL_UP),
        ("high", 0, INPUT | PULL_DOWN),
    ],
)
def test_a_switch_on_a_line(level: str, bits: int, flags: int) -> None:
    chip = Chip(bits)
    assert gpio(chip, sensor=27, open_level=level).is_open() is bool(bits)
    assert chip.requests == [(27, flags, b"tilltui")]
    assert chip.all_closed()


def test_without_a_switch_nobody_knows() -> None:
    chip = Chip()
    assert gpio(chip).is_open() is None
    assert chip.requests == []


@pytest.mark.parametrize(("number", "kind"), [(errno.EBUSY, DeviceBusy), (errno.EINVAL, DeviceOffline)])
def test_a_line_that_is_not_ours_says_so(number: int, kind: type[DeviceError]) -> None:
    with pytest.raises(kind, match="17"):
        gpio(Chip(error=number)).open()
    with pytest.raises(kind, match="4"):
        gpio(Chip(error=number), sensor=4).is_open()


def test_a_chip_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(DeviceOffline):
        GpioDrawer("main", GpioDrawer.Settings(1, chip=str(tmp_path / "none"))).open()


# -- behind a printer --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("byte", "level", "expected"),
    [(0x16, "high", True), (0x12, "high", False), (0x12, "low", True), (0x16, "", None)],
)
def test_a_switch_behind_a_printer(byte: int, level: str, expected: bool | None) -> None:
    def answer(data: bytes) -> bytes:
        return bytes([byte]) if data == b"\x10\x04\x01" else b""

    pipe = MemoryTransport(answer)
    printer = EscposPrinter("receipt", EscposPrinter.Settings(profile="TM-T20II"), pipe=pipe)
    drawer = PrinterDrawer("main", PrinterDrawer.Settings("receipt", open_level=level))  # type: ignore[arg-type]
    drawer.attach(OwnSocket(printer))
    assert drawer.is_open() is expected


def test_a_printer_that_is_silent_does_not_tell() -> None:
    printer = EscposPrinter(
        "receipt", EscposPrinter.Settings(profile="TM-T20II", status_timeout=0.05), pipe=MemoryTransport()
    )
    assert printer.drawer_level() is None
    mute = EscposPrinter("receipt", EscposPrinter.Settings(fence="none"), pipe=MemoryTransport())
    assert mute.drawer_level() is None
