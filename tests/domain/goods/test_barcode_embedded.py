from __future__ import annotations

import biip.checksums
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilltui.domain.goods.embedded import Embedded, Template, price_check_digit
from tilltui.domain.goods.gtin import check_digit
from tilltui.errors import BarcodeError


def sealed(payload: str) -> str:
    return payload + str(check_digit(payload))


@given(st.integers(4, 5).flatmap(lambda n: st.text("0123456789", min_size=n, max_size=n)))
def test_price_check_digit_agrees_with_biip(field: str) -> None:
    assert price_check_digit(field) == biip.checksums.gs1_price_weight_check_digit(field)


@pytest.mark.parametrize("field", ["", "123", "123456", "12a4", "٣٣٣٣"])
def test_price_check_digit_of_other_lengths_is_an_error(field: str) -> None:
    with pytest.raises(BarcodeError, match="4 or 5 digits"):
        price_check_digit(field)


@pytest.mark.parametrize(
    ("layout", "code", "found"),
    [
        ("21IIIIIWWWWWC", sealed("211234501250"), Embedded("2112345", "12345", weight=1250)),
        ("20 IIIII PPPPP C", sealed("201234500990"), Embedded("2012345", "12345", price=990)),
        ("29IIIIIINNNNC", sealed("291234560012"), Embedded("29123456", "123456", count=12)),
        ("2[0-4]IIII V PPPPP C", sealed("231234" + "6" + "14685"), Embedded("231234", "1234", price=14685)),
        ("2.IIIIIWWWWWC", sealed("271234501250"), Embedded("212345", "12345", weight=1250)),
        ("[2-2]6IIIWWWWPPPPC", sealed("2612312501999"), Embedded("26123", "123", weight=1250, price=1999)),
        ("28PPPPPIIIIIC", sealed("280050012345"), Embedded("2812345", "12345", price=500)),
        ("21IIIIIWWWWWC", sealed("211234500000"), Embedded("2112345", "12345")),
        ("99III", "99123", Embedded("99123", "123")),
    ],
)
def test_match(layout: str, code: str, found: Embedded) -> None:
    assert Template.parse(layout).match(code) == found


@pytest.mark.parametrize(
    ("layout", "code"),
    [
        ("21IIIIIWWWWWC", "2212345012504"),
        ("21IIIIIWWWWWC", "211234501250"),
        ("21IIIIIWWWWWC", "2112345012505"),
        ("21IIIIIWWWWWC", "21123450125x7"),
        ("21IIIIIWWWWWC", "2112345012506\n"),
        ("2[0-4]IIIIVPPPPPC", sealed("251234" + "6" + "14685")),
        ("2[0-4]IIIIVPPPPPC", sealed("231234" + "7" + "14685")),
    ],
)
def test_no_match(layout: str, code: str) -> None:
    assert Template.parse(layout).match(code) is None


@pytest.mark.parametrize(
    ("layout", "expected"),
    [
        ("", "4 to 128"),
        ("21IIIIIXXXXXC", "4 to 128"),
        ("2[0-IIIII", "4 to 128"),
        ("I" * 129, "4 to 128"),
        ("21IIWWIIC", "one piece"),
        ("21WWWWWWC", "at least one I"),
        ("21IIIWWNNC", "not both"),
        ("21IIICWWWW", "last sign"),
        ("21IIIWWWCC", "last sign"),
        ("21IIIIVPPPPPPC", "4 or 5"),
        ("21IIIIVVPPPPC", "one V"),
        ("2[5-1]IIIIWWWWWC", "lower to the higher"),
    ],
)
def test_a_bad_layout_is_an_error_that_quotes_it(layout: str, expected: str) -> None:
    with pytest.raises(BarcodeError, match=expected) as caught:
        Template.parse(layout)
    assert repr(layout) in str(caught.value)
    assert caught.value.hint


@given(st.text("0123456789IWPNVC.[]- ", max_size=20))
def test_any_layout_is_a_template_or_a_barcode_error(layout: str) -> None:
    try:
        template = Template.parse(layout)
    except BarcodeError:
        return
    assert template.match("") is None
    assert Template.parse(template.layout) == template


@given(st.integers(0, 99_999), st.integers(1, 99_999))
def test_every_weight_comes_back(item: int, weight: int) -> None:
    found = Template.parse("21IIIIIWWWWWC").match(sealed(f"21{item:05}{weight:05}"))
    assert found == Embedded(f"21{item:05}", f"{item:05}", weight=weight)
