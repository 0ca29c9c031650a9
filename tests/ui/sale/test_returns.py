"""Returns: no more comes back than was bought, and no more is refunded than was paid."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.ui.cashier import MILK, SOAP, Bench, Cashier, open_till, with_products
from tilltui.domain.goods.product import NewProduct
from tilltui.ui.sale.state import Mode


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
    assert cashier.register.selling.parking.parked_names() == []


async def test_what_was_dear_does_not_come_back_twice(cashier: Cashier) -> None:
    cashier.register.selling.ringing.ring_open("Varios", 1000)
    cashier.register.selling.ringing.ring_open("Varios", 90_000)
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


async def card_sale(cashier: Cashier, *codes: str) -> str:
    """Sell by a card, whose number nobody keys; the number of the receipt."""
    await cashier.scan(*codes)
    await cashier.press("f9", "enter")
    return f"1-{cashier.sales()[-1][0]:06d}"


@pytest.mark.parametrize(
    ("key", "tender"), [("f9", "by card"), ("f7", "by transfer"), ("f8", "with a voucher")]
)
async def test_what_was_paid_in_cash_goes_back_in_cash_alone(cashier: Cashier, key: str, tender: str) -> None:
    await cashier.scan(await sold(cashier, MILK))
    await cashier.press("1", "enter", key)
    assert cashier.dialog is None
    assert cashier.errors == [f"This sale was not paid {tender}: its money goes back as it came."]
    await cashier.press("escape", "enter")
    assert [row[:2] for row in cashier.payments(2)] == [("cash", -1150)]


async def test_what_was_paid_by_card_is_offered_to_the_card(cashier: Cashier) -> None:
    await cashier.scan(await card_sale(cashier, MILK))
    await cashier.press("1", "enter", "enter", "1", "enter")
    assert cashier.errors == []
    assert [row[:2] for row in cashier.payments(2)] == [("card", -1150)]


async def test_cash_for_a_card_wants_a_reason(cashier: Cashier) -> None:
    await cashier.scan(await card_sale(cashier, MILK))
    await cashier.press("1", "enter", "enter", "2", "enter")
    assert cashier.dialog is not None
    await cashier.type("sin linea")
    await cashier.press("enter")
    assert [row[:2] for row in cashier.payments(2)] == [("cash", -1150)]
    body = next(cashier.store.reader.execute("SELECT body FROM journal WHERE kind = 'return'"))[0]
    assert b'"cash_for_card",0,"card","sin linea"' in body


async def test_giving_the_way_up_pays_nothing(cashier: Cashier) -> None:
    await cashier.scan(await card_sale(cashier, MILK))
    await cashier.press("1", "enter", "enter", "escape")
    assert cashier.open_sale.payments == ()
    await cashier.press("enter", "2", "escape")
    assert cashier.open_sale.payments == ()
    assert cashier.register.paying.cash_needs_a_word


async def test_a_mixed_sale_goes_back_by_both_keys(cashier: Cashier) -> None:
    await cashier.scan(SOAP)
    await cashier.type("5000")
    await cashier.press("f9", "enter", "enter")
    await cashier.scan("1-000001")
    await cashier.press("1", "f9", "enter", "enter")
    assert cashier.errors == []
    assert [row[:2] for row in cashier.payments(2)] == [("card", -5000), ("cash", -3990)]
