"""Print jobs between the store and the print worker: what is queued, and what stands on it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tilltui.domain.paper import sale_receipt, z_report
from tilltui.domain.receipt import Element, from_data, to_data
from tilltui.errors import N_, SaleError
from tilltui.services.printing import PrintJob
from tilltui.services.shop import Shop
from tilltui.store import jobs
from tilltui.store.jobs import JobRow
from tilltui.store.store import Store, now_ms

Fiscal = Callable[[Mapping[str, Any]], Sequence[Element]]
"""The law's part of a receipt (``FiscalRegime.receipt_elements``)."""


class Spool:
    """The store's print jobs as a print worker sees them. Used on print workers' threads.

    Args:
        store: Where the jobs are.
        shop: Head and foot of receipts, and the currency.
        say: Translates labels.
        fiscal: The law's part.
    """

    def __init__(
        self, store: Store, shop: Shop, say: Callable[[str], str], fiscal: Fiscal = lambda body: ()
    ) -> None:
        self._store = store
        self._shop = shop
        self._say = say
        self._fiscal = fiscal

    def next_job(self, printer: str) -> PrintJob | None:
        """The oldest job that waits for a printer, with its elements."""
        row = jobs.next_job(self._store.reader, printer)
        return self._job(row) if row is not None else None

    def set_state(self, job_id: int, state: str, reason: str = "", fence: str = "") -> None:
        """Move a job to another state; returns once that is durable."""
        self._store.run(
            lambda connection: jobs.set_state(connection, job_id, state, now_ms(), reason=reason, fence=fence)
        )

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
        """The cashier says whether an uncertain receipt came out."""
        state = "confirmed" if printed else "cancelled"
        self.set_state(job_id, state, reason="said by the cashier")

    def copy(self, seq: int, printer: str) -> int:
        """Queue a copy of a record's receipt; it says COPY.

        Returns:
            The new job.

        Raises:
            SaleError: There is no such record.
        """
        row = self._record(seq)
        if row is None:
            raise SaleError(N_("There is no such receipt."))
        kind, body = row

        def work(connection: Any) -> int:
            copy_no = max(1, jobs.copies(connection, seq))
            title = str(body.get("number", kind))
            return jobs.add(connection, printer, "copy", title, now_ms(), seq=seq, copy_no=copy_no)

        return self._store.run(work)

    def add(self, printer: str, kind: str, title: str, elements: Sequence[Element]) -> int:
        """Queue a paper that is no record's, such as an X report."""
        doc = to_data(list(elements))
        return self._store.run(
            lambda connection: jobs.add(connection, printer, kind, title, now_ms(), doc=doc)
        )

    def elements(self, seq: int, copy_no: int = 0) -> list[Element]:
        """What stands on the paper of a record.

        Raises:
            SaleError: There is no such record.
        """
        row = self._record(seq)
        if row is None:
            raise SaleError(N_("There is no such receipt."))
        kind, body = row
        shop = self._shop
        if kind == "z":
            return z_report(body, shop.head, shop.currency, self._say)
        return sale_receipt(
            body, shop.head, shop.currency, self._say, copy=copy_no, fiscal=list(self._fiscal(body))
        )

    def _record(self, seq: int) -> tuple[str, dict[str, Any]] | None:
        query = "SELECT kind, body FROM journal WHERE seq = ?"
        for kind, body in self._store.reader.execute(query, (seq,)):
            return kind, json.loads(body)
        return None

    def _job(self, row: JobRow) -> PrintJob:
        if row.doc is not None:
            elements = from_data(row.doc)
        elif row.seq is not None:
            elements = self.elements(row.seq, row.copy_no)
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
