"""Tenders in any order: what is paid is the total and its rounding, to the last minor unit."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilltui.domain.countries.known import COUNTRIES
from tilltui.domain.money.money import MAX_AMOUNT, Currency
from tilltui.domain.paying.settlement import MAX_PAYMENTS, Payment, Settlement
from tilltui.domain.paying.tenders import BUILT_IN, CARD, CASH, TRANSFER, VOUCHER, Tender
from tilltui.errors import AmountError, SaleError

CLP = COUNTRIES["CL"].currency
KWD = COUNTRIES["KW"].currency
CURRENCIES = st.sampled_from([country.currency for country in COUNTRIES.values()])
NOT_CASH = [CARD, TRANSFER, VOUCHER]
STEPS = st.lists(
    st.tuples(st.sampled_from(BUILT_IN), st.none() | st.integers(-50_000, 300_000)), max_size=MAX_PAYMENTS
)


def check(settlement: Settlement) -> None:
    """What holds after every step."""
    paid = sum(p.amount for p in settlement.payments)
    assert paid == settlement.total + settlement.rounding - settlement.due
    if settlement.settled:
        assert paid == settlement.total + settlement.rounding
    assert abs(settlement.rounding) < settlement.currency.cash_step
    for payment in settlement.payments:
        if payment.tender is CASH:
            assert payment.given - payment.change == payment.amount
            assert payment.change % settlement.currency.cash_step == 0
            assert payment.given % settlement.currency.cash_step == 0
        else:
            assert payment.change == payment.cash_rounding == 0
            assert abs(payment.given) >= abs(payment.amount)
        assert payment.change >= 0
        assert not payment.amount or (payment.amount > 0) == (settlement.total > 0)


@given(CURRENCIES, st.integers(-200_000, 200_000), STEPS)
def test_payments_in_any_order_add_up(
    currency: Currency, total: int, steps: list[tuple[Tender, int | None]]
) -> None:
    settlement = Settlement(currency, total)
    for kind, amount in steps:
        before = settlement
        try:
            settlement = before.pay(kind, amount)
        except (SaleError, AmountError):
            assert settlement is before
        check(settlement)
    if not settlement.settled:
        settlement = settlement.pay(CASH)
        assert settlement.settled
        check(settlement)
        assert settlement.without_last().due != 0


@given(CURRENCIES, st.integers(1, 200_000), st.integers(0, 1000))
def test_cash_gives_the_right_change(currency: Currency, total: int, more: int) -> None:
    given_ = currency.cash(total) + more * currency.cash_step
    settlement = Settlement(currency, total)
    settlement = settlement.pay_cash(given_ or None)
    assert settlement.settled
    assert settlement.change == more * currency.cash_step
    assert settlement.given - settlement.change == total + settlement.rounding


@given(CURRENCIES, st.integers(1, 200_000), st.data())
def test_only_the_rest_that_is_paid_in_cash_is_rounded(
    currency: Currency, total: int, data: st.DataObject
) -> None:
    card = data.draw(st.integers(1, total))
    settlement = Settlement(currency, total).pay(CARD, card)
    if card == total:
        assert settlement.settled
        assert settlement.rounding == 0
        return
    paid = settlement.pay_cash()
    assert paid.payments[0] == Payment(CARD, card, card)
    assert paid.payments[1].amount == currency.cash(total - card)
    assert paid.rounding == currency.cash(total - card) - (total - card)


@pytest.mark.parametrize(
    ("total", "card", "cash", "rounding"),
    [(1995, 0, 1990, -5), (1985, 0, 1980, -5), (1996, 0, 2000, 4), (1995, 1000, 990, -5), (1995, 5, 1990, 0),
     (1995, 1995, 0, 0), (1995, 1993, 0, -2), (5, 0, 0, -5)],
)  # fmt: skip
def test_chile_split(total: int, card: int, cash: int, rounding: int) -> None:
    settlement = Settlement(CLP, total)
    if card:
        settlement = settlement.pay(CARD, card)
    if not settlement.settled:
        settlement = settlement.pay_cash()
    assert settlement.settled
    assert sum(p.amount for p in settlement.payments if p.tender is CASH) == cash
    assert settlement.rounding == rounding
    assert sum(p.amount for p in settlement.payments) == total + rounding


def test_cash_in_parts_and_change() -> None:
    settlement = Settlement(CLP, 1995).pay_cash(1000)
    assert (settlement.due, settlement.cash_due, settlement.rounding) == (995, 990, 0)
    settlement = settlement.pay_cash(2000)
    assert (settlement.change, settlement.rounding, settlement.settled) == (1010, -5, True)


def test_a_refund_in_cash_is_rounded_like_its_sale() -> None:
    settlement = Settlement(CLP, -1995)
    assert settlement.cash_due == -1990
    paid = settlement.pay_cash()
    assert paid.payments == (Payment(CASH, -1990, -1990, cash_rounding=5),)
    assert paid.settled
    assert settlement.pay_cash(1990) == paid
    for wrong in (2000, 1000, 0):
        with pytest.raises(SaleError):
            settlement.pay_cash(wrong)


@pytest.mark.parametrize("kind", NOT_CASH)
def test_a_refund_by_card_is_exact_and_never_more(kind: Tender) -> None:
    settlement = Settlement(CLP, -1995).pay(kind)
    assert settlement.payments[0].amount == -1995
    with pytest.raises(SaleError):
        Settlement(CLP, -1995).pay(kind, 2000)


def test_three_decimals() -> None:
    settlement = Settlement(KWD, 1255).pay_cash(2000)
    assert settlement.change == 745
    assert KWD.format(settlement.change) == "KD 0.745"


def test_a_sale_that_comes_to_nothing_needs_no_money() -> None:
    settlement = Settlement(CLP, 0)
    assert settlement.settled
    paid = settlement.pay_cash()
    assert paid.settled
    assert sum(p.amount for p in paid.payments) == 0
    with pytest.raises(SaleError):
        paid.pay_cash()
    with pytest.raises(AmountError):
        settlement.pay(CARD)


@pytest.mark.parametrize("given_", [0, -10, 1995, 3, MAX_AMOUNT + 1])
def test_cash_that_cannot_be_is_refused(given_: int) -> None:
    with pytest.raises(AmountError):
        Settlement(CLP, 1995).pay_cash(given_)


@pytest.mark.parametrize("kind", [CARD, TRANSFER])
def test_more_than_is_owed_is_taken_in_cash_alone(kind: Tender) -> None:
    with pytest.raises(SaleError, match=r"1\.995"):
        Settlement(CLP, 1995).pay(kind, 1996)


def test_a_voucher_worth_more_is_used_up() -> None:
    settlement = Settlement(CLP, 1995).pay(VOUCHER, 5000, "V-1")
    assert settlement.payments == (Payment(VOUCHER, 1995, 5000, reference="V-1"),)
    assert settlement.change == 0


def test_payments_have_an_end_and_a_way_back() -> None:
    settlement = Settlement(CLP, 100_000)
    for _ in range(MAX_PAYMENTS):
        settlement = settlement.pay_cash(10)
    with pytest.raises(SaleError, match=str(MAX_PAYMENTS)):
        settlement.pay_cash()
    settlement = settlement.without_last().pay_cash()
    assert settlement.settled
    with pytest.raises(SaleError):
        settlement.pay_cash()
    with pytest.raises(SaleError):
        Settlement(CLP, 1).without_last()


def test_a_card_never_pays_out_of_the_drawer() -> None:
    """Charged 9.000, then a line for 8.990 is taken back: the card is put right, not paid out in cash."""
    paid = Settlement(CLP, 10_000).pay(CARD, 9_000)
    cheaper = replace(paid, total=1_010)
    for pay in (cheaper.pay_cash, lambda: cheaper.pay(TRANSFER)):
        with pytest.raises(SaleError, match="without cash"):
            pay()
    assert cheaper.without_last().pay(CARD).settled
    # What was given in cash may go back in cash.
    coins = replace(Settlement(CLP, 10_000).pay_cash(9_000), total=1_010).pay_cash()
    assert coins.settled
