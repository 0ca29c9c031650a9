"""Who hears of what the register has done: the drawer, the papers, the upload, the cards, the backup."""

from __future__ import annotations

import logging
from concurrent.futures import Executor, Future

from tilltui.services.devices.devices import Devices
from tilltui.services.events import Events, PaperQueued, SaleClosed, ShiftClosed
from tilltui.services.shop import Shop
from tilltui.store.file.store import Store

log = logging.getLogger(__name__)


def subscribe(events: Events, shop: Shop, store: Store, devices: Devices, background: Executor) -> None:
    """Name everybody who hears, in their order: the drawer first, for the cashier waits for it."""

    def drawer(event: SaleClosed) -> None:
        if shop.tenders.open_drawer(event.accepted.record.tenders) and not event.training and devices.drawers:
            who = event.operator.id, event.operator.name
            _say_failure(events, devices.open_drawer("sale", who, for_sale=True))

    def papers(event: object) -> None:
        for printer in devices.printers.values():
            printer.wake()

    def upload(event: object) -> None:
        for uploader in devices.uploaders.values():
            uploader.wake()

    def cards(event: object) -> None:
        for desk in devices.cards.values():
            desk.sold()

    def ballast(event: ShiftClosed) -> None:
        store.ballast.hold()

    def backup(event: ShiftClosed) -> None:
        copy = store.backup()

        def work() -> None:
            log.info("backed up to %s", copy())

        _say_failure(events, background.submit(work))

    events.to(SaleClosed, "drawer", drawer)
    for kind in (SaleClosed, ShiftClosed, PaperQueued):
        events.to(kind, "papers", papers)
    for kind in (SaleClosed, ShiftClosed):
        events.to(kind, "upload", upload)
        events.to(kind, "cards", cards)
    events.to(ShiftClosed, "ballast", ballast)
    events.to(ShiftClosed, "backup", backup)


def _say_failure(events: Events, future: Future[None]) -> None:
    def done(ended: Future[None]) -> None:
        error = ended.exception()
        if error is not None:
            events.failed(error)

    future.add_done_callback(done)
