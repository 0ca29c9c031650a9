"""What the customer reads while the cashier sells."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.ui.cashier import MILK, SOAP, Bench, Cashier, open_till
from tilltui.ui.sale import view
from tilltui_drivers.virtual.displays.display import VirtualDisplay, VirtualDisplaySettings

GREETING = ("   Almacen Rosita", "")


@pytest.fixture
def display(bench: Bench) -> VirtualDisplay:
    display = VirtualDisplay("customer", VirtualDisplaySettings())
    bench.fitted["display", "customer"] = display
    return display


@pytest.fixture
async def cashier(bench: Bench, display: VirtualDisplay) -> AsyncIterator[Cashier]:
    async with open_till(bench) as cashier:
        yield cashier


def reads(display: VirtualDisplay) -> tuple[str, ...]:
    return tuple(line.rstrip() for line in display.lines)


async def test_the_customer_reads_along(
    cashier: Cashier, display: VirtualDisplay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view, "THANKS_SECONDS", 0.01)
    assert reads(display) == GREETING
    await cashier.scan(MILK)
    assert reads(display) == ("Leche entera  $1.150", "TOTAL         $1.150")
    await cashier.scan(SOAP)
    assert reads(display)[1] == "TOTAL        $10.140"
    await cashier.press("delete")
    assert reads(display) == ("", "TOTAL         $1.150")
    await cashier.press("enter")
    await cashier.type("1000")
    await cashier.press("enter")
    assert reads(display) == ("", "TOTAL           $150")
    await cashier.type("500")
    await cashier.press("enter")
    assert reads(display)[1] in ("CHANGE          $350", GREETING[1])
    await cashier.until(lambda: reads(display) == GREETING)


async def test_the_change_stays_while_it_is_thanked(cashier: Cashier, display: VirtualDisplay) -> None:
    await cashier.scan(MILK)
    await cashier.press("enter", "f4")
    assert reads(display) == ("     Thank you!", "CHANGE        $3.850")
    await cashier.scan(SOAP)
    assert reads(display)[1] == "TOTAL         $8.990"


async def test_a_parked_sale_is_nobodys(cashier: Cashier, display: VirtualDisplay) -> None:
    await cashier.scan(MILK)
    await cashier.press("f5")
    assert reads(display) == GREETING
    await cashier.press("f5")
    assert reads(display) == ("", "TOTAL         $1.150")


async def test_nothing_stays_on_the_display_of_a_closed_till(bench: Bench, display: VirtualDisplay) -> None:
    async with open_till(bench):
        pass
    assert reads(display) == ("", "")
