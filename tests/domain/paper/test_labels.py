"""Shelf labels: what stands on them, and which code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilltui.domain.countries.known import COUNTRIES
from tilltui.domain.goods.gtin import check_digit, lookup_key
from tilltui.domain.paper.elements import Barcode, Cut, Element, Rule, Text
from tilltui.domain.paper.labels import LARGE_NAME, MAX_COPIES, LabelOf, bar_code, labels, shelf_label

CLP = COUNTRIES["CL"].currency
MILK = LabelOf("1001", "Leche entera 1 l", 1190, codes=("7801234567894",))


def words(elements: list[Element]) -> list[str]:
    return [" ".join(filter(None, (e.left, e.center, e.right))) for e in elements if isinstance(e, Text)]


def test_a_label_says_name_price_number_and_shop() -> None:
    label = shelf_label(MILK, "Almacén Rosita", CLP)
    assert words(label) == ["Leche entera 1 l", "$1.190", "1001 Almacén Rosita"]
    assert Barcode("7801234567894", "ean13") in label
    assert [e.size for e in label if isinstance(e, Text)] == [2, 2, 1]


@pytest.mark.parametrize(("unit", "price"), [("u", "$1.190"), ("kg", "$1.190 / kg"), ("l", "$1.190 / l")])
def test_what_is_weighed_or_poured_has_its_price_per_unit(unit: str, price: str) -> None:
    assert price in words(shelf_label(LabelOf("1", "Queso", 1190, unit), "", CLP))


def test_an_open_price_is_not_on_the_label() -> None:
    label = shelf_label(LabelOf("9", "Varios", 0, open_price=True), "Rosita", CLP)
    assert not any("$" in text for text in words(label))


def test_a_long_name_is_small_and_whole() -> None:
    name = "Detergente líquido concentrado para ropa de color"
    assert len(name) > LARGE_NAME
    first = shelf_label(LabelOf("1", name, 1), "", CLP)[0]
    assert isinstance(first, Text)
    assert (first.center, first.size) == (name, 1)


@pytest.mark.parametrize(
    ("codes", "sku", "expected"),
    [
        (("7801234567894",), "1", Barcode("7801234567894", "ean13")),
        (("96385074",), "1", Barcode("96385074", "ean8")),
        # A UPC-A is kept with its zero in front.
        (("0012345678905",), "1", Barcode("0012345678905", "ean13")),
        # The single item before its carton, whichever came first.
        (("17801234567891", "7801234567894"), "1", Barcode("7801234567894", "ean13")),
        (("17801234567891",), "1", Barcode("17801234567891")),
        (("ABC-12",), "1", Barcode("ABC-12")),
        ((), "SKU 7", Barcode("SKU 7")),
        # Eight digits that are no EAN-8 are the shop's own.
        (("12345678",), "1", Barcode("12345678")),
        # A scanner would read a broken EAN: the SKU finds the product all the same.
        (("7801234567895",), "77", Barcode("77")),
        ((), "7801234567895", None),
        ((), "Ñ1", None),
        ((), "x" * 49, None),
        # Read as bars it would become the EAN-13 0123456789012, which the SKU is not.
        ((), "123456789012", None),
    ],
)
def test_the_code_is_one_that_finds_the_product(
    codes: tuple[str, ...], sku: str, expected: Barcode | None
) -> None:
    assert bar_code(LabelOf(sku, "x", 1, codes=codes)) == expected


@given(st.text(max_size=60), st.lists(st.text("0123456789", max_size=14), max_size=3))
def test_whatever_the_code_a_scan_of_it_finds_the_same(sku: str, codes: list[str]) -> None:
    kept = tuple(lookup_key(code) for code in codes)
    found = bar_code(LabelOf(sku, "x", 1, codes=kept))
    if found is None:
        return
    assert lookup_key(found.data) == found.data
    assert found.data in (*kept, sku)
    if found.symbology != "code128":
        assert check_digit(found.data[:-1]) == int(found.data[-1])


def test_labels_are_cut_apart_or_parted_by_a_line() -> None:
    three = [MILK, LabelOf("2", "Pan", 990), LabelOf("3", "Té", 1500)]
    cut = labels(three, "Rosita", CLP)
    assert sum(isinstance(e, Cut) for e in cut) == 3
    assert not any(isinstance(e, Rule) for e in cut)
    torn = labels(three, "Rosita", CLP, cuts=False)
    assert [type(e) for e in torn if isinstance(e, Cut | Rule)] == [Rule, Rule, Cut]
    assert labels([], "Rosita", CLP) == labels([], "Rosita", CLP, cuts=False) == []


@pytest.mark.parametrize(("copies", "expected"), [(-1, 1), (0, 1), (1, 1), (3, 3), (10_000, MAX_COPIES)])
def test_copies_are_bounded(copies: int, expected: int) -> None:
    assert sum(isinstance(e, Cut) for e in labels([MILK], "", CLP, copies=copies)) == expected
