"""What a till's sales look like from four sides: database, paper, head office, and the test's own sum."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tests.support.head_office import HeadOffice
from tests.support.shop import TestShop
from tilltui.domain.record.kinds import SALES
from tilltui.domain.record.sales.sale_record import SaleRecord
from tilltui.store.audit.check import audit
from tilltui.store.selling import baskets
from tilltui_drivers.virtual.printers.paper import CutRow, Row, TextRow
from tilltui_drivers.virtual.printers.printer_device import VirtualPrinterDevice


@dataclass(frozen=True)
class Expected:
    """One sale as the test's author worked it out by hand, in pesos.

    Attributes:
        total: What it comes to.
        tenders: Kind and amount of each payment, cash rounding included.
        change: What the customer gets back.
        words: What must stand on the paper.
    """

    total: int
    tenders: tuple[tuple[str, int], ...]
    change: int = 0
    words: tuple[str, ...] = ()

    @property
    def kicks(self) -> int:
        """How often the drawer opens for it."""
        return int(any(kind == "cash" for kind, _amount in self.tenders))


@dataclass(frozen=True)
class Record:
    """A journal record of a sale, read independently of where it was found."""

    number: str
    total: int
    tenders: tuple[tuple[str, int], ...]
    change: int
    hash: str

    @classmethod
    def of(cls, body: bytes, digest: str) -> Record:
        sale = SaleRecord.parse(body)
        tenders = tuple((payment.tender, payment.amount) for payment in sale.payments)
        return cls(sale.number, sale.total, tenders, sale.change, digest)


@dataclass(frozen=True)
class Books:
    """The till's database after it was closed.

    Attributes:
        sales: Its sales in their order.
        others: Kinds of the other records.
        grand_total: The journal's.
        findings: What the audit found.
        jobs: State of each print job by its title and copy number.
        basket: Lines of the basket in hand, (description, quantity).
    """

    sales: list[Record]
    others: list[str]
    grand_total: int
    findings: list[str]
    jobs: list[tuple[str, str, int]]
    basket: list[tuple[str, int]]


def books(shop: TestShop) -> Books:
    """Read the database of a till that does not run, and audit it."""
    store = shop.store()
    try:
        reader = store.reader
        rows = list(reader.execute("SELECT kind, body, hash FROM journal ORDER BY seq"))
        sales = [Record.of(body, digest.hex()) for kind, body, digest in rows if kind in SALES]
        found = baskets.open_basket(reader)
        return Books(
            sales=sales,
            others=[kind for kind, _body, _hash in rows if kind not in SALES],
            grand_total=int(next(reader.execute("SELECT grand_total FROM head"))[0]),
            findings=[str(finding) for finding in audit(reader)],
            jobs=list(reader.execute("SELECT title, state, copy_no FROM print_job ORDER BY id")),
            basket=[(line.description, line.quantity) for line in found[1].live_lines] if found else [],
        )
    finally:
        store.close()


def at_head_office(office: HeadOffice) -> list[Record]:
    """Sales at head office, all accepted and each once."""
    records = office.records("1")
    assert office.forks() == []
    assert {record.verdict for record in records} <= {"accepted"}, records
    assert [record.seq for record in records] == list(range(1, len(records) + 1))
    return [Record.of(record.body or b"", record.hash) for record in records if record.kind in SALES]


@dataclass(frozen=True)
class Receipt:
    """One piece of paper, from cut to cut.

    Attributes:
        number: The sale's number as printed, empty where there is none.
        total: The printed total with its sign and symbol, empty where there is none.
        copy: It says that it is a copy.
        text: All of its lines.
    """

    number: str
    total: str
    copy: bool
    text: str


def receipts(*printers: VirtualPrinterDevice) -> list[Receipt]:
    """Every receipt that came out whole, of printers in the order in which they stood there."""
    found: list[Receipt] = []
    for printer in printers:
        lines: list[str] = []
        rows: Iterable[Row] = list(printer.paper.rows)
        for row in rows:
            if isinstance(row, TextRow):
                lines.append(row.text)
            elif isinstance(row, CutRow):
                found.append(_receipt(lines))
                lines = []
    return found


def _receipt(lines: list[str]) -> Receipt:
    """Read a piece of paper; what a torn receipt left above it, before the same cut, is passed over."""
    words = [line.split() for line in lines]
    starts = [at for at, w in enumerate(words) if len(w) >= 3 and w[-1].startswith("1-0") and ":" in w[-2]]
    at = starts[-1] if starts else 0
    total = next((w[-1] for w in words[at:] if w and w[0] == "TOTAL"), "")
    # A copy says so again at its end.
    copy = any("COPY" in line for line in lines[at:])
    return Receipt(words[at][-1] if starts else "", total, copy, "\n".join(lines))
