"""Trying one device out, by hand: scan something, look at the paper, hear the drawer.

A kind's trial is registered in ``TRIALS``; a driver that knows better is a ``CanBeTried``.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import Empty, Queue
from typing import Any, Protocol

from tilltui.domain.goods.barcode import ScannedCode
from tilltui.domain.text import clean
from tilltui.errors import N_, BarcodeError, TillError
from tilltui.ports import (
    BarcodeScanned,
    CanBeTried,
    DeviceChanged,
    DeviceEvent,
    DeviceState,
    Drawer,
    Job,
    Onlooker,
    PassesOn,
    Printer,
    ScanGarbled,
    TellsDrawerLevel,
    Weighing,
    WeightRead,
)
from tilltui.services.doctor.findings import not_ready, question, silent
from tilltui.services.goods.codes import CodeReader
from tilltui.services.paper.trial_page import page

SLICE = 0.25
"""Seconds of one wait: how soon an interrupted trial ends."""


class TillOnlooker(Onlooker, Protocol):
    """Who looks on at the till: the command line, or a test. What is said is kept for ``--json``."""

    codes: CodeReader
    """Reads codes as the shop does."""

    def product(self, key: str) -> str | None:
        """Name of the product that a code finds; ``None``: there is none, or no catalogue yet."""


@dataclass(slots=True)
class Hearing:
    """Runs a device with a thread and hands its events over one by one."""

    device: Any
    events: Queue[DeviceEvent] = field(default_factory=Queue)

    def __enter__(self) -> Hearing:
        def emit(event: DeviceEvent) -> bool:
            self.events.put(event)
            return True

        self.device.start(emit)
        return self

    def __exit__(self, *_: object) -> None:
        self.device.stop()

    def next(self, until: float) -> DeviceEvent | None:
        """The next event, or ``None`` when none came by ``until`` (``time.monotonic()``)."""
        while (left := until - time.monotonic()) > 0:
            try:
                return self.events.get(timeout=min(SLICE, left))
            except Empty:
                continue
        return None


def try_scanner(scanner: Any, onlooker: TillOnlooker) -> bool:
    """Show what is scanned and which way each code takes, until nothing comes any more; whether one came."""
    seen = 0
    with Hearing(scanner) as hearing:
        until = time.monotonic() + onlooker.seconds
        while (event := hearing.next(until)) is not None:
            if isinstance(event, DeviceChanged):
                _say_state(event, onlooker)
            elif isinstance(event, ScanGarbled):
                onlooker.say(event.reason)
            elif isinstance(event, BarcodeScanned):
                seen += 1
                until = time.monotonic() + onlooker.seconds
                scanner.feedback(_say_code(event, onlooker))
    if not seen:
        onlooker.say(N_("Nothing was scanned."))
    return seen > 0


def _say_state(event: DeviceChanged, onlooker: TillOnlooker) -> None:
    if event.state is DeviceState.READY:
        onlooker.say(
            N_("Ready. Scan anything now; it ends after {seconds} seconds of silence."),
            seconds=f"{onlooker.seconds:g}",
        )
    elif event.state is DeviceState.FAILED:
        onlooker.say(N_("It is not ready: {detail}"), detail=event.detail or event.reason)


def _say_code(event: BarcodeScanned, onlooker: TillOnlooker) -> bool:
    """Say a code, its kind and where it leads; whether the shop knows it."""
    visible = clean(event.text.replace("\x1d", "<GS>"), 200)
    kind = event.symbology or "?"
    onlooker.say(
        N_("Read: {code} ({count} characters, kind {symbology})"),
        code=visible,
        count=len(event.text),
        symbology=kind,
    )
    try:
        code = onlooker.codes.read(event.text, event.symbology)
    except BarcodeError as error:
        onlooker.say(N_("The till refuses it: {reason}"), reason=str(error))
        return False
    onlooker.say(
        N_("Taken as {kind}, looked up as {key}{inside}"),
        kind=code.kind.value,
        key=code.key,
        inside=_inside(code),
    )
    product = onlooker.product(code.key)
    if product is None:
        onlooker.say(N_("No product has this code: the till would offer to look it up or to add it."))
    else:
        onlooker.say(N_("Sells: {product}"), product=product)
    return product is not None


def _inside(code: ScannedCode) -> str:
    """What a code says besides its product."""
    parts = [
        f"{name}={value}"
        for name, value in (
            ("quantity/1000", code.quantity),
            ("price", code.price),
            ("lot", code.lot),
            ("expiry", code.expiry),
            ("serial", code.serial),
        )
        if value
    ]
    return f" ({', '.join(parts)})" if parts else ""


def try_printer(printer: Printer, onlooker: TillOnlooker) -> bool:
    """Print the test page; then, if wanted, fire the drawer. Whether the page went out."""
    onlooker.say(N_("Printing the test page ..."))
    until = time.monotonic() + onlooker.seconds
    try:
        delivery = printer.deliver(
            Job(
                printer.render(page(printer)),
                int(time.time()) % 1_000_000,
                waiting=lambda reason: onlooker.say(N_("The printer waits: {reason}"), reason=reason or "-"),
                stopping=lambda: time.monotonic() >= until,
            )
        )
    finally:
        printer.close()
    if delivery.fence == "none":
        onlooker.say(N_("Sent. This printer does not say when it has printed: look at the paper."))
    else:
        onlooker.say(N_("Printed, and confirmed by the printer ({fence})."), fence=delivery.fence)
    if delivery.paper_low:
        onlooker.say(N_("The roll is near its end."))
    if onlooker.ask(N_("Open the drawer that hangs on this printer?")):
        printer.kick(2)
        onlooker.say(N_("The drawer was fired. If it stayed shut, try pin 5 in its section."))
    return True


def try_drawer(drawer: Drawer, onlooker: TillOnlooker) -> bool:
    """Fire the drawer once, if wanted."""
    if not onlooker.ask(N_("Open the drawer {device} now?"), device=drawer.name):
        return False
    drawer.open()
    onlooker.say(N_("The drawer was fired. If it stayed shut, look at its cable, its lock and its pin."))
    return True


def try_scale(scale: Any, onlooker: TillOnlooker) -> bool:
    """Show what the scale says while weights are put on it; whether a stable one came."""
    stable = False
    with Hearing(scale) as hearing:
        scale.watch(True)
        until = time.monotonic() + onlooker.seconds
        while (event := hearing.next(until)) is not None:
            if isinstance(event, DeviceChanged) and event.state is DeviceState.FAILED:
                onlooker.say(N_("It is not ready: {detail}"), detail=event.detail or event.reason)
            elif isinstance(event, DeviceChanged) and event.state is DeviceState.READY:
                onlooker.say(N_("Ready. Put something on the scale."))
            elif isinstance(event, WeightRead):
                weight = event.weight
                onlooker.say(N_("{grams} g ({state})"), grams=weight.grams, state=weight.state.value)
                stable = stable or (weight.state is Weighing.STABLE and weight.grams > 0)
        scale.watch(False)
    if not stable:
        onlooker.say(N_("No stable weight came."))
    return stable


def try_display(display: Any, onlooker: TillOnlooker) -> bool:
    """Write on the customer's display and ask whether it can be read.

    Raises:
        DeviceOffline: It is not there.
    """
    with Hearing(display) as hearing:
        until = time.monotonic() + onlooker.seconds
        while (event := hearing.next(until)) is not None:
            if isinstance(event, DeviceChanged) and event.state is DeviceState.READY:
                break
            if isinstance(event, DeviceChanged) and event.state is DeviceState.FAILED:
                raise not_ready(event)
        else:
            raise silent(display.name)
        display.show("Tilltui áéíóúñü", "12345678901234567890")
        return onlooker.ask(N_("Does the display show “Tilltui áéíóúñü” and all ten digits twice?"))


def try_terminal(terminal: object, onlooker: TillOnlooker) -> bool:
    """Ask a card terminal how it is, where its driver knows how; nothing is charged."""
    ask = question("terminal", terminal)
    if ask is None:
        onlooker.say(N_("This terminal cannot be asked without charging something."))
        return False
    ask()
    onlooker.say(N_("The terminal answers. Nothing was charged."))
    return True


@dataclass(frozen=True, slots=True)
class OwnSocket:
    """The sockets of a printer that no worker owns (``ports.PrinterSocket``): each call is the driver's own.

    Attributes:
        printer: The printer.
    """

    printer: Printer

    def kick(self, pin: int) -> None:
        """Open the drawer once.

        Raises:
            DeviceError: It could not be sent.
        """
        self.printer.kick(pin)

    def drawer_level(self) -> bool | None:
        """Whether pin 3 is high; ``None``: the printer does not tell.

        Raises:
            DeviceError: It could not be asked.
        """
        return self.printer.drawer_level() if isinstance(self.printer, TellsDrawerLevel) else None

    def pass_on(self, data: bytes) -> None:
        """Send ``data`` to the display at once.

        Raises:
            DeviceError: It could not be sent.
        """
        if isinstance(self.printer, PassesOn):
            self.printer.pass_on(data)


Trial = Callable[[Any, TillOnlooker], bool]
"""Tries a driver's instance; ``False``: it did not do what it should. May raise ``TillError``."""

TRIALS: dict[str, Trial] = {
    "scanner": try_scanner,
    "printer": try_printer,
    "drawer": try_drawer,
    "scale": try_scale,
    "display": try_display,
    "terminal": try_terminal,
}
"""How each kind of device is tried."""


def trial_of(kind: str, device: object) -> Callable[[TillOnlooker], bool]:
    """The trial of a device: its driver's own, or that of its kind.

    Raises:
        TillError: There is none.
    """
    if isinstance(device, CanBeTried):
        return device.trial
    trial = TRIALS.get(kind)
    if trial is None:
        raise TillError(
            N_("There is no trial for a {kind}."),
            hint=N_("Those that have one: {kinds}."),
            kind=kind,
            kinds=", ".join(sorted(TRIALS)),
        )
    return lambda onlooker: trial(device, onlooker)
