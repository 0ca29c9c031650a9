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
    PassesOn,
    Printer,
    ScanGarbled,
    TellsDrawerLevel,
    TrialDesk,
    Weighing,
    WeightRead,
)
from tilltui.services.doctor.findings import not_ready, question, silent
from tilltui.services.goods.codes import CodeReader
from tilltui.services.paper.trial_page import page

SLICE = 0.25
"""Seconds of one wait: how soon an interrupted trial ends."""


class Desk(TrialDesk, Protocol):
    """Where the installer sits: the command line, or a test. What is said is kept for ``--json``."""

    codes: CodeReader
    """Reads codes as the shop does."""

    def product(self, key: str) -> str | None:
        """Name of the product that a code finds; ``None``: there is none, or no catalogue yet."""


@dataclass(slots=True)
class Listening:
    """Runs a device with a thread and hands its events over one by one."""

    device: Any
    events: Queue[DeviceEvent] = field(default_factory=Queue)

    def __enter__(self) -> Listening:
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


def try_scanner(scanner: Any, desk: Desk) -> bool:
    """Show what is scanned and which way each code takes, until nothing comes any more; whether one came."""
    seen = 0
    with Listening(scanner) as listening:
        until = time.monotonic() + desk.seconds
        while (event := listening.next(until)) is not None:
            if isinstance(event, DeviceChanged):
                _say_state(event, desk)
            elif isinstance(event, ScanGarbled):
                desk.say(event.reason)
            elif isinstance(event, BarcodeScanned):
                seen += 1
                until = time.monotonic() + desk.seconds
                scanner.feedback(_say_code(event, desk))
    if not seen:
        desk.say(N_("Nothing was scanned."))
    return seen > 0


def _say_state(event: DeviceChanged, desk: Desk) -> None:
    if event.state is DeviceState.READY:
        desk.say(
            N_("Ready. Scan anything now; it ends after {seconds} seconds of silence."),
            seconds=f"{desk.seconds:g}",
        )
    elif event.state is DeviceState.FAILED:
        desk.say(N_("It is not ready: {detail}"), detail=event.detail or event.reason)


def _say_code(event: BarcodeScanned, desk: Desk) -> bool:
    """Say a code, its kind and where it leads; whether the shop knows it."""
    visible = clean(event.text.replace("\x1d", "<GS>"), 200)
    kind = event.symbology or "?"
    desk.say(
        N_("Read: {code} ({count} characters, kind {symbology})"),
        code=visible,
        count=len(event.text),
        symbology=kind,
    )
    try:
        code = desk.codes.read(event.text, event.symbology)
    except BarcodeError as error:
        desk.say(N_("The till refuses it: {reason}"), reason=str(error))
        return False
    desk.say(
        N_("Taken as {kind}, looked up as {key}{inside}"),
        kind=code.kind.value,
        key=code.key,
        inside=_inside(code),
    )
    product = desk.product(code.key)
    if product is None:
        desk.say(N_("No product has this code: the till would offer to look it up or to add it."))
    else:
        desk.say(N_("Sells: {product}"), product=product)
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


def try_printer(printer: Printer, desk: Desk) -> bool:
    """Print the test page; then, if wanted, fire the drawer. Whether the page went out."""
    desk.say(N_("Printing the test page ..."))
    until = time.monotonic() + desk.seconds
    try:
        delivery = printer.deliver(
            Job(
                printer.render(page(printer)),
                int(time.time()) % 1_000_000,
                waiting=lambda reason: desk.say(N_("The printer waits: {reason}"), reason=reason or "-"),
                stopping=lambda: time.monotonic() >= until,
            )
        )
    finally:
        printer.close()
    if delivery.fence == "none":
        desk.say(N_("Sent. This printer does not say when it has printed: look at the paper."))
    else:
        desk.say(N_("Printed, and confirmed by the printer ({fence})."), fence=delivery.fence)
    if delivery.paper_low:
        desk.say(N_("The roll is near its end."))
    if desk.ask(N_("Open the drawer that hangs on this printer?")):
        printer.kick(2)
        desk.say(N_("The drawer was fired. If it stayed shut, try pin 5 in its section."))
    return True


def try_drawer(drawer: Drawer, desk: Desk) -> bool:
    """Fire the drawer once, if wanted."""
    if not desk.ask(N_("Open the drawer {device} now?"), device=drawer.name):
        return False
    drawer.open()
    desk.say(N_("The drawer was fired. If it stayed shut, look at its cable, its lock and its pin."))
    return True


def try_scale(scale: Any, desk: Desk) -> bool:
    """Show what the scale says while weights are put on it; whether a stable one came."""
    stable = False
    with Listening(scale) as listening:
        scale.watch(True)
        until = time.monotonic() + desk.seconds
        while (event := listening.next(until)) is not None:
            if isinstance(event, DeviceChanged) and event.state is DeviceState.FAILED:
                desk.say(N_("It is not ready: {detail}"), detail=event.detail or event.reason)
            elif isinstance(event, DeviceChanged) and event.state is DeviceState.READY:
                desk.say(N_("Ready. Put something on the scale."))
            elif isinstance(event, WeightRead):
                weight = event.weight
                desk.say(N_("{grams} g ({state})"), grams=weight.grams, state=weight.state.value)
                stable = stable or (weight.state is Weighing.STABLE and weight.grams > 0)
        scale.watch(False)
    if not stable:
        desk.say(N_("No stable weight came."))
    return stable


def try_display(display: Any, desk: Desk) -> bool:
    """Write on the customer's display and ask whether it can be read.

    Raises:
        DeviceOffline: It is not there.
    """
    with Listening(display) as listening:
        until = time.monotonic() + desk.seconds
        while (event := listening.next(until)) is not None:
            if isinstance(event, DeviceChanged) and event.state is DeviceState.READY:
                break
            if isinstance(event, DeviceChanged) and event.state is DeviceState.FAILED:
                raise not_ready(event)
        else:
            raise silent(display.name)
        display.show("Tilltui áéíóúñü", "12345678901234567890")
        return desk.ask(N_("Does the display show “Tilltui áéíóúñü” and all ten digits twice?"))


def try_terminal(terminal: object, desk: Desk) -> bool:
    """Ask a card terminal how it is, where its driver knows how; nothing is charged."""
    ask = question("terminal", terminal)
    if ask is None:
        desk.say(N_("This terminal cannot be asked without charging something."))
        return False
    ask()
    desk.say(N_("The terminal answers. Nothing was charged."))
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


Trial = Callable[[Any, Desk], bool]
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


def trial_of(kind: str, device: object) -> Callable[[Desk], bool]:
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
    return lambda desk: trial(device, desk)
