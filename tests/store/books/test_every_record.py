"""Each kind of record, written by what writes it in a till, is read again as what it says."""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support import selling
from tilltui.domain.clock import now_ms
from tilltui.domain.paying.attempt_kind import AttemptKind
from tilltui.domain.record.any_record import Record, parse_record
from tilltui.domain.record.card_record import CardRecord, CardWhy
from tilltui.domain.record.drawer_record import DrawerRecord
from tilltui.domain.record.import_record import ImportRecord
from tilltui.domain.record.kinds import RecordKind
from tilltui.domain.record.person import Person
from tilltui.domain.record.pin_record import PinChangeRecord
from tilltui.domain.record.sales.sale_record import SaleRecord
from tilltui.domain.record.shift_record import ZRecord
from tilltui.domain.record.till_records import ClockRecord, EnrolRecord, EpochRecord
from tilltui.domain.returns.returning import returnable
from tilltui.domain.selling.basket import Basket
from tilltui.ports import Charge, ChargeResult
from tilltui.services.devices.drawers import Drawers
from tilltui.services.goods.product_list.importing import import_file
from tilltui.services.goods.product_list.rules import CatalogueRules
from tilltui.services.people.pin import Pins
from tilltui.store.books import journal, totals
from tilltui.store.cards import attempts
from tilltui.store.file.store import Store
from tilltui.store.people.operators import pin_mark, pin_text


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = selling.open_store(tmp_path / "till")
    yield opened
    opened.close()


def last(store: Store) -> Record:
    """What the newest record says, which has the till's stamp."""
    head = store.run(journal.read_head)
    row = journal.records(store.reader, head.seq - 1, 1)[0]
    record = parse_record(row.kind, row.body)
    assert (record.stamp.uuid, record.stamp.created_ms) == (row.uuid, head.last_ms)
    assert (record.stamp.sales, record.stamp.grand_total) == (head.sales, head.grand_total)
    return record


def test_the_first_record_names_the_till(store: Store) -> None:
    record = last(store)
    assert isinstance(record, EnrolRecord)
    assert record.till == "1"


def test_a_sale_and_its_return(store: Store) -> None:
    rng = random.Random(3)
    for size in (1, 4, 9):
        uuid = selling.sell(store, rng, size)
        sold = last(store)
        assert isinstance(sold, SaleRecord)
        assert sold.uuid == uuid
    lines = returnable(sold, {})
    basket = replace(Basket(), returns=sold.number).add(lines[0], now_ms=9)
    accepted = store.close_sale(selling.closing(basket, rng, shift=1)).result(30)
    back = last(store)
    assert isinstance(back, SaleRecord)
    assert back == accepted.record
    assert accepted.record is accepted.record
    assert (back.kind, back.number, back.original) == (RecordKind.RETURN, accepted.number, sold.uuid)
    assert back.lines[0].origin == lines[0].origin


def test_a_sale_that_is_found_again_says_the_same(store: Store) -> None:
    rng = random.Random(4)
    closing = selling.closing(Basket().add(selling.line(rng)), rng)
    first = store.close_sale(closing).result(30)
    again = store.close_sale(closing).result(30)
    assert (again, again.record) == (first, first.record)


def test_a_z_says_what_the_x_before_it_said(store: Store) -> None:
    selling.sell(store, random.Random(5), 6)
    x = totals.x_report(store.reader, 5, (1, "Ana"), day=selling.DAY, offset_min=-180)
    number = selling.close_shift(store)
    z = last(store)
    assert isinstance(z, ZRecord)
    assert z.report == replace(x, kind=RecordKind.Z, number=number, closed_ms=z.report.closed_ms)
    assert (z.bad_scans is None, z.papers, z.sent) == (False, 1, {})


def test_a_copied_database_and_a_clock_that_went_back(store: Store) -> None:
    before = store.run(journal.read_head)
    store.run(lambda c: journal.begin_epoch(c, "restore", now_ms(), sales=7))
    epoch = last(store)
    assert isinstance(epoch, EpochRecord)
    assert (epoch.why, epoch.was_epoch, epoch.was_seq, epoch.was_hash, epoch.was_sales) == (
        "restore", before.epoch, before.seq, before.hash, 0,
    )  # fmt: skip
    head = store.run(journal.read_head)
    store.run(lambda c: journal.note_clock(c, head, 1_600_000_000_000))
    clock = last(store)
    assert isinstance(clock, ClockRecord)
    assert (clock.was_ms, clock.is_ms, clock.stamp.clock_ms) == (head.last_ms, *[1_600_000_000_000] * 2)


def test_a_drawer_opened_by_hand(store: Store) -> None:
    class Box:
        name = "main"

        def open(self) -> None:
            pass

    drawers = Drawers(store, lambda event: True)
    drawers.by_name["main"] = Box()  # type: ignore[assignment]
    opened: Future[None] = drawers.open("float", (1, "Ana"), for_sale=False)
    opened.result(10)
    record = last(store)
    assert isinstance(record, DrawerRecord)
    assert (record.reason, record.operator, record.drawer) == ("float", Person(1, "Ana"), "main")


def test_a_product_list(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("sku;nombre;precio\n1;Pan;990\n2;Té;500\n", "utf-8")
    import_file(store, path, CatalogueRules.of_country("CL"))
    record = last(store)
    assert isinstance(record, ImportRecord)
    assert (record.file, record.added, record.changed) == ("list.csv", 2, 0)


def test_a_pin_that_was_set_and_taken_away(store: Store) -> None:
    Pins(store).change(1, "", "4711")
    record = last(store)
    assert isinstance(record, PinChangeRecord)
    assert (record.operator, record.there, record.by) == (1, True, "till")
    assert record.mark == pin_mark(pin_text(store.reader, 1))
    Pins(store).reset(1, "", "root")
    record = last(store)
    assert isinstance(record, PinChangeRecord)
    assert (record.there, record.mark, record.by) == (False, "", "root")


def test_a_card_that_no_sale_tells(store: Store) -> None:
    begun = store.run(
        lambda c: attempts.begin(
            c, terminal="front", amount=1000, basket_id=4, opened_ms=9, operator_id=1, now_ms=now_ms()
        )
    )
    result = ChargeResult(Charge.APPROVED, begun.ticket, 1000, "123456", "6677", "VI", "60")
    ended = store.run(lambda c: attempts.end(c, begun.ticket, result, now_ms(), recovered=True))
    record = last(store)
    assert isinstance(record, CardRecord)
    assert record.attempt == attempts.said_of(ended)
    assert (record.attempt.kind, record.attempt.state) == (AttemptKind.CHARGE, "approved")
    assert record.why == (CardWhy.RECOVERED,)
