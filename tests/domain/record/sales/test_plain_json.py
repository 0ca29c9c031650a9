"""A sale's record has the bytes that the general encoder gives, whatever its texts say."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tilltui.domain.countries.known import COUNTRIES
from tilltui.domain.money.tax import TaxTable
from tilltui.domain.paying.settlement import Settlement
from tilltui.domain.record.identity import canonical
from tilltui.domain.record.sales.closing import Closing, body
from tilltui.domain.record.sales.plain_json import _PLAIN, sale_json
from tilltui.domain.selling.basket import Basket
from tilltui.domain.selling.line import Entry, Line

CHILE = COUNTRIES["CL"]
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
LINES = st.builds(
    Line,
    no=st.just(0),
    description=TEXT,
    quantity=st.sampled_from([1000, 2000, 333]),
    unit_price=st.integers(0, 99_999),
    tax=st.just("general"),
    gross=st.integers(0, 99_999),
    discount=st.sampled_from([0, 0, 0, 5]),
    product_id=st.none() | st.integers(1, 9_999_999),
    sku=TEXT,
    code=TEXT,
    category=TEXT,
    entry=st.sampled_from([Entry.SCAN, Entry.SCAN, Entry.KEY]),
    note=st.just("") | TEXT,
)


def closing(lines: list[Line], note: str) -> Closing:
    basket = Basket()
    for line in lines:
        basket = basket.add(line, now_ms=1)
    basket = replace(basket, note=note, customer_id=4, customer=note)
    totals = basket.totals(TaxTable(CHILE.taxes), "2026-11-21")
    paid = Settlement(CHILE.currency, totals.total).pay_cash(None)
    return Closing("u-1", basket, totals, paid, 1, note, 1, "shop", 5, -180, "2026-11-21")


@example(lines=[], note='"lines":[]')
@example(lines=[Line(0, 'x","lines":[]', 1000, 5, "general", 5, product_id=3)], note='\\"lines":[]\\')
@given(lines=st.lists(LINES, max_size=6), note=TEXT)
def test_its_bytes_are_the_canonical_ones(lines: list[Line], note: str) -> None:
    made = body(closing(lines, note), till="1", number=7, grand_total=9)
    data = sale_json(made)
    assert data == canonical(made)
    assert json.loads(data) == made


def test_an_ordinary_line_is_one_that_is_written_by_hand() -> None:
    line = Line(
        0, "Café", 1000, 990, "general", 990, product_id=3, sku="A3", code="78", category="c", list_price=990
    )
    (row,) = body(closing([line], ""), till="1", number=7, grand_total=9)["lines"]
    assert tuple(row) == _PLAIN


def test_half_a_character_is_refused_as_ever() -> None:
    line = Line(0, "\ud800", 1000, 990, "general", 990, product_id=3, sku="A3", code="78", category="c")
    made = body(closing([line], ""), till="1", number=7, grand_total=9)
    for write in (canonical, sale_json):
        with pytest.raises(ValueError, match="surrogates"):
            write(made)
