"""Rounding and splitting against exact fractions and Decimal."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilltui.domain.money.rounding import Rounding, allocate, divide

DECIMAL = {
    Rounding.HALF_UP: ROUND_HALF_UP,
    Rounding.HALF_EVEN: ROUND_HALF_EVEN,
    Rounding.HALF_DOWN: ROUND_HALF_DOWN,
    Rounding.DOWN: ROUND_DOWN,
}
BIG = st.integers(-(10**20), 10**20)


@given(BIG, st.integers(0, 6), st.sampled_from(Rounding))
def test_divide_agrees_with_decimal(numerator: int, places: int, mode: Rounding) -> None:
    with localcontext() as context:
        context.prec = 60
        exact = Decimal(numerator) / Decimal(10**places)
        expected = int(exact.quantize(Decimal(1), rounding=DECIMAL[mode]))
    assert divide(numerator, 10**places, mode) == expected


@given(BIG, st.integers(-(10**9), 10**9).filter(bool), st.sampled_from(Rounding))
def test_divide_is_the_nearest_whole_and_symmetric(numerator: int, denominator: int, mode: Rounding) -> None:
    exact = Fraction(numerator, denominator)
    result = divide(numerator, denominator, mode)
    assert divide(-numerator, denominator, mode) == -result
    distance = abs(exact - result)
    if mode is Rounding.DOWN:
        assert distance < 1
        assert abs(result) <= abs(exact)
    else:
        assert distance <= Fraction(1, 2)


@given(st.integers(-(10**6), 10**6), st.sampled_from(Rounding))
def test_divide_agrees_with_decimal_at_every_half(whole: int, mode: Rounding) -> None:
    expected = int((Decimal(whole) / 2).quantize(Decimal(1), rounding=DECIMAL[mode]))
    assert divide(whole, 2, mode) == expected


def test_divide_by_nothing_is_refused() -> None:
    with pytest.raises(ZeroDivisionError):
        divide(1, 0)


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(0, 10**12), max_size=30))
def test_allocate_adds_up_and_is_fair(total: int, weights: list[int]) -> None:
    parts = allocate(total, weights)
    assert len(parts) == len(weights)
    assert sum(parts) == (total if weights else 0)
    whole = sum(weights)
    if whole:
        for part, weight in zip(parts, weights, strict=True):
            assert abs(part - Fraction(total * weight, whole)) < 1
            assert weight or not part
            if abs(total) <= whole:
                assert abs(part) <= weight
    elif weights:
        assert parts == [total, *[0] * (len(weights) - 1)]


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**9), min_size=1, max_size=10))
def test_allocate_never_gives_less_for_more_weight(total: int, weights: list[int]) -> None:
    parts = allocate(total, sorted(weights, reverse=True))
    if sum(weights):
        assert parts == sorted(parts, reverse=True)
