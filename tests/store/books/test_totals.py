"""Kept totals are what the sales say, whatever was sold."""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support import selling
from tests.support.records import drawer_body
from tilltui.domain.clock import now_ms
from tilltui.domain.goods.product import NewProduct
from tilltui.domain.record.shift_record import ParkedSales, ShiftReport, ShiftTotal, ZRecord
from tilltui.domain.selling.basket import Basket
from tilltui.errors import SaleError
from tilltui.store.audit.check import audit
from tilltui.store.books import journal, totals
from tilltui.store.file.engine import Connection
from tilltui.store.file.store import Store
from tilltui.store.goods import catalogue

DAY = st.sampled_from(["2026-11-20", "2026-11-21"])
STEP = st.one_of(
    st.tuples(st.just("sale"), st.integers(1, 12), st.integers(0, 2**32), DAY, st.booleans()),
    st.tuples(st.just("z"), DAY),
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(STEP, min_size=1, max_size=12))
def test_totals_are_the_sums_of_the_sales(steps: list[tuple[object, ...]]) -> None:
    with tempfile.TemporaryDirectory() as temp:
        store = selling.open_store(Path(temp) / "till")
        try:
            grand_total = play(store, steps)
            assert [str(finding) for finding in audit(store.reader)] == []
            assert journal.read_head(store.reader).grand_total == grand_total
        finally:
            store.close()


def report(store: Store) -> ShiftReport:
    """How the open shift stands."""
    return totals.x_report(store.reader, now_ms(), (1, "Ana"), day=selling.DAY, offset_min=-180)


def play(store: Store, steps: list[tuple[object, ...]]) -> int:
    grand_total = 0
    shift_total: Counter[str] = Counter()
    for what, *values in steps:
        if what == "z":
            number = selling.close_shift(store, day=str(values[0]))
            record = journal.records(store.reader, journal.read_head(store.reader).seq - 1, 1)[0]
            assert record.kind == "z"
            assert number >= 1
            assert f'"grand_total":{grand_total},'.encode() in record.body
            assert report(store).totals == ()
            shift_total.clear()
            continue
        size, seed, day, training = values
        rng = random.Random(int(str(seed)))
        shift = totals.current_shift(store.reader)
        assert shift is not None
        basket = list(selling.steps(rng, int(str(size))))[-1]
        closing = selling.closing(basket, rng, shift=shift.id, day=str(day), training=bool(training))
        store.close_sale(closing).result(10)
        if not training:
            grand_total += closing.totals.total
            shift_total[closing.kind] += closing.totals.total
        kept = {row.kind: row.amount for row in totals.shift_totals(store.reader, shift.id)}
        assert {kind: kept[kind] for kind in shift_total} == shift_total
    return grand_total


@pytest.mark.parametrize(
    ("sql", "part"),
    [
        ("UPDATE day_total SET amount = amount + 1 WHERE kind = 'tender'", "totals"),
        ("DELETE FROM day_total WHERE kind = 'category'", "totals"),
        ("INSERT INTO day_total VALUES (1, '2026-11-21', 'sale', 'x', 1, 1, 1)", "totals"),
        ("UPDATE sale SET total = total + 1 WHERE id = 2", "sale"),
        ("UPDATE sale_line SET quantity = quantity + 1 WHERE sale_id = 3 AND no = 1", "sale"),
        ("DELETE FROM sale_line WHERE sale_id = 3 AND no = 1", "sale"),
        ("UPDATE payment SET reference = '9999' WHERE sale_id = 1", "sale"),
        ("DELETE FROM payment WHERE sale_id = 4", "sale"),
        ("UPDATE sale_tax SET amount = amount - 1 WHERE sale_id = 2", "sale"),
        ("UPDATE stock_move SET quantity = 0 WHERE id = 2", "sale"),
        ("PRAGMA foreign_keys=OFF; DELETE FROM sale WHERE id = 5", "sale"),
        ("UPDATE sale SET uuid = 'x' WHERE id = 5", "sale"),
        ("INSERT INTO payment VALUES (99 << 12 | 1, 'cash', 1, 1, 0, 0, '')", "sale"),
        ("UPDATE head SET grand_total = grand_total + 1", "chain"),
        ("INSERT INTO print_job (printer, kind, title, seq, state, created_ms, updated_ms)"
         " SELECT printer, kind, title, seq, state, 0, 0 FROM print_job LIMIT 1", "paper"),
    ],
)  # fmt: skip
def test_the_audit_sees_every_row_that_was_altered(store: Store, sql: str, part: str) -> None:
    rng = random.Random(6)
    for _ in range(6):
        selling.sell(store, rng, 5)
    assert list(audit(store.reader)) == []
    with_triggers_off(store, sql)
    seen: list[tuple[int, int]] = []
    found = list(audit(store.reader, lambda done, total: seen.append((done, total))))
    assert part in {finding.part for finding in found}, found
    assert all(str(finding) for finding in found)
    assert seen[-1][0] == seen[-1][1]


def with_triggers_off(store: Store, sql: str) -> None:
    def work(connection: Connection) -> None:
        for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute(sql)

    store.writer.submit(work, transaction=False).result(10)


def test_a_sale_is_closed_once_however_often_it_is_asked(store: Store) -> None:
    rng = random.Random(1)
    closing = selling.closing(list(selling.steps(rng, 5))[-1], rng)
    first = store.close_sale(closing, printer="receipt").result(10)
    for _ in range(5):
        selling.sell(store, rng, 2)
    store.record("drawer", drawer_body()).result(10)
    again = store.close_sale(closing, printer="receipt").result(10)
    assert again == first
    assert next(store.reader.execute("SELECT count(*) FROM sale WHERE uuid = ?", (closing.uuid,)))[0] == 1


def test_what_cannot_be_sold_leaves_no_trace(store: Store) -> None:
    rng = random.Random(1)
    closing = selling.closing(list(selling.steps(rng, 5))[-1], rng)
    head = journal.read_head(store.reader)
    unpaid = replace(closing, settlement=replace(closing.settlement, payments=()))
    with pytest.raises(SaleError):
        store.close_sale(unpaid).result(10)
    assert journal.read_head(store.reader) == head


def test_best_sellers_are_counted_at_z_and_found_first(store: Store) -> None:
    rng = random.Random(1)
    store.run(lambda c: catalogue.put(c, selling.products(300, 60), now_ms()))
    for _ in range(40):
        selling.sell(store, rng, 6)
    selling.close_shift(store)
    sold = dict(
        store.reader.execute("SELECT product_id, count(*) FROM sale_line WHERE deed = 'sale' GROUP BY 1")
    )
    for text in ("lec", "pan", "caf"):
        found = [sold.get(product.id, 0) for product in catalogue.search(store.reader, text)]
        assert found
        assert found == sorted(found, reverse=True)


def test_a_best_seller_that_is_renamed_is_found_by_its_new_name_alone(store: Store) -> None:
    rng = random.Random(1)
    for _ in range(10):
        selling.sell(store, rng, 6)
    selling.close_shift(store)
    best = next(
        store.reader.execute("SELECT p.sku FROM best_seller b JOIN product p ON p.id = b.product_id")
    )[0]
    renamed = NewProduct(best, "Zapallo italiano", 100, "general")
    store.run(lambda c: catalogue.put(c, [renamed], now_ms()))
    assert [product.sku for product in catalogue.search(store.reader, "zapa")] == [best]
    for word in selling.WORDS:
        assert best not in [product.sku for product in catalogue.search(store.reader, word, 100)]


def test_what_was_asked_under_the_catalogues_price_is_counted(store: Store) -> None:
    rng = random.Random(5)
    shift = totals.current_shift(store.reader)
    assert shift is not None
    line = replace(selling.line(rng), unit="u", unit_price=1990, list_price=1990).with_quantity(3000)
    basket = Basket().add(line).add(line).add(line).set_price(1, 10).set_price(2, 5).set_price(3, 1990)
    basket = basket.void(2)
    store.close_sale(selling.closing(basket, rng, shift=shift.id)).result(30)
    assert report(store).of_kind("price") == (ShiftTotal("price", "", 1, 0, 3 * 1980),)
    assert list(audit(store.reader)) == []


def test_x_and_z_count_what_is_parked(store: Store) -> None:
    rng = random.Random(6)
    basket = Basket().add(selling.line(rng))
    selling.keep(store, 7, basket, durable=False, parked=True)
    selling.keep(store, 8, basket, durable=False)
    assert report(store).parked == ParkedSales(1, basket.subtotal)
    selling.close_shift(store, day=selling.DAY)
    record = journal.records(store.reader, journal.read_head(store.reader).seq - 1, 1)[0]
    assert ZRecord.parse(record.body).report.parked == ParkedSales(1, basket.subtotal)
