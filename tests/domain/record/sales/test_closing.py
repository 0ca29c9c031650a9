"""The journal body of a sale, and what may close."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.support.till_lines import DAY, TABLE, make_line, return_line
from tilltui.domain.countries.known import COUNTRIES
from tilltui.domain.paying.settlement import Settlement
from tilltui.domain.paying.tenders import CARD
from tilltui.domain.record.identity import canonical
from tilltui.domain.record.sales.closing import Closing, body, number_text
from tilltui.domain.selling.basket import Basket
from tilltui.errors import SaleError

CLP = COUNTRIES["CL"].currency


def closing(basket: Basket, **fields: Any) -> Closing:
    totals = basket.totals(TABLE, DAY)
    settlement = fields.pop("settlement", None) or Settlement(CLP, totals.total)
    if not settlement.settled:
        settlement = settlement.pay_cash()
    made = Closing("u-1", basket, totals, settlement, 7, "Rosa", 3, "shop", 1_700_000_000_000, -180, DAY)
    return replace(made, **fields)


def test_the_body_is_plain_and_stable() -> None:
    basket = Basket().add(make_line(1995, code="1"), now_ms=9)
    sale = body(closing(basket).checked(), till="1", number=12, grand_total=99)
    assert json.loads(canonical(sale)) == sale
    assert sale == {
        "v": 1,
        "kind": "sale",
        "uuid": "u-1",
        "number": "1-000012",
        "day": DAY,
        "opened_ms": 9,
        "closed_ms": 1_700_000_000_000,
        "offset_min": -180,
        "operator": [7, "Rosa"],
        "shift": 3,
        "location": "shop",
        "currency": "CLP",
        "lines": [
            {
                "no": 1, "name": "Leche", "qty": 1000, "price": 1995, "tax": "general", "amount": 1995,
                "product": 1, "sku": "1",
            }
        ],
        "subtotal": 1995,
        "discount": 0,
        "total": 1995,
        "net": 1676,
        "tax": 319,
        "items": 1,
        "taxes": [["general", "IVA", "IVA 19%", 19_000_000, 1676, 319]],
        "payments": [["cash", 1990, 1990, 0, -5, ""]],
        "rounding": -5,
        "change": 0,
        "grand_total": 99,
    }  # fmt: skip


def test_a_line_says_only_what_is_not_usual() -> None:
    basket = Basket().add(make_line(1995, code="1"))
    row = body(closing(basket), till="1", number=1, grand_total=0)["lines"][0]
    usual = {"no", "name", "qty", "price", "tax", "amount", "product", "sku"}
    assert set(row) == usual
    basket = basket.set_line_discount(1, amount=95).set_line_note(1, "cold")
    row = body(closing(basket), till="1", number=1, grand_total=0)["lines"][0]
    assert (row["gross"], row["discount"], row["amount"], row["note"]) == (1995, 95, 1900, "cold")


@pytest.mark.parametrize(
    ("basket", "kind"),
    [
        (Basket().add(make_line()), "sale"),
        (replace(Basket().add(return_line()), returns="1-000001"), "return"),
        (Basket().add(return_line()), "return"),
        (Basket().add(make_line()).add(return_line(400)), "return"),
        (Basket().add(make_line()).add(return_line(400)).void(2), "sale"),
    ],
)
def test_goods_that_come_back_make_a_return(basket: Basket, kind: str) -> None:
    assert closing(basket).kind == kind


def test_what_may_not_close() -> None:
    basket = Basket().add(make_line(1990))
    good = closing(basket)
    assert good.checked() is good
    with pytest.raises(SaleError, match="nothing to sell"):
        replace(good, basket=Basket()).checked()
    with pytest.raises(SaleError, match="still to be paid"):
        replace(good, settlement=Settlement(CLP, 1990)).checked()
    with pytest.raises(SaleError, match="still to be paid"):
        replace(good, settlement=Settlement(CLP, 1990).pay(CARD, 1000)).checked()
    with pytest.raises(SaleError, match="comes to"):
        replace(good, settlement=Settlement(CLP, 1000).pay_cash()).checked()


def test_a_gift_closes_without_money() -> None:
    basket = Basket().add(make_line(0))
    settlement = Settlement(CLP, 0)
    sale = body(closing(basket, settlement=settlement).checked(), till="1", number=1, grand_total=0)
    assert (sale["total"], sale["payments"], sale["taxes"]) == (0, [], [])


def test_numbers_do_not_end() -> None:
    assert [number_text("A2", n) for n in (1, 999_999, 1_000_000)] == ["A2-000001", "A2-999999", "A2-1000000"]
