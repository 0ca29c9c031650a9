"""Pop-ups over the sale: which is closed first, what hears of it, and the keys behind them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.ui.cashier import MILK, Cashier
from tilltui.services.flow import Interrupted
from tilltui.ui.dialogs.dialog import Dialog
from tilltui.ui.flows.steps import Pick
from tilltui.ui.widgets.choice import Choice

ONE = [Choice("a", 1)]


async def stacked(cashier: Cashier, order: list[str]) -> list[Dialog[Any]]:
    """Two conversations that ask, one over the other."""

    async def asks(title: str) -> None:
        try:
            answer = await Pick(title, ONE)
        except Interrupted:
            order.append(f"{title} interrupted")
            raise
        order.append(f"{title} {answer}")

    for title in ("below", "above"):
        cashier.app.host.run(asks(title))
        await cashier.settle()
    return [screen for screen in cashier.app.screen_stack if isinstance(screen, Dialog)]


async def test_a_scan_closes_the_uppermost_first(cashier: Cashier) -> None:
    order: list[str] = []
    await stacked(cashier, order)
    await cashier.scan(MILK)
    assert order == ["above interrupted", "below interrupted"]
    assert len(cashier.lines) == 1
    assert cashier.app.host.runner.count == 0


async def test_esc_leaves_the_uppermost_alone(cashier: Cashier) -> None:
    order: list[str] = []
    below, above = await stacked(cashier, order)
    assert cashier.app.popups.top is above
    await cashier.press("escape")
    assert order == ["above None"]
    assert cashier.app.popups.top is below
    await cashier.press("1")
    assert order == ["above None", "below 1"]
    assert cashier.app.popups.top is None


async def test_a_lower_one_that_ends_takes_the_upper_ones_with_it(cashier: Cashier) -> None:
    order: list[str] = []
    below, _above = await stacked(cashier, order)
    below.finish(ONE[0])
    assert order == ["above interrupted", "below 1"]
    assert cashier.app.popups.top is None


async def test_a_pop_up_ends_once(cashier: Cashier) -> None:
    order: list[str] = []
    below, above = await stacked(cashier, order)
    above.finish(None)
    above.leave(interrupted=True)
    above.finish(ONE[0])
    assert order == ["above None"]
    assert cashier.app.popups.top is below


@pytest.mark.parametrize("leave", ["escape", "scan"])
async def test_the_keys_behind_are_dim_meanwhile(cashier: Cashier, leave: str) -> None:
    keys = cashier.view.parts.keys
    assert any(label.enabled for label in keys._keys)
    await cashier.press("f12")
    assert not any(label.enabled for label in keys._keys)
    await (cashier.scan(MILK) if leave == "scan" else cashier.press("escape"))
    assert all(label.enabled for label in keys._keys)


async def test_a_pop_up_that_opens_where_another_closes_keeps_the_keys_dim(cashier: Cashier) -> None:
    async def asks() -> None:
        await Pick("first", ONE)
        await Pick("second", ONE)

    cashier.app.host.run(asks())
    await cashier.settle()
    await cashier.press("1")
    assert cashier.app.popups.top is not None
    assert not any(label.enabled for label in cashier.view.parts.keys._keys)


async def test_keys_that_come_before_a_pop_up_stands_are_its_own(cashier: Cashier) -> None:
    order: list[str] = []

    async def asks() -> None:
        order.append(str(await Pick("one", ONE)))

    cashier.app.host.run(asks())
    cashier.key("1")
    cashier.key("7")
    await cashier.settle()
    assert order == ["1"]
    assert cashier.state.buffer.text == "7"
