"""Keys and scans on the sale screen itself: what is no conversation."""

from __future__ import annotations

from typing import Any

import pytest

from tests.ui.cashier import MILK, SOAP, UNKNOWN, Bench, Cashier, open_till, with_products
from tests.ui.flows.devices.test_devices_screen import StillScanner
from tilltui.domain.goods.product import NewProduct
from tilltui.ui.sale.state import Mode


class LitScanner(StillScanner):
    """Keeps what its lamp showed."""

    def __init__(self) -> None:
        super().__init__()
        self.lamps: list[bool] = []

    def feedback(self, ok: bool) -> None:
        self.lamps.append(ok)


async def test_a_scan_forgets_what_is_keyed_and_leaves_paying(cashier: Cashier) -> None:
    await cashier.scan(MILK)
    await cashier.press("enter", "1", "2")
    await cashier.scan(SOAP)
    assert cashier.mode is Mode.SELL
    assert cashier.state.buffer.text == ""
    assert len(cashier.lines) == 2


async def test_a_scan_uses_the_quantity_that_was_keyed(cashier: Cashier) -> None:
    await cashier.press("3", "*")
    await cashier.scan(MILK)
    assert cashier.lines[0][1] == 3000
    assert cashier.state.buffer.pending is None
    await cashier.scan(SOAP)
    assert cashier.lines[1][1] == 1000


async def test_the_scanner_is_told_whether_it_was_good(bench: Bench) -> None:
    scanner: Any = LitScanner()
    bench.fitted["scanner", "front"] = scanner
    async with open_till(bench) as cashier:
        await cashier.scan(MILK, UNKNOWN)
        assert scanner.lamps == [True, False]
        cashier.app.lock()
        await cashier.settle()
        await cashier.scan(MILK)
        assert scanner.lamps == [True, False, False]


async def test_an_unknown_code_keeps_the_quantity_for_f7(cashier: Cashier) -> None:
    await cashier.press("3", "*")
    await cashier.scan(UNKNOWN)
    (shown,) = cashier.state.errors
    assert (shown.code, shown.quantity) == (UNKNOWN, 3000)
    await cashier.press("f7")
    await cashier.type("Queso")
    await cashier.press("enter")
    await cashier.type("100")
    await cashier.press("enter", "enter", "enter")
    assert cashier.lines == [("Queso", 3000, 300)]
    assert cashier.errors == []


@pytest.mark.parametrize("known", [False, True])
async def test_the_number_of_a_receipt_that_is_also_a_code_rings(bench: Bench, known: bool) -> None:
    if known:
        bench = with_products(bench, NewProduct("1-000001", "Raro", 500, "general"))
    async with open_till(bench) as cashier:
        await cashier.scan(MILK)
        await cashier.press("enter", "enter")
        for char in "1-000001":
            cashier.key(char)
        await cashier.press("enter")
        assert (cashier.dialog is None) is known
        assert [line[0] for line in cashier.lines] == (["Raro"] if known else [])


async def test_a_letter_searches_while_selling_alone(cashier: Cashier) -> None:
    await cashier.scan(MILK)
    await cashier.press("enter", "x")
    assert cashier.dialog is None
    assert cashier.mode is Mode.PAY
    await cashier.press("escape", "5", "x")
    assert cashier.dialog is None
    assert cashier.state.buffer.text == "5"
    await cashier.press("escape", "x")
    assert cashier.dialog is not None


async def test_enter_after_a_sale_does_nothing(cashier: Cashier) -> None:
    await cashier.scan(MILK)
    await cashier.press("enter", "enter")
    assert cashier.mode is Mode.DONE
    await cashier.press("enter", "enter")
    assert cashier.mode is Mode.DONE
    assert cashier.errors == []
    await cashier.press("5")
    assert str(cashier.mode) == "sell"


async def test_esc_clears_first_what_is_keyed_then_the_message_then_paying(cashier: Cashier) -> None:
    await cashier.scan(MILK)
    await cashier.press("enter", "1")
    cashier.view.say("one", level="warning")
    for left in (("", 1, Mode.PAY), ("", 0, Mode.PAY), ("", 0, Mode.SELL), ("", 0, Mode.SELL)):
        await cashier.press("escape")
        state = cashier.state
        assert (state.buffer.text, len(state.errors), state.mode) == left


async def test_star_and_enter_set_the_chosen_line(cashier: Cashier) -> None:
    await cashier.scan(MILK, SOAP)
    await cashier.press("up", "*", "5", "enter")
    assert [line[1] for line in cashier.lines] == [5000, 1000]
    await cashier.press("end", "2", "*", "enter")
    assert [line[1] for line in cashier.lines] == [5000, 2000]
    await cashier.press("*", "enter")
    assert cashier.mode is Mode.SELL, "a star alone is taken back, and nothing is paid"
