"""Trials of devices with nobody at the counter: virtual devices, and a desk that remembers."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from tilltui.errors import DeviceOffline, TillError
from tilltui.ports import (
    CustomerDisplay,
    DeviceChanged,
    DeviceState,
    Emit,
    Scale,
    Weighing,
    Weight,
    WeightRead,
)
from tilltui.services.doctor.trials import TRIALS, trial_of, try_display, try_scale, try_terminal
from tilltui.services.goods.codes import CodeReader


@dataclass
class Notebook:
    """A desk that answers yes and keeps what was said."""

    seconds: float = 0.3
    yes: bool = True
    codes: CodeReader = field(default_factory=lambda: CodeReader([]))
    said: list[str] = field(default_factory=list)

    def say(self, message: str, **fields: object) -> None:
        self.said.append(message.format(**fields))

    def ask(self, question: str, **fields: object) -> bool:
        self.say(question, **fields)
        return self.yes

    def product(self, key: str) -> str | None:
        return None


class Started:
    """What a virtual device with a thread of its own says once it is started."""

    name = "virtual"

    def __init__(self, *events: DeviceChanged | WeightRead) -> None:
        self.events = events
        self.calls: list[object] = []

    def start(self, emit: Emit) -> None:
        threading.Thread(target=lambda: [emit(event) for event in self.events], name="virtual-events").start()

    def stop(self, timeout: float = 2.0) -> None:
        self.calls.append("stop")


class VirtualScaleDevice(Started, Scale):
    def watch(self, on: bool) -> None:
        self.calls.append(on)

    def zero(self) -> None:
        raise AssertionError("a trial changes nothing")

    def tare(self, grams: int | None) -> None:
        raise AssertionError("a trial changes nothing")


class VirtualDisplayDevice(Started, CustomerDisplay):
    def show(self, upper: str, lower: str) -> None:
        self.calls.append((upper, lower))

    def clear(self) -> None:
        self.calls.append("clear")


def changed(kind: str, state: DeviceState) -> DeviceChanged:
    return DeviceChanged(
        kind, "virtual", state, "" if state is DeviceState.READY else "missing", "no such port"
    )


@pytest.mark.parametrize(
    ("grams", "state", "good"),
    [(755, Weighing.STABLE, True), (755, Weighing.MOTION, False), (0, Weighing.STABLE, False)],
)
def test_a_scale_is_good_once_a_stable_weight_came(grams: int, state: Weighing, good: bool) -> None:
    scale = VirtualScaleDevice(
        changed("scale", DeviceState.READY), WeightRead("virtual", Weight(grams, state))
    )
    desk = Notebook()
    assert try_scale(scale, desk) is good
    assert desk.said[:2] == ["Ready. Put something on the scale.", f"{grams} g ({state.value})"]
    assert scale.calls == [True, False, "stop"]


def test_a_scale_that_is_not_there_is_said_so() -> None:
    desk = Notebook()
    assert not try_scale(VirtualScaleDevice(changed("scale", DeviceState.FAILED)), desk)
    assert desk.said == ["It is not ready: no such port", "No stable weight came."]


@pytest.mark.parametrize("yes", [True, False])
def test_a_display_is_good_if_it_can_be_read(yes: bool) -> None:
    display = VirtualDisplayDevice(changed("display", DeviceState.READY))
    assert try_display(display, Notebook(yes=yes)) is yes
    [(upper, lower), stopped] = display.calls
    assert (len(upper) <= 20, len(lower), stopped) == (True, 20, "stop")


@pytest.mark.parametrize(
    ("events", "words"),
    [((changed("display", DeviceState.FAILED),), "no such port"), ((), "has not answered")],
)
def test_a_display_that_is_not_there_is_an_error(events: tuple[DeviceChanged, ...], words: str) -> None:
    display = VirtualDisplayDevice(*events)
    with pytest.raises(DeviceOffline, match=words):
        try_display(display, Notebook())
    assert display.calls == ["stop"]


@pytest.mark.parametrize(("question", "good"), [("probe", True), ("mark", True), ("charge", False)])
def test_a_terminal_is_asked_only_harmless_questions(question: str, good: bool) -> None:
    asked: list[str] = []

    def ask() -> None:
        asked.append(question)

    besides = {"remember": staticmethod(ask)} if question == "mark" else {}
    terminal = type("Terminal", (), {question: staticmethod(ask), **besides})()
    assert try_terminal(terminal, Notebook()) is good
    assert asked == ([question] if good else [])


def test_a_drivers_own_trial_comes_first_and_others_can_be_registered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own: Callable[[object, object], bool] = lambda self, desk: desk is not None  # noqa: E731
    assert trial_of("scale", type("Own", (), {"trial": own})())(Notebook())
    with pytest.raises(TillError, match="no trial for a mangle"):
        trial_of("mangle", object())
    monkeypatch.setitem(TRIALS, "mangle", lambda device, desk: device == 42)
    assert trial_of("mangle", 42)(Notebook())
