"""Hostile text comes out harmless."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilltui.domain.text import clean, fold

ANY = st.text(st.characters(codec=None, exclude_categories=()), max_size=80)
NASTY = st.text(
    "eA\u0301\u0308\u0327\u1100\u1161"  # what composes
    "\u200d\u202e\u2066\u00ad\ufeff\ud800\ue000\u0378\x1b"  # what is dropped
    " \t\n\u00a0\u2028[]/\\"
)


@given(ANY | NASTY, st.integers(0, 60))
def test_clean_text_is_harmless_and_stays_as_it_is(text: str, limit: int) -> None:
    result = clean(text, limit)
    assert len(result) <= limit
    assert result == result.strip()
    assert "  " not in result
    assert unicodedata.is_normalized("NFC", result)
    for char in result:
        assert unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
        assert char == " " or not char.isspace()
    assert clean(result, limit) == result
    result.encode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Leche\x1b[2J\tentera", "Leche[2J entera"),
        ("e\u200d\u0301", "é"),
        ("\u202eevil\u202c", "evil"),
        ("a \u200b b", "a b"),
        ("\ud83d", ""),
        ("Ñandú  [/foo]", "Ñandú [/foo]"),
        ("\u00adsoft", "soft"),
        ("\x9b2J", "2J"),
        ("a\u2028b\x85c", "a b c"),
    ],
)
def test_clean_table(text: str, expected: str) -> None:
    assert clean(text) == expected


@pytest.mark.parametrize(
    "piece", ["a", " ", "\u0301", "\u202e", "\x1b[", "e\u0301\u0323", "\ud800", "a\u200d"]
)
def test_a_megabyte_of_anything_costs_what_a_name_costs(piece: str) -> None:
    began = time.process_time()
    result = clean(piece * (1_000_000 // len(piece)))
    assert time.process_time() - began < 0.1
    assert len(result) <= 120


@given(ANY)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(("a", "b"), [("Ñandú", "nandu"), ("İstanbul", "istanbul"), ("STRASSE", "straße")])
def test_names_that_compare_equal(a: str, b: str) -> None:
    assert fold(a) == fold(b)
