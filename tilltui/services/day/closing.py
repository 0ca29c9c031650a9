"""X and Z: what the shift came to, on paper and in the journal."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future

from tilltui.domain.clock import now_ms
from tilltui.domain.paper.elements import Element, to_data
from tilltui.domain.paper.paper_kind import PaperKind
from tilltui.domain.paper.z_report import z_report
from tilltui.domain.record.shift_record import ShiftReport
from tilltui.services.shop import Shop
from tilltui.store.books import totals
from tilltui.store.file.engine import Connection
from tilltui.store.file.store import Store
from tilltui.store.paper import jobs


def x_report(store: Store, shop: Shop, operator: tuple[int, str]) -> ShiftReport:
    """The totals of the open shift so far; nothing changes."""
    at = now_ms()
    return totals.x_report(store.reader, at, operator, day=shop.day(at), offset_min=shop.offset_min(at))


def paper(report: ShiftReport, shop: Shop, say: Callable[[str], str]) -> list[Element]:
    """An X or Z on paper."""
    return z_report(report, shop.head, shop.currency, say)


def close_shift(
    store: Store, shop: Shop, operator: tuple[int, str], say: Callable[[str], str], printer: str = ""
) -> Future[ShiftReport]:
    """Close the shift with a Z record, begin the next and queue the paper: one durable transaction.

    Args:
        store: What is kept.
        shop: The shop.
        operator: Who closes.
        say: Translates the labels.
        printer: Where the Z is printed; empty for none.

    Returns:
        What the Z says, once it is on disk.
    """
    at = now_ms()

    def work(connection: Connection) -> ShiftReport:
        body = totals.close_shift(connection, at, operator, day=shop.day(at), offset_min=shop.offset_min(at))
        report = ShiftReport.parse(body)
        if printer:
            doc = to_data(paper(report, shop, say))
            jobs.add(connection, printer, PaperKind.Z, f"Z {report.number}", at, doc=doc)
        return report

    return store.submit(work)
