"""The driver on a pseudo terminal: contract, rate, cables."""

from __future__ import annotations

import os
import resource
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tilltui.ports import DeviceState
from tilltui_drivers.contract.bench import DisplayBench, TillEar
from tilltui_drivers.contract.display import DisplayContract
from tilltui_drivers.displays.dialects import DIALECTS, Commands
from tilltui_drivers.displays.serial import SerialDisplay, SerialDisplaySettings
from tilltui_drivers.virtual.displays.display_device import VirtualDisplayDevice


class SerialBench(DisplayBench):
    """A display on a cable."""

    commands: Commands = "epson"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.virtual = VirtualDisplayDevice(self.commands, folder / "usb-display")

    def driver(self) -> SerialDisplay:
        return SerialDisplay(self.name, SerialDisplaySettings(str(self.virtual.path), self.commands))

    def plug_in(self) -> None:
        self.virtual.plug_in()

    def unplug(self) -> None:
        self.virtual.unplug()

    def shown(self) -> tuple[str, str]:
        upper, lower = self.virtual.lines
        return upper.rstrip(), lower.rstrip()

    def close(self) -> None:
        self.virtual.close()


class TestSerialDisplay(DisplayContract):
    bench_class = SerialBench


@pytest.fixture
def virtual(tmp_path: Path) -> Iterator[VirtualDisplayDevice]:
    virtual = VirtualDisplayDevice("epson", tmp_path / "usb-display")
    virtual.plug_in()
    yield virtual
    virtual.close()


@pytest.fixture
def display(virtual: VirtualDisplayDevice, till: TillEar) -> Iterator[SerialDisplay]:
    display = SerialDisplay("pole", SerialDisplaySettings(str(virtual.path)))
    display.start(till.emit)
    till.until(DeviceState.READY)
    yield display
    display.stop()


@pytest.mark.parametrize("commands", list(DIALECTS))
def test_every_command_set_shows_and_clears(tmp_path: Path, till: TillEar, commands: Commands) -> None:
    virtual = VirtualDisplayDevice(commands, tmp_path / "usb-display")
    virtual.plug_in()
    display = SerialDisplay("pole", SerialDisplaySettings(str(virtual.path), commands))
    display.start(till.emit)
    display.show("Leche entera 1 litro", "TOTAL         $1.290")
    assert virtual.wait_for("Leche entera 1 litro", "TOTAL         $1.290")
    display.show("Piña", "x" * 30)
    assert virtual.wait_for("Pina", "x" * 20)
    display.clear()
    assert virtual.wait_for("", "")
    display.stop()
    assert virtual.screen.unknown == []
    virtual.close()


def test_both_lines_go_in_one_piece(display: SerialDisplay, virtual: VirtualDisplayDevice) -> None:
    display.show("one", "two")
    assert virtual.wait_for("one", "two")
    # What sets the display up may come in the same piece, before both lines.
    assert b"\x1f\x24\x01\x01one" in virtual.pieces[-1][-48:]
    assert virtual.pieces[-1].endswith(b"two" + b" " * 17)


def test_five_texts_a_second_at_most_and_the_last_one_stays(
    display: SerialDisplay, virtual: VirtualDisplayDevice
) -> None:
    began, number = time.monotonic(), 0
    pause = threading.Event()
    while time.monotonic() - began < 1.0:
        number += 1
        display.show(f"item {number}", "")
        pause.wait(0.002)
    assert virtual.wait_for(f"item {number}", "")
    texts = sum(piece.count(b"\x1f\x24\x01\x01") for piece in virtual.pieces)
    assert 4 <= texts <= 7


def test_the_same_text_is_not_written_again(display: SerialDisplay, virtual: VirtualDisplayDevice) -> None:
    display.show("one", "two")
    assert virtual.wait_for("one", "two")
    before = len(virtual.pieces)
    for _ in range(50):
        display.show("one", "two")
    display.show("three", "")
    assert virtual.wait_for("three", "")
    assert len(virtual.pieces) == before + 1


def test_a_display_that_takes_nothing_holds_nobody_up(tmp_path: Path, till: TillEar) -> None:
    """Nobody reads at the other end: the line is full after a while."""
    master, slave = os.openpty()
    display = SerialDisplay("pole", SerialDisplaySettings(os.ttyname(slave)))
    display.start(till.emit)
    till.until(DeviceState.READY)
    began = time.monotonic()
    for number in range(20_000):
        display.show(str(number), "")
    assert time.monotonic() - began < 3
    began = time.monotonic()
    display.stop()
    assert time.monotonic() - began < 2
    os.close(master)
    os.close(slave)


def test_the_last_text_is_written_before_the_end(
    display: SerialDisplay, virtual: VirtualDisplayDevice
) -> None:
    display.show("one", "")
    display.show("closed", "")
    display.stop()
    assert virtual.wait_for("closed", "")


def test_an_idle_display_costs_nothing(display: SerialDisplay) -> None:
    threading.Event().wait(0.3)
    before = resource.getrusage(resource.RUSAGE_SELF)
    threading.Event().wait(2.0)
    after = resource.getrusage(resource.RUSAGE_SELF)
    assert after.ru_nvcsw - before.ru_nvcsw <= 12
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.05
