"""Order slips and gift receipts, from a journal body."""

from dataclasses import replace
from typing import Any

import pytest

from tests.support.records import sale_record
from tilltui.domain.countries.known import COUNTRIES
from tilltui.domain.paper.elements import Element, Text
from tilltui.domain.paper.letterhead import ReceiptHead
from tilltui.domain.paper.slips import gift_receipt, order_slip, ordered

HEAD = ReceiptHead("Café Ñandú", "Av. Matta 1", "76.192.083-9", "RUT", footer=("¡Vuelva pronto!",))
CLP = COUNTRIES["CL"].currency

BODY: dict[str, Any] = {
    "kind": "sale",
    "number": "1-000007",
    "closed_ms": 1_700_000_000_000,
    "offset_min": -180,
    "operator": [1, "Ana"],
    "customer": [3, "Íñigo"],
    "note": "Para llevar",
    "lines": [
        {"no": 1, "name": "Churrasco", "qty": 2000, "price": 5490, "amount": 10980, "category": "Sándwiches"},
        {"no": 2, "name": "Té", "qty": 1000, "price": 990, "amount": 990, "category": "bebidas"},
        {"no": 3, "name": "Pan", "qty": 350, "unit": "kg", "price": 1990, "amount": 697, "category": "Pan"},
        {"no": 4, "name": "Ají", "qty": 1000, "price": 100, "amount": 100, "category": "Sándwiches",
         "reversed_by": 5},
        {"no": 5, "name": "Ají", "qty": -1000, "price": 100, "amount": -100, "category": "Sándwiches",
         "deed": "void", "reverses": 4},
        {"no": 6, "name": "Lata", "qty": -1000, "price": 500, "amount": -500, "category": "bebidas",
         "deed": "return"},
    ],
}  # fmt: skip
BODY["lines"][0]["note"] = "sin mayonesa"
SALE = sale_record(**BODY)


def to_text(elements: list[Element], _columns: int) -> str:
    """Every line as it is, big letters not spaced."""
    return "\n".join(f"{' ' * e.indent}{e.left}{e.center} {e.right}" for e in elements if isinstance(e, Text))


def same(text: str) -> str:
    return text


def slip(categories: tuple[str, ...], copy: int = 0) -> str:
    return to_text(order_slip(SALE, HEAD, CLP, same, categories=categories, copy=copy), 48)


def test_a_slip_has_its_categories_and_what_was_not_taken_back() -> None:
    text = slip(("sandwiches",))
    assert "2 x Churrasco" in text
    assert "  sin mayonesa" in text
    assert "1-000007" in text
    assert "Íñigo" in text
    assert "Note: Para llevar" in text
    for other in ("Té", "Pan", "Ají", "Lata", "5.490", "10.980", "COPY"):
        assert other not in text


@pytest.mark.parametrize("categories", [("*",), ("no longer there",), ()])
def test_a_slip_is_never_empty(categories: tuple[str, ...]) -> None:
    text = slip(categories)
    assert "2 x Churrasco" in text
    assert "1 x Té" in text
    assert "0,350 kg x Pan" in text


def test_a_copy_of_a_slip_says_so_on_top_and_below() -> None:
    assert slip(("Pan",), copy=2).count("*** COPY 2 ***") == 2


def test_a_gift_receipt_tells_no_price_but_its_number() -> None:
    elements = gift_receipt(SALE, HEAD, CLP, same)
    text = to_text(elements, 48)
    assert "GIFT RECEIPT" in text
    assert "Café Ñandú" in text
    assert "¡Vuelva pronto!" in text
    assert "1-000007" in [getattr(element, "data", "") for element in elements]
    for price in ("5.490", "10.980", "990", "1.990", "697", "$"):
        assert price not in text
    assert "COPY" not in text
    assert "COPY 1" in to_text(gift_receipt(SALE, HEAD, CLP, same, copy=1), 48)


def test_a_practice_sale_gives_no_code_to_return_with() -> None:
    elements = gift_receipt(replace(SALE, training=True), HEAD, CLP, same)
    assert all(not hasattr(element, "symbology") for element in elements)
    assert "TRAINING" in to_text(elements, 48)


@pytest.mark.parametrize(
    ("category", "wanted", "expected"),
    [("Bebidas", ["bebidas"], True), ("", ["*"], True), ("", ["a"], False), ("ab", ["a"], False)],
)
def test_categories(category: str, wanted: list[str], expected: bool) -> None:
    assert ordered(category, wanted) is expected
