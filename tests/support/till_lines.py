"""Lines as the catalogue would make them, and the basket's sums worked out the slow way."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tilltui.domain.money.money import RATE_UNIT, extend
from tilltui.domain.money.tax import TaxGroup, TaxRate, TaxTable
from tilltui.domain.selling.basket import Basket
from tilltui.domain.selling.line import UNTAXED, Deed, Line
from tilltui.domain.selling.line_kinds import LINE_KINDS

TABLE = TaxTable(
    [
        TaxGroup("general", (TaxRate("IVA", "IVA 19%", 19_000_000),)),
        TaxGroup("beer", (TaxRate("IVA", "IVA 19%", 19_000_000), TaxRate("ILA", "ILA 20,5%", 20_500_000))),
        TaxGroup("on_top", (TaxRate("TAX", "Tax 7%", 7_000_000),), inclusive=False),
        TaxGroup("exempt"),
    ]
)
"""Inclusive, several rates, on top, and none."""

DAY = "2026-11-21"


def make_line(price: int = 1000, quantity: int = 1000, **fields: Any) -> Line:
    """A line that is not yet in a basket."""
    fields = {"product_id": 1, "sku": "1", "code": "7801", "tax": "general", **fields}
    return Line(
        0, fields.pop("description", "Leche"), quantity, price, gross=extend(quantity, price), **fields
    )


def return_line(price: int = 1000, quantity: int = 1000, **fields: Any) -> Line:
    """A line that takes back goods of an earlier sale."""
    return make_line(price, -quantity, deed=Deed.RETURN, **fields)


PRICES = st.integers(0, 50_000) | st.sampled_from([0, 1, 990, 1000, 1990])
LINES = st.builds(
    make_line,
    PRICES,
    st.sampled_from([1000, 1000, 2000, 450, 1500]),
    product_id=st.sampled_from([1, 2, 3, None]),
    tax=st.sampled_from(["general", "beer", "on_top", "exempt"]),
    unit=st.sampled_from(["u", "u", "kg"]),
)
KINDS = st.sampled_from(list(LINE_KINDS.values()))
OF_ANY_KIND = st.builds(
    make_line,
    PRICES,
    st.sampled_from([1000, 2000, 450]),
    product_id=st.sampled_from([1, 2, None]),
    tax=st.sampled_from(["general", "beer", "on_top", "exempt"]),
    unit=st.sampled_from(["u", "kg"]),
    kind=KINDS,
)
RETURNS = st.builds(
    return_line, PRICES, st.sampled_from([1000, 2000]), tax=st.sampled_from(["general", "exempt", "on_top"])
)
RETURNS_OF_ANY_KIND = st.builds(
    return_line, PRICES, st.sampled_from([1000, 2000]), tax=st.sampled_from(["general", "on_top"]), kind=KINDS
)


def pieces(line: Line) -> int:
    """Pieces that a line counts for."""
    if not line.kind.counts:
        return 0
    whole = line.unit == "u" and line.quantity % 1000 == 0
    return line.quantity // 1000 if whole else (1 if line.quantity > 0 else -1)


def check_basket(basket: Basket) -> None:
    """Everything that must hold of any basket, recomputed from its lines."""
    assert [line.no for line in basket.lines] == list(range(1, len(basket.lines) + 1))
    assert basket.next_no == len(basket.lines) + 1
    assert basket.subtotal == sum(line.amount for line in basket.lines)
    assert basket.subtotal == sum(line.amount for line in basket.live_lines)
    sums: dict[str, int] = dict.fromkeys(basket.by_tax, 0)
    for line in basket.lines:
        sums[line.tax if line.kind.taxed else UNTAXED] += line.amount
        assert 0 <= line.discount * (1 if line.gross >= 0 else -1) <= abs(line.gross)
        assert (line.deed is Deed.VOID) == (line.reverses is not None)
        for other, back in ((line.reverses, "reversed_by"), (line.reversed_by, "reverses")):
            assert other is None or getattr(basket.line(other), back) == line.no
        if line.reverses:
            assert basket.line(line.reverses).amount == -line.amount
    assert dict(basket.by_tax) == sums
    for key, kind in LINE_KINDS.items():
        of_kind = sum(line.amount for line in basket.lines if line.kind is kind)
        assert basket.apart.get(key, 0) == (0 if kind.revenue else of_kind)
    assert basket.items == sum(pieces(line) for line in basket.live_lines)
    check_discount(basket)
    check_totals(basket)


def check_discount(basket: Basket) -> None:
    """The basket's discount is shared out to the last minor unit, and on sold lines alone."""
    discount, shared = basket.discount(), basket.shared_discount()
    sold = [line for line in basket.live_lines if line.deed is Deed.SALE and line.kind.discountable]
    assert sum(shared.values()) == discount
    assert 0 <= discount <= sum(line.amount for line in sold)
    for no, share in shared.items():
        assert 0 <= share <= basket.line(no).amount
    assert set(shared) <= {line.no for line in sold}
    if basket.discount_rate:
        exact = sum(line.amount for line in sold) * basket.discount_rate
        assert abs(discount * RATE_UNIT - exact) * 2 <= RATE_UNIT


def check_totals(basket: Basket) -> None:
    """Lines, discount, bases and taxes come to the total."""
    shared, totals = basket.shared_discount(), basket.totals(TABLE, DAY)
    taxable = dict.fromkeys((line.tax for line in basket.lines if line.kind.taxed), 0)
    untaxed = 0
    for line in basket.lines:
        if line.kind.taxed:
            taxable[line.tax] += line.amount - shared.get(line.no, 0)
        else:
            untaxed += line.amount
    taxed = {code: amount for code, amount in taxable.items() if amount}
    assert TABLE.assess(taxed, DAY).taxes == totals.taxes
    added = sum(row.amount for row in totals.taxes if row.group == "on_top")
    assert totals.total == totals.subtotal - totals.discount + added
    assert totals.net + totals.tax == totals.total
    assert totals.tax == sum(row.amount for row in totals.taxes)
    assert totals.total == sum(taxable.values()) + added + untaxed
    assert totals.revenue + totals.apart == totals.total
    assert totals.apart == sum(line.amount for line in basket.lines if not line.kind.revenue)
    assert totals.total - totals.document == sum(
        line.amount for line in basket.lines if not line.kind.on_document
    )
    assert totals.items == basket.items
