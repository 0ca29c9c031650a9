"""What is plugged in while the till is open."""

from __future__ import annotations

import queue
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.sysfs_tree import FakeMachine
from tilltui import plugins
from tilltui.config.schema import Config, DeviceSection, Shop
from tilltui.services.devices.hotplug import Plugs
from tilltui_drivers.discovery.watcher import Watcher

PATIENCE = 15
ROOT = Path(__file__).resolve().parents[3]


class Made:
    """Devices that write down when they were told to look again."""

    def __init__(self) -> None:
        self.looked: queue.Queue[str] = queue.Queue()

    def of_kind(self, kind: str) -> dict[str, object]:
        looked = self.looked

        class Scanner:
            def look_again(self) -> None:
                looked.put("scanner")

        class Worker:
            def look_again(self) -> None:
                looked.put("printer")

        made: dict[str, dict[str, object]] = {
            "scanner": {"front": Scanner()},
            "printer": {"receipt": Worker()},
        }
        return made.get(kind, {})


class Rig:
    """A machine with a kernel that can be heard, and the plugs that are watched there."""

    def __init__(self, folder: Path, kernel: socket.socket, ear: socket.socket) -> None:
        self.machine = FakeMachine(folder)
        self.kernel = kernel
        self.made = Made()
        dev = self.machine.roots.dev
        self.config = Config(
            shop=Shop(name="X"),
            devices=(
                DeviceSection("scanner", "front", "serial", {"port": str(dev / "serial/by-id/usb-front")}),
                DeviceSection("printer", "receipt", "escpos", {"path": str(dev / "usb/lp0")}),
            ),
        )
        self.told: queue.Queue[None] = queue.Queue()
        self.plugs = Plugs(
            self.config,
            self.made,
            lambda changed: Watcher(changed, self.machine.roots, poll=3600, word=lambda: ear),
        )

    def start(self) -> None:
        """Begin, and wait until the keyboard that every till has was seen: what comes then is new."""
        self.machine.keys("event0", "A keyboard", self.machine.usb("1-9", "046d", "c31c"))
        self.plugs.start(self.tell)
        self.told.get(timeout=PATIENCE)

    def tell(self) -> bool:
        self.told.put(None)
        return True

    def plug(self, port: str, name: str, by_id: str, **attributes: str) -> None:
        interface = self.machine.usb(port, "0c2e", "0001", serial=port, **attributes)
        self.machine.tty(name, interface, by_id=by_id)
        self.kernel.send(b"add@/devices")

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait for changes until it is so."""
        until = time.monotonic() + PATIENCE
        while not condition():
            self.told.get(timeout=max(0.0, until - time.monotonic()))


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    kernel, ear = socket.socketpair(type=socket.SOCK_DGRAM)
    ear.setblocking(False)
    rig = Rig(tmp_path, kernel, ear)
    yield rig
    rig.plugs.stop()
    kernel.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "plug-watcher"]


def test_what_is_there_at_the_start_is_nothing_new(rig: Rig) -> None:
    rig.plug("1-1", "ttyACM0", "usb-other")
    rig.start()
    rig.until(lambda: len(rig.plugs.unused()) == 1)
    assert rig.plugs.new() == []


def test_what_comes_is_new_until_it_is_seen_or_gone(rig: Rig) -> None:
    rig.start()
    rig.plug("1-1", "ttyACM0", "usb-other", manufacturer="Honeywell", product="Xenon\x1b[2J 1900")
    rig.until(lambda: bool(rig.plugs.new()))
    assert rig.plugs.new() == ["Honeywell Xenon[2J 1900"]
    [unused] = rig.plugs.unused()
    assert unused.kind == "scanner"
    assert unused.lines[0] == "[scanner.front2]"
    assert unused.lines[-1].endswith('serial/by-id/usb-other"')
    rig.plugs.seen()
    assert rig.plugs.new() == []
    assert len(rig.plugs.unused()) == 1
    rig.plug("1-2", "ttyACM1", "usb-third")
    rig.until(lambda: bool(rig.plugs.new()))
    rig.machine.pull("1-2")
    rig.kernel.send(b"remove@/devices")
    rig.until(lambda: not rig.plugs.new() and len(rig.plugs.unused()) == 1)


def test_a_device_of_the_settings_is_looked_for_at_once(rig: Rig) -> None:
    rig.start()
    rig.plug("1-1", "ttyACM0", "usb-front")
    assert rig.made.looked.get(timeout=PATIENCE) == "scanner"
    rig.machine.printer("lp0", rig.machine.usb("1-2", "04b8", "0e15", cls="07"), "MFG:EPSON;MDL:TM-T20II;")
    rig.kernel.send(b"add@/devices")
    assert rig.made.looked.get(timeout=PATIENCE) == "printer"
    assert rig.plugs.new() == []
    assert rig.plugs.unused() == []


def test_what_no_till_needs_is_not_spoken_of(rig: Rig) -> None:
    rig.start()
    rig.machine.keys("event7", "A keyboard", rig.machine.usb("1-1", "046d", "c31c"))
    rig.plug("1-2", "ttyACM0", "usb-other")
    rig.until(lambda: bool(rig.plugs.new()))
    assert len(rig.plugs.new()) == len(rig.plugs.unused()) == 1


def test_a_closing_till_is_told_no_more(rig: Rig) -> None:
    rig.plug("1-1", "ttyACM0", "usb-a")
    rig.plug("1-2", "ttyACM1", "usb-b")
    told: queue.Queue[None] = queue.Queue()

    def tell() -> bool:
        told.put(None)
        return False

    rig.plugs.start(tell)
    told.get(timeout=PATIENCE)
    for thread in threading.enumerate():
        if thread.name == "plug-watcher":
            thread.join(PATIENCE)
    assert told.empty()


def test_stopped_before_it_began_it_does_not_begin(rig: Rig) -> None:
    rig.plugs.stop()
    rig.plugs.start(rig.tell)
    rig.plugs.stop()
    assert not [thread for thread in threading.enumerate() if thread.name == "plug-watcher"]


def test_without_drivers_the_till_sells_on(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(plugins, "TOOLS", {"watcher": "no.such:Watcher"})
    plugs = Plugs(rig.config, rig.made)
    plugs.start(lambda: True)
    assert "not watched" in caplog.text
    assert (plugs.new(), plugs.unused()) == ([], [])
    plugs.stop()


def test_the_drivers_own_watcher_is_the_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert plugins.tool("watcher") is Watcher


def test_a_flood_of_devices_is_bounded(rig: Rig) -> None:
    class Found:
        bus, path, vendor, commands, known = "serial", "", 1, "", None

        def __init__(self, number: int) -> None:
            self.key = self.name = f"usb:{number}"

    class Change:
        there, already = True, False

        def __init__(self, number: int) -> None:
            self.found: Any = Found(number)

    for number in range(1000):
        assert rig.plugs._changed(Change(number))
    assert len(rig.plugs.new()) == 256


WIRED = """
import sys, threading
from tilltui import wiring
till = wiring.make_till(None)
assert "tilltui.services.devices.hotplug" not in sys.modules
plugs = till.make_plugs()
plugs.start(lambda: True)
assert "plug-watcher" in [thread.name for thread in threading.enumerate()]
plugs.stop()
assert "plug-watcher" not in [thread.name for thread in threading.enumerate()]
till.close()
"""


def test_the_till_makes_its_own_and_only_when_asked(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WIRED],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'drivers'}", "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
