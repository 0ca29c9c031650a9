"""Returns: no more comes back than was bought, and no more is refunded than was paid."""

from __future__ import annotations

from dataclasses import replace

from tests.ui.cashier import MILK, SOAP, Bench, Cashier, open_till, with_products
from tilltui.store.catalogue import NewProduct
from tilltui.ui.screens.state import Mode


async def sold(cashier: Cashier, *codes: str) -> str:
    """Sell for exact cash; the number of the receipt."""
    await cashier.scan(*codes)
    await cashier.press("enter", "enter")
    return f"1-{cashier.sales()[-1][0]:06d}"


async def test_the_price_of_a_return_stands(cashier: Cashier) -> None:
    await cashier.scan(await sold(cashier, MILK))
    await cashier.press("1", "f3", "down", "ctrl+u")
    await cashier.type("999990")
    await cashier.press("enter")
    assert cashier.total == -1150
    await cashier.press("escape")
    await cashier.type("*9")
    await cashier.press("enter")
    assert cashier.total == -1150
    assert "than was bought" in cashier.errors[-1]


async def test_a_return_is_not_parked(cashier: Cashier) -> None:
    await cashier.scan(await sold(cashier, SOAP))
    await cashier.press("1", "f5")
    assert "takes back sale 1-000001" in cashier.errors[0]
    assert cashier.total == -8990
    assert cashier.checkout.parked_names() == []


async def test_what_was_dear_does_not_come_back_twice(cashier: Cashier) -> None:
    cashier.checkout.ring_open("Varios", 1000)
    cashier.checkout.ring_open("Varios", 90_000)
    number = await sold(cashier)
    await cashier.scan(number)
    await cashier.press("3", "escape", "enter", "enter")
    assert cashier.sales()[-1][1] == -90_000
    await cashier.scan(number)
    await cashier.press("1")
    assert cashier.lines == [("Varios", -1000, -1000)]


async def test_a_return_that_was_taken_back_can_come_again(cashier: Cashier) -> None:
    number = await sold(cashier, SOAP)
    await cashier.scan(number)
    await cashier.press("1", "delete", "enter", "enter")
    assert cashier.sales()[-1][1] == 0
    await cashier.scan(number)
    await cashier.press("1")
    assert cashier.total == -8990


async def test_what_was_bought_in_an_exchange_can_come_back(cashier: Cashier) -> None:
    await cashier.scan(await sold(cashier, MILK))
    await cashier.press("1")
    exchange = await sold(cashier, SOAP)
    await cashier.scan(exchange)
    await cashier.press("1")
    assert cashier.lines == [("Detergente líquido 3 L", -1000, -8990)]


async def test_a_practice_sale_gives_no_money_back(bench: Bench) -> None:
    async with open_till(replace(bench, training=True)) as cashier:
        number = await sold(cashier, SOAP)
        await cashier.scan(number)
        await cashier.press("1")
        assert cashier.total == -8990
        await cashier.press("delete", "enter", "enter")
    async with open_till(bench) as cashier:
        await cashier.scan(number)
        assert cashier.errors == ["There is no sale 1-000001 at this till."]


async def test_a_product_whose_code_looks_like_a_receipt_rings(bench: Bench) -> None:
    screw = NewProduct("X9", "Tornillo", 100, "general", codes=("ABC-123456",))
    async with open_till(with_products(bench, screw)) as cashier:
        await cashier.scan("ABC-123456")
        assert cashier.lines == [("Tornillo", 1000, 100)]
        assert cashier.mode is Mode.SELL
