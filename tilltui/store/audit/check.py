"""The weekly check of everything: file, chain, every sale against its record, and the kept totals.

It reads only, one record after the other, on one view of the database, and may run beside a till that sells.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

import apsw

from tilltui.domain.money.money import extend
from tilltui.domain.paper.paper_kind import PaperKind
from tilltui.domain.record.damage import RecordDamaged
from tilltui.domain.record.sales.sale_record import SaleRecord
from tilltui.domain.record.total_kind import TotalKind
from tilltui.domain.selling.line import Deed, PriceBy
from tilltui.domain.selling.line_kinds import GOODS, LINE_KINDS
from tilltui.errors import N_
from tilltui.store.audit.cards import card_findings
from tilltui.store.audit.finding import Finding, damaged
from tilltui.store.audit.marks import mark_findings
from tilltui.store.audit.records import said_of_the_rest
from tilltui.store.audit.returns import check_returns
from tilltui.store.audit.said import (
    amounts_of_sale,
    said_of_line,
    said_of_payments,
    said_of_sale,
    said_of_taxes,
)
from tilltui.store.audit.shifts import shift_findings
from tilltui.store.books import journal
from tilltui.store.file.engine import Connection
from tilltui.store.migrations.m0001_first import IMMUTABLE

Progress = Callable[[int, int], None]
"""Told how many records are done, and of how many."""

Key = tuple[int, str, str, str]
"""Shift, day, kind and key of a kept total."""


def audit(connection: Connection, progress: Progress = lambda done, total: None) -> Iterator[Finding]:
    """Check a database, all of it.

    Args:
        connection: A reading connection; its view is held still meanwhile.
        progress: Told now and then how far it is.
    """
    still = not connection.in_transaction
    if still:
        connection.execute("BEGIN")
    try:
        yield from _file(connection)
        yield from _chain(connection)
        yield from _sales(connection, progress)
        yield from check_returns(connection)
        yield from card_findings(connection)
        yield from _paper(connection)
        said = said_of_the_rest(connection)
        yield from said.damaged
        yield from shift_findings(connection, said)
        yield from mark_findings(connection, said)
    except apsw.CorruptError as error:
        yield Finding("file", N_("The file is damaged: {answer}."), {"answer": str(error)})
    finally:
        if still and connection.in_transaction:
            connection.execute("ROLLBACK")


def _file(connection: Connection) -> Iterator[Finding]:
    for (answer,) in connection.execute("PRAGMA integrity_check(20)"):
        if answer != "ok":
            yield Finding("file", N_("The file is damaged: {answer}."), {"answer": answer})
    for table, *_rest in connection.execute("PRAGMA foreign_key_check"):
        yield Finding("file", N_("A row of {table} points at nothing."), {"table": table})
    there = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'")}
    for table in IMMUTABLE:
        if not {f"{table}_no_update", f"{table}_no_delete"} <= there:
            yield Finding(
                "sale", N_("The guard of {table} is gone: its rows can be changed."), {"table": table}
            )


def _chain(connection: Connection) -> Iterator[Finding]:
    for flaw in journal.flaws(connection):
        yield Finding("chain", N_("Record {seq}: {what}."), {"seq": flaw.seq, "what": flaw.what})


def _paper(connection: Connection) -> Iterator[Finding]:
    query = """SELECT seq FROM print_job WHERE kind = ? AND copy_no = 0 AND seq IS NOT NULL
     GROUP BY seq HAVING count(*) > 1"""
    for (seq,) in connection.execute(query, (PaperKind.RECEIPT,)):
        yield Finding("paper", N_("The receipt of record {seq} stands in the queue twice."), {"seq": seq})


class _Rows:
    """Rows of a table in the order of the sales they belong to, handed out sale by sale."""

    def __init__(self, connection: Connection, query: str) -> None:
        self._groups = groupby(connection.execute(query), key=lambda row: row[0])
        self._next = next(self._groups, None)

    def of(self, key: int) -> list[tuple[Any, ...]]:
        """Rows of one sale; what belongs to none before it is given too, and disagrees there."""
        rows: list[tuple[Any, ...]] = []
        while self._next is not None and self._next[0] <= key:
            rows.extend(row for row in self._next[1])
            self._next = next(self._groups, None)
        return rows

    def rest(self) -> bool:
        """Whether rows are left that belong to no sale."""
        return self._next is not None


def _sales(connection: Connection, progress: Progress) -> Iterator[Finding]:
    """Hold every sale against its record, and the sums of all against the kept totals."""
    head = journal.read_head(connection)
    sales = _Rows(
        connection,
        """SELECT seq, id, uuid, kind, shift_id, day, subtotal, discount, total, net, tax, rounding, change,
         training, opened_ms, closed_ms, offset_min, operator_id, customer_id, location, currency, returns,
         note, apart FROM sale ORDER BY id""",
    )
    lines = _Rows(
        connection,
        """SELECT sale_id, no, deed, product_id, quantity, gross, discount, shared_discount, amount, category,
         reverses, description, unit_price, tax, unit, sku, lot, location, origin, kind
         FROM sale_line ORDER BY id""",
    )
    query = "SELECT sale_id, tender, amount, given, change, rounding, reference FROM payment ORDER BY id"
    payments = _Rows(connection, query)
    taxes = _Rows(connection, "SELECT sale_id, tax_group, code, rate, base, amount FROM sale_tax ORDER BY id")
    moves = _Rows(
        connection, "SELECT seq, product_id, quantity, location, lot, reason FROM stock_move ORDER BY id"
    )
    expected: Counter[tuple[Key, str]] = Counter()
    grand_total = last = 0
    query = "SELECT seq, kind, body FROM journal WHERE kind IN ('sale', 'return') ORDER BY seq"
    for seq, kind, data in connection.execute(query):
        rows = sales.of(seq)
        if len(rows) != 1:
            yield Finding(
                "sale", N_("Record {seq}: the sale is there {n} times."), {"seq": seq, "n": len(rows)}
            )
            continue
        number = rows[0][1]
        rows_of_it = lines.of(number), payments.of(number), taxes.of(number), moves.of(seq)
        try:
            record = SaleRecord.parse(data)
        except RecordDamaged as error:
            yield damaged("sale", seq, error)
            continue
        sale = _Sale(seq, kind, record, rows[0], *rows_of_it)
        for what in sale.flaws(last):
            yield Finding("sale", N_("Sale {id}: {what}."), {"id": sale.id, "what": what})
        last = sale.id
        if not sale.training:
            grand_total += sale.revenue
            expected.update(sale.totals())
        if last % 500 == 0:
            progress(seq, head.seq)
    if any(rows.rest() for rows in (sales, lines, payments, taxes, moves)):
        yield Finding("sale", N_("There are rows of sales that the journal does not know."))
    if grand_total != head.grand_total:
        yield Finding(
            "totals",
            N_("The sales come to {sum}, the journal says {head}."),
            {"sum": grand_total, "head": head.grand_total},
        )
    yield from _totals(connection, expected)
    progress(head.seq, head.seq)


def _totals(connection: Connection, expected: Counter[tuple[Key, str]]) -> Iterator[Finding]:
    kept: Counter[tuple[Key, str]] = Counter()
    for shift, day, kind, key, count, quantity, amount in connection.execute(
        "SELECT shift_id, day, kind, key, count, quantity, amount FROM day_total"
    ):
        at = (shift, day, kind, key)
        kept.update({(at, "count"): count, (at, "quantity"): quantity, (at, "amount"): amount})
    for at, what in sorted(kept.keys() | expected.keys()):
        if kept[at, what] != expected[at, what]:
            yield Finding(
                "totals",
                N_("{day}, {kind} {key}: the kept {what} is {kept}, the sales say {sum}."),
                {
                    "day": at[1], "kind": at[2], "key": at[3], "what": what,
                    "kept": kept[at, what], "sum": expected[at, what],
                },
            )  # fmt: skip


class _Sale:
    """One sale's record and rows."""

    def __init__(
        self,
        seq: int,
        kind: str,
        record: SaleRecord,
        row: tuple[Any, ...],
        lines: list[tuple[Any, ...]],
        payments: list[tuple[Any, ...]],
        taxes: list[tuple[Any, ...]],
        moves: list[tuple[Any, ...]],
    ) -> None:
        self.seq, self.kind, self.row = seq, kind, row
        self.record = record
        self.id, self.revenue, self.training = row[1], row[8] - row[23], bool(row[13])
        self.lines, self.payments, self.taxes, self.moves = lines, payments, taxes, moves
        reversed_by_void = {line[10] for line in lines if line[10]}
        self.live = [line for line in lines if line[2] != Deed.VOID and line[1] not in reversed_by_void]

    def flaws(self, last: int) -> Iterator[str]:
        """What is wrong with it, in English words marked for translation."""
        record, row = self.record, self.row
        if self.id <= last or row[0] != self.seq or row[2] != record.uuid or row[3] != self.kind:
            yield N_("it is not the sale of its record")
        if row[4:13] != amounts_of_sale(record) or self.training != record.training:
            yield N_("its amounts are not those of its record")
        if row[14:] != said_of_sale(record):
            yield N_("it is not the sale of its record")
        mine = [(r[1], r[2], r[3], *r[4:10], *r[11:]) for r in self.lines]
        theirs = [said_of_line(line, record.location) for line in record.lines]
        if mine != theirs:
            yield N_("its lines are not those of its record")
        if [p[1:] for p in self.payments] != said_of_payments(record):
            yield N_("its payments are not those of its record")
        if [t[1:] for t in self.taxes] != said_of_taxes(record):
            yield N_("its taxes are not those of its record")
        yield from self._sums()
        moved = [] if self.training else [r for r in self.live if r[3] is not None]
        if [m[1:] for m in self.moves] != [(r[3], -r[4], r[17], r[16], self.kind) for r in moved]:
            yield N_("its stock moves are not those of its lines")

    def _sums(self) -> Iterator[str]:
        _seq, _id, _uuid, _kind, _shift, _day, subtotal, discount, total, net, tax, rounding, change, _t = (
            self.row[:14]
        )
        if subtotal != sum(line[8] for line in self.lines) or discount != sum(line[7] for line in self.lines):
            yield N_("its lines do not add up")
        if total != net + tax:
            yield N_("its taxes do not add up")
        paid = sum(p[2] for p in self.payments)
        if paid != total + rounding or change != sum(p[4] for p in self.payments):
            yield N_("its payments do not add up")

    def totals(self) -> dict[tuple[Key, str], int]:
        """What it adds to the totals of its shift and day."""
        shift, day = self.row[4], self.row[5]
        sums: Counter[tuple[Key, str]] = Counter()

        def add(kind: str, key: str, count: int, quantity: int, amount: int) -> None:
            at = (shift, day, kind, key)
            sums.update({(at, "count"): count, (at, "quantity"): quantity, (at, "amount"): amount})

        add(self.kind, "", 1, self.record.items * 1000, self.revenue)
        line_discount = sum(line[6] for line in self.live)
        cut = [
            extend(line.quantity, line.list_price) - line.gross
            for line in self.record.lines
            if line.live and line.price_by == PriceBy.CASHIER and line.list_price != line.price
        ]
        if cut:
            add(TotalKind.PRICE, "", len(cut), 0, sum(cut))
        voids = [line for line in self.lines if line[10]]
        for kind, key, count, amount in (
            (TotalKind.DISCOUNT, "basket", 1, self.row[7]),
            (TotalKind.DISCOUNT, "line", 1, line_discount),
            (TotalKind.CHANGE, "", 1, self.row[12]),
            (TotalKind.ROUNDING, "", 1, self.row[11]),
        ):
            if amount:
                add(kind, key, count, 0, amount)
        if voids:
            add(TotalKind.VOID, "", len(voids), 0, -sum(line[8] for line in voids))
        for payment in self.payments:
            add(TotalKind.TENDER, payment[1], 1, 0, payment[2])
        for tax in self.record.taxes:
            add(TotalKind.TAX, tax.name or "exempt", 1, tax.base, tax.amount)
        for part in {_part(line) for line in self.live}:
            mine = [line for line in self.live if _part(line) == part]
            add(*part, 1, sum(line[4] for line in mine), sum(line[8] for line in mine))
        return sums


def _part(line: tuple[Any, ...]) -> tuple[str, str]:
    """Kind and key of the total that a line counts in: its category, or the row of what is no revenue."""
    kind = LINE_KINDS.get(line[19], GOODS)
    return (TotalKind.CATEGORY, line[9]) if kind.revenue else (TotalKind.APART, kind.key)
