"""What is read of a sale's record is what was closed, whatever was sold."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.till_lines import DAY, LINES, RETURNS, TABLE, make_line, return_line
from tilltui.domain.countries.known import COUNTRIES
from tilltui.domain.paying.settlement import Settlement
from tilltui.domain.paying.tenders import CARD, CASH
from tilltui.domain.record.damage import RecordDamaged
from tilltui.domain.record.identity import canonical
from tilltui.domain.record.kinds import RecordKind
from tilltui.domain.record.sales.closing import Closing, body, shares
from tilltui.domain.record.sales.plain_json import sale_json
from tilltui.domain.record.sales.recorded_line import RecordedLine
from tilltui.domain.record.sales.sale_record import RecordedChange, RecordedPayment, SaleRecord
from tilltui.domain.selling.basket import Basket
from tilltui.domain.selling.change import ChangeKind
from tilltui.domain.selling.line import Line

CLP = COUNTRIES["CL"].currency


def closing(basket: Basket, **fields: Any) -> Closing:
    """A sale, paid in part by card."""
    totals = basket.totals(TABLE, DAY)
    paid = Settlement(CLP, totals.total)
    if totals.total > 2000:
        paid = paid.pay(CARD, 1000, "VI ****4242 A1 #9 00000Z", ("VISA", " 1.000"))
    if not paid.settled:
        paid = paid.pay_cash()
    made = Closing("u-1", basket, totals, paid, 7, "Rosa", 3, "shop", 1_700_000_000_000, -180, DAY)
    return replace(made, **fields)


def written(closing: Closing) -> dict[str, Any]:
    return body(closing, till="1", number=12, grand_total=99)


def check_line(line: RecordedLine, sold: Line, shared: int) -> None:
    assert (line.no, line.name, line.quantity, line.price, line.tax) == (
        sold.no, sold.description, sold.quantity, sold.unit_price, sold.tax,
    )  # fmt: skip
    assert (line.gross, line.discount, line.discount_rate, line.amount, line.shared) == (
        sold.gross, sold.discount, sold.discount_rate, sold.amount, shared,
    )  # fmt: skip
    assert (line.product, line.sku, line.code, line.category, line.unit) == (
        sold.product_id, sold.sku, sold.code or sold.sku, sold.category, sold.unit,
    )  # fmt: skip
    assert (line.deed, line.kind) == (sold.deed, sold.kind)
    assert (line.entry, line.price_by) == (sold.entry, sold.price_by)
    assert (line.reverses, line.reversed_by, line.origin) == (sold.reverses, sold.reversed_by, sold.origin)
    assert (line.lot, line.expiry, line.location, line.keyed_weight, line.note) == (
        sold.lot, sold.expiry, sold.location, sold.keyed_weight, sold.note,
    )  # fmt: skip
    assert line.list_price == (sold.list_price or sold.unit_price)
    assert line.live == sold.live


def check_sale(record: SaleRecord, closed: Closing, shared: list[int]) -> None:
    basket, totals, paid = closed.basket, closed.totals, closed.settlement
    assert (record.uuid, record.kind, record.number, record.day) == ("u-1", closed.kind, "1-000012", DAY)
    assert (record.opened_ms, record.closed_ms, record.offset_min) == (
        basket.opened_ms, closed.closed_ms, closed.offset_min,
    )  # fmt: skip
    assert (record.operator.id, record.operator.name, record.shift) == (7, "Rosa", 3)
    assert (record.location, record.currency, record.training) == ("shop", "CLP", closed.training)
    assert (record.subtotal, record.discount, record.total, record.net, record.tax, record.items) == (
        totals.subtotal, totals.discount, totals.total, totals.net, totals.tax, totals.items,
    )  # fmt: skip
    assert (record.rounding, record.change, record.note) == (paid.rounding, paid.change, basket.note)
    assert (record.returns, record.original) == (basket.returns, "")
    assert (record.apart, record.document or record.total) == (totals.apart, totals.document)
    assert (record.stamp.sales, record.stamp.grand_total) == (12, 99)
    assert record.stamp.created_ms == record.stamp.clock_ms == closed.closed_ms
    for line, sold, share in zip(record.lines, basket.lines, shared, strict=True):
        check_line(line, sold, share)
    assert [line.no for line in record.sold] == [
        line.no for line in basket.live_lines if line.deed.value == "sale"
    ]
    assert record.payments == tuple(
        RecordedPayment(p.tender.key, p.amount, p.given, p.change, p.cash_rounding, p.reference)
        for p in paid.payments
    )
    assert [payment.ticket for payment in record.payments] == [payment.ticket for payment in paid.payments]
    assert record.tenders == tuple(payment.tender.key for payment in paid.payments)
    assert record.slips == tuple(p.slip for p in paid.payments if p.slip)
    assert record.taxes == totals.taxes
    assert record.trail == tuple(
        RecordedChange(c.what, c.line, c.before, c.after, c.operator, c.approved_by, c.at_ms)
        for c in basket.trail
    )


@given(
    st.lists(LINES, min_size=1, max_size=4),
    st.lists(RETURNS, max_size=3),
    st.integers(0, 99_000_000),
    st.booleans(),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=9),
    st.data(),
)
def test_what_was_closed_is_what_is_read(
    lines: list[Line], back: list[Line], rate: int, training: bool, text: str, data: st.DataObject
) -> None:
    basket = Basket(note=text, customer_id=4, customer=text)
    for line in lines + back:
        basket = basket.add(replace(line, note=text, lot=text, category=text), now_ms=9)
    basket = basket.set_line_discount(data.draw(st.integers(1, len(lines))), rate=RATE)
    basket = basket.void(data.draw(st.integers(1, len(lines + back)))).set_discount(rate=rate)
    closed = closing(basket, training=training)
    made = written(closed)
    record = SaleRecord.parse(made)
    check_sale(record, closed, shares(made))
    assert record.customer is not None
    assert (record.customer.id, record.customer.name) == (4, text)
    assert record == SaleRecord.parse(sale_json(made)) == SaleRecord.parse(canonical(made))


RATE = 12_500_000


def test_a_plain_sale_is_read_whole() -> None:
    record = SaleRecord.parse(written(closing(Basket().add(make_line(1990, 2000, list_price=2100)))))
    (line,) = record.lines
    assert (line.price, line.list_price, line.code, line.sku, line.paid) == (1990, 2100, "7801", "1", 3980)
    assert (record.customer, record.trail, record.discount_rate) == (None, (), 0)


def test_a_return_says_of_what() -> None:
    basket = replace(Basket().add(return_line(990, origin=3)), returns="1-000007")
    record = SaleRecord.parse(written(closing(basket)) | {"original": "u-0"})
    assert (record.kind, record.returns, record.original) == (RecordKind.RETURN, "1-000007", "u-0")
    assert (record.lines[0].origin, record.sold) == (3, ())


def test_a_clock_that_was_set_back_stands_beside_the_time() -> None:
    made = written(closing(Basket().add(make_line())))
    stamp = SaleRecord.parse(made | {"created_ms": made["closed_ms"] + 5}).stamp
    assert (stamp.created_ms - stamp.clock_ms, stamp.clock_ms) == (5, made["closed_ms"])


def test_words_and_keys_of_a_newer_till_are_passed_on() -> None:
    made = written(closing(Basket().add(make_line()).set_line_note(1, "x")))
    made["payments"][0][0], made["trail"][0][0] = "points", "coupon"
    made["lines"][0] |= {"entry": "rfid", "by": "coupon", "serial": "S-1"}
    made["table"] = 4
    record = SaleRecord.parse(made)
    assert (record.payments[0].tender, record.trail[0].what) == ("points", "coupon")
    assert (record.lines[0].entry, record.lines[0].price_by) == ("rfid", "coupon")
    assert CASH.key not in record.tenders


def test_known_words_are_members() -> None:
    record = SaleRecord.parse(written(closing(Basket().add(make_line(990)).set_line_note(1, "x"))))
    assert record.payments[0].tender == CASH.key
    assert record.trail[0].what is ChangeKind.NOTE


@pytest.mark.parametrize(
    ("key", "to", "said"),
    [
        ("v", 2, "sale.v cannot be read: expected 1, got 2."),
        ("kind", "z", "sale.kind cannot be read: expected sale, return, got 'z'."),
        ("number", "12", "sale.number cannot be read: expected a number such as 1-000123, got '12'."),
        ("total", "1990", "sale.total cannot be read: expected a whole number, got '1990'."),
        ("total", True, "sale.total cannot be read: expected a whole number, got True."),
        ("total", 2**63, "sale.total cannot be read: expected a whole number, got 9223372036854775808."),
        ("closed_ms", -1, "sale.closed_ms cannot be read: expected milliseconds since 1970, got -1."),
        ("offset_min", 9999, "sale.offset_min cannot be read: expected minutes east of UTC, got 9999."),
        ("operator", [1], "sale.operator cannot be read: expected [id, name], got [1]."),
        ("day", "\ud800", "sale.day cannot be read: expected text, got '\\ud800'."),
        ("payments", [["cash"]], "sale.payments[0] cannot be read: expected [tender, amount, given, change, "
         "rounding, reference], got ['cash']."),
        ("payments", [["cash", 1, 1, 0, 0, 5]],
         "sale.payments[0].reference cannot be read: expected text, got 5."),
        ("lines", [{"no": 1}], "sale.lines[0].price cannot be read: expected a whole number, got nothing."),
        ("lines", ["x" * 99], "sale.lines[0] cannot be read: expected an object, "
         "got 'xxxxxxxxxxxx...xxxxxxxxxxxxx'."),
        ("slips", [[1]], "sale.slips[0] cannot be read: expected a list of texts, got [1]."),
        ("training", 1, "sale.training cannot be read: expected yes or no, got 1."),
    ],
)  # fmt: skip
def test_damage_says_where_it_is_and_what_was_expected(key: str, to: object, said: str) -> None:
    made = written(closing(Basket().add(make_line())))
    made[key] = to
    with pytest.raises(RecordDamaged) as found:
        SaleRecord.parse(made)
    assert str(found.value) == said
    assert found.value.hint


@pytest.mark.parametrize("data", [b"", b"{", b"[1]", b"null", b"\xff", b'{"a":' * 5000, b"[" * 5000, b"NaN"])
def test_what_is_no_object_is_said_so(data: bytes) -> None:
    with pytest.raises(RecordDamaged, match=r"^sale cannot be read: expected one JSON object, got ") as found:
        SaleRecord.parse(data)
    assert len(str(found.value)) < 200
