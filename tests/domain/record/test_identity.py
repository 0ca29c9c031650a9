"""Identities sort, JSON has one form, and the chain sees every change."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilltui.domain.record.identity import GENESIS, canonical, chain, new_epoch, uuid7

MS = st.integers(0, 2**48 - 1)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8"), max_size=10),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)
NAMES = st.text("abcdef0123456789-", min_size=1, max_size=20)
RECORDS = st.tuples(
    st.text("0123456789abcdef", min_size=64, max_size=64),
    NAMES,
    NAMES,
    st.integers(0, 2**63),
    NAMES,
    st.binary(max_size=50),
)


@given(MS, MS)
def test_identities_sort_by_time(a: int, b: int) -> None:
    first, second = uuid7(a), uuid7(b)
    if a != b:
        assert (first < second) == (a < b)
    parsed = uuid.UUID(first)
    assert parsed.version == 7
    assert parsed.variant == uuid.RFC_4122
    assert parsed.int >> 80 == a


def test_identities_of_one_moment_differ() -> None:
    assert len({uuid7(1_700_000_000_000) for _ in range(1000)}) == 1000
    assert len({new_epoch() for _ in range(1000)}) == 1000
    assert len(new_epoch()) == 16


def _shuffled(value: Any) -> Any:
    """The same value with every object's keys the other way round."""
    if isinstance(value, dict):
        return {key: _shuffled(value[key]) for key in reversed(value)}
    return [_shuffled(item) for item in value] if isinstance(value, list) else value


@given(JSON)
def test_json_has_one_form(value: Any) -> None:
    data = canonical(value)
    assert json.loads(data) == value
    assert canonical(_shuffled(value)) == data
    assert canonical(json.loads(data)) == data
    assert b"\n" not in data


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {"a": "\ud800"}])
def test_what_json_cannot_say_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        canonical(value)


@given(RECORDS, RECORDS)
def test_any_change_shows_in_the_chain(
    a: tuple[str, str, str, int, str, bytes], b: tuple[str, str, str, int, str, bytes]
) -> None:
    assert (chain(*a) == chain(*b)) == (a == b)
    for i in range(len(a)):
        mixed: Any = (*a[:i], b[i], *a[i + 1 :])
        assert (chain(*mixed) == chain(*a)) == (a[i] == b[i])


def test_the_chain_is_the_documented_hash() -> None:
    # printf '%064d\n1\nabc\n1\nsale\n{}' 0 | sha256sum
    assert chain(GENESIS, "1", "abc", 1, "sale", b"{}") == (
        "5a0df69b95fb1dbfd2eac6192ebb099c4db691b484f0c62b1e998dadc06e503b"
    )


@pytest.mark.parametrize("field", range(5))
def test_a_line_feed_cannot_move_a_field(field: int) -> None:
    record: list[Any] = [GENESIS, "1", "abc", 1, "sale", b"{}"]
    record[field] = f"{record[field]}\n"
    with pytest.raises(ValueError, match="line feed"):
        chain(*record)
