"""The traits of a tender are all that is asked of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilltui.domain.money.money import Currency
from tilltui.domain.money.rounding import Rounding
from tilltui.domain.paying.settlement import Settlement
from tilltui.domain.paying.tenders import BUILT_IN, CARD, CASH, TENDERS, VOUCHER, Tender, Tenders
from tilltui.errors import AmountError, SaleError

CLP = Currency("CLP", 0, cash_step=10, cash_rounding=Rounding.HALF_DOWN)
ANY = st.builds(
    Tender,
    st.just("x"),
    st.just("X"),
    gives_change=st.booleans(),
    rounds=st.booleans(),
    used_up=st.booleans(),
    opens_drawer=st.booleans(),
)


@given(ANY, st.integers(-100_000, 100_000), st.none() | st.integers(1, 200_000))
def test_any_traits_add_up(tender: Tender, total: int, amount: int | None) -> None:
    try:
        paid = Settlement(CLP, total).pay(tender, amount)
    except (AmountError, SaleError):
        return
    (payment,) = paid.payments
    assert paid.due + payment.amount == total + paid.rounding
    assert tender.rounds or not payment.cash_rounding
    assert tender.gives_change or not payment.change
    assert abs(payment.given) == abs(payment.amount) + payment.change or tender.used_up
    assert paid.opens_drawer is tender.opens_drawer


def test_the_rest_is_what_each_can_take() -> None:
    assert Settlement(CLP, 1995).pay(replace(CARD, rounds=True)).rounding == -5
    assert Settlement(CLP, 1995).pay(replace(CASH, rounds=False), 2000).change == 5
    with pytest.raises(SaleError):
        Settlement(CLP, 1995).pay(replace(VOUCHER, used_up=False), 2000)


def test_every_row_can_be_told_and_found() -> None:
    assert [tender.key for tender in TENDERS] == ["cash", "card", "transfer", "voucher"]
    assert TENDERS.cash is CASH
    assert TENDERS.of("card") is CARD
    assert all(tender.words for tender in BUILT_IN)
    assert TENDERS.open_drawer(["card", "cash"])
    assert not TENDERS.open_drawer(["card", "voucher"])


def test_what_nobody_knows_is_called_by_its_key() -> None:
    assert TENDERS.of("cheque") == Tender("cheque", "cheque")
    assert Tenders(BUILT_IN).of("cheque").words == "cheque"
