"""The basket as a shopkeeper uses it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.till_lines import DAY, LINES, RETURNS, TABLE, check_basket, make_line, return_line
from tilltui.domain.money.money import MAX_AMOUNT, MAX_QUANTITY, RATE_UNIT
from tilltui.domain.selling.basket import MAX_LINES, Basket
from tilltui.domain.selling.line import Deed, Entry, Line, PriceBy
from tilltui.errors import AmountError, SaleError

TEN_PERCENT = RATE_UNIT // 10


def rung(*lines: Line) -> Basket:
    basket = Basket()
    for line in lines:
        basket = basket.add(line, now_ms=5)
    check_basket(basket)
    return basket


@given(st.lists(LINES | RETURNS, max_size=12), st.integers(0, RATE_UNIT))
def test_any_lines_with_a_discount_add_up(lines: list[Line], rate: int) -> None:
    check_basket(rung(*lines).set_discount(rate=rate))


@given(st.lists(LINES, min_size=1, max_size=12), st.data())
def test_any_amount_off_adds_up(lines: list[Line], data: st.DataObject) -> None:
    basket = rung(*lines)
    amount = data.draw(st.integers(0, basket.subtotal))
    discounted = basket.set_discount(amount=amount)
    assert discounted.discount() == amount
    check_basket(discounted)
    with pytest.raises(AmountError):
        basket.set_discount(amount=basket.subtotal + 1)


def test_the_same_item_twice_is_one_line() -> None:
    basket, first = Basket().merge(make_line(), now_ms=5)
    basket, second = basket.merge(make_line(), now_ms=9)
    assert (first, second) == (1, 1)
    assert [(line.quantity, line.amount) for line in basket.lines] == [(2000, 2000)]
    assert basket.opened_ms == 5
    check_basket(basket)


@pytest.mark.parametrize(
    "other",
    [
        make_line(1001),
        make_line(product_id=2),
        make_line(product_id=None),
        make_line(code="7802"),
        make_line(tax="exempt"),
        make_line(lot="A"),
        make_line(expiry="2027-01-01"),
        make_line(location="back"),
        make_line(note="cold"),
        make_line(unit="kg"),
        make_line(price_by=PriceBy.LABEL),
        make_line(price_by=PriceBy.CASHIER),
        make_line().with_discount(rate=TEN_PERCENT),
        make_line().with_discount(amount=100),
        return_line(),
    ],
)
def test_what_differs_is_a_line_of_its_own(other: Line) -> None:
    for first, second in ((make_line(), other), (other, make_line())):
        basket, no = rung(first).merge(second)
        assert no == 2
        assert basket.subtotal == first.amount + second.amount
        check_basket(basket)


def test_a_discount_that_rounds_to_nothing_still_keeps_lines_apart() -> None:
    basket, no = rung(make_line(1).with_discount(rate=TEN_PERCENT)).merge(make_line(1))
    assert no == 2
    assert basket.subtotal == 2


def test_a_void_ends_merging_and_leaves_both_lines() -> None:
    basket = rung(make_line()).void(1)
    basket, no = basket.merge(make_line())
    assert no == 3
    assert [line.deed for line in basket.lines] == [Deed.SALE, Deed.VOID, Deed.SALE]
    check_basket(basket)


def test_void_of_a_merged_line_takes_all_of_it_back() -> None:
    basket = Basket()
    for _ in range(3):
        basket, _no = basket.merge(make_line())
    basket = basket.void(1)
    assert (basket.subtotal, basket.items, basket.lines[1].quantity) == (0, 0, -3000)
    check_basket(basket)


def test_void_of_a_discounted_line_takes_the_discount_back() -> None:
    basket = rung(make_line(), make_line(500)).set_line_discount(1, rate=TEN_PERCENT)
    assert basket.subtotal == 1400
    basket = basket.void(1)
    assert (basket.subtotal, basket.lines[2].discount, basket.lines[2].amount) == (500, -100, -900)
    check_basket(basket)


def test_a_line_is_taken_back_once() -> None:
    basket = rung(make_line()).void(1)
    steps: list[Callable[[], Basket]] = [
        lambda: basket.void(1),
        lambda: basket.void(2),
        lambda: basket.void(3),
        lambda: basket.set_quantity(1, 2000),
        lambda: basket.set_price(2, 5),
        lambda: basket.set_line_discount(1, amount=5),
        lambda: basket.set_line_note(1, "x"),
    ]
    for step in steps:
        with pytest.raises(SaleError):
            step()


def test_a_price_by_the_cashier_is_not_the_next_scan_s_price() -> None:
    basket = rung(make_line()).set_price(1, 900)
    assert basket.lines[0].price_by is PriceBy.CASHIER
    basket, no = basket.merge(make_line(entry=Entry.REPEAT))
    assert (no, basket.subtotal) == (2, 1900)
    basket, no = basket.set_price(2, 1000).merge(make_line())
    assert no == 3
    check_basket(basket)


def test_a_percentage_follows_quantity_and_price_and_an_amount_stays() -> None:
    basket = rung(make_line(), make_line()).set_line_discount(1, rate=TEN_PERCENT)
    basket = basket.set_line_discount(2, amount=300).set_quantity(1, 3000).set_quantity(2, 3000)
    assert [line.discount for line in basket.lines] == [300, 300]
    basket = basket.set_price(1, 500).set_price(2, 50)
    assert [line.discount for line in basket.lines] == [150, 150]
    assert basket.lines[1].amount == 0
    check_basket(basket)


def test_the_basket_s_discount_leaves_with_the_last_line() -> None:
    basket = rung(make_line(), make_line(500)).set_discount(amount=700)
    basket = basket.void(1)
    assert basket.discount() == 500
    basket = basket.void(2)
    check_basket(basket)
    assert [change.what for change in basket.trail] == ["discount", "void", "void", "discount"]
    basket = basket.add(make_line(400))
    assert basket.totals(TABLE, DAY).total == 400


@pytest.mark.parametrize("tax", ["general", "exempt"])
def test_a_discount_is_given_on_what_is_sold_and_not_on_what_comes_back(tax: str) -> None:
    basket = rung(make_line(1000), return_line(400, tax=tax)).set_discount(rate=TEN_PERCENT)
    assert basket.discount() == 100
    assert basket.shared_discount() == {1: 100}
    assert basket.totals(TABLE, DAY).total == 500
    check_basket(basket)


def test_a_percentage_can_make_an_exchange_a_refund() -> None:
    basket = rung(make_line(1000), return_line(950)).set_discount(rate=TEN_PERCENT)
    assert basket.totals(TABLE, DAY).total == -50
    check_basket(basket)


def test_an_amount_off_never_pays_out() -> None:
    basket = rung(make_line(1000)).set_discount(amount=500).add(return_line(950))
    assert basket.totals(TABLE, DAY).total == 0
    check_basket(basket)


def test_a_pure_return_has_no_discount() -> None:
    basket = rung(return_line(1000)).set_discount(rate=TEN_PERCENT)
    assert basket.totals(TABLE, DAY).total == -1000
    assert basket.items == -1


def test_a_free_sale_has_no_tax_rows() -> None:
    totals = rung(make_line(1000)).set_discount(rate=RATE_UNIT).totals(TABLE, DAY)
    assert (totals.total, totals.net, totals.tax, totals.taxes) == (0, 0, 0, ())


def test_of_a_return_less_can_come_back_and_never_more() -> None:
    half_price = return_line(1000, 3000).with_discount(rate=RATE_UNIT // 2)
    basket = rung(half_price).set_quantity(1, 2000)
    assert (basket.subtotal, basket.items, basket.lines[0].quantity) == (-1000, -2, -2000)
    check_basket(basket)
    with pytest.raises(SaleError, match="than was bought"):
        basket.set_quantity(1, 3000)


def test_a_return_is_refunded_as_it_was_paid() -> None:
    basket = rung(return_line(1000))
    with pytest.raises(SaleError, match="as it was paid"):
        basket.set_price(1, 999_990)
    with pytest.raises(SaleError, match="as it was paid"):
        basket.set_line_discount(1, amount=100)


@pytest.mark.parametrize("quantity", [0, -1000, MAX_QUANTITY + 1, 10**12])
def test_a_quantity_that_cannot_be_sold_is_refused(quantity: int) -> None:
    with pytest.raises(AmountError) as caught:
        rung(make_line()).set_quantity(1, quantity)
    assert isinstance(caught.value.fields["text"], str)


def test_merging_stops_at_the_largest_quantity() -> None:
    basket, no = rung(make_line(1, MAX_QUANTITY // 1000 * 1000)).merge(make_line(1))
    assert no == 2
    check_basket(basket)


@pytest.mark.parametrize(
    "step",
    [
        lambda b: b.add(make_line(MAX_AMOUNT)),
        lambda b: b.merge(make_line(MAX_AMOUNT)),
        lambda b: b.set_price(1, MAX_AMOUNT + 1),
        lambda b: b.set_price(1, 10**20),
        lambda b: b.set_price(2, MAX_AMOUNT),
        lambda b: b.set_price(1, -1),
        lambda b: b.set_quantity(1, MAX_QUANTITY),
        lambda b: b.set_line_discount(1, rate=RATE_UNIT + 1),
        lambda b: b.set_line_discount(1, rate=-1),
        lambda b: b.set_line_discount(2, amount=1001),
        lambda b: b.set_discount(rate=RATE_UNIT + 1),
        lambda b: b.set_discount(amount=-1),
    ],
)
def test_too_much_is_refused_and_changes_nothing(step: Callable[[Basket], object]) -> None:
    basket = rung(make_line(MAX_AMOUNT // 2), make_line())
    before = (basket.lines, basket.subtotal, dict(basket.by_tax), basket.items, basket.trail, basket.next_no)
    with pytest.raises(AmountError):
        step(basket)
    after = (basket.lines, basket.subtotal, dict(basket.by_tax), basket.items, basket.trail, basket.next_no)
    assert after == before
    check_basket(basket)


def test_a_price_too_large_is_refused_even_for_a_pinch_of_it() -> None:
    with pytest.raises(AmountError):
        rung(make_line(1000, 1, unit="kg")).set_price(1, MAX_AMOUNT + 1)


def test_a_full_basket_takes_no_more_but_gives_back() -> None:
    basket = Basket()
    for _ in range(MAX_LINES):
        basket = basket.add(make_line(1))
    with pytest.raises(SaleError, match=str(MAX_LINES)):
        basket.add(make_line(1))
    basket = basket.void(MAX_LINES)
    assert basket.subtotal == MAX_LINES - 1
    check_basket(basket)


def test_every_change_leaves_a_trail() -> None:
    basket = rung(make_line(), make_line())
    basket = basket.set_quantity(1, 2000).set_price(1, 900).set_line_discount(1, amount=5)
    basket = basket.set_line_note(1, "cold").set_discount(amount=5).void(2)
    assert [(change.what, change.line) for change in basket.trail] == [
        ("quantity", 1), ("price", 1), ("discount", 1), ("note", 1), ("discount", 0), ("void", 2)
    ]  # fmt: skip
    check_basket(basket)


def test_there_is_no_such_line() -> None:
    for no in (0, -1, 2, 10**9):
        with pytest.raises(SaleError):
            rung(make_line()).line(no)
