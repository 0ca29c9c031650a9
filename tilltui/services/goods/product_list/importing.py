"""A product list goes into the catalogue: the good rows in one transaction, the others in the report.

Rows stream from the file through the checks into the store's writer thread. Whatever stops it (an error,
a kill, a power cut) leaves the catalogue as it was.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from itertools import islice
from operator import attrgetter
from pathlib import Path

from tilltui.domain.clock import now_ms
from tilltui.domain.goods.product import NewProduct
from tilltui.domain.record.kinds import RecordKind
from tilltui.domain.text import MAX_NAME, clean
from tilltui.errors import N_, ImportFailed, TillError
from tilltui.services.goods.product_list.columns import Columns, score
from tilltui.services.goods.product_list.rows import ProductRow, Refused, RowReader
from tilltui.services.goods.product_list.rules import CatalogueRules
from tilltui.services.goods.tables.reader import open_table
from tilltui.services.goods.tables.table import SAMPLE_LINES, BadLine, Row, Table
from tilltui.store.books import journal
from tilltui.store.file.engine import Connection
from tilltui.store.file.store import Store
from tilltui.store.goods import catalogue, catalogue_files

PROGRESS_ROWS = 500
"""Progress is told every so many rows."""

_BUT_CODES = attrgetter(*(name for name in NewProduct.__dataclass_fields__ if name != "codes"))

OnRefused = Callable[[Refused], None]
"""Takes each row that does not go in, on the writer thread, in the order of checking."""

OnProgress = Callable[[float, int], None]
"""Takes the part of the file that was read (0 to 1) and the rows, on the writer thread."""


@dataclass(slots=True)
class ImportReport:
    """What became of a file.

    Attributes:
        read: Rows with something in them, the heading not counted.
        added: New products.
        changed: Products that are not as before.
        unchanged: Products that were so already.
        refused: Rows that did not go in.
        ignored: Headings that nobody reads, the first ones.
        ignored_count: How many of them there are.
        seconds: Wall time.
    """

    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    ignored: tuple[str, ...] = ()
    ignored_count: int = 0
    seconds: float = 0.0


def import_file(
    store: Store,
    path: Path,
    rules: CatalogueRules,
    *,
    dry_run: bool = False,
    refused: OnRefused | None = None,
    progress: OnProgress | None = None,
) -> ImportReport:
    """Read a product list into the catalogue; blocks until it is on disk.

    Args:
        store: Open for writing.
        path: CSV or XLSX.
        rules: How the rows are read.
        dry_run: Do everything but keep nothing.
        refused: Called for each row that does not go in.
        progress: Called now and then.

    Raises:
        ImportFailed: The file as a whole cannot be used; nothing went in.
        StoreError: It could not be saved; nothing went in.
    """
    started = time.monotonic()
    with open_table(path, score) as table:
        columns, rows = find_columns(table.rows, path)
        run = _Run(rules, columns, rows, table, refused or _nobody, progress or _nowhere)

        def work(connection: Connection) -> None:
            run.into(connection)
            report = run.report
            if report.added or report.changed:
                body = {"file": clean(path.name, MAX_NAME), "added": report.added, "changed": report.changed}
                journal.append(connection, RecordKind.IMPORT, body, now_ms())

        def rehearse(connection: Connection) -> None:
            connection.execute("BEGIN IMMEDIATE")
            try:
                run.into(connection)
            finally:
                connection.execute("ROLLBACK")

        _wait(store.writer.submit(rehearse, transaction=False) if dry_run else store.submit(work), run)
    run.report.seconds = time.monotonic() - started
    return run.report


def _wait(future: Future[None], run: _Run) -> None:
    """Wait until the work is done; an interruption (Ctrl+C) undoes it, unless it is on disk by then."""
    try:
        future.result()
    except KeyboardInterrupt:
        run.stopped = True
        if future.exception() is not None:
            raise


def find_columns(rows: Iterator[Row], path: Path) -> tuple[Columns, Iterator[Row]]:
    """Find the heading among the first lines.

    Returns:
        The columns, and the rows after the heading.

    Raises:
        ImportFailed: There is none.
    """
    seen = ""
    for _line, cells in islice(rows, SAMPLE_LINES):
        if isinstance(cells, BadLine):
            continue
        columns = Columns.find(cells)
        if columns is not None:
            return columns, rows
        seen = seen or " | ".join(str(cell) for cell in cells[:12])[:200]
    raise ImportFailed(
        N_("{file} has no heading with the columns of a product list; it begins with “{seen}”."),
        hint=N_("The first row names the columns, such as: sku, barcode, name, price, unit, tax, category."),
        file=path,
        seen=clean(seen, MAX_NAME),
    )


def _nobody(_refused: Refused) -> None:
    """Take a refused row that nobody asked for."""


def _nowhere(_done: float, _rows: int) -> None:
    """Take progress that nobody watches."""


@dataclass(slots=True)
class _Run:
    """One file on its way in."""

    rules: CatalogueRules
    columns: Columns
    rows: Iterator[Row]
    table: Table
    refused: OnRefused
    progress: OnProgress
    report: ImportReport = field(default_factory=ImportReport)
    skus: dict[str, int] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)
    waiting: list[ProductRow] = field(default_factory=list)
    stopped: bool = False

    def into(self, connection: Connection) -> None:
        """Put the good rows in; the caller holds the transaction."""
        self.report.ignored = self.columns.ignored
        self.report.ignored_count = self.columns.ignored_count
        catalogue.put(connection, self._products(connection), now_ms())
        # A barcode may come from a product further down in the file: by now that one has let go of it.
        catalogue.put(connection, self._late(connection), now_ms())
        self.progress(1.0, self.report.read)

    def _products(self, connection: Connection) -> Iterator[NewProduct]:
        reader = RowReader(self.columns, self.rules)
        for line, cells in self.rows:
            if self.stopped:
                raise ImportFailed(N_("Reading was interrupted."), hint=N_("Nothing was read in."))
            self.report.read += 1
            if self.report.read % PROGRESS_ROWS == 0:
                self.progress(self.table.done(), self.report.read)
            try:
                if isinstance(cells, BadLine):
                    raise cells.error
                row = reader.check(line, cells)
                product = self._taken(connection, row, late=False)
            except TillError as error:
                self._refuse(line, error)
            else:
                if product is not None:
                    yield product

    def _late(self, connection: Connection) -> Iterator[NewProduct]:
        for row in self.waiting:
            try:
                product = self._taken(connection, row, late=True)
            except TillError as error:
                self._refuse(row.line, error)
            else:
                if product is not None:
                    yield product

    def _taken(self, connection: Connection, row: ProductRow, *, late: bool) -> NewProduct | None:
        """What of a row is to be written; ``None`` for nothing, or not yet."""
        sku = row.sku
        if not sku and row.codes:
            held = catalogue_files.owner(connection, row.codes[0])
            sku = held[0] if held else row.codes[0]
            row = ProductRow(row.line, sku, row.values, row.codes, keep_codes=True)
        self._refuse_twice(row)
        known = catalogue_files.find(connection, sku)
        product = row.product(known, self.rules)
        old = frozenset(known.codes) if known else frozenset()
        new = [code for code in product.codes if code not in old]
        for code in new:
            held = catalogue_files.owner(connection, code)
            if held and held[0] != sku:
                if not late:
                    self.waiting.append(row)
                    return None
                raise _held(code, *held)
        self.skus[sku] = row.line
        self.codes.update(dict.fromkeys(row.codes or (), row.line))
        gone = old.difference(product.codes)
        if known and not new and not gone and _same(known, product):
            self.report.unchanged += 1
            return None
        catalogue_files.forget_codes(connection, sku, gone)
        self.report.changed += known is not None
        self.report.added += known is None
        return product

    def _refuse_twice(self, row: ProductRow) -> None:
        """Refuse what an earlier line of the file has said already."""
        if row.sku in self.skus:
            raise ImportFailed(
                N_("The SKU “{sku}” of line {line} stands already in line {first}."),
                hint=N_("Take one of the two lines away."),
                sku=row.sku,
                line=row.line,
                first=self.skus[row.sku],
            )
        for code in row.codes or ():
            if code in self.codes:
                raise ImportFailed(
                    N_("The barcode “{code}” of line {line} stands already in line {first}."),
                    hint=N_("A barcode belongs to one product: correct one of the two lines."),
                    code=code,
                    line=row.line,
                    first=self.codes[code],
                )

    def _refuse(self, line: int, error: TillError) -> None:
        self.report.refused += 1
        self.refused(Refused(line, error))


def _same(known: NewProduct, product: NewProduct) -> bool:
    """Whether two products differ in nothing but the order of their barcodes."""
    return bool(_BUT_CODES(known) == _BUT_CODES(product))


def _held(code: str, sku: str, name: str) -> ImportFailed:
    return ImportFailed(
        N_("The barcode “{code}” belongs to “{name}” ({sku})."),
        hint=N_("Correct the barcode, or take it off the other product first."),
        code=code,
        name=name,
        sku=sku,
    )
