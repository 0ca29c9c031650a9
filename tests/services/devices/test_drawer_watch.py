"""A drawer that is left open is said once, and once that it was closed."""

from __future__ import annotations

import queue
import threading

import pytest

from tilltui.errors import DeviceOffline
from tilltui.ports import DeviceChanged, DeviceEvent, DeviceState
from tilltui.services.devices.drawer_watch import NO_TROUBLE, DrawerWatch


class Drawer:
    """A drawer with a switch that a test moves."""

    name = "main"

    def __init__(self, answer: bool | Exception | None) -> None:
        self.answer = answer
        self.looks: queue.Queue[None] = queue.Queue()

    def is_open(self) -> bool | None:
        self.looks.put(None)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def looked(self, times: int) -> None:
        for _ in range(times):
            self.looks.get(timeout=5)


class Said:
    """What the till was told."""

    def __init__(self) -> None:
        self.events: queue.Queue[DeviceEvent] = queue.Queue()
        self.takes = True

    def __call__(self, event: DeviceEvent) -> bool:
        self.events.put(event)
        return self.takes

    def next(self) -> tuple[DeviceState, str]:
        event = self.events.get(timeout=5)
        assert isinstance(event, DeviceChanged)
        assert (event.kind, event.device) == ("drawer", "main")
        return event.state, event.reason


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "drawer-watch-main"]


def ended() -> None:
    for thread in threading.enumerate():
        if thread.name == "drawer-watch-main":
            thread.join(5)
    assert threads() == []


def test_left_open_is_said_once_and_its_end_too() -> None:
    drawer, said = Drawer(True), Said()
    watch = DrawerWatch(drawer, said, 0.05, poll=0.02)
    watch.opened()
    assert said.next() == (DeviceState.DEGRADED, "left_open")
    drawer.looked(10)
    assert said.events.empty()
    drawer.answer = False
    assert said.next() == (DeviceState.READY, "")
    ended()
    drawer.answer = True
    watch.opened()
    assert said.next() == (DeviceState.DEGRADED, "left_open")
    watch.stop()
    ended()


@pytest.mark.parametrize("answer", [False, None])
def test_a_drawer_that_is_closed_in_time_or_cannot_tell_says_nothing(answer: bool | None) -> None:
    drawer, said = Drawer(answer), Said()
    DrawerWatch(drawer, said, 0.01, poll=0.02).opened()
    drawer.looked(1)
    ended()
    assert said.events.empty()


def test_a_second_opening_counts_anew_on_the_same_thread() -> None:
    drawer, said = Drawer(True), Said()
    watch = DrawerWatch(drawer, said, 60, poll=0.01)
    watch.opened()
    drawer.looked(2)
    watch.opened()
    assert len(threads()) == 1
    watch.stop()
    ended()
    assert said.events.empty()


def test_a_switch_that_fails_is_given_up() -> None:
    drawer, said = Drawer(DeviceOffline("off", device="main")), Said()
    DrawerWatch(drawer, said, 0.01, poll=0.02).opened()
    drawer.looked(NO_TROUBLE)
    ended()
    assert said.events.empty()


def test_zero_watches_nothing_and_a_closing_till_ends_it() -> None:
    drawer, said = Drawer(True), Said()
    DrawerWatch(drawer, said, 0, poll=0.01).opened()
    assert threads() == []
    said.takes = False
    DrawerWatch(drawer, said, 0.01, poll=0.01).opened()
    assert said.next() == (DeviceState.DEGRADED, "left_open")
    ended()
