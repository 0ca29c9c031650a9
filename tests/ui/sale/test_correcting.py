"""Correcting at the screen: void, price, discount, notes, product card, drawer."""

from __future__ import annotations

import pytest

from tests.ui.cashier import MILK, SOAP, UNKNOWN, YERBA, Bench, Cashier, open_till, with_products
from tilltui.domain.goods.product import NewProduct
from tilltui.ui.sale.state import Mode


@pytest.mark.parametrize("key", ["delete", "f8"])
async def test_one_key_takes_the_last_line_back(cashier: Cashier, key: str) -> None:
    await cashier.scan(MILK, YERBA)
    await cashier.press(key)
    assert cashier.lines == [("Leche entera 1 L", 1000, 1150)]
    assert len(cashier.open_sale.basket.lines) == 3
    assert "-$3.490" in await cashier.text()
    await cashier.press("up", "up", key)
    assert cashier.lines == []
    assert cashier.total == 0


async def test_a_line_is_taken_back_once(cashier: Cashier) -> None:
    await cashier.scan(MILK)
    await cashier.press("delete", "delete")
    assert len(cashier.errors) == 1
    assert len(cashier.open_sale.basket.lines) == 2


async def test_delete_without_lines_says_so(cashier: Cashier) -> None:
    await cashier.press("delete")
    assert cashier.errors == ["No line is chosen."]


async def test_quantity_and_price_of_a_line(cashier: Cashier) -> None:
    await cashier.scan(MILK)
    await cashier.press("f3", "ctrl+u", "2", "enter", "ctrl+u")
    await cashier.type("1000")
    await cashier.press("enter")
    assert cashier.lines == [("Leche entera 1 L", 2000, 2000)]
    assert "$1.000*" in await cashier.text()
    await cashier.type("7")
    await cashier.press("f3")
    assert cashier.lines == [("Leche entera 1 L", 7000, 7000)]


@pytest.mark.parametrize("price", ["abc", "-5", "4006381333931"])
async def test_what_is_wrong_with_the_price_leaves_the_quantity_as_it_was(
    cashier: Cashier, price: str
) -> None:
    await cashier.scan(MILK)
    await cashier.press("f3", "ctrl+u", "9", "enter", "ctrl+u")
    await cashier.type(price)
    await cashier.press("enter")
    assert cashier.dialog is not None
    await cashier.press("escape")
    assert cashier.lines == [("Leche entera 1 L", 1000, 1150)]
    assert cashier.total == 1150
    assert cashier.open_sale.basket.trail == ()


async def test_discount_on_a_line_and_on_the_sale(cashier: Cashier) -> None:
    await cashier.scan(SOAP, MILK)
    await cashier.press("f4", "1")
    await cashier.type("10%")
    await cashier.press("enter")
    assert cashier.total == 8990 + 1035
    assert "-10% Leche" in await cashier.text()
    await cashier.press("f4", "2")
    await cashier.type("25")
    await cashier.press("enter")
    assert cashier.total == 10000
    assert "Discount -$25" in await cashier.text()


async def test_too_much_discount_stays_in_the_pop_up(cashier: Cashier) -> None:
    await cashier.scan(MILK)
    await cashier.press("f4", "1")
    await cashier.type("9999")
    await cashier.press("enter")
    assert cashier.dialog is not None
    assert cashier.total == 1150


async def test_notes(cashier: Cashier) -> None:
    await cashier.scan(MILK)
    await cashier.choose("note")
    await cashier.type("para llevar")
    await cashier.press("enter")
    await cashier.choose("line_note")
    await cashier.type("fría")
    await cashier.press("enter")
    assert cashier.open_sale.basket.note == "para llevar"
    assert cashier.open_sale.basket.lines[0].note == "fría"
    text = await cashier.text()
    assert "para llevar" in text
    assert "· fría" in text


async def test_the_product_card(cashier: Cashier) -> None:
    await cashier.scan(SOAP)
    await cashier.press("f7")
    text = await cashier.text()
    assert "Ofrecer bolsa" in text
    assert "A3" in text
    assert "IVA" in text
    await cashier.press("enter")
    assert cashier.dialog is None
    await cashier.type(MILK)
    await cashier.press("f7")
    assert "Lácteos" in await cashier.text()
    await cashier.scan(YERBA)
    assert cashier.dialog is None
    assert [line[0] for line in cashier.lines] == ["Detergente líquido 3 L", "Yerba mate 500 g"]


async def test_the_card_of_nothing_says_so(cashier: Cashier) -> None:
    await cashier.press("f7")
    assert cashier.errors == ["No item is chosen."]


async def test_the_drawer_wants_a_reason(cashier: Cashier) -> None:
    await cashier.press("f11")
    await cashier.type("cambio")
    await cashier.press("enter")
    await cashier.until(lambda: bool(cashier.errors))
    assert cashier.errors == ["No drawer is set up."]


async def test_function_keys_in_a_pop_up_do_not_reach_the_sale(cashier: Cashier) -> None:
    await cashier.scan(MILK)
    await cashier.press("f6")
    for number in range(1, 13):
        await cashier.press(f"f{number}")
    await cashier.press("delete", "escape")
    assert cashier.dialog is None
    assert cashier.mode is Mode.SELL
    assert cashier.lines == [("Leche entera 1 L", 1000, 1150)]
    assert cashier.errors == []


async def test_help_shows_every_key(cashier: Cashier) -> None:
    await cashier.press("f1")
    text = await cashier.text()
    for number in (1, 2, 10, 12):
        assert f"F{number} " in text
    await cashier.press("escape")
    await cashier.scan(MILK)
    await cashier.press("enter", "f1")
    assert "Keys while paying" in await cashier.text()


async def test_the_row_shows_what_the_keys_do_here(cashier: Cashier) -> None:
    assert "F5 Park" in await cashier.text()
    await cashier.scan(MILK)
    await cashier.press("enter")
    text = await cashier.text()
    assert "$20.000" in text
    assert "F5 Park" not in text
    await cashier.press("escape")
    await cashier.scan(UNKNOWN)
    assert "F7 Add item" in await cashier.text()
    await cashier.press("escape")
    assert "F7 Product" in await cashier.text()


async def test_a_remapped_key(bench: Bench) -> None:
    bench.keys = {"cash": "f2", "find": "f10"}
    async with open_till(bench) as cashier:
        await cashier.scan(MILK)
        await cashier.press("f2", "f2")
        assert cashier.mode is Mode.DONE


async def test_the_language_changes_while_running(bench: Bench) -> None:
    bench.training = True
    async with open_till(bench) as cashier:
        await cashier.scan(UNKNOWN)
        before = await cashier.screen()
        await cashier.choose("language")
        await cashier.press("1")
        after = await cashier.screen()
        assert "TRAINING" in before[0]
        for word in ("TRAINING", "Find", "TOTAL ", "Scan an item", "No product", "Till 1"):
            assert any(word in line for line in before), word
        for word in ("Find", "Scan an item", "No product", "Till 1", "Cash"):
            assert not any(word in line for line in after), word
        assert any("Buscar" in line for line in after)
        assert any("Caja 1" in line for line in after)
        assert "TRAINING" not in after[0]


async def test_a_wide_screen_has_a_card(bench: Bench) -> None:
    async with open_till(bench, (120, 40)) as cashier:
        await cashier.scan(SOAP)
        assert "Ofrecer bolsa" in await cashier.text()
        await cashier.scan(MILK)
        text = await cashier.text()
        assert "Ofrecer bolsa" not in text
        assert "Lácteos" in text
        await cashier.press("up")
        assert "Ofrecer bolsa" in await cashier.text()
        await cashier.pilot.resize_terminal(80, 24)
        text = await cashier.text()
        assert "Ofrecer bolsa" not in text
        assert "Detergente líquido 3 L" in text
        assert all(len(line) == 80 for line in await cashier.screen())
        await cashier.pilot.resize_terminal(120, 40)
        assert "Ofrecer bolsa" in await cashier.text()


async def test_a_withdrawn_product_is_refused(bench: Bench) -> None:
    bench = with_products(bench, NewProduct("X", "Viejo", 100, "general", codes=("555",), active=False))
    async with open_till(bench) as cashier:
        await cashier.scan("555")
        assert cashier.errors == ["Viejo is no longer sold."]
