"""What the customer reads."""

from __future__ import annotations

import doctest
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilltui.domain.money.money import MAX_AMOUNT, Currency
from tilltui.i18n import set_language
from tilltui.services.devices import display
from tilltui.services.devices.display import CustomerLines, centred, row
from tilltui_drivers.virtual.displays.display import VirtualDisplay, VirtualDisplaySettings

CLP = Currency("CLP", 0)
EUR = Currency("EUR", 2, "€", symbol_after=True)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    set_language("en")
    yield
    set_language("en")


@pytest.fixture
def glass() -> VirtualDisplay:
    return VirtualDisplay("pole", VirtualDisplaySettings())


@pytest.fixture
def lines(glass: VirtualDisplay) -> CustomerLines:
    return CustomerLines([glass], CLP, ["Almacén Rosita", "Bienvenidos"])


def test_item_and_total(lines: CustomerLines, glass: VirtualDisplay) -> None:
    lines.rung("Leche entera 1 litro", 1290, 12990)
    assert glass.lines == ("Leche entera  $1.290", "TOTAL        $12.990")
    lines.rung("Pan", -990, 12000)
    assert glass.lines == ("Pan            -$990", "TOTAL        $12.000")


def test_total_change_and_greeting(lines: CustomerLines, glass: VirtualDisplay) -> None:
    lines.total(12990)
    assert glass.lines == (" " * 20, "TOTAL        $12.990")
    lines.change(7010)
    assert glass.lines == ("     Thank you!     ", "CHANGE        $7.010")
    lines.change(0)
    assert glass.lines == ("     Thank you!     ", " " * 20)
    lines.idle()
    assert glass.lines == ("   Almacen Rosita   ", "    Bienvenidos     ")


def test_without_a_greeting_nothing_stays(glass: VirtualDisplay) -> None:
    lines = CustomerLines([glass], CLP)
    lines.total(1)
    lines.idle()
    assert glass.lines == (" " * 20, " " * 20)


def test_a_shop_without_a_display() -> None:
    lines = CustomerLines([], CLP, ["x"])
    lines.rung("x", 1, 1)
    lines.total(1)
    lines.change(1)
    lines.idle()


def test_other_currencies_and_large_amounts(glass: VirtualDisplay) -> None:
    lines = CustomerLines([glass], EUR)
    lines.rung("Jamón ibérico", 1999, 1999)
    assert glass.lines == ("Jamon iberic 19,99 E", "TOTAL        19,99 E")


@given(
    name=st.text(max_size=60),
    amount=st.integers(-MAX_AMOUNT, MAX_AMOUNT),
    currency=st.sampled_from([CLP, Currency("EUR", 2, "€"), Currency("KWD", 3, "KWD ", ",", ".")]),
)
def test_an_amount_is_never_cut(name: str, amount: int, currency: Currency) -> None:
    glass = VirtualDisplay("pole", VirtualDisplaySettings())
    CustomerLines([glass], currency).rung(name, amount, amount)
    for line in glass.lines:
        assert len(line) == 20
        digits = "".join(c for c in line.rpartition(" ")[2] if c.isdigit())
        assert int(digits) == abs(amount)
    assert ("-" in glass.lines[1]) == (amount < 0)


def test_rows() -> None:
    assert row("a" * 50, "$1") == "a" * 17 + " $1"
    assert row("TOTAL", "9" * 20) == "9" * 20
    assert row("ab\u094d\u0301", "$1") == f"{'ab':<17} $1"
    assert centred("x" * 30) == "x" * 20


def test_the_examples_in_the_documentation() -> None:
    assert doctest.testmod(display) == (0, 2)
