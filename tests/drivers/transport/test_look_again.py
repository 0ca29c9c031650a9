"""Whoever is told that its device was plugged in does not wait for the end of its pause."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tilltui.ports import DeviceChanged, DeviceState
from tilltui.services.cards.desk import CardDesk
from tilltui.services.paper.printing import PrintWorker
from tilltui_drivers.contract.bench import TillEar
from tilltui_drivers.displays.serial import SerialDisplay, SerialDisplaySettings
from tilltui_drivers.scales.serial import SerialScale, SerialScaleSettings
from tilltui_drivers.scanners.evdev import EvdevScanner
from tilltui_drivers.scanners.hidpos import HidPosScanner
from tilltui_drivers.scanners.serial import SerialScanner
from tilltui_drivers.virtual.displays.display_device import VirtualDisplayDevice
from tilltui_drivers.virtual.scales.scale_device import VirtualScaleDevice
from tilltui_drivers.virtual.scales.voices import NciVoice

PAUSE = 0.9
"""Less than the shortest pause before the next attempt, in seconds."""


Rig = tuple[Path, Callable[[Path], SerialScale | SerialDisplay]]


@pytest.fixture
def till() -> TillEar:
    return TillEar()


def a_scale(path: Path) -> SerialScale:
    return SerialScale("deli", SerialScaleSettings(str(path), "nci", bytesize=8, parity="N"))


def a_display(path: Path) -> SerialDisplay:
    return SerialDisplay("pole", SerialDisplaySettings(str(path)))


@pytest.fixture(params=["scale", "display"])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    """A virtual device's device file, and what makes its driver."""
    port = tmp_path / "port"
    scale = request.param == "scale"
    virtual = VirtualScaleDevice(NciVoice, port) if scale else VirtualDisplayDevice("epson", port)
    virtual.plug_in()
    yield port, a_scale if scale else a_display
    virtual.close()


def test_a_device_that_could_not_be_opened_is_tried_again_at_once(
    rig: Rig, tmp_path: Path, till: TillEar
) -> None:
    port, make = rig
    link, other = tmp_path / "usb-device", tmp_path / "other"
    link.symlink_to(tmp_path)  # it is there and cannot be opened, so that no look at the path ends the pause
    device = make(link)
    device.start(till.emit)
    try:
        assert till.until(DeviceState.FAILED).reason != "missing"
        other.symlink_to(port)
        os.replace(other, link)
        began = time.monotonic()
        device.look_again()
        till.until(DeviceState.READY)
        assert time.monotonic() - began < PAUSE
        device.look_again()  # of one that works nothing is asked anew
        device.stop()
        assert not [event for event in till.taken() if isinstance(event, DeviceChanged)]
    finally:
        device.stop()


@pytest.mark.parametrize(
    "waiting",
    [SerialScanner, EvdevScanner, HidPosScanner, SerialScale, SerialDisplay, CardDesk, PrintWorker],
)
def test_everything_that_waits_for_a_cable_can_be_told(waiting: type[object]) -> None:
    assert callable(getattr(waiting, "look_again", None) or getattr(waiting, "wake", None))
