import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilltui_drivers.printers.codepage import PAGES, CodePage

SPANISH = "¿Ñandú? ¡Pingüino! áéíóúü ÁÉÍÓÚÜ ñÑ çÇ ãõÃÕ âêô àÀ ºª"
"""What Spanish and Portuguese receipts are written with."""


@pytest.mark.parametrize("page", ["cp858", "cp1252", "cp850"])
def test_spanish_and_portuguese_are_exact(page: str) -> None:
    raw = CodePage(page).encode(SPANISH)
    assert raw.decode(page) == SPANISH
    assert len(raw) == len(SPANISH)


@pytest.mark.parametrize(
    ("page", "text", "expected"),
    [
        ("cp858", "€ 5", b"\xd5 5"),
        ("cp1252", "€ 5", b"\x80 5"),
        ("cp850", "€ 5", b"EUR 5"),
        ("cp437", "Índice Á", b"Indice A"),
        ("cp437", "ñ é ü ¿ ¡", b"\xa4 \x82 \x81 \xa8 \xad"),
        ("cp858", "₡1.500", b"\xbd1.500"),
        ("cp1252", "₡1.500", b"\xa21.500"),
        ("cp437", "₡1.500", b"\x9b1.500"),
        ("cp858", "“Hola” — ‘x’…", b"\"Hola\" - 'x'..."),
        ("cp1252", "“Hola”", b"\x93Hola\x94"),
        ("cp858", "a\u00a0b\u00adc", b"a bc"),
        ("cp858", "nu\u0303", b"nu"),
        ("cp858", "e\u0301", b"\x82"),
        ("cp858", "中文 ж", b"?? ?"),
        ("cp858", "ﬁn ½ ²", b"fin \xab \xfd"),
        ("cp858", "a\x1bp\x00\tb\x7f", b"a p  b "),
    ],
)
def test_bytes(page: str, text: str, expected: bytes) -> None:
    assert CodePage(page).encode(text) == expected


@pytest.mark.parametrize("page", PAGES)
@given(text=st.text(max_size=60))
def test_no_byte_is_a_command_and_each_character_is_one_cell(page: str, text: str) -> None:
    code = CodePage(page)
    folded = code.printable(text)
    raw = code.encode(text)
    assert all(byte >= 0x20 and byte != 0x7F for byte in raw)
    assert len(raw) == len(folded)
    assert code.printable(folded) == folded


@pytest.mark.parametrize("page", PAGES)
def test_every_single_character_is_harmless(page: str) -> None:
    code = CodePage(page)
    for number in range(0x11000):
        if unicodedata.category(chr(number)) != "Cs":
            assert all(byte >= 0x20 and byte != 0x7F for byte in code.encode(chr(number)))


def test_the_last_gate_trusts_no_step_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CodePage, "printable", lambda self, text: text)
    assert CodePage("cp858").encode("a\x1bp\x00\x7f\n") == b"a?p???"


def test_unknown_page_is_named() -> None:
    with pytest.raises(ValueError, match=r"'cp999'.*cp858"):
        CodePage("cp999")
