"""A way to pay that the shop has put into its settings, at the screen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.ui.cashier import MILK, Bench, open_till
from tilltui.config.schema import Tender

CHEQUE = Tender(name="Cheque", number="Número del cheque:", opens_drawer=True)
COUPON = Tender(name="Cupón")


@pytest.fixture
def own(bench: Bench) -> Bench:
    return replace(bench, tenders={"cheque": CHEQUE, "coupon": COUPON})


async def test_it_is_taken_with_its_number(own: Bench) -> None:
    async with open_till(own) as cashier:
        await cashier.scan(MILK)
        await cashier.press("enter", "t", "1")
        assert "Número del cheque:" in await cashier.text()
        await cashier.type("0012")
        await cashier.press("enter")
        assert "Cheque $1.150" in await cashier.text()
        assert cashier.payments(1) == [("cheque", 1150, 1150, "0012")]


async def test_one_without_a_number_is_taken_at_once_for_what_is_keyed(own: Bench) -> None:
    async with open_till(own) as cashier:
        await cashier.scan(MILK)
        await cashier.press("enter")
        await cashier.type("500")
        await cashier.press("t", "2")
        assert [(one.tender.key, one.amount) for one in cashier.open_sale.payments] == [("coupon", 500)]
        await cashier.press("enter")
        assert cashier.payments(1) == [("coupon", 500, 500, ""), ("cash", 650, 650, "")]


async def test_a_shop_without_one_is_told_and_does_not_see_it(bench: Bench) -> None:
    async with open_till(bench) as cashier:
        await cashier.scan(MILK)
        await cashier.press("f12")
        assert "Another way to pay" not in await cashier.text()
        await cashier.press("escape", "enter", "f1")
        assert "another of the shop's" not in await cashier.text()
        await cashier.press("escape", "t")
        assert cashier.errors == ["The shop has no other way to pay."]
