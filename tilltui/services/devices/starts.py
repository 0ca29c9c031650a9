"""How a device of each kind is started, and what stops it again.

What has a thread of its own is started as it is; what has not gets a worker, a desk or a place among others.
Nothing here waits: whatever takes time is a thread's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tilltui.ports import CustomerDisplay, Device, Drawer, Emit, PaymentTerminal, Printer, Uploader
from tilltui.services.devices.drawers import Drawers
from tilltui.services.devices.sockets import plug_in
from tilltui.store.file.store import Store

if TYPE_CHECKING:
    from tilltui.services.cards.desk import CardDesk, CardEvent
    from tilltui.services.paper.printing import PrintWorker
    from tilltui.services.paper.spool import Spool
    from tilltui.services.upload.worker import SyncStatus, SyncWorker


@dataclass(frozen=True, slots=True)
class Hands:
    """What devices are started with.

    Attributes:
        emit: Takes devices' events, from any thread.
        spool: The print jobs.
        uploaded: Told of each change of an uploader, from its thread.
        charged: Told of each step of a card's charge, from its desk's thread.
        store: For attempts of cards and the outbox.
        training: Nothing is charged.
        drawers: Takes the drawers in.
        printers: Workers of the printers that were started before, by name.
        stops: What is to be done at the end, the last one first.
    """

    emit: Emit
    spool: Spool
    uploaded: Callable[[SyncStatus], object]
    charged: Callable[[CardEvent], object]
    store: Store
    training: bool
    drawers: Drawers
    printers: Mapping[str, PrintWorker]
    stops: ExitStack


def start_device(device: Device, name: str, hands: Hands) -> Device:
    """Start what has a thread of its own, as a scanner or scale."""
    hands.stops.callback(device.stop)
    device.start(hands.emit)
    return device


def start_display(display: CustomerDisplay, name: str, hands: Hands) -> Device:
    """Start a display, which shows nothing at the end; without the printer that it hangs on it says so."""
    plug_in(display, name, hands.printers)
    hands.stops.callback(display.stop)
    hands.stops.callback(display.clear)
    display.start(hands.emit)
    return display


def start_printer(printer: Printer, name: str, hands: Hands) -> PrintWorker:
    """Give a printer its worker."""
    from tilltui.services.paper.printing import PrintWorker

    worker = PrintWorker(printer, hands.spool)
    hands.stops.callback(worker.stop)
    worker.start(hands.emit)
    return worker


def start_drawer(drawer: Drawer, name: str, hands: Hands) -> Drawer:
    """Take a drawer in.

    Raises:
        DeviceError: The printer that it hangs on is not there.
    """
    hands.stops.callback(hands.drawers.stop)
    hands.drawers.add(drawer, hands.printers)
    return drawer


def start_terminal(terminal: PaymentTerminal, name: str, hands: Hands) -> CardDesk:
    """Give a card terminal its desk."""
    from tilltui.services.cards.desk import CardDesk

    desk = CardDesk(terminal, hands.store, hands.charged, training=hands.training)
    hands.stops.callback(desk.stop)
    desk.start()
    return desk


def start_uploader(uploader: Uploader, name: str, hands: Hands) -> SyncWorker:
    """Give an uploader the worker that sends the journal."""
    from tilltui.services.upload.outbox import StoreOutbox
    from tilltui.services.upload.worker import SyncWorker

    sync = SyncWorker(uploader, StoreOutbox(hands.store), hands.uploaded)
    hands.stops.callback(sync.stop)
    sync.start()
    return sync


Start = Callable[[Any, str, Hands], object]
"""Starts a driver's instance of this name; gives what the till works with: itself, its worker or its desk."""

STARTS: Mapping[str, Start] = {
    "printer": start_printer,
    "drawer": start_drawer,
    "display": start_display,
    "terminal": start_terminal,
    "uploader": start_uploader,
}
"""Kinds that are started in their own way; every other one is a ``Device``."""
