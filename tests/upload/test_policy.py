"""Batch sizes and pauses."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilltui.upload.policy import CAP_SECONDS, MAX_BATCH, BackOff, BatchSize


def test_a_batch_grows_to_two_hundred_and_halves_down_to_one() -> None:
    size = BatchSize()
    grown = []
    for _ in range(9):
        grown.append(size.size)
        size.succeeded()
    assert grown == [25, 50, 75, 100, 125, 150, 175, 200, 200]
    shrunk = []
    for _ in range(9):
        size.failed()
        shrunk.append(size.size)
    assert shrunk == [100, 50, 25, 12, 6, 3, 1, 1, 1]


def test_the_ceiling_doubles_from_one_second_to_three_hundred_without_end() -> None:
    back_off = BackOff(uniform=lambda: 1.0)
    assert [back_off.failed() for _ in range(11)] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    back_off.failures = 10**9
    assert back_off.failed() == 300
    back_off.succeeded()
    assert back_off.failed() == 1


def test_the_pause_is_anywhere_below_the_ceiling() -> None:
    assert BackOff(uniform=lambda: 0.0).failed() == 0
    assert BackOff(uniform=lambda: 0.25).failed() == 0.25


@pytest.mark.parametrize(
    ("asked", "pause"),
    [(7.0, 7.0), (86400.0, 300.0), (0.0, 0.5), (-5.0, 0.5), (math.nan, 0.5), (math.inf, 0.5), (None, 0.5)],
)
def test_the_server_sets_the_pace_within_reason(asked: float | None, pause: float) -> None:
    assert BackOff(uniform=lambda: 0.5).failed(asked) == pause


@given(st.lists(st.booleans(), max_size=200), st.floats(0, 1), st.none() | st.floats())
def test_sizes_and_pauses_never_leave_their_bounds(
    story: list[bool], luck: float, asked: float | None
) -> None:
    size, back_off = BatchSize(), BackOff(uniform=lambda: luck)
    for good in story:
        if good:
            size.succeeded()
            back_off.succeeded()
        else:
            size.failed()
            assert 0 <= back_off.failed(asked) <= CAP_SECONDS
        assert 1 <= size.size <= MAX_BATCH
