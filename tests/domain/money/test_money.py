"""Amounts, quantities and rates: what is written can be read back, and nothing else gets in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilltui.domain.countries.known import COUNTRIES
from tilltui.domain.money.money import (
    MAX_AMOUNT,
    MAX_QUANTITY,
    RATE_UNIT,
    Currency,
    Rounding,
    checked,
    extend,
    format_quantity,
    format_rate,
    parse_quantity,
    parse_rate,
)
from tilltui.errors import AmountError

AMOUNTS = st.integers(-MAX_AMOUNT, MAX_AMOUNT) | st.integers(-2000, 2000)
CURRENCIES = st.sampled_from([country.currency for country in COUNTRIES.values()])


@given(CURRENCIES, AMOUNTS, st.booleans())
def test_amounts_are_read_back(currency: Currency, amount: int, symbol: bool) -> None:
    assert currency.parse(currency.format(amount, symbol=symbol)) == amount


@given(CURRENCIES, st.integers(0, MAX_AMOUNT))
def test_amounts_without_thousands_are_read_with_both_marks(currency: Currency, amount: int) -> None:
    whole, minor = divmod(amount, 10**currency.decimals)
    # Three digits after the group mark of a short number are thousands: only the decimal mark decides.
    marks = currency.decimal if currency.decimals == 3 and whole else ".,"
    for mark in marks if currency.decimals else ("",):
        digits = f"{whole}{mark}{minor:0{currency.decimals}d}" if currency.decimals else str(whole)
        assert currency.parse(digits) == amount


@given(CURRENCIES, st.text(max_size=60) | st.text("0123456789.,-$ €", max_size=60))
def test_any_text_is_an_amount_or_refused(currency: Currency, text: str) -> None:
    try:
        amount = currency.parse(text)
    except AmountError:
        return
    assert -MAX_AMOUNT <= amount <= MAX_AMOUNT
    assert currency.parse(currency.format(amount)) == amount


@pytest.mark.parametrize(
    ("country", "text", "amount"),
    [
        ("CL", "1990", 1990),
        ("CL", "1.990", 1990),
        ("CL", "$ 1.234.567", 1234567),
        ("CL", "-$10", -10),
        ("ES", "20", 2000),
        ("ES", "1.99", 199),
        ("ES", "1,99", 199),
        ("ES", "1.990", 199000),
        ("ES", "1.234,50 €", 123450),
        ("ES", "20,", 2000),
        ("US", "1,990", 199000),
        ("US", "1,234.5", 123450),
        ("KW", "0,450", 450),
        ("KW", "1.250", 1250),
        ("KW", "KD1.250", 1250),
        ("KW", "1,250", 1250000),
    ],
)
def test_amounts_as_keyed(country: str, text: str, amount: int) -> None:
    assert COUNTRIES[country].currency.parse(text) == amount


@pytest.mark.parametrize(
    ("country", "text"),
    [
        ("CL", ""),
        ("CL", "$"),
        ("CL", "19,90"),
        ("CL", "0.450"),
        ("CL", "1.99"),
        ("CL", "12.34.567"),
        ("CL", "1990,"),
        ("CL", "--5"),
        ("CL", "1e3"),
        ("CL", "٣"),
        ("CL", "1000000000000"),
        ("CL", "0" * 40 + "5"),
        ("ES", "1,999"),
        ("ES", "1.2345"),
        ("ES", "nan"),
        ("ES", "0.450"),
        ("KW", "1.2345"),
    ],
)
def test_what_is_no_amount_is_refused(country: str, text: str) -> None:
    with pytest.raises(AmountError) as caught:
        COUNTRIES[country].currency.parse(text)
    assert caught.value.hint


@given(st.integers(1, MAX_QUANTITY), st.sampled_from(",."))
def test_quantities_are_read_back(quantity: int, decimal: str) -> None:
    assert parse_quantity(format_quantity(quantity, decimal)) == quantity
    assert format_quantity(-quantity, decimal) == "-" + format_quantity(quantity, decimal)


@pytest.mark.parametrize(
    "text",
    ["", "0", "0,000", "-1", "1,2345", "100000", "1e3", "x", "1,", ",5", "²", "٣", "0" * 32 + "35", "1 2"],
)
def test_what_is_no_quantity_is_refused(text: str) -> None:
    with pytest.raises(AmountError) as caught:
        parse_quantity(text)
    assert caught.value.hint


@given(st.text(max_size=40) | st.text("0123456789.,+- %", max_size=40))
def test_any_text_is_a_quantity_or_refused(text: str) -> None:
    try:
        quantity = parse_quantity(text)
    except AmountError:
        return
    assert 0 < quantity <= MAX_QUANTITY


@given(st.integers(0, 10 * RATE_UNIT), st.sampled_from(",."))
def test_rates_are_read_back(rate: int, decimal: str) -> None:
    assert parse_rate(format_rate(rate, decimal)) == rate


@pytest.mark.parametrize("text", ["", "%", "-1", "1000,000001", "1,1234567", "19%%", "0" * 32 + "19"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(AmountError):
        parse_rate(text)


@pytest.mark.parametrize("amount", [MAX_AMOUNT + 1, -MAX_AMOUNT - 1, 10**30])
def test_too_large_an_amount_is_refused(amount: int) -> None:
    with pytest.raises(AmountError):
        checked(amount)
    with pytest.raises(AmountError):
        extend(1000, amount)


CHILE = [
    (1990, 1990), (1991, 1990), (1992, 1990), (1993, 1990), (1994, 1990), (1995, 1990),
    (1996, 2000), (1997, 2000), (1998, 2000), (1999, 2000), (2000, 2000),
    (1985, 1980), (5, 0), (6, 10), (1, 0), (0, 0), (15, 10), (16, 20), (-1995, -1990), (-1996, -2000),
]  # fmt: skip
"""Ley 20.956: 1 to 5 down, 6 to 9 up."""


@pytest.mark.parametrize(("amount", "cash"), CHILE)
def test_chile_rounds_cash_half_down(amount: int, cash: int) -> None:
    assert COUNTRIES["CL"].currency.cash(amount) == cash


@pytest.mark.parametrize(("amount", "cash"), [(199, 190), (190, 190), (9, 0), (-199, -190)])
def test_peru_rounds_cash_down(amount: int, cash: int) -> None:
    assert COUNTRIES["PE"].currency.cash(amount) == cash


@given(CURRENCIES, AMOUNTS)
def test_cash_is_payable_and_near(currency: Currency, amount: int) -> None:
    cash = currency.cash(amount)
    assert cash % currency.cash_step == 0
    assert abs(cash - amount) < currency.cash_step
    if currency.cash_rounding is not Rounding.DOWN:
        assert abs(cash - amount) * 2 <= currency.cash_step
    assert currency.cash(cash) == cash
    assert currency.cash(-amount) == -cash


@pytest.mark.parametrize("code", sorted(COUNTRIES))
def test_a_country_is_whole(code: str) -> None:
    country = COUNTRIES[code]
    assert country.code == code
    assert list(country.notes) == sorted(country.notes)
    assert all(note % country.currency.cash_step == 0 for note in country.notes)
    assert len({group.code for group in country.taxes}) == len(country.taxes)
    assert "exempt" in {group.code for group in country.taxes}
