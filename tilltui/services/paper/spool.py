"""Print jobs between the store and the print worker: what is queued, and what stands on it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from tilltui.domain.clock import now_ms
from tilltui.domain.paper.elements import Element, Feed, from_data, to_data
from tilltui.domain.paper.job import JobRow
from tilltui.domain.paper.job_state import JobState
from tilltui.domain.paper.paper_kind import PaperKind
from tilltui.domain.record.kinds import RecordKind
from tilltui.errors import N_, SaleError
from tilltui.ports import Printer, Remembers
from tilltui.services.paper.logo import Logo
from tilltui.services.paper.print_routes import Route, extra_jobs, route_of
from tilltui.services.shop import Shop
from tilltui.store.books import sale_lookups
from tilltui.store.devices.memory import DeviceMemory
from tilltui.store.file.store import Store
from tilltui.store.paper import jobs

if TYPE_CHECKING:
    from tilltui.domain.paper.labels import LabelOf
    from tilltui.domain.record.any_record import Record
    from tilltui.domain.record.sales.sale_record import SaleRecord
    from tilltui.services.paper.printing import PrintJob

DOTS = 384
"""Width of the paper of a printer of which nothing is known: 58 mm."""

LABELS_A_JOB = 20
"""Most shelf labels of one job, unless one product alone has more."""

log = logging.getLogger(__name__)

Fiscal = Callable[["SaleRecord"], Sequence[Element]]
"""The law's part of a receipt (``FiscalRegime.receipt_elements``)."""


def _title(record: Record) -> str:
    """What a person calls a record that is printed."""
    from tilltui.domain.record.shift_record import ZRecord

    return str(record.number) if isinstance(record, ZRecord) else _as_sale(record).number


def _as_sale(record: Record) -> SaleRecord:
    """The record of a sale; of anything else there is no receipt."""
    from tilltui.domain.record.sales.sale_record import SaleRecord

    if not isinstance(record, SaleRecord):
        raise _no_receipt()
    return record


def _no_receipt() -> SaleError:
    return SaleError(N_("There is no such receipt."), hint=N_("F12, Receipts lists those that there are."))


class Spool:
    """The store's print jobs as a print worker sees them. Used on print workers' threads.

    Args:
        store: Where the jobs are.
        shop: Head and foot of receipts, and the currency.
        say: Translates labels.
        fiscal: The law's part.
        logo: Picture on top of receipts.
    """

    def __init__(
        self,
        store: Store,
        shop: Shop,
        say: Callable[[str], str],
        fiscal: Fiscal = lambda sale: (),
        logo: Logo | None = None,
    ) -> None:
        self._store = store
        self._shop = shop
        self._say = say
        self._fiscal = fiscal
        self._logo = logo
        self._routes: dict[str, Route] = {}
        self._dots: dict[str, int] = {}
        self._memory = DeviceMemory(store)
        store.papers = lambda closing, printer: extra_jobs(closing, printer, self._routes.values())

    def serve(self, printer: Printer) -> None:
        """Learn what a printer prints, and let it remember what it can do; before its first job."""
        self._routes[printer.name] = route_of(printer)
        self._dots[printer.name] = printer.paper_profile.dots
        if isinstance(printer, Remembers):
            printer.use_memory(self._memory)

    def next_job(self, printer: str) -> PrintJob | None:
        """The oldest job that waits for a printer, with its elements."""
        while (row := jobs.next_job(self._store.reader, printer)) is not None:
            try:
                return self._job(row)
            except Exception as error:  # one paper that cannot be written must not stop all behind it
                log.exception("print job %d cannot be written", row.id)
                self.set_state(row.id, JobState.CANCELLED, f"cannot be written: {error}")
        return None

    def set_state(self, job_id: int, state: JobState, reason: str = "", fence: str = "") -> None:
        """Move a job to another state; returns once that is durable.

        Raises:
            JobWithdrawn: It was cancelled meanwhile, and stays so.
        """
        moved = self._store.run(
            lambda connection: jobs.set_state(connection, job_id, state, now_ms(), reason=reason, fence=fence)
        )
        if not moved:
            from tilltui.services.paper.printing import JobWithdrawn

            raise JobWithdrawn(job_id)

    def recover(self, printer: str) -> list[PrintJob]:
        """Jobs that were being sent when the till stopped; they become uncertain."""
        rows = self._store.run(lambda connection: jobs.recover(connection, printer, now_ms()))
        return [self._job(row) for row in rows]

    def unsettled(self) -> list[JobRow]:
        """Jobs that wait, or whose end nobody knows; for the screen."""
        return jobs.unsettled(self._store.reader)

    def recent(self, limit: int = 20) -> list[JobRow]:
        """The last jobs, newest first; for the screen."""
        return jobs.recent(self._store.reader, limit)

    def settle(self, job_id: int, *, printed: bool) -> None:
        """The cashier says whether an uncertain receipt came out; one that is settled already stays so."""
        state = JobState.CONFIRMED if printed else JobState.CANCELLED

        def work(connection: Any) -> None:
            row = jobs.job(connection, job_id)
            if row is not None and row.state is JobState.UNCERTAIN:
                jobs.set_state(connection, job_id, state, now_ms(), reason="said by the cashier")

        self._store.run(work)

    def copy(self, seq: int, printer: str) -> int:
        """Queue a copy of a record's receipt; it says COPY.

        Returns:
            The new job.

        Raises:
            SaleError: There is no such record, or nothing of it is printed.
            RecordDamaged: It cannot be read.
        """
        title = _title(self._record(seq))

        def work(connection: Any) -> int:
            copy_no = max(1, jobs.copies(connection, seq))
            return jobs.add(connection, printer, PaperKind.COPY, title, now_ms(), seq=seq, copy_no=copy_no)

        return self._store.run(work)

    def again(self, job_id: int) -> int:
        """Queue a copy of a job, of its own kind and on its own printer; it says COPY.

        Returns:
            The new job.

        Raises:
            SaleError: There is no such job, or nothing that a copy could be written from.
        """
        copied = self._store.run(lambda connection: jobs.again(connection, job_id, now_ms()))
        if copied is None:
            raise _no_receipt()
        return copied

    def gift(self, seq: int, printer: str) -> int:
        """Queue a gift receipt of a sale, without prices; from the second on it says COPY.

        Returns:
            The new job.

        Raises:
            SaleError: There is no such sale.
        """
        sale = _as_sale(self._record(seq))
        if sale.kind is not RecordKind.SALE:
            raise _no_receipt()
        title = sale.number

        def work(connection: Any) -> int:
            before = jobs.gifts(connection, seq)
            return jobs.add(connection, printer, PaperKind.GIFT, title, now_ms(), seq=seq, copy_no=before)

        return self._store.run(work)

    def labels(self, printer: str, products: Sequence[LabelOf], copies: int = 1) -> list[int]:
        """Queue the shelf labels of products, cut apart where the printer has a knife.

        Returns:
            The new jobs, each of some ``LABELS_A_JOB`` labels: what the paper runs out on is soon done again.
        """
        from tilltui.domain.paper.labels import labels

        shop, cuts = self._shop, self._routes.get(printer, Route(printer)).cuts
        step = max(1, LABELS_A_JOB // max(1, copies))
        made = []
        for start in range(0, len(products), step):
            part = products[start : start + step]
            title = part[0].name if len(part) == 1 else f"{part[0].name} – {part[-1].name}"
            paper = labels(part, shop.name, shop.currency, copies=copies, cuts=cuts)
            made.append(self.add(printer, PaperKind.LABEL, title, paper))
        return made

    def add(self, printer: str, kind: PaperKind, title: str, elements: Sequence[Element]) -> int:
        """Queue a paper that is no record's, such as an X report."""
        doc = to_data(list(elements))
        return self._store.run(
            lambda connection: jobs.add(connection, printer, kind, title, now_ms(), doc=doc)
        )

    def elements(self, seq: int, copy_no: int = 0) -> list[Element]:
        """What stands on the paper of a record.

        Raises:
            SaleError: There is no such record, or nothing of it is printed.
            RecordDamaged: It cannot be read.
        """
        return self._whole(self._record(seq), copy_no)

    def _whole(self, record: Record, copy_no: int) -> list[Element]:
        """The receipt of a sale, or the report of a Z."""
        from tilltui.domain.paper.sale_receipt import sale_receipt
        from tilltui.domain.paper.slips import copy_mark
        from tilltui.domain.paper.z_report import z_report
        from tilltui.domain.record.shift_record import ZRecord

        shop = self._shop
        if isinstance(record, ZRecord):
            mark = copy_mark(copy_no, self._say)
            return [*mark, *z_report(record.report, shop.head, shop.currency, self._say)]
        sale = _as_sale(record)
        legal = list(self._fiscal(sale))
        return sale_receipt(sale, shop.head, shop.currency, self._say, copy=copy_no, fiscal=legal)

    def _paper(self, seq: int, row: JobRow) -> list[Element]:
        """What stands on the paper of a job, for its own printer."""
        from tilltui.domain.paper.slips import gift_receipt, order_slip
        from tilltui.domain.record.sales.sale_record import SaleRecord

        shop, record = self._shop, self._record(seq)
        if row.kind == PaperKind.ORDER:
            # What the printer's section says now: a slip that waited follows the settings.
            route = self._routes.get(row.printer, Route(row.printer))
            return order_slip(
                _as_sale(record),
                shop.head,
                shop.currency,
                self._say,
                categories=route.categories,
                copy=row.copy_no,
            )
        if row.kind == PaperKind.GIFT:
            paper = gift_receipt(_as_sale(record), shop.head, shop.currency, self._say, copy=row.copy_no)
        else:
            paper = self._whole(record, row.copy_no)
        if self._logo is None or not isinstance(record, SaleRecord):
            return paper
        logo = self._logo.image(self._dots.get(row.printer, DOTS))
        return paper if logo is None else [logo, Feed(), *paper]

    def _record(self, seq: int) -> Record:
        record = sale_lookups.record(self._store.reader, seq)
        if record is None:
            raise _no_receipt()
        return record

    def _job(self, row: JobRow) -> PrintJob:
        from tilltui.services.paper.printing import PrintJob

        if row.doc is not None:
            elements = from_data(row.doc)
        elif row.seq is not None:
            elements = self._paper(row.seq, row)
        else:
            elements = []
        return PrintJob(
            id=row.id,
            printer=row.printer,
            kind=row.kind,
            title=row.title,
            elements=elements,
            state=row.state,
            attempts=row.attempts,
            copy_no=row.copy_no,
            sale_id=row.seq,
        )
