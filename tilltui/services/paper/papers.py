"""Papers that somebody asks for: receipts again, shelf labels, what is to be done about those that wait."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from tilltui.domain.paper.paper_kind import PaperKind
from tilltui.domain.people.rights import Right
from tilltui.errors import N_, SaleError
from tilltui.services.events import Events, PaperQueued
from tilltui.services.flow import Flow, Wait
from tilltui.services.paper.preview import text_lines
from tilltui.services.session import Session, command
from tilltui.store.books import sale_lookups
from tilltui.store.file.store import Store

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from tilltui.domain.goods.offer import Offer
    from tilltui.domain.goods.product import Product
    from tilltui.domain.paper.elements import Element
    from tilltui.domain.paper.job import JobRow
    from tilltui.domain.paper.labels import LabelOf
    from tilltui.domain.record.sales.listed import ListedSale
    from tilltui.services.devices.devices import Devices
    from tilltui.services.paper.spool import Spool

T = TypeVar("T")

RECEIPTS = 50
"""How many of the last receipts are listed."""


class Papers:
    """Commands on papers. Their work on the disk is done in the background.

    Args:
        store: Where the sales are.
        spool: The print jobs.
        devices: The printers.
        session: Who asks.
        events: Told of each paper that waits for its printer.
        background: Where the disk may take its time.
    """

    def __init__(
        self,
        store: Store,
        spool: Spool,
        devices: Devices,
        session: Session,
        events: Events,
        background: Executor,
    ) -> None:
        self.session = session
        self._store = store
        self._spool = spool
        self._devices = devices
        self._events = events
        self._background = background

    @property
    def printer(self) -> str:
        """Name of the printer for receipts; empty: there is none."""
        return self._devices.receipt_printer

    @property
    def label_printer(self) -> str:
        """Name of the printer for shelf labels; empty: there is none."""
        return self._devices.label_printer

    def _receipt_printer(self) -> str:
        if not self.printer:
            raise SaleError(
                N_("No printer is set up."), hint=N_("Add a [printer.receipt] section to till.toml.")
            )
        return self.printer

    async def _queued(self, printer: str, queue: Callable[[], T]) -> T:
        queued = await Wait(self._background.submit(queue), hold=False)
        self._events.publish(PaperQueued(printer))
        return queued

    # Receipts

    @command(Right.RECEIPTS)
    def recent(self) -> list[ListedSale]:
        """The last sales, newest first."""
        return sale_lookups.recent(self._store.reader, RECEIPTS)

    @command(Right.RECEIPTS)
    def text(self, seq: int) -> list[str]:
        """A receipt as lines of text.

        Args:
            seq: Its record in the journal.
        """
        return text_lines(self._spool.elements(seq))

    @command(Right.RECEIPTS)
    def copy(self, seq: int) -> Flow[int]:
        """Queue a copy of a receipt, which says COPY.

        Raises:
            SaleError: There is no printer; at once.
        """
        printer = self._receipt_printer()
        return self._queued(printer, lambda: self._spool.copy(seq, printer))

    @command(Right.RECEIPTS)
    def gift(self, seq: int) -> Flow[int]:
        """Queue a receipt for a gift, without prices.

        Raises:
            SaleError: There is no printer; at once.
        """
        printer = self._receipt_printer()
        return self._queued(printer, lambda: self._spool.gift(seq, printer))

    @command(Right.TERMINAL_DAY)
    def terminal_report(self, title: str, lines: Sequence[str]) -> Flow[int]:
        """Queue what a card terminal reports of its day."""
        from tilltui.domain.paper.elements import Cut, Text

        paper: list[Element] = [*(Text(line) for line in lines), Cut()]
        printer = self._receipt_printer()
        return self._queued(printer, lambda: self._spool.add(printer, PaperKind.NOTE, title, paper))

    @command(Right.DEVICES)
    def test_page(self, printer: str, title: str) -> Flow[int]:
        """Queue a printer's test page; it goes the way of every paper."""
        from tilltui.services.paper.trial_page import page

        paper = page(self._devices.printers[printer].printer)
        return self._queued(printer, lambda: self._spool.add(printer, PaperKind.NOTE, title, paper))

    # Shelf labels

    @command(Right.LABELS)
    def label_offers(self, moments: Sequence[int]) -> Flow[list[Offer]]:
        """Count the products that changed since each of some moments, then those of each category.

        Args:
            moments: UTC milliseconds.
        """
        return self._label_offers(moments)

    async def _label_offers(self, moments: Sequence[int]) -> list[Offer]:
        from tilltui.store.goods.shelf import offers

        found = self._background.submit(lambda: offers(self._store.reader, moments))
        return await Wait(found, hold=False)

    @command(Right.LABELS)
    def labels_of(self, product: Product, copies: int) -> Flow[list[int]]:
        """Queue labels of one product; the new jobs.

        Raises:
            SaleError: There is no printer for them, or that many are not printed at a time; at once.
        """
        from tilltui.domain.paper.labels import MAX_COPIES
        from tilltui.store.goods.shelf import label_of

        if not 1 <= copies <= MAX_COPIES:
            raise SaleError(
                N_("There are from 1 to {most} labels at a time."),
                hint=N_("Key how many you want."),
                most=MAX_COPIES,
            )
        return self._labels(lambda: [label_of(self._store.reader, product)], copies)

    @command(Right.LABELS)
    def labels_offered(self, offer: Offer) -> Flow[list[int]]:
        """Queue the labels of what was offered; the new jobs.

        Raises:
            SaleError: There is no printer for them; at once.
        """
        from tilltui.store.goods.shelf import offered

        return self._labels(lambda: offered(self._store.reader, offer))

    @command(Right.LABELS)
    def labels(self, products: Sequence[LabelOf], copies: int) -> Flow[list[int]]:
        """Queue labels of some products; the new jobs.

        Raises:
            SaleError: There is no printer for them; at once.
        """
        return self._labels(lambda: products, copies)

    def _labels(self, products: Callable[[], Sequence[LabelOf]], copies: int = 1) -> Flow[list[int]]:
        printer = self.label_printer
        if printer not in self._devices.printers:
            raise SaleError(
                N_("No printer is set up."), hint=N_("Add a [printer.receipt] section to till.toml.")
            )
        return self._queued(printer, lambda: self._spool.labels(printer, products(), copies))

    # Papers that wait

    @command(Right.DEVICES)
    def unsettled(self) -> list[JobRow]:
        """Papers that wait, or whose end nobody knows."""
        return self._spool.unsettled()

    @command(Right.DEVICES)
    def retry(self, job: JobRow) -> None:
        """Have a paper tried again now."""
        worker = self._devices.printers.get(job.printer)
        if worker is not None:
            worker.retry(job.id)

    @command(Right.DEVICES)
    def cancel(self, job: JobRow) -> Flow[bool]:
        """Take a paper back that waits; whether it waited still."""
        return self._cancelled(job)

    async def _cancelled(self, job: JobRow) -> bool:
        gone = self._background.submit(self._devices.cancel_paper, job.id)
        return await Wait(gone, hold=False)

    @command(Right.DEVICES)
    def settle(self, job: JobRow, *, printed: bool) -> Flow[None]:
        """Say whether a paper came out that nobody knows of; where it did not, a copy is queued."""
        return self._settled(job, printed)

    async def _settled(self, job: JobRow, printed: bool) -> None:
        await Wait(self._background.submit(self._spool.settle, job.id, printed=printed), hold=False)
        if not printed:
            # Of its own kind and on its own printer: an order slip goes to the kitchen again.
            await self._queued(job.printer, lambda: self._spool.again(job.id))
