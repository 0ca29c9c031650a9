"""However the goods of a sale come back, in the end as much is refunded as was paid."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.support.till_lines import DAY, LINES, TABLE, make_line
from tilltui.domain.countries.known import COUNTRIES
from tilltui.domain.paying.settlement import Settlement
from tilltui.domain.record.sales.closing import Closing, body
from tilltui.domain.record.sales.sale_record import SaleRecord
from tilltui.domain.returns.returning import added, coming_back, returnable, too_much
from tilltui.domain.selling.basket import Basket
from tilltui.domain.selling.line import Deed


def sold(basket: Basket) -> SaleRecord:
    """Record of a basket that was sold for exact cash."""
    totals = basket.totals(TABLE, DAY)
    settlement = Settlement(COUNTRIES["CL"].currency, totals.total)
    if not settlement.settled:
        settlement = settlement.pay_cash(None)
    closing = Closing("u", basket, totals, settlement, 1, "Ana", 1, "shop", 0, -180, DAY)
    return SaleRecord.parse(body(closing, till="1", number=1, grand_total=totals.total))


@given(st.lists(LINES, min_size=1, max_size=6), st.integers(0, 99_000_000), st.data())
def test_the_refunds_of_all_parts_add_up_to_what_was_paid(lines: list[Any], rate: int, data: Any) -> None:
    basket = Basket()
    for line in lines:
        basket = basket.add(line)
    if data.draw(st.booleans()):
        basket = basket.void(data.draw(st.sampled_from(basket.lines)).no)
    basket = basket.set_discount(rate=rate) if basket.live_lines else basket
    sale = sold(basket)
    came_back: dict[int, tuple[int, int]] = {}
    while left := returnable(sale, came_back):
        line = data.draw(st.sampled_from(left))
        part = data.draw(st.just(-line.quantity) | st.integers(1, -line.quantity))
        back = Basket().add(line).set_quantity(1, part)
        assert too_much(sale, added(came_back, coming_back(back))) is None
        came_back = added(came_back, coming_back(back))
        if not data.draw(st.sampled_from([False, True, True, True])):
            break
    else:
        assert {no: amount for no, (_quantity, amount) in came_back.items()} == {
            line.no: line.paid for line in sale.sold
        }
    rest = sum(-line.amount for line in returnable(sale, came_back))
    assert rest + sum(amount for _quantity, amount in came_back.values()) == sum(
        line.paid for line in sale.sold
    )


def test_the_same_item_at_two_prices_comes_back_line_by_line() -> None:
    dear, cheap = make_line(90_000, description="Varios"), make_line(1000, description="Varios")
    sale = sold(Basket().add(dear).add(cheap))
    first, second = returnable(sale, {})
    assert (first.amount, second.amount) == (-90_000, -1000)
    assert [line.amount for line in returnable(sale, {2: (1000, 1000)})] == [-90_000]


def test_what_was_taken_back_from_the_return_does_not_count() -> None:
    sale = sold(Basket().add(make_line()))
    back = Basket().add(returnable(sale, {})[0])
    assert coming_back(back) == {1: (1000, 1000)}
    assert coming_back(back.void(1)) == {}
    assert back.void(1).lines[-1].deed is Deed.VOID


def test_more_than_was_bought_has_a_name() -> None:
    sale = sold(Basket().add(make_line()))
    assert too_much(sale, {1: (1000, 1000)}) is None
    assert too_much(sale, {1: (1001, 1000)}) == "Leche"
    assert too_much(sale, {1: (1000, 1001)}) == "Leche"
    assert too_much(sale, {2: (1, 0)}) == ""
