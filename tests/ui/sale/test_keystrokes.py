"""What a cashier pays in keys beside the scans, and the way of a key through a scanner that types."""

from __future__ import annotations

import pytest
from textual import events

from tests.ui.cashier import MILK, SOAP, YERBA, Bench, Cashier, open_till
from tilltui.ui.sale.actions import PAY, SELL
from tilltui.ui.sale.state import Mode

SELLING = {action.id: action.key for action in SELL}
PAYING = {action.id: action.key for action in PAY}
"""The key of each action, as the table has it: what is counted is how many, not which."""


class Counted:
    """Counts the keys that a cashier presses."""

    def __init__(self, cashier: Cashier) -> None:
        self._cashier = cashier
        self.keys = 0

    async def press(self, *keys: str) -> None:
        """Press keys."""
        self.keys += len(keys)
        await self._cashier.press(*keys)


async def test_any_length_exact_cash_two_keys(cashier: Cashier) -> None:
    hand = Counted(cashier)
    await cashier.scan(*[MILK, YERBA, SOAP] * 10)
    await hand.press(SELLING["enter"], PAYING["enter"])
    assert hand.keys == 2
    assert cashier.sales() == [(1, 136300, 0)]


async def test_a_given_note_two_keys(cashier: Cashier) -> None:
    hand = Counted(cashier)
    await cashier.scan(MILK)
    await hand.press(SELLING["enter"], PAYING["note5"])
    assert hand.keys == 2
    assert cashier.sales() == [(1, 1150, 18850)]


async def test_three_of_an_item_two_keys(cashier: Cashier) -> None:
    hand = Counted(cashier)
    await hand.press("3", SELLING["times"])
    await cashier.scan(MILK)
    assert hand.keys == 2
    assert cashier.lines[0][1] == 3000


async def test_void_the_last_line_one_key(cashier: Cashier) -> None:
    hand = Counted(cashier)
    await cashier.scan(MILK, YERBA)
    await hand.press(SELLING["void"])
    assert hand.keys == 1
    assert len(cashier.lines) == 1


async def test_park_and_recall_one_key_each(cashier: Cashier) -> None:
    hand = Counted(cashier)
    await cashier.scan(MILK)
    await hand.press(SELLING["park"])
    assert (hand.keys, cashier.lines) == (1, [])
    await hand.press(SELLING["park"])
    assert (hand.keys, len(cashier.lines)) == (2, 1)


async def test_a_return_is_a_scan_and_one_key(cashier: Cashier) -> None:
    hand = Counted(cashier)
    await cashier.scan(MILK)
    await cashier.press("enter", "enter")
    await cashier.scan("1-000001")
    await hand.press("enter")
    assert hand.keys == 1
    assert cashier.total == -1150


async def test_find_by_name_letters_and_enter(cashier: Cashier) -> None:
    hand = Counted(cashier)
    await hand.press("y", "e", "enter")
    assert hand.keys == 3
    assert cashier.lines == [("Yerba mate 500 g", 1000, 3490)]


@pytest.mark.parametrize(
    "before",
    [
        (),
        *((SELLING[name],) for name in ("menu", "enter", "card", "park", "discount", "help")),
        (SELLING["find"], "l"),
    ],
)
async def test_a_scanner_that_types_rings_everywhere(bench: Bench, before: tuple[str, ...]) -> None:
    bench.wedge_gap_ms = 35
    async with open_till(bench) as cashier:
        cashier.read(YERBA)
        await cashier.settle()
        for key in before:
            cashier.key(key)
            await cashier.settle()
            # A letter is held until it is certain that no code follows it.
            await cashier.until(lambda: cashier.app.wedge.gate.deadline is None)  # type: ignore[union-attr]
            await cashier.settle()
        for char in MILK:
            cashier.key(char)
        cashier.key("enter")
        await cashier.until(lambda: any(line[0] == "Leche entera 1 L" for line in cashier.lines))
        assert cashier.dialog is None
        assert cashier.mode is Mode.SELL
        assert cashier.state.buffer.text == ""


async def test_no_key_reaches_textuals_own_bindings(cashier: Cashier) -> None:
    await cashier.scan(MILK)
    for key in ("ctrl+q", "ctrl+c", "ctrl+p", "ctrl+backslash", "shift+tab", "ctrl+z"):
        cashier.app.post_message(events.Key(key, None))
    await cashier.settle()
    assert cashier.app.is_running
    assert cashier.mode is Mode.SELL
    assert len(cashier.lines) == 1


async def test_typing_fast_loses_nothing(cashier: Cashier) -> None:
    for key in "deterg":
        cashier.key(key)
    await cashier.settle()
    assert "deterg" in await cashier.text()
    cashier.key("escape")
    for key in ("3", "*"):
        cashier.key(key)
    cashier.read(MILK)
    for key in ("enter", "2", "0", "0", "0", "0", "enter"):
        cashier.key(key)
    await cashier.settle()
    assert cashier.sales() == [(1, 3450, 16550)]
