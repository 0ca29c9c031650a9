"""Ringing at the screen: scans, quantities, weights, prices, names."""

from __future__ import annotations

import pytest

from tests.ui.cashier import BREAD, MILK, OPEN, SOAP, UNKNOWN, YERBA, Cashier
from tilltui.domain.selling.line import Entry
from tilltui.ui.sale import buffer
from tilltui.ui.sale.state import Mode


async def test_a_scan_rings_and_the_same_again_grows(cashier: Cashier) -> None:
    await cashier.scan(MILK, MILK, YERBA)
    assert cashier.lines == [("Leche entera 1 L", 2000, 2300), ("Yerba mate 500 g", 1000, 3490)]
    text = await cashier.text()
    assert "Leche entera 1 L" in text
    assert "$2.300" in text
    assert "3 items" in text


async def test_quantity_first(cashier: Cashier) -> None:
    await cashier.press("3", "*")
    assert " 3 x " in await cashier.text()
    await cashier.scan(MILK)
    assert cashier.lines == [("Leche entera 1 L", 3000, 3450)]
    await cashier.scan(YERBA)
    assert cashier.lines[1] == ("Yerba mate 500 g", 1000, 3490)


async def test_star_after_a_scan_sets_the_line(cashier: Cashier) -> None:
    await cashier.scan(MILK)
    await cashier.press("*", "5", "enter")
    assert cashier.lines == [("Leche entera 1 L", 5000, 5750)]


async def test_a_quantity_and_enter_set_the_line(cashier: Cashier) -> None:
    await cashier.scan(MILK)
    await cashier.press("4", "*", "enter")
    assert cashier.lines == [("Leche entera 1 L", 4000, 4600)]


async def test_escape_clears_a_quantity(cashier: Cashier) -> None:
    await cashier.press("3", "*", "escape")
    await cashier.scan(MILK)
    assert cashier.lines == [("Leche entera 1 L", 1000, 1150)]


async def test_an_unused_quantity_is_forgotten(cashier: Cashier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buffer, "QUANTITY_SECONDS", 0.01)
    await cashier.press("3", "*")
    await cashier.until(lambda: cashier.state.buffer.pending is None)
    await cashier.scan(MILK)
    assert cashier.lines == [("Leche entera 1 L", 1000, 1150)]


@pytest.mark.parametrize("keys", [["*"], ["f3"]])
async def test_a_keyed_barcode_is_no_quantity(cashier: Cashier, keys: list[str]) -> None:
    await cashier.scan(MILK)
    await cashier.type(YERBA)
    await cashier.press(*keys)
    assert cashier.lines == [("Leche entera 1 L", 1000, 1150)]
    assert "barcode, not a quantity" in cashier.errors[0]


async def test_a_keyed_code_rings(cashier: Cashier) -> None:
    await cashier.type(MILK)
    assert MILK in await cashier.text()
    await cashier.press("enter")
    assert cashier.lines == [("Leche entera 1 L", 1000, 1150)]
    assert cashier.open_sale.basket.lines[0].entry is Entry.KEY


async def test_plus_repeats_the_chosen_item(cashier: Cashier) -> None:
    await cashier.scan(MILK, YERBA)
    await cashier.press("+", "up", "+")
    assert cashier.lines == [
        ("Leche entera 1 L", 1000, 1150),
        ("Yerba mate 500 g", 2000, 6980),
        ("Leche entera 1 L", 1000, 1150),
    ]


async def test_an_unknown_code_is_said_with_its_own_sound_until_escape(cashier: Cashier) -> None:
    await cashier.scan(UNKNOWN)
    assert cashier.app.bells == 1
    assert UNKNOWN in await cashier.text()
    await cashier.scan(MILK)
    assert len(cashier.errors) == 1
    await cashier.press("enter")
    assert len(cashier.errors) == 1
    assert cashier.mode is Mode.PAY
    await cashier.press("escape")
    assert cashier.errors == []
    assert cashier.mode is Mode.PAY
    rows = list(cashier.store.reader.execute("SELECT code, source, reason FROM bad_scan"))
    assert rows == [(UNKNOWN, "scan", "unknown")]


async def test_errors_queue_up(cashier: Cashier) -> None:
    codes = [UNKNOWN, "ZZ-1", "ZZ-2"]
    await cashier.scan(*codes)
    assert "(1/3)" in await cashier.text()
    await cashier.press("escape")
    assert "(1/2)" in await cashier.text()
    await cashier.press("escape", "escape", "escape")
    assert cashier.errors == []


async def test_one_key_adds_an_unknown_item(cashier: Cashier) -> None:
    await cashier.press("2", "*")
    await cashier.scan(UNKNOWN)
    assert "F7 Add item" in await cashier.text()
    await cashier.press("f7")
    await cashier.type("Galletas")
    await cashier.press("enter")
    await cashier.type("790")
    await cashier.press("enter", "enter", "enter")
    assert cashier.errors == []
    assert cashier.lines == [("Galletas", 2000, 1580)]
    row = next(cashier.store.reader.execute("SELECT complete, price FROM product WHERE name = 'Galletas'"))
    assert row == (0, 790)


async def test_an_unknown_item_is_not_added_when_a_scan_interrupts(cashier: Cashier) -> None:
    await cashier.scan(UNKNOWN)
    await cashier.press("f7")
    await cashier.scan(MILK)
    assert cashier.dialog is None
    assert cashier.lines == [("Leche entera 1 L", 1000, 1150)]
    assert UNKNOWN in cashier.errors[0]


async def test_a_weight_in_the_barcode(cashier: Cashier) -> None:
    await cashier.scan(BREAD)
    assert cashier.lines == [("Pan hallulla", 450, 896)]


async def test_a_weight_is_asked_for_and_marked(cashier: Cashier) -> None:
    await cashier.type("B1")
    await cashier.press("escape")
    await cashier.type("2100123")
    await cashier.press("enter")
    assert cashier.dialog is not None
    await cashier.type("0,300")
    await cashier.press("enter")
    assert cashier.lines == [("Pan hallulla", 300, 597)]
    assert cashier.open_sale.basket.lines[0].keyed_weight
    assert "0,300*" in await cashier.text()


async def test_a_scan_over_a_weight_says_what_was_not_rung(cashier: Cashier) -> None:
    await cashier.scan("2100123", MILK)
    assert cashier.dialog is None
    assert cashier.errors == ["Pan hallulla: no weight was given, it was not rung."]
    assert cashier.lines == [("Leche entera 1 L", 1000, 1150)]


async def test_a_wrong_weight_stays_in_the_pop_up(cashier: Cashier) -> None:
    await cashier.scan("2100123")
    await cashier.type("abc")
    await cashier.press("enter")
    assert cashier.dialog is not None
    assert "not a quantity" in await cashier.text()
    assert cashier.app.bells == 1


async def test_an_open_price_is_asked_for(cashier: Cashier) -> None:
    await cashier.scan(OPEN)
    await cashier.type("2500")
    await cashier.press("enter")
    assert cashier.lines == [("Varios", 1000, 2500)]


async def test_a_barcode_is_no_price(cashier: Cashier) -> None:
    await cashier.scan(OPEN)
    await cashier.type(MILK)
    await cashier.press("enter")
    assert "barcode, not an amount" in await cashier.text()
    assert cashier.lines == []


async def test_something_without_a_code(cashier: Cashier) -> None:
    await cashier.press("2", "*", "/")
    await cashier.press("ctrl+u")
    await cashier.type("Hielo")
    await cashier.press("enter")
    await cashier.type("1500")
    await cashier.press("enter")
    assert cashier.lines == [("Hielo", 2000, 3000)]


async def test_typing_a_name_finds_it(cashier: Cashier) -> None:
    for key in "yer":
        cashier.key(key)
    cashier.key("enter")
    await cashier.settle()
    assert cashier.lines == [("Yerba mate 500 g", 1000, 3490)]


async def test_find_takes_what_the_last_letter_found(cashier: Cashier) -> None:
    await cashier.press("f2")
    for key in "leche":
        cashier.key(key)
    for _ in "leche":
        cashier.key("backspace")
    for key in "deter":
        cashier.key(key)
    cashier.key("enter")
    await cashier.settle()
    assert cashier.lines == [("Detergente líquido 3 L", 1000, 8990)]


async def test_find_keeps_the_quantity(cashier: Cashier) -> None:
    await cashier.press("3", "*", "f2")
    await cashier.type("leche")
    assert "Leche entera 1 L" in await cashier.text()
    await cashier.press("enter")
    assert cashier.lines == [("Leche entera 1 L", 3000, 3450)]


async def test_a_scan_closes_a_search(cashier: Cashier) -> None:
    await cashier.press("f2", "l", "e")
    await cashier.scan(SOAP)
    assert cashier.dialog is None
    assert cashier.lines == [("Detergente líquido 3 L", 1000, 8990)]


async def test_an_enter_right_behind_a_scan_is_the_scanners(cashier: Cashier) -> None:
    cashier.read(MILK, ago=0)
    cashier.key("enter")
    await cashier.settle()
    assert cashier.mode is Mode.SELL
    cashier.read("2100123", ago=0)
    await cashier.settle()
    cashier.key("enter")
    await cashier.settle()
    assert cashier.dialog is not None
    assert cashier.app.bells == 0


async def test_a_garbled_scan_is_said(cashier: Cashier) -> None:
    from tilltui.ports import ScanGarbled

    cashier.report(ScanGarbled("front", "The code is too long."))
    await cashier.settle()
    assert cashier.app.bells == 1
    assert "front" in cashier.errors[0]
