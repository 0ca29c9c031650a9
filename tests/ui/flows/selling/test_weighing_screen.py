"""Weighing at the screen: the scale's words, its first stable weight, the same one twice, and by hand."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.ui.cashier import BREAD_PLU, MILK, Bench, Cashier, open_till
from tilltui.ports import Weighing, Weight, WeightRead
from tilltui.ui.dialogs.weigh import WeighDialog
from tilltui.ui.widgets.big_digits import BigDigits
from tilltui_drivers.virtual.scales.scale import VirtualScale, VirtualScaleSettings

BREAD_CODE = "2100123"


@pytest.fixture
def scale(bench: Bench) -> Iterator[VirtualScale]:
    scale = VirtualScale("counter", VirtualScaleSettings(by_itself=False, settle_ms=0))
    bench.fitted["scale", "counter"] = scale
    yield scale
    scale.stop()


@pytest.fixture
async def cashier(bench: Bench, scale: VirtualScale) -> AsyncIterator[Cashier]:
    async with open_till(bench) as cashier:
        yield cashier


async def weighing(cashier: Cashier) -> None:
    """Scan an item that is sold by weight."""
    await cashier.scan(BREAD_CODE)
    assert isinstance(cashier.dialog, WeighDialog)


async def says(cashier: Cashier, words: str) -> None:
    """Wait until the pop-up says so."""
    seen = ""
    for _turn in range(400):
        seen = " ".join((await cashier.text()).replace("│", " ").split())
        if words in seen:
            return
    raise AssertionError(seen)


async def shows(cashier: Cashier, number: str) -> None:
    """Wait until the scale's weight stands there."""
    dialog = cashier.dialog
    assert dialog is not None
    await cashier.until(lambda: dialog.query_one(BigDigits)._text == number)


async def test_the_first_stable_weight_rings(cashier: Cashier, scale: VirtualScale) -> None:
    await weighing(cashier)
    await says(cashier, "The scale is empty. Put Pan hallulla on the scale.")
    scale.put(450)
    await cashier.until(lambda: len(cashier.lines) == 1)
    assert cashier.lines == [("Pan hallulla", 450, 896)]
    assert cashier.dialog is None
    line = cashier.open_sale.basket.lines[0]
    assert not line.keyed_weight
    assert "0,45*" not in await cashier.text()


async def test_what_the_scale_says_is_said(cashier: Cashier, scale: VirtualScale) -> None:
    await weighing(cashier)
    scale.put(99_999)
    await says(cashier, "That is too heavy for the scale.")
    scale.put(-5)
    await says(cashier, "The scale stands below zero.")
    for state, words in (
        (Weighing.MOTION, "The weight is still moving."),
        (Weighing.SILENT, "The scale does not answer."),
        (Weighing.ERROR, "The scale reports a fault"),
    ):
        cashier.report(WeightRead("counter", Weight(1200, state, 0, time.monotonic())))
        await says(cashier, words)
    assert cashier.lines == []


async def test_a_scale_that_is_silent_sounds_once(cashier: Cashier) -> None:
    await weighing(cashier)
    bells = cashier.app.bells
    for _turn in range(3):
        cashier.report(WeightRead("counter", Weight(0, Weighing.SILENT, 0, time.monotonic())))
    await says(cashier, "The scale does not answer.")
    assert cashier.app.bells == bells + 1


async def test_the_weight_can_be_keyed_whatever_the_scale_says(cashier: Cashier, scale: VirtualScale) -> None:
    await weighing(cashier)
    await cashier.type("0,3")
    scale.put(450)
    await shows(cashier, "0,450")
    await cashier.press("enter")
    assert cashier.lines == [("Pan hallulla", 300, 597)]
    assert cashier.open_sale.basket.lines[0].keyed_weight


async def test_nonsense_is_no_weight(cashier: Cashier) -> None:
    await weighing(cashier)
    await cashier.type("x")
    await cashier.press("enter")
    await cashier.press("backspace")
    await cashier.type(MILK)
    await cashier.press("enter")
    assert isinstance(cashier.dialog, WeighDialog)
    assert cashier.lines == []


async def test_the_keyed_weight_is_given_up_for_the_scales(cashier: Cashier, scale: VirtualScale) -> None:
    await weighing(cashier)
    await cashier.type("0")
    scale.put(450)
    await shows(cashier, "0,450")
    await cashier.press("backspace")
    assert cashier.lines == [("Pan hallulla", 450, 896)]


async def test_the_same_weight_twice_running_is_asked(cashier: Cashier, scale: VirtualScale) -> None:
    scale.put(450)
    await cashier.scan(BREAD_CODE)
    await cashier.until(lambda: len(cashier.lines) == 1)
    await cashier.scan(BREAD_CODE)
    await says(cashier, "0,450 kg again, as the item before.")
    assert len(cashier.lines) == 1
    await cashier.press("enter")
    assert cashier.lines == [("Pan hallulla", 450, 896)] * 2


async def test_enter_alone_takes_no_weight_that_is_none(cashier: Cashier) -> None:
    await weighing(cashier)
    await cashier.press("enter")
    assert isinstance(cashier.dialog, WeighDialog)
    assert cashier.lines == []


async def test_a_scan_while_weighing_rings_and_says_what_was_not_rung(
    cashier: Cashier, scale: VirtualScale
) -> None:
    await weighing(cashier)
    await cashier.scan(MILK)
    assert [name for name, _quantity, _amount in cashier.lines] == ["Leche entera 1 L"]
    assert cashier.errors == ["Pan hallulla: no weight was given, it was not rung."]
    scale.put(450)
    await cashier.scan(BREAD_CODE)
    await cashier.until(lambda: len(cashier.lines) == 2)


async def test_a_container_is_taken_off(bench: Bench, scale: VirtualScale) -> None:
    bench.options["scale"] = {"tares": ["Frasco 250"]}
    async with open_till(bench) as cashier:
        await weighing(cashier)
        await cashier.press("f2", "1")
        scale.put(700)
        await cashier.until(lambda: len(cashier.lines) == 1)
        assert cashier.lines == [("Pan hallulla", 450, 896)]


async def test_a_weighed_item_that_was_found_by_name(cashier: Cashier, scale: VirtualScale) -> None:
    scale.put(450)
    await cashier.type("hallu")
    await cashier.press("enter")
    await cashier.until(lambda: len(cashier.lines) == 1)
    assert cashier.open_sale.basket.lines[0].sku == BREAD_PLU


async def test_late_words_of_the_scale_ring_nothing(cashier: Cashier) -> None:
    await weighing(cashier)
    await cashier.press("escape", "escape")
    cashier.report(WeightRead("counter", Weight(450, Weighing.STABLE, 0, time.monotonic())))
    await cashier.settle()
    assert cashier.lines == []
