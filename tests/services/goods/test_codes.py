from __future__ import annotations

import subprocess
import sys

import biip
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilltui.domain.goods.barcode import CodeKind, ScannedCode, Template, check_digit
from tilltui.errors import BarcodeError
from tilltui.services.goods.codes import CodeReader

CHILE = CodeReader([Template.parse("21IIIIIWWWWWC")], decimals=0, currency="CLP")
EURO = CodeReader([], decimals=2, currency="EUR")
GTIN = "09506000134352"
KEY = "9506000134352"


def test_every_field_of_an_element_string() -> None:
    code = EURO.read(f"01{GTIN}3103001250392212\x1d1526123110LOTE7\x1d21S-9", "]C1")
    assert code == ScannedCode(
        key=KEY,
        kind=CodeKind.GS1,
        text=f"01{GTIN}3103001250392212 1526123110LOTE7 21S-9",
        quantity=1250,
        price=12,
        lot="LOTE7",
        expiry="2026-12-31",
        serial="S-9",
        symbology="]C1",
    )


@pytest.mark.parametrize(
    ("text", "symbology"),
    [
        (f"01{GTIN}10A\x1d17261231", "]C1"),
        (f"01{GTIN}10A\x1d17261231", "]d2"),
        (f"01{GTIN}10A\x1d17261231", "]Q3"),
        (f"01{GTIN}10A\x1d17261231", "]e0"),
        (f"\x1d01{GTIN}10A\x1d17261231", None),
        (f"]C101{GTIN}10A\x1d17261231", None),
        (f"01{GTIN}1726123110A", None),
        (f"(01){GTIN}(10)A(17)261231", None),
        (f"(10)A(17)261231(01){GTIN}", "]C0"),
        (f"https://id.gs1.org/01/{GTIN}/10/A?17=261231", "]Q1"),
        (f"HTTPS://SHOP.EXAMPLE/x/01/{GTIN}/10/A?17=261231", None),
    ],
)
def test_all_the_ways_to_write_the_same(text: str, symbology: str | None) -> None:
    code = EURO.read(text, symbology)
    assert (code.kind, code.key, code.lot, code.expiry) == (CodeKind.GS1, KEY, "A", "2026-12-31")


@pytest.mark.parametrize(
    ("fields", "quantity"),
    [
        ("3100000012", 12_000),
        ("3103001250", 1250),
        ("3105001250", 13),
        ("3105000049", None),
        ("3105000050", 1),
        ("3012", 12_000),
        ("3103000000", None),
        ("3103000500\x1d3012", 500),
        ("3203001250", None),
    ],
)
def test_quantities(fields: str, quantity: int | None) -> None:
    assert EURO.read(f"01{GTIN}{fields}", "]C1").quantity == quantity


@pytest.mark.parametrize(
    ("reader", "field", "price"),
    [
        (EURO, "39221250", 1250),
        (EURO, "392012", 1200),
        (EURO, "39231250", 125),
        (EURO, "39231255", None),
        (CHILE, "39201250", 1250),
        (CHILE, "3922125000", 1250),
        (CHILE, "3922125050", None),
        (CHILE, "39201521250", 1521250),
        (CHILE, "39301521250", 1250),
        (EURO, "39301521250", None),
        (EURO, "39329781250", 1250),
        (CodeReader([]), "39329781250", None),
        (EURO, "39220000", None),
    ],
)
def test_prices(reader: CodeReader, field: str, price: int | None) -> None:
    assert reader.read(f"01{GTIN}{field}", "]C1").price == price


def test_use_by_goes_before_best_before_and_day_zero_is_the_end_of_the_month() -> None:
    assert EURO.read(f"01{GTIN}1526010117260200", "]C1").expiry == "2026-02-28"


@pytest.mark.parametrize(
    ("text", "symbology"),
    [
        ("0109506000134353", "]C1"),
        (f"01{GTIN}9", "]C1"),
        (f"01{GTIN}17269931", "]C1"),
        ("00106141412345678908", "]C1"),
        ("https://example.org/hello", "]Q1"),
        ("https://[/01/x", "]Q1"),
        ("(01)123(10)A", None),
        ("10LOT\x1d21SER", None),
        (f"01{GTIN}" + "10A\x1d" * 400, "]C1"),
    ],
)
def test_what_is_no_trade_item_stays_as_it_is(text: str, symbology: str | None) -> None:
    code = EURO.read(text, symbology)
    assert code.kind is CodeKind.OTHER
    assert code.key
    assert code.quantity is None


def test_plain_and_embedded_codes() -> None:
    assert CHILE.read("7801234567894").kind is CodeKind.EAN13
    assert CHILE.read("]E07801234567894").symbology == "]E0"
    weighed = CHILE.read("2112345012506", "]E0")
    assert (weighed.kind, weighed.key, weighed.quantity) == (CodeKind.EMBEDDED, "2112345", 1250)
    with pytest.raises(BarcodeError, match="Wrong check digit"):
        CHILE.read("7801234567895")


@given(st.sampled_from([7, 11, 12, 13]), st.data())
def test_keys_agree_with_biip(length: int, data: st.DataObject) -> None:
    payload = data.draw(st.text("0123456789", min_size=length, max_size=length))
    code = payload + str(check_digit(payload))
    gtin = biip.parse(code).gtin
    assert gtin is not None
    assert EURO.read(code).key.zfill(14) == gtin.as_gtin_14()


@given(
    st.one_of(
        st.text(max_size=60),
        st.text("01379()\x1d]Ced", max_size=40),
        st.text("0123456789\x1d()AZ", max_size=40).map(lambda s: f"01{GTIN}{s}"),
        st.text("01/?=&%:[]", max_size=30).map(lambda s: f"https://x.example/01/{GTIN}{s}"),
    ),
    st.sampled_from([None, "]C1", "]Q3", "]Q1", "]E0"]),
)
def test_any_text_is_a_code_or_a_barcode_error(text: str, symbology: str | None) -> None:
    try:
        code = EURO.read(text, symbology)
    except BarcodeError:
        return
    assert code.key.isprintable()
    assert code.key
    assert (code.lot + code.serial).isprintable()


def test_biip_is_imported_at_the_first_gs1_code_only() -> None:
    script = (
        "import sys; sys.path[:0] = ['.', 'drivers'];"
        "from tilltui.services.goods.codes import CodeReader;"
        "r = CodeReader([]); r.read('7801234567894', ']E0'); r.read('PAN-1'); r.read('12');"
        "assert 'biip' not in sys.modules;"
        f"r.read('01{GTIN}', ']C1'); assert 'biip' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
