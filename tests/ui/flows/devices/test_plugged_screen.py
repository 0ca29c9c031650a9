"""What is plugged in, as the cashier sees it: the status line, and F12, Devices."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.sysfs_tree import FakeMachine
from tests.ui.cashier import Bench, Cashier, open_till
from tilltui.config.schema import Config, DeviceSection
from tilltui.ports import DeviceChanged, DeviceState, Emit, Scanner
from tilltui.services.devices.hotplug import Plugs
from tilltui.ui.dialogs.devices import DevicesDialog
from tilltui.ui.dialogs.show import TextDialog
from tilltui.ui.widgets.choice_list import ChoiceList
from tilltui_drivers.discovery.found import Found
from tilltui_drivers.discovery.listing import look
from tilltui_drivers.discovery.watcher import Change, Plugged, Unplugged


class Hand:
    """Plugs things in and out."""

    def __init__(self, folder: Path) -> None:
        self.machine = FakeMachine(folder)
        self.changed: Callable[[Change], bool] | None = None
        self.stopped = False

    def make(self, changed: Callable[[Any], bool]) -> Hand:
        self.changed = changed
        return self

    def start(self) -> None:
        """Nothing is there."""

    def stop(self) -> None:
        self.stopped = True

    def tell(self, change: Change) -> bool:
        assert self.changed is not None
        return self.changed(change)

    def scanner(self, port: str = "1-1", name: str = "Xenon 1900") -> Found:
        """Plug a scanner in."""
        interface = self.machine.usb(
            port, "0c2e", "0caa", manufacturer="Honeywell", product=name, serial=port
        )
        self.machine.tty(f"ttyACM{port[-1]}", interface, by_id=f"usb-Honeywell_{name.replace(' ', '_')}-if00")
        [found] = [one for one in look(self.machine.roots) if one.serial_number == port]
        self.tell(Plugged(found))
        return found


class WaitingScanner(Scanner):
    """Waits for its cable."""

    Settings = object

    def __init__(self) -> None:
        self.name = "front"
        self.looks = 0
        self.emit: Emit = lambda event: True

    def start(self, emit: Emit) -> None:
        self.emit = emit
        emit(DeviceChanged("scanner", "front", DeviceState.FAILED, "missing"))

    def stop(self, timeout: float = 2.0) -> None:
        """Nothing to close."""

    def look_again(self) -> None:
        self.looks += 1
        self.emit(DeviceChanged("scanner", "front", DeviceState.READY))


@pytest.fixture
def hand(tmp_path: Path) -> Hand:
    return Hand(tmp_path / "machine")


@pytest.fixture
def scanner(bench: Bench) -> WaitingScanner:
    scanner = WaitingScanner()
    bench.fitted["scanner", "front"] = scanner
    return scanner


@pytest.fixture
async def watched(bench: Bench, hand: Hand, scanner: WaitingScanner) -> AsyncIterator[Cashier]:
    """A till with a scanner on a cable that is not plugged in."""
    front = hand.machine.roots.dev / "serial/by-id/usb-Honeywell_Front-if00"
    async with open_till(bench) as cashier:
        config = Config(
            shop=bench.shop, devices=(DeviceSection("scanner", "front", "serial", {"port": str(front)}),)
        )
        cashier.app.till.make_plugs = lambda: Plugs(config, cashier.devices, hand.make)
        cashier.app.watch_plugs()
        cashier.app.watch_plugs()
        await cashier.until(lambda: hand.changed is not None)
        yield cashier


def rows(cashier: Cashier) -> list[tuple[str, str]]:
    page = cashier.app.screen
    assert isinstance(page, DevicesDialog)
    return [(choice.label, choice.detail) for choice in page.query_one(ChoiceList).choices]


async def test_what_is_new_is_said_until_the_page_was_looked_at(watched: Cashier, hand: Hand) -> None:
    hand.scanner()
    await watched.until(lambda: watched.app.known.plugs is not None and bool(watched.app.known.plugs.new()))
    await watched.settle()
    assert (
        "new: Honeywell Xenon 1900 - F12, Devices" in (await watched.screen())[-2:][0] + await watched.text()
    )
    await watched.choose("devices")
    assert rows(watched)[1:] == [("scanner Honeywell Xenon 1900", "not set up")]
    await watched.press("escape")
    assert "new:" not in await watched.text()


async def test_the_page_changes_while_it_is_open(
    watched: Cashier, hand: Hand, scanner: WaitingScanner
) -> None:
    await watched.choose("devices")
    assert rows(watched) == [("scanner front", "not found")]
    found = hand.scanner()
    await watched.until(lambda: len(rows(watched)) == 2)
    await watched.press("down")
    hand.scanner("1-2", "Front")
    await watched.until(lambda: rows(watched)[0] == ("scanner front", "ready"))
    assert scanner.looks == 1
    assert len(rows(watched)) == 2
    listing = watched.app.screen.query_one(ChoiceList)
    assert listing.chosen is not None
    assert listing.chosen.label == "scanner Honeywell Xenon 1900"
    hand.tell(Unplugged(found))
    await watched.until(lambda: len(rows(watched)) == 1)
    assert listing.cursor == 0
    await watched.press("escape")
    assert "new:" not in await watched.text()


async def test_it_shows_what_to_write_into_the_settings(watched: Cashier, hand: Hand) -> None:
    hand.scanner()
    await watched.choose("devices")
    await watched.press("2")
    assert isinstance(watched.app.screen, TextDialog)
    lines = "".join(choice.label for choice in watched.app.screen.query_one(ChoiceList).choices)
    assert '[scanner.front2]driver = "serial"port = ' in lines
    assert 'usb-Honeywell_Xenon_1900-if00"' in lines
    assert "tilltui doctor" in await watched.text()


async def test_what_has_no_driver_is_said(watched: Cashier, hand: Hand) -> None:
    hand.machine.usb("1-3", "04b8", "0e15", cls="07", product="TM-T20II")
    [found] = look(hand.machine.roots)
    hand.tell(Plugged(found, already=True))
    await watched.choose("devices")
    assert rows(watched)[1] == ("printer TM-T20II", "not set up")
    await watched.press("2")
    assert "no driver for it" in await watched.text()


async def test_a_closed_till_is_told_no_more(bench: Bench, hand: Hand) -> None:
    async with open_till(bench) as cashier:
        cashier.app.till.make_plugs = lambda: Plugs(Config(shop=bench.shop), cashier.devices, hand.make)
        cashier.app.watch_plugs()
        await cashier.until(lambda: hand.changed is not None)
        hand.scanner()
        await cashier.choose("devices")  # without anything set up, too
        assert rows(cashier) == [("scanner Honeywell Xenon 1900", "not set up")]
    assert hand.stopped
