"""Taxes: dated, inclusive or on top, several a group; they always add up."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilltui.domain.countries.known import COUNTRIES
from tilltui.domain.money.money import RATE_UNIT, Rounding
from tilltui.domain.money.tax import TaxGroup, TaxRate, TaxTable
from tilltui.errors import ConfigError, SaleError

DAY = "2026-11-21"
RATE = st.integers(0, RATE_UNIT)
GROUPS = st.lists(
    st.tuples(st.lists(RATE, max_size=3), st.booleans()).map(
        lambda made: TaxGroup("", tuple(TaxRate(f"T{i}", f"T{i}", r) for i, r in enumerate(made[0])), made[1])
    ),
    min_size=1,
    max_size=4,
).map(lambda groups: [TaxGroup(f"g{i}", g.rates, g.inclusive) for i, g in enumerate(groups)])


@given(GROUPS, st.data(), st.sampled_from(Rounding))
def test_taxes_add_up(groups: list[TaxGroup], data: st.DataObject, rounding: Rounding) -> None:
    table = TaxTable(groups, rounding)
    amounts = {g.code: data.draw(st.integers(-(10**9), 10**9)) for g in groups}
    result = table.assess(amounts, DAY)
    assert result.net + result.tax == sum(amounts.values()) + result.added
    assert sum(line.amount for line in result.taxes) == result.tax
    for group in groups:
        rows = [line for line in result.taxes if line.group == group.code]
        assert len(rows) == max(1, len(group.rates))
        assert len({row.base for row in rows}) == 1
        tax, whole = sum(row.amount for row in rows), sum(rate.rate for rate in group.rates)
        amount = amounts[group.code]
        if group.inclusive:
            assert rows[0].base + tax == amount
            assert abs(rows[0].base - Fraction(amount * RATE_UNIT, RATE_UNIT + whole)) < 1
        else:
            assert rows[0].base == amount
            assert abs(tax - Fraction(amount * whole, RATE_UNIT)) < 1
        for row in rows:
            exact = Fraction(tax * row.rate, whole) if whole else Fraction(0)
            assert abs(row.amount - exact) < 1


@given(GROUPS, st.data())
def test_a_return_mirrors_its_sale(groups: list[TaxGroup], data: st.DataObject) -> None:
    table = TaxTable(groups)
    amounts = {g.code: data.draw(st.integers(0, 10**9)) for g in groups}
    sale = table.assess(amounts, DAY)
    back = table.assess({code: -amount for code, amount in amounts.items()}, DAY)
    assert (back.net, back.tax, back.added) == (-sale.net, -sale.tax, -sale.added)
    assert [line.amount for line in back.taxes] == [-line.amount for line in sale.taxes]


@pytest.mark.parametrize(
    ("group", "amount", "day", "rows"),
    [
        ("general", 1190, DAY, [("IVA", 1000, 190)]),
        ("general", 1995, DAY, [("IVA", 1676, 319)]),
        ("general", 1180, "2003-09-30", [("IVA", 1000, 180)]),
        ("general", 1190, "2003-10-01", [("IVA", 1000, 190)]),
        ("beer", 1395, DAY, [("IVA", 1000, 190), ("ILA", 1000, 205)]),
        ("exempt", 500, DAY, [("", 500, 0)]),
    ],
)
def test_chile(group: str, amount: int, day: str, rows: list[tuple[str, int, int]]) -> None:
    result = TaxTable(COUNTRIES["CL"].taxes).assess({group: amount}, day)
    assert [(row.code, row.base, row.amount) for row in result.taxes] == rows
    assert result.added == 0


def test_tax_on_top() -> None:
    result = TaxTable(COUNTRIES["US"].taxes).assess({"general": 1000, "exempt": 500}, DAY)
    assert (result.net, result.tax, result.added) == (1500, 70, 70)


def test_an_unknown_group_is_said() -> None:
    with pytest.raises(SaleError, match="luxury"):
        TaxTable(COUNTRIES["CL"].taxes).assess({"luxury": 1}, DAY)


@pytest.mark.parametrize(
    "rates",
    [
        (TaxRate("IVA", "IVA", 18), TaxRate("IVA", "IVA", 19, "2003-10-01")),
        (TaxRate("IVA", "IVA", 18, until="2003-10-01"), TaxRate("IVA", "IVA", 19, "2003-10-01")),
        (TaxRate("IVA", "IVA", 19), TaxRate("IVA", "IVA", 19)),
    ],
)
def test_two_rates_of_one_tax_on_a_day_are_refused(rates: tuple[TaxRate, ...]) -> None:
    with pytest.raises(ConfigError, match="IVA"):
        TaxTable([TaxGroup("general", rates)])


def test_a_group_that_stands_there_twice_is_refused() -> None:
    with pytest.raises(ConfigError, match="twice"):
        TaxTable([TaxGroup("general"), TaxGroup("general")])


@pytest.mark.parametrize("code", sorted(COUNTRIES))
def test_every_country_has_a_table(code: str) -> None:
    country = COUNTRIES[code]
    table = TaxTable(country.taxes)
    amounts = {group.code: 1000 for group in country.taxes}
    result = table.assess(amounts, DAY)
    assert result.net + result.tax == 1000 * len(amounts) + result.added
