import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilltui.domain.paper.elements import QR, Cut, Element, Feed, Rule, Text
from tilltui.domain.paper.layout import Line, lay_out, to_text

WORDS = st.text(st.sampled_from("abcñ 12.,-"), max_size=90)


def shown(element: Element, columns: int) -> list[str]:
    return [item.text for item in lay_out([element], columns) if isinstance(item, Line)]


@pytest.mark.parametrize(
    ("element", "columns", "expected"),
    [
        (Text("Leche", right="1.290"), 16, ["Leche      1.290"]),
        (Text("Leche entera larga", right="1.290"), 16, ["Leche      1.290", "entera", "larga"]),
        (Text("Leche entera", right="123.456.789,00"), 16, ["Leche entera", "  123.456.789,00"]),
        (Text("  2 x 990", right="1.980", indent=2), 20, ["    2 x 990    1.980"]),
        (Text("uno dos tres cuatro", indent=2), 12, ["  uno dos", "  tres", "  cuatro"]),
        (Text(center="hola"), 10, ["   hola"]),
        (Text(center="una frase que no cabe"), 10, ["una frase", "  que no", "   cabe"]),
        (Text("a", "b", "c"), 9, ["a   b   c"]),
        (Text("aaaa", "bbbb", "cc"), 10, ["   bbbb", "aaaa    cc"]),
        (Text("Supercalifragilistico"), 10, ["Supercalif", "ragilistic", "o"]),
        (Text(), 10, [""]),
        (Text(right="9"), 4, ["   9"]),
        (Text("TOTAL", right="12.990", size=2), 32, ["TOTAL     12.990"]),
        (Rule("="), 5, ["====="]),
        (Feed(2), 5, ["", ""]),
        (Feed(10_000), 5, [""] * 30),
    ],
)
def test_lines(element: Element, columns: int, expected: list[str]) -> None:
    assert shown(element, columns) == expected


def test_double_size_halves_the_columns() -> None:
    (line,) = lay_out([Text("TOTAL", right="12.990", bold=True, size=2)], 48)
    assert line == Line("TOTAL             12.990", True, 2)


@given(WORDS, WORDS, WORDS, st.sampled_from([1, 2]), st.integers(0, 8), st.sampled_from([32, 42, 48]))
def test_no_line_is_too_wide_and_nothing_is_lost(
    left: str, center: str, right: str, size: int, indent: int, columns: int
) -> None:
    rows = shown(Text(left, center, right, size=size, indent=indent), columns)
    assert all(len(row) <= columns // size for row in rows)
    printed = sorted("".join(rows).replace(" ", ""))
    assert printed == sorted((left + center + right).replace(" ", ""))


def test_right_column_is_never_broken_when_it_fits_a_line() -> None:
    for columns in (32, 42, 48):
        rows = shown(Text("palabra " * 12, right="1.234.567,89"), columns)
        assert any(row.endswith("1.234.567,89") for row in rows)


def test_the_fold_runs_before_the_width_is_counted() -> None:
    (line,) = lay_out([Text("a…", right="b")], 8, lambda text: text.replace("…", "..."))
    assert line == Line("a...   b")


def test_graphics_pass_through_in_order() -> None:
    items = lay_out([Text("a"), QR("x"), Cut()], 10)
    assert items == [Line("a"), QR("x"), Cut()]


def test_preview_shows_no_control_characters() -> None:
    shown = to_text([Text("a\x1b[2Jb"), QR("y\x07" * 40), Cut()], 20)
    assert shown == "a [2Jb\n[QR y y y y y y y ~]\n- - - - - - - - - -\n"


def test_no_columns_is_an_error() -> None:
    with pytest.raises(ValueError, match="at least 1 column"):
        lay_out([Text("a")], 0)
