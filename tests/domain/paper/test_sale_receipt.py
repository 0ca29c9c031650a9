"""The receipt: complete, from the journal body alone, the same for ever."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from string import Formatter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.till_lines import DAY, LINES, RETURNS, TABLE, make_line, return_line
from tilltui.domain.countries.known import COUNTRIES
from tilltui.domain.money.money import RATE_UNIT, Currency
from tilltui.domain.paper.elements import Barcode, Cut, Element, Text, from_data, to_data
from tilltui.domain.paper.letterhead import ReceiptHead
from tilltui.domain.paper.sale_receipt import sale_receipt
from tilltui.domain.paper.z_report import z_report
from tilltui.domain.paying.settlement import Settlement
from tilltui.domain.paying.tenders import CARD, VOUCHER
from tilltui.domain.record.identity import canonical
from tilltui.domain.record.sales.closing import Closing, body
from tilltui.domain.record.sales.sale_record import SaleRecord
from tilltui.domain.record.shift_record import ShiftReport
from tilltui.domain.selling.basket import Basket

CLP = COUNTRIES["CL"].currency
HEAD = ReceiptHead(
    "Almacén Rosita", "Av. Matta 1234", "76.192.083-9", "RUT", "+56 2 2222 2222", ("Gracias", "Vuelva pronto")
)


def sold(basket: Basket, settlement: Settlement | None = None, **fields: Any) -> dict[str, Any]:
    """The journal body of a basket, paid in cash unless said otherwise."""
    totals = basket.totals(TABLE, DAY)
    settlement = settlement or Settlement(CLP, totals.total).pay_cash()
    closing = Closing("u", basket, totals, settlement, 1, "Rosa", 1, "", 1_700_000_000_000, -180, DAY)
    return body(replace(closing, **fields).checked(), till="1", number=123, grand_total=0)


def rows(elements: Sequence[Element]) -> list[tuple[str, str, str]]:
    return [(e.left, e.center, e.right) for e in elements if isinstance(e, Text)]


def pairs(elements: Sequence[Element]) -> list[tuple[str, str]]:
    return [(left, right) for left, _center, right in rows(elements) if left or right]


def receipt(sale: dict[str, Any], currency: Currency = CLP, **options: Any) -> list[Element]:
    return sale_receipt(SaleRecord.parse(sale), HEAD, currency, str, **options)


def everything() -> dict[str, Any]:
    basket = Basket(customer_id=4, customer="Doña Ana", note="bolsa aparte")
    basket = basket.add(make_line(1990, 2000))
    basket = basket.add(make_line(1290, 450, unit="kg", description="Palta", note="madura", lot="L-7"))
    basket = basket.add(make_line(5000, tax="beer", description="Cerveza"))
    basket = basket.add(make_line(995, tax="exempt", description="Diario"))
    basket = basket.add(make_line(1395, tax="beer", description="Vino"))
    basket = basket.set_line_discount(1, rate=RATE_UNIT // 10).void(3).set_discount(rate=RATE_UNIT // 20)
    total = basket.totals(TABLE, DAY).total
    return sold(basket, Settlement(CLP, total).pay(CARD, 1000, "4242 A123").pay_cash(10_000))


def test_a_whole_receipt() -> None:
    elements = receipt(everything())
    assert pairs(elements) == [
        ("14-11-2023 19:13", "1-000123"),
        ("Served by Rosa", ""),
        ("Customer: Doña Ana", ""),
        ("Leche", "$3.980"),
        ("2 x $1.990", ""),
        ("Discount 10%", "-$398"),
        ("Palta", "$581"),
        ("0,450 kg x $1.290", ""),
        ("Lot L-7", ""),
        ("madura", ""),
        ("Cerveza", "$5.000"),
        ("Diario", "$995"),
        ("Vino", "$1.395"),
        ("Taken back: Cerveza", "-$5.000"),
        ("Subtotal", "$6.553"),
        ("Discount 5%", "-$328"),
        ("TOTAL", "$6.225"),
        ("IVA 19% on $4.274", "$811"),
        ("ILA 20,5% on $950", "$195"),
        ("Exempt", "$945"),
        ("Cash rounding", "-$5"),
        ("To pay", "$6.220"),
        ("Card", "$1.000"),
        ("4242 A123", ""),
        ("Cash", "$10.000"),
        ("Change", "$4.780"),
        ("Note: bolsa aparte", ""),
    ]
    assert [center for _l, center, _r in rows(elements) if center] == [
        "Almacén Rosita",
        "Av. Matta 1234",
        "+56 2 2222 2222",
        "RUT 76.192.083-9",
        "Gracias",
        "Vuelva pronto",
    ]
    double = [e.center or e.left for e in elements if isinstance(e, Text) and e.size == 2]
    assert double == ["Almacén Rosita", "TOTAL"]
    assert [e for e in elements if isinstance(e, Barcode)] == [Barcode("1-000123", "code128")]
    assert elements[-1] == Cut()


def test_a_plain_receipt_says_no_more_than_it_must() -> None:
    labels = [left for left, _right in pairs(receipt(sold(Basket().add(make_line(1190)))))]
    assert labels == ["14-11-2023 19:13", "Served by Rosa", "Leche", "TOTAL", "IVA 19% on $1.000", "Cash"]


def test_a_reprint_from_disk_is_the_same_receipt() -> None:
    sale = everything()
    again = json.loads(canonical(sale))
    assert receipt(again) == receipt(sale)
    assert from_data(json.loads(json.dumps(to_data(receipt(again))))) == receipt(sale)


def test_a_copy_says_so_on_top_and_at_the_bottom() -> None:
    sale = everything()
    original, copy = receipt(sale), receipt(sale, copy=2)
    mark = Text(center="*** COPY 2 ***", bold=True)
    assert copy[0] == mark
    assert copy[-2] == mark
    assert [element for element in copy if element != mark] == original


def test_training_is_not_a_receipt() -> None:
    elements = receipt(sold(Basket().add(make_line()), training=True), copy=1)
    marks = [center for _l, center, _r in rows(elements)]
    assert marks.count("TRAINING – NOT A RECEIPT") == 2
    assert marks.count("*** COPY 1 ***") == 2
    assert not [e for e in elements if isinstance(e, Barcode)]


@pytest.mark.parametrize("number", ["1-000007", ""])
def test_a_return_names_its_sale(number: str) -> None:
    basket = replace(Basket().add(return_line(1995, 2000)), returns=number)
    elements = receipt(sold(basket))
    centers = [center for _l, center, _r in rows(elements)]
    assert "RETURN" in centers
    assert ("Of the sale 1-000007" in centers) == bool(number)
    assert pairs(elements)[2:] == [
        ("Returned: Leche", "-$3.990"),
        ("-2 x $1.995", ""),
        ("TOTAL", "-$3.990"),
        ("IVA 19% on -$3.353", "-$637"),
        ("Cash", "-$3.990"),
    ]


def test_a_void_shows_the_discount_coming_back() -> None:
    basket = Basket().add(make_line()).add(make_line()).set_line_discount(1, amount=100).void(1)
    shown = pairs(receipt(sold(basket)))[2:7]
    assert shown == [
        ("Leche", "$1.000"),
        ("Discount", "-$100"),
        ("Leche", "$1.000"),
        ("Taken back: Leche", "-$1.000"),
        ("Discount", "$100"),
    ]


def test_tax_on_top_leads_to_the_total() -> None:
    usd = COUNTRIES["US"].currency
    basket = Basket().add(make_line(1000, tax="on_top"))
    elements = receipt(sold(basket, Settlement(usd, 1070).pay(CARD)), usd)
    assert pairs(elements)[3:7] == [
        ("Subtotal", "$10.00"),
        ("Tax added", "$0.70"),
        ("TOTAL", "$10.70"),
        ("Tax 7% on $10.00", "$0.70"),
    ]


def test_a_voucher_worth_more_says_what_it_was_worth() -> None:
    basket = Basket().add(make_line(1000))
    elements = receipt(sold(basket, Settlement(CLP, 1000).pay(VOUCHER, 5000, "V-9")))
    assert pairs(elements)[-3:] == [("Voucher", "$1.000"), ("worth $5.000, used up", ""), ("V-9", "")]


def test_the_law_s_part_stands_between_totals_and_foot() -> None:
    stamp = Text(center="Timbre Electrónico")
    elements = receipt(everything(), fiscal=[stamp])
    at = elements.index(stamp)
    assert Text(left="Note: bolsa aparte") in elements[:at]
    assert Text(center="Gracias") in elements[at:]


def test_the_date_follows_the_head_s_pattern() -> None:
    head = replace(HEAD, date_format="%m/%d/%Y %I:%M %p")
    elements = sale_receipt(SaleRecord.parse(everything()), head, CLP, str)
    assert pairs(elements)[0] == ("11/14/2023 07:13 PM", "1-000123")


def test_long_text_does_not_empty_the_roll() -> None:
    sale = everything()
    sale["note"] = "n" * 100_000
    sale["customer"][1] = sale["operator"][1] = sale["payments"][0][5] = "x" * 100_000
    sale["taxes"][0][2] = "t" * 100_000
    for row in sale["lines"]:
        row["name"], row["note"], row["lot"], row["unit"] = ("x" * 100_000,) * 4
    sale["number"] = f"{'9' * 100_000}-000001"
    head = replace(HEAD, name="s" * 100_000, footer=("f" * 100_000,))
    for element in sale_receipt(SaleRecord.parse(sale), head, CLP, str):
        if isinstance(element, Text):
            assert max(map(len, (element.left, element.center, element.right))) < 600
        if isinstance(element, Barcode):
            assert len(element.data) <= 120


def spanish(message: str) -> str:
    """A translation that keeps the fields and leaves no English word."""
    fields = [name for _text, name, _spec, _conv in Formatter().parse(message) if name]
    return "«" + " ".join(f"{{{name}}}" for name in fields) + "»"


def test_every_label_is_translated() -> None:
    sale = everything()
    sale["training"] = True
    english = ("Served", "Customer", "Discount", "Taken", "Subtotal", "TOTAL", " on ", "Exempt", "rounding",
               "To pay", "Card", "Cash", "Change", "Note", "Lot", "COPY", "TRAINING")  # fmt: skip
    shown = str(rows(sale_receipt(SaleRecord.parse(sale), HEAD, CLP, spanish, copy=1)))
    assert not [word for word in english if word in shown]
    assert "«Doña Ana»" in shown


def amount(text: str) -> int:
    return CLP.parse(text)


@given(st.lists(LINES | RETURNS, min_size=1, max_size=8), st.integers(0, RATE_UNIT), st.data())
def test_what_is_printed_adds_up(lines: list[Any], rate: int, data: st.DataObject) -> None:
    basket = Basket()
    for line in lines:
        basket = basket.add(line)
    basket = basket.void(data.draw(st.integers(1, len(lines)))).set_discount(rate=rate)
    sale = sold(basket)
    elements = receipt(sale)
    texts = [e for e in elements if isinstance(e, Text) and e.right][1:]
    total = next(i for i, e in enumerate(texts) if e.left == "TOTAL")
    words = ("Subtotal", "Tax added")
    before = [e for e in texts[:total] if e.left not in words and (e.indent or "Discount" not in e.left)]
    assert sum(amount(e.right) for e in before) == sale["subtotal"]
    after = {e.left: amount(e.right) for e in texts[total:]}
    assert after["TOTAL"] + after.get("Cash rounding", 0) == after.get("Cash", 0) - after.get("Change", 0)


Z: dict[str, Any] = {
    "kind": "z",
    "number": 9,
    "shift": 3,
    "day": DAY,
    "opened_ms": 1_700_000_000_000,
    "closed_ms": 1_700_030_000_000,
    "offset_min": -180,
    "operator": [1, "Rosa"],
    "totals": [
        ["category", "Lácteos", 5, 7500, 20_000],
        ["tender", "cash", 5, 0, 50_000],
        ["tender", "cheque", 1, 0, 7_000],
        ["tax", "IVA 19%", 12, 0, 15_000],
        ["return", "", 1, 1000, -1_000],
        ["sale", "", 12, 15_000, 99_000],
        ["rounding", "", 4, 0, -12],
        ["tips", "Rosa", 2, 0, 500],
    ],
    "grand_total": 1_234_567,
}


def test_a_z_report() -> None:
    elements = z_report(ShiftReport.parse(Z), HEAD, CLP, str)
    assert pairs(elements) == [
        ("Shift 3", DAY),
        ("Opened", "14-11-2023 19:13"),
        ("Closed", "15-11-2023 03:33"),
        ("Closed by Rosa", ""),
        ("Sales (12)", "$99.000"),
        ("Returns (1)", "-$1.000"),
        ("Cash rounding (4)", "-$12"),
        ("Tenders", ""),
        ("Cash (5)", "$50.000"),
        ("cheque (1)", "$7.000"),
        ("Taxes", ""),
        ("IVA 19% (12)", "$15.000"),
        ("Categories", ""),
        ("Lácteos (7,500)", "$20.000"),
        ("tips Rosa (2)", "$500"),
        ("Grand total", "$1.234.567"),
    ]
    assert "Z REPORT 9" in [center for _l, center, _r in rows(elements)]
    assert elements[-1] == Cut()
    assert z_report(ShiftReport.parse(canonical(Z)), HEAD, CLP, str) == elements


def test_a_z_report_says_what_a_total_is_of_and_not_its_key() -> None:
    totals = [
        ["discount", "basket", 1, 0, 500],
        ["discount", "line", 2, 0, 90],
        ["category", "", 1, 2000, 900],
        ["price", "", 3, 0, 1200],
    ]
    shown = pairs(z_report(ShiftReport.parse(Z | {"totals": totals}), HEAD, CLP, lambda text: f"<{text}>"))
    assert ("<Discounts on sales> (1)", "$500") in shown
    assert ("<Discounts on lines> (2)", "$90") in shown
    assert ("<Without a category> (2)", "$900") in shown
    assert ("<Prices changed> (3)", "$1.200") in shown


def test_a_z_report_says_what_is_parked_and_nothing_where_nothing_is() -> None:
    assert ("Parked, not yet paid (2)", "$4.500") in pairs(
        z_report(ShiftReport.parse(Z | {"parked": [2, 4500]}), HEAD, CLP, str)
    )
    none = pairs(z_report(ShiftReport.parse(Z | {"parked": [0, 0]}), HEAD, CLP, str))
    assert not [left for left, _right in none if "Parked" in left]


def test_no_sum_is_left_off_a_z_report() -> None:
    shown = [right for _left, right in pairs(z_report(ShiftReport.parse(Z), HEAD, CLP, str))]
    for *_kind, total in Z["totals"]:
        assert CLP.format(total) in shown
