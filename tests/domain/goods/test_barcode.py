from __future__ import annotations

import biip.checksums
import pytest
from biip.gtin import Gtin
from biip.upc import Upc
from hypothesis import given
from hypothesis import strategies as st

from tilltui.domain.goods import barcode
from tilltui.domain.goods.barcode import CodeKind, Template, looks_like_gtin, lookup_key, read_plain
from tilltui.errors import BarcodeError

digits = st.text("0123456789", min_size=1, max_size=20)


@given(digits)
def test_check_digit_agrees_with_biip(payload: str) -> None:
    assert barcode.check_digit(payload) == biip.checksums.gs1_standard_check_digit(payload)


@given(digits, st.data())
def test_one_wrong_digit_is_noticed(payload: str, data: st.DataObject) -> None:
    code = payload + str(barcode.check_digit(payload))
    place = data.draw(st.integers(0, len(code) - 1))
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != code[place]]))
    assert barcode.has_valid_check(code)
    assert not barcode.has_valid_check(code[:place] + other + code[place + 1 :])


@pytest.mark.parametrize("text", ["", "12a", "²", "٣٤٥", "12 3"])
def test_check_digit_of_no_digits_is_an_error(text: str) -> None:
    with pytest.raises(BarcodeError, match="expected digits"):
        barcode.check_digit(text)


@given(st.sampled_from("01"), st.text("0123456789", min_size=6, max_size=6))
def test_upce_expands_as_biip_does(system: str, body: str) -> None:
    expected = Upc.parse(system + body).as_upc_a()
    assert barcode.expand_upce(system + body + expected[-1]) == expected


@pytest.mark.parametrize("code", ["04252615", "24252614", "0425261", "0425261x", ""])
def test_what_is_no_upce_is_an_error_that_quotes_it(code: str) -> None:
    with pytest.raises(BarcodeError, match="expected") as caught:
        barcode.expand_upce(code)
    assert repr(code) in str(caught.value)


@pytest.mark.parametrize(
    ("code", "symbology", "key"),
    [
        ("7801234567894", None, "7801234567894"),
        ("012345678905", None, "0012345678905"),
        ("0012345678905", "]E0", "0012345678905"),
        ("00012345678905", "]I1", "0012345678905"),
        ("09506000134352", "]C1", "9506000134352"),
        ("95012345678903", None, "95012345678903"),
        ("96385074", "]E4", "96385074"),
        ("0000096385074", None, "96385074"),
        ("000096385074", None, "96385074"),
        ("00000096385074", None, "96385074"),
        ("04252614", "]E0", "0042100005264"),
        ("04252614", None, "04252614"),
        ("04252614", "]C0", "04252614"),
        ("100000000000", None, "100000000000"),
        ("00000000000001", None, "00000000000001"),
        (" PAN-1\x1b\n", None, "PAN-1"),
        ("x" * 300, None, "x" * 128),
        ("", None, ""),
    ],
)
def test_lookup_key(code: str, symbology: str | None, key: str) -> None:
    assert lookup_key(code, symbology) == key


@given(st.text(max_size=200), st.sampled_from([None, "]E0", "]E4", "]C0"]))
def test_a_key_is_its_own_key_and_printable(code: str, symbology: str | None) -> None:
    key = lookup_key(code, symbology)
    assert lookup_key(key) == key
    assert len(key) <= 128
    assert key.isprintable()


@given(st.sampled_from([7, 11, 12, 13]), st.data())
def test_all_lengths_of_one_gtin_have_one_key(length: int, data: st.DataObject) -> None:
    payload = data.draw(st.text("0123456789", min_size=length, max_size=length))
    code = payload + str(barcode.check_digit(payload))
    key = lookup_key(code)
    assert lookup_key(code.zfill(14)) == key
    assert Gtin.parse(code).as_gtin_14() == key.zfill(14)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7801234567894", True),
        ("96385074", True),
        ("012345678905", True),
        ("09506000134352", True),
        ("7801234567895", False),
        ("12", False),
        ("12345678901", False),
        ("7801234567894 ", False),
        ("", False),
    ],
)
def test_looks_like_gtin(text: str, expected: bool) -> None:
    assert looks_like_gtin(text) is expected


@pytest.mark.parametrize(
    ("text", "symbology", "kind", "key"),
    [
        ("7801234567894", "]E0", CodeKind.EAN13, "7801234567894"),
        ("7801234567894", None, CodeKind.EAN13, "7801234567894"),
        ("7801234567894", "]C0", CodeKind.EAN13, "7801234567894"),
        ("96385074", "]E4", CodeKind.EAN8, "96385074"),
        ("012345678905", None, CodeKind.UPCA, "0012345678905"),
        ("04252614", "]E0", CodeKind.UPCE, "0042100005264"),
        ("95012345678903", "]I1", CodeKind.ITF14, "95012345678903"),
        ("7801234567895", "]C0", CodeKind.OTHER, "7801234567895"),
        ("12345678", None, CodeKind.OTHER, "12345678"),
        ("97712345678981205", "]C0", CodeKind.OTHER, "97712345678981205"),
        ("978020137962412345", "]E3", CodeKind.EAN13, "9780201379624"),
        ("PAN-1", "]A0", CodeKind.OTHER, "PAN-1"),
        ("1", None, CodeKind.OTHER, "1"),
    ],
)
def test_read_plain(text: str, symbology: str | None, kind: CodeKind, key: str) -> None:
    code = read_plain(text, symbology)
    assert (code.kind, code.key) == (kind, key)
    assert code.symbology == (symbology or "")
    assert (code.quantity, code.price, code.lot, code.expiry, code.serial) == (None, None, "", "", "")


@pytest.mark.parametrize(
    ("text", "symbology"),
    [
        ("7801234567895", None),
        ("7801234567895", "]E0"),
        ("012345678906", None),
        ("96385075", "]E4"),
        ("96385075", "]E0"),
    ],
)
def test_a_wrong_check_digit_of_an_ean_is_an_error(text: str, symbology: str | None) -> None:
    with pytest.raises(BarcodeError, match=r"Wrong check digit in .* expected \d, got \d") as caught:
        read_plain(text, symbology)
    assert text in str(caught.value)
    assert caught.value.hint


@pytest.mark.parametrize("text", ["", " ", "\x1b\x1d", "\u202e"])
def test_nothing_legible_is_an_error(text: str) -> None:
    with pytest.raises(BarcodeError, match="at least one legible"):
        read_plain(text)


def test_embedded_codes_before_plain_ones() -> None:
    templates = [Template.parse("21IIIIIWWWWWC"), Template.parse("20IIIIIPPPPPC")]
    weighed = read_plain("2112345012506", "]E0", templates)
    assert weighed.kind is CodeKind.EMBEDDED
    assert (weighed.key, weighed.quantity, weighed.price) == ("2112345", 1250, None)
    payload = "201234501990"
    priced = read_plain(payload + str(barcode.check_digit(payload)), None, templates)
    assert (priced.key, priced.quantity, priced.price) == ("2012345", None, 1990)
    counted = read_plain("290000112", None, [Template.parse("29IIIIINN")])
    assert (counted.key, counted.quantity) == ("2900001", 12_000)


def test_a_misread_label_is_an_error_and_not_another_product() -> None:
    with pytest.raises(BarcodeError, match="Wrong check digit"):
        read_plain("2112345012505", "]E0", [Template.parse("21IIIIIWWWWWC")])


def test_upc_labels_match_in_both_lengths() -> None:
    template = Template.parse("2IIIIIVPPPPC")
    payload = "2123459" + "2875"
    code = payload + str(barcode.check_digit(payload))
    assert read_plain(code, None, [template]).price == 2875
    assert read_plain("0" + code, "]E0", [template]).price == 2875
    assert read_plain(code, None, [Template.parse("02IIIIIVPPPPC")]).key == "0212345"


@given(st.text(max_size=60), st.sampled_from([None, "]E0", "]E3", "]C0", "]Q1", "nonsense"]))
def test_any_text_is_a_code_or_a_barcode_error(text: str, symbology: str | None) -> None:
    try:
        code = read_plain(text, symbology, [Template.parse("2.IIIIWWWWWC")])
    except BarcodeError:
        return
    assert code.key
    assert code.text.isprintable()


def test_split_aim() -> None:
    assert barcode.split_aim("]C1010950") == ("]C1", "010950")
    assert barcode.split_aim("]]0x") == (None, "]]0x")
    assert barcode.split_aim("780") == (None, "780")
