"""Closing a sale: one durable transaction with everything that it is.

Plain ``executemany`` on the connection instead of a model a row: about a tenth of the work.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from tilltui.domain.money.money import extend
from tilltui.domain.paper.job import NewJob
from tilltui.domain.paper.paper_kind import PaperKind
from tilltui.domain.record.sales.accepted import Accepted
from tilltui.domain.record.sales.closing import Closing, body, number_text, shares
from tilltui.domain.record.total_kind import TotalKind
from tilltui.domain.selling.line import Line, PriceBy
from tilltui.store.books.journal import append, note_clock, read_head
from tilltui.store.books.keys import first_key
from tilltui.store.file.engine import Connection

# CPython 3.11 looks a member up by a slow path: these are asked for in every sale.
_CASHIER = PriceBy.CASHIER
_APART, _CATEGORY, _TENDER, _TAXES = TotalKind.APART, TotalKind.CATEGORY, TotalKind.TENDER, TotalKind.TAX
_DISCOUNT, _PRICE, _VOID = TotalKind.DISCOUNT, TotalKind.PRICE, TotalKind.VOID
_CHANGE, _ROUNDING = TotalKind.CHANGE, TotalKind.ROUNDING
_RECEIPT = PaperKind.RECEIPT

RECENT = 20
"""How many sales back a sale is looked for that was perhaps closed already."""

_SALE = "INSERT INTO sale VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
_LINE = "INSERT INTO sale_line VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
_PAYMENT = "INSERT INTO payment VALUES (?,?,?,?,?,?,?)"
_TAX = "INSERT INTO sale_tax VALUES (?,?,?,?,?,?)"
# apsw hashes the text for every row anew: the shorter the better.
_MOVE = "INSERT INTO stock_move VALUES(NULL,?,?,?,?,?,?)"
_TOTAL = """INSERT INTO day_total VALUES(?,?,?,?,?,?,?)
ON CONFLICT DO UPDATE SET count=count+?5,quantity=quantity+?6,amount=amount+?7"""
_JOB = """INSERT INTO print_job (printer, kind, copy_no, title, seq, state, created_ms, updated_ms)
 VALUES (?, ?, ?, ?, ?, 'queued', ?, ?)"""


def close_sale(
    connection: Connection,
    closing: Closing,
    *,
    printer: str = "",
    basket_id: int = 0,
    jobs: Sequence[NewJob] = (),
) -> Accepted:
    """Write a sale. Runs in the caller's transaction; doing it twice for one ``uuid`` has no further effect.

    Args:
        connection: The writing connection.
        closing: The sale, checked.
        printer: Where the receipt is printed; empty for none.
        basket_id: The saved basket that it empties.
        jobs: Its other papers.
    """
    closing.checked()
    done = landed(connection, closing.uuid)
    if done is not None:
        return done
    head = note_clock(connection, read_head(connection), closing.closed_ms)
    sale_id, seq = head.sales + 1, head.seq + 1
    grand_total = head.grand_total + (0 if closing.training else closing.totals.revenue)
    number = number_text(head.till, sale_id)
    content = body(closing, till=head.till, number=sale_id, grand_total=grand_total)
    kind, live = closing.kind, closing.basket.live_lines
    if closing.basket.returns:
        from tilltui.store.returns import earlier_sales

        content["original"] = earlier_sales.check(connection, closing).sale.uuid
    _rows(connection, closing, kind, shares(content), sale_id, seq)
    append(
        connection, kind, content, closing.closed_ms,
        uuid=closing.uuid, head=head, sales=sale_id, grand_total=grand_total,
    )  # fmt: skip
    if not closing.training:
        connection.executemany(_MOVE, list(_moves(live, closing.location, kind, seq)))
        connection.executemany(_TOTAL, _totals(closing, kind, live))
    job_id = None
    if printer:
        at = closing.closed_ms
        connection.execute(_JOB, (printer, _RECEIPT, 0, number, seq, at, at))
        job_id = connection.last_insert_rowid()
    if jobs:
        at = closing.closed_ms
        connection.executemany(_JOB, [(j.printer, j.kind, j.copy_no, number, seq, at, at) for j in jobs])
    if basket_id:
        connection.execute("DELETE FROM basket WHERE id = ?", (basket_id,))
    return Accepted(closing.uuid, seq, sale_id, number, job_id, content)


_LANDED = f"SELECT id, seq FROM sale WHERE id > (SELECT sales - {RECENT} FROM head) AND uuid = ?"  # noqa: S608
_LANDED_JOB = "SELECT min(id) FROM print_job WHERE seq = ? AND kind = ?"


def landed(connection: Connection, uuid: str) -> Accepted | None:
    """The sale of that identity, if it is among the last ``RECENT``: asked after a doubtful commit."""
    for sale_id, seq in connection.execute(_LANDED, (uuid,)):
        content = json.loads(next(connection.execute("SELECT body FROM journal WHERE seq = ?", (seq,)))[0])
        job_id = next(connection.execute(_LANDED_JOB, (seq, _RECEIPT)))[0]
        return Accepted(uuid, seq, sale_id, number_text(read_head(connection).till, sale_id), job_id, content)
    return None


def _rows(
    connection: Connection,
    closing: Closing,
    kind: str,
    shared: Sequence[int],
    sale_id: int,
    seq: int,
) -> None:
    """Write the sale's rows; ``shared`` is each line's share of the basket's discount."""
    basket, totals, settlement = closing.basket, closing.totals, closing.settlement
    location, key = closing.location, first_key(sale_id)
    connection.execute(
        _SALE,
        (
            sale_id, seq, closing.uuid, kind, basket.opened_ms, closing.closed_ms, closing.offset_min,
            closing.day, closing.operator_id, closing.shift_id, basket.customer_id, closing.location,
            settlement.currency.code, totals.subtotal, totals.discount, totals.total, totals.net, totals.tax,
            settlement.rounding, settlement.change, basket.returns, basket.note, int(closing.training),
            totals.apart,
        ),
    )  # fmt: skip
    connection.executemany(
        _LINE,
        [
            (
                key + line.no, line.deed, line.kind.key, line.product_id, line.sku, line.description,
                line.quantity, line.unit, line.unit_price, line.gross, line.discount, share,
                line.amount, line.tax_group, line.category, line.lot, line.location or location,
                line.reverses, line.origin,
            )
            for line, share in zip(basket.lines, shared, strict=True)
        ],
    )  # fmt: skip
    connection.executemany(
        _PAYMENT,
        [
            (key + no, p.tender.key, p.amount, p.given, p.change, p.cash_rounding, p.reference)
            for no, p in enumerate(settlement.payments, 1)
        ],
    )
    connection.executemany(
        _TAX,
        [(key + no, t.group, t.code, t.rate, t.base, t.amount) for no, t in enumerate(totals.taxes, 1)],
    )


def _moves(live: Sequence[Line], location: str, reason: str, seq: int) -> Iterator[tuple[Any, ...]]:
    """Stock that leaves (below zero) or comes back; voided lines moved nothing."""
    for line in live:
        if line.product_id is not None:
            yield line.product_id, line.location or location, line.lot, -line.quantity, reason, seq


def _totals(closing: Closing, kind: str, live: Sequence[Line]) -> list[tuple[Any, ...]]:
    """What the sale adds to the totals of its shift and day."""
    shift, day = closing.shift_id, closing.day
    totals, settlement = closing.totals, closing.settlement
    rows: list[tuple[Any, ...]] = [(shift, day, kind, "", 1, totals.items * 1000, totals.revenue)]
    if totals.discount:
        rows.append((shift, day, _DISCOUNT, "basket", 1, 0, totals.discount))
    line_discounts = sum([line.discount for line in live])
    if line_discounts:
        rows.append((shift, day, _DISCOUNT, "line", 1, 0, line_discounts))
    cut = [
        extend(line.quantity, line.list_price) - line.gross
        for line in live
        if line.price_by is _CASHIER and line.list_price and line.list_price != line.unit_price
    ]
    if cut:
        rows.append((shift, day, _PRICE, "", len(cut), 0, sum(cut)))
    voids = [line.amount for line in closing.basket.lines if line.reverses]
    if voids:
        rows.append((shift, day, _VOID, "", len(voids), 0, -sum(voids)))
    rows += [(shift, day, _TENDER, p.tender.key, 1, 0, p.amount) for p in settlement.payments]
    if change := settlement.change:
        rows.append((shift, day, _CHANGE, "", 1, 0, change))
    if rounding := settlement.rounding:
        rows.append((shift, day, _ROUNDING, "", 1, 0, rounding))
    rows += [(shift, day, _TAXES, tax.name or "exempt", 1, tax.base, tax.amount) for tax in totals.taxes]
    return rows + [(shift, day, *part, 1, *sums) for part, sums in _parts(live).items()]


def _parts(live: Sequence[Line]) -> dict[tuple[str, str], list[int]]:
    """Quantity and amount of the lines by category, and by kind of what is no revenue."""
    parts: dict[tuple[str, str], list[int]] = {}
    for line in live:
        kind = line.kind
        sums = parts.setdefault((_CATEGORY, line.category) if kind.revenue else (_APART, kind.key), [0, 0])
        sums[0] += line.quantity
        sums[1] += line.amount
    return parts
