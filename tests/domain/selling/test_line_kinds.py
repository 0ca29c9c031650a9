"""Every kind of line does what its columns say, and any mixture of them adds up."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.till_lines import (
    DAY,
    OF_ANY_KIND,
    RETURNS_OF_ANY_KIND,
    TABLE,
    check_basket,
    make_line,
    return_line,
)
from tilltui.domain.money.money import RATE_UNIT, Currency
from tilltui.domain.paper.elements import Text
from tilltui.domain.paper.letterhead import ReceiptHead
from tilltui.domain.paper.z_report import z_report
from tilltui.domain.paying.settlement import Settlement
from tilltui.domain.record.sales.closing import Closing, body
from tilltui.domain.record.sales.sale_record import SaleRecord
from tilltui.domain.record.shift_record import ShiftReport
from tilltui.domain.returns.returning import returnable, too_much
from tilltui.domain.selling.basket import Basket
from tilltui.domain.selling.line import Line
from tilltui.domain.selling.line_kinds import DEPOSIT, GOODS, LINE_KINDS, PRODUCT_KINDS, LineKind
from tilltui.errors import AmountError, SaleError

CLP = Currency("CLP", 0)
EVERY_KIND = pytest.mark.parametrize("kind", LINE_KINDS.values(), ids=LINE_KINDS)


def rung(*lines: Line) -> Basket:
    basket = Basket()
    for line in lines:
        basket = basket.add(line)
    check_basket(basket)
    return basket


def record(basket: Basket) -> dict[str, Any]:
    totals = basket.totals(TABLE, DAY)
    settlement = Settlement(CLP, totals.total).pay_cash()
    closing = Closing("u", basket, totals, settlement, 1, "Rosa", 1, "", 5, -180, DAY)
    return body(closing.checked(), till="1", number=1, grand_total=0)


@given(st.lists(OF_ANY_KIND | RETURNS_OF_ANY_KIND, max_size=12), st.integers(0, RATE_UNIT), st.data())
def test_any_mixture_adds_up(lines: list[Line], rate: int, data: st.DataObject) -> None:
    basket = rung(*lines).set_discount(rate=rate)
    check_basket(basket)
    if lines:
        no = data.draw(st.integers(1, len(lines)))
        check_basket(basket.void(no))


@given(st.lists(OF_ANY_KIND, min_size=1, max_size=8), st.data())
def test_any_amount_off_a_mixture_adds_up(lines: list[Line], data: st.DataObject) -> None:
    basket = rung(*lines)
    most = sum(line.amount for line in lines if line.kind.discountable)
    amount = data.draw(st.integers(0, most))
    assert basket.set_discount(amount=amount).discount() == amount
    check_basket(basket.set_discount(amount=amount))
    with pytest.raises(AmountError):
        basket.set_discount(amount=most + 1)


def test_the_table_keeps_what_the_sums_count_on() -> None:
    assert next(iter(LINE_KINDS.values())) is GOODS
    assert set(PRODUCT_KINDS) <= set(LINE_KINDS.values())
    for key, kind in LINE_KINDS.items():
        assert (kind.key, bool(kind.words)) == (key, True)
        assert kind.revenue or not (kind.discountable or kind.taxed)
        assert kind.on_document or not kind.revenue


@EVERY_KIND
def test_taxes_items_revenue_and_document(kind: LineKind) -> None:
    totals = rung(make_line(1190, kind=kind), make_line(500, tax="exempt")).totals(TABLE, DAY)
    assert totals.total == 1690
    assert totals.tax == (190 if kind.taxed else 0)
    assert totals.items == (2 if kind.counts else 1)
    assert totals.revenue == (1690 if kind.revenue else 500)
    assert totals.document == (1690 if kind.on_document else 500)


@EVERY_KIND
def test_discounts(kind: LineKind) -> None:
    basket = rung(make_line(1000, kind=kind), make_line(1000))
    assert basket.set_discount(rate=RATE_UNIT // 10).discount() == (200 if kind.discountable else 100)
    if kind.discountable:
        assert basket.set_line_discount(1, amount=100).subtotal == 1900
    else:
        with pytest.raises(SaleError, match="no discount"):
            basket.set_line_discount(1, amount=100)
    gone = basket.set_discount(rate=RATE_UNIT // 10).void(2)
    assert bool(gone.discount_rate) is kind.discountable


@EVERY_KIND
def test_coming_back(kind: LineKind) -> None:
    sale = SaleRecord.parse(record(rung(make_line(1000, 2000, kind=kind))))
    lines = returnable(sale, {})
    assert [(line.kind, line.amount) for line in lines] == ([(kind, -2000)] if kind.returnable else [])
    assert (too_much(sale, {1: (2000, 2000)}) is None) is kind.returnable


@EVERY_KIND
def test_what_is_no_revenue_has_its_row(kind: LineKind) -> None:
    total = [["apart", kind.key, 2, 3000, 600]]
    z = {
        "kind": "x", "shift": 1, "day": DAY, "opened_ms": 0, "closed_ms": 0, "operator": [1, ""],
        "totals": total, "parked": [0, 0], "grand_total": 0, "offset_min": 0,
    }  # fmt: skip
    paper = z_report(ShiftReport.parse(z), ReceiptHead("Almacén"), CLP, str)
    assert (f"{kind.words} (3)", "$600") in [(e.left, e.right) for e in paper if isinstance(e, Text)]


def test_the_record_says_what_is_no_goods() -> None:
    sale = record(rung(make_line(1190), make_line(200, kind=DEPOSIT)))
    assert [row.get("kind", "goods") for row in sale["lines"]] == ["goods", "deposit"]
    assert [row["tax"] for row in sale["lines"]] == ["general", ""]
    assert (sale["total"], sale["apart"], sale["items"], sale["net"], sale["tax"]) == (
        1390,
        200,
        1,
        1200,
        190,
    )
    assert "document" not in sale
    assert not {"apart", "kind"} & record(rung(make_line(1190)))["lines"][0].keys()


def test_what_stands_on_no_document_is_left_out_of_it() -> None:
    sale = record(rung(make_line(5000, kind=LINE_KINDS["third_party"])))
    assert (sale["total"], sale["document"]) == (5000, 0)


def test_a_product_whose_kind_changed_is_a_line_of_its_own() -> None:
    _basket, no = rung(make_line()).merge(make_line(kind=DEPOSIT))
    assert no == 2


def test_what_comes_back_takes_off_its_own_row() -> None:
    basket = rung(make_line(1000), return_line(200, kind=DEPOSIT))
    assert dict(basket.apart) == {"deposit": -200}
    assert basket.items == 1
