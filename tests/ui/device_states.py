"""The states that need devices, each reached by keys, scans and what a device says."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

from tests.ui.card_terminal import ScriptedTerminal, approved, raising
from tests.ui.cashier import MILK, SOAP, YERBA, Bench, Cashier
from tilltui.errors import OutcomeUnknown
from tilltui.ports import DeviceChanged, DeviceState, Weighing, Weight, WeightRead
from tilltui.ui.dialogs.charge import STEPS, ChargeDialog
from tilltui_drivers.virtual.displays.display import VirtualDisplay, VirtualDisplaySettings
from tilltui_drivers.virtual.scales.scale import VirtualScale, VirtualScaleSettings

Reach = Callable[[Cashier], Awaitable[None]]


def fit(bench: Bench) -> None:
    """Give the till a terminal, a scale with two containers and a display."""
    bench.fitted["terminal", "card"] = ScriptedTerminal()
    bench.fitted["scale", "counter"] = VirtualScale("counter", VirtualScaleSettings(by_itself=False))
    bench.fitted["display", "customer"] = VirtualDisplay("customer", VirtualDisplaySettings())
    bench.options["scale"] = {"tares": ["Frasco 250", "Bandeja 12"]}


def _terminal(cashier: Cashier) -> ScriptedTerminal:
    terminal = cashier.devices.cards["card"]._terminal
    assert isinstance(terminal, ScriptedTerminal)
    return terminal


async def charging(cashier: Cashier) -> None:
    """The customer is at the terminal."""
    await cashier.scan(MILK, SOAP)
    await cashier.press("f9")
    await cashier.until(_terminal(cashier).working.is_set)
    await cashier.settle()


async def cancelling(cashier: Cashier) -> None:
    """The cashier gave the charge up."""
    await charging(cashier)
    await cashier.press("escape")


async def longest_step(cashier: Cashier) -> None:
    """The longest words that a terminal's step has."""
    await charging(cashier)
    dialog = cashier.dialog
    assert isinstance(dialog, ChargeDialog)
    dialog.step(max(STEPS, key=lambda step: len(STEPS[step])))


async def doubt(cashier: Cashier) -> None:
    """Nobody knows how the charge ended."""
    await charging(cashier)
    silent = raising(OutcomeUnknown("no answer", device="card"))
    terminal = _terminal(cashier)
    terminal.steps.put(silent)
    terminal.steps.put(silent)
    await cashier.until(lambda: not cashier.app.terminals.at)
    await cashier.settle()


async def asking(cashier: Cashier) -> None:
    """What is to be done about it."""
    await doubt(cashier)
    await cashier.press("escape", "f9")


async def left_charge(cashier: Cashier) -> None:
    """A charge that was left to the terminal went through."""
    await charging(cashier)
    await cashier.press("escape", "escape")
    _terminal(cashier).steps.put(approved)
    await cashier.until(lambda: bool(cashier.errors))


async def loose(cashier: Cashier) -> None:
    """It is offered for its sale."""
    await left_charge(cashier)
    await cashier.press("escape", "f9")


async def weighing(cashier: Cashier) -> None:
    """A weight that still moves."""
    await cashier.scan(MILK, "2100123")
    cashier.report(WeightRead("counter", Weight(453, Weighing.MOTION, 0, time.monotonic())))


async def mute_scale(cashier: Cashier) -> None:
    """The scale says nothing sensible."""
    await cashier.scan("2100123")
    cashier.report(WeightRead("counter", Weight(0, Weighing.ERROR, 0, time.monotonic())))


async def tares(cashier: Cashier) -> None:
    """The containers."""
    await cashier.scan("2100123")
    await cashier.press("f2")


async def locked(cashier: Cashier) -> None:
    """The till is locked, and somebody scans."""
    cashier.register.people.locking.pins.change(cashier.register.session.operator.id, "", "4711")
    await cashier.scan(MILK)
    await cashier.choose("lock")
    await cashier.scan(SOAP, YERBA)
    await cashier.type("47")


async def open_lock(cashier: Cashier) -> None:
    """The till is locked without a PIN."""
    await cashier.choose("lock")


async def new_pin(cashier: Cashier) -> None:
    """A PIN is changed."""
    cashier.register.people.locking.pins.change(cashier.register.session.operator.id, "", "4711")
    await cashier.choose("pin")
    await cashier.type("4711")


async def full_menu(cashier: Cashier) -> None:
    """The menu with everything in it."""
    await cashier.scan(MILK)
    await cashier.press("f12")


async def devices(cashier: Cashier) -> None:
    """What is set up."""
    cashier.report(DeviceChanged("display", "customer", DeviceState.FAILED, "unplugged"))
    await cashier.until(lambda: cashier.ready("scale"))
    await cashier.choose("devices")


async def device(cashier: Cashier) -> None:
    """One device."""
    await devices(cashier)
    await cashier.press("2")


async def terminal_menu(cashier: Cashier) -> None:
    """What the terminal owes."""
    await left_charge(cashier)
    await cashier.press("escape")
    await cashier.choose("cards")


DEVICE_STATES: dict[str, Reach] = {
    reach.__name__: reach
    for reach in (
        charging, cancelling, longest_step, doubt, asking, left_charge, loose, weighing, mute_scale, tares,
        locked, open_lock, new_pin, full_menu, devices, device, terminal_menu,
    )
}  # fmt: skip
"""Every one of them by its name."""
