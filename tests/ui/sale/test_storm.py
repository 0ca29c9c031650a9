"""Scans in every state: none is lost, none becomes something else; random keys never break the till."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import time
import tty
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from textual import events

from tests.ui.cashier import BREAD, MILK, OPEN, SOAP, UNKNOWN, YERBA, Bench, Cashier, ean, open_till
from tilltui.domain.selling.line import Deed
from tilltui.store.audit.check import audit
from tilltui.ui.dialogs.ask import AskDialog
from tilltui.ui.sale.state import Mode, Shown
from tilltui_drivers.scanners.serial import SerialScanner, SerialSettings

SCANS = int(os.environ.get("TILLTUI_STORM", "1000"))
BEAT = 0.02
"""Seconds between two scans: fifty a second, more than any hand can do."""
AT_ONCE = SCANS
"""Scans that come as fast as the till takes them."""
EVENTS = int(os.environ.get("TILLTUI_MONKEY", "2500"))
SEEDS = [int(seed) for seed in os.environ.get("TILLTUI_SEEDS", "1").split(",")]

OPENERS = (
    "f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9", "f10", "f11", "f12", "enter", "enter", "enter",
    "escape", "escape", "up", "down", "pageup", "tab", "/", "delete",
)  # fmt: skip
"""Keys that open, change and close everything, but ring nothing and change no quantity."""


def recorded(cashier: Cashier, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Shown], list[str]]:
    """Everything that the bar ever says, and every code that a form takes."""
    shown: list[Shown] = []
    taken: list[str] = []
    fail, take = cashier.view.say, AskDialog.take_barcode

    def failed(problem: Any, **more: Any) -> None:
        fail(problem, **more)
        shown.append(Shown(problem, more.get("code", "")))

    def take_barcode(dialog: AskDialog[Any], text: str) -> bool:
        if not take(dialog, text):
            return False
        taken.append(text)
        return True

    monkeypatch.setattr(cashier.view, "say", failed)
    monkeypatch.setattr(AskDialog, "take_barcode", take_barcode)
    monkeypatch.setattr(cashier.app, "exit", lambda *args: None)
    return shown, taken


def rung(cashier: Cashier, sku: str) -> int:
    """Thousandths of an item that were ever rung: sold, parked or in hand, taken back or not."""
    reader = cashier.store.reader
    query = "SELECT coalesce(sum(quantity), 0) FROM sale_line WHERE sku = ? AND deed = 'sale'"
    sold = int(next(reader.execute(query, (sku,)))[0])
    bodies = [
        json.loads(body)
        for (body,) in reader.execute(
            "SELECT l.body FROM basket_line l JOIN basket b ON b.id = l.basket_id WHERE b.waits_for <> ''"
        )
    ]
    parked = sum(
        int(line["quantity"]) for line in bodies if line.get("deed", "sale") == "sale" and line["sku"] == sku
    )
    lines = cashier.open_sale.basket.lines
    in_hand = sum(line.quantity for line in lines if line.deed is Deed.SALE and line.sku == sku)
    return sold + parked + in_hand


SKUS = {MILK: "A1", YERBA: "A2", SOAP: "A3"}


class Tally:
    """What was scanned, and what became of it."""

    def __init__(self, cashier: Cashier, monkeypatch: pytest.MonkeyPatch) -> None:
        self._cashier = cashier
        self.shown, self.taken = recorded(cashier, monkeypatch)
        self.count = dict.fromkeys((*SKUS, UNKNOWN, OPEN), 0)

    def became(self) -> dict[str, int]:
        """How many of each code were rung, shown as refused, or taken by a form that asked for a code."""
        found = {code: rung(self._cashier, sku) // 1000 for code, sku in SKUS.items()}
        found[UNKNOWN] = sum(one.code == UNKNOWN for one in self.shown) + self.taken.count(UNKNOWN)
        found[OPEN] = sum(isinstance(one.problem, str) and "Varios" in one.problem for one in self.shown)
        return found

    async def come_out_even(self) -> None:
        """Every scan rings or is shown as refused, once."""
        with contextlib.suppress(TimeoutError):
            await self._cashier.until(lambda: self.became() == self.count)
        await self._cashier.settle()
        assert self.became() == self.count
        assert set(self.taken) <= {UNKNOWN}


@contextlib.contextmanager
def serial_line() -> Iterator[tuple[int, str]]:
    """A serial line: where the scanner writes, and the device that the till opens."""
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    try:
        yield ours, os.ttyname(theirs)
    finally:
        os.close(ours)
        os.close(theirs)


async def beats(count: int) -> AsyncIterator[int]:
    """So many numbers, one each ``BEAT`` by the loop's clock; a late one is not waited for again."""
    loop = asyncio.get_running_loop()
    start = loop.time()
    for number in range(count):
        beat = asyncio.Event()
        loop.call_at(start + number * BEAT, beat.set)
        await beat.wait()
        yield number


@pytest.mark.parametrize("seed", SEEDS)
async def test_fifty_scans_a_second_over_everything(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)
    with serial_line() as (scanner, port):
        bench.fitted["scanner", "front"] = SerialScanner("front", SerialSettings(port=port))
        async with open_till(bench) as cashier:
            await cashier.until(lambda: cashier.ready("scanner"))
            tally, screens = Tally(cashier, monkeypatch), set()
            begun = time.monotonic()
            async for _number in beats(SCANS):
                code = chance.choice((MILK, MILK, YERBA, SOAP, UNKNOWN, OPEN))
                tally.count[code] += 1
                os.write(scanner, code.encode() + b"\r")
                if chance.random() < 0.5:
                    key = events.Key(chance.choice(OPENERS), None)
                    # Another hand's Enter: right behind a scan it would be taken for the scanner's own.
                    key.time += 1.0
                    cashier.app.post_message(key)
                screens.add((type(cashier.app.screen).__name__, cashier.mode))
            took = time.monotonic() - begun
            await tally.come_out_even()
            assert sum(tally.count.values()) == SCANS
            assert took >= (SCANS - 1) * BEAT
            # They really came over pop-ups and over the tender screen.
            assert len({name for name, _mode in screens}) >= 5, screens
            assert {mode for _name, mode in screens} >= {Mode.SELL, Mode.PAY}, screens


@pytest.mark.parametrize("seed", SEEDS)
async def test_scans_at_once_over_everything(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)
    async with open_till(bench) as cashier:
        tally = Tally(cashier, monkeypatch)
        for _ in range(AT_ONCE):
            for _ in range(chance.choice((0, 0, 0, 1, 1, 2, 3))):
                cashier.key(chance.choice(OPENERS))
                if chance.random() < 0.2:
                    await cashier.settle()
            code = chance.choice((MILK, MILK, YERBA, SOAP, UNKNOWN, OPEN))
            tally.count[code] += 1
            cashier.read(code)
            if chance.random() < 0.1:
                await cashier.settle()
        cashier.read(MILK)
        tally.count[MILK] += 1
        await cashier.settle()
        await tally.come_out_even()
        assert sum(tally.count.values()) == AT_ONCE + 1


LETTERS = "aeilmnoprst ñé0123456789.,%*+-/"


@pytest.mark.parametrize("seed", SEEDS)
async def test_a_monkey_never_breaks_the_till(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(1000 + seed)
    codes = (MILK, YERBA, SOAP, BREAD, OPEN, UNKNOWN, "2100123", "1-000001", "1-000002", ean(7), "x" * 200)
    async with open_till(bench) as cashier:
        recorded(cashier, monkeypatch)
        for number in range(EVENTS):
            what = chance.random()
            if what < 0.35:
                cashier.read(chance.choice(codes), ago=chance.choice((0, 1)))
            elif what < 0.75:
                cashier.key(chance.choice((*OPENERS, "backspace", "ctrl+u", "home", "end", "left", "right")))
            else:
                cashier.key(chance.choice(LETTERS))
            if chance.random() < 0.2:
                await cashier.settle()
            if number % 50 == 0:
                sums_are_right(cashier)
        await cashier.settle()
        sums_are_right(cashier)
        assert cashier.sales() != []
        numbers = [row[0] for row in cashier.sales()]
        assert numbers == list(range(1, len(numbers) + 1))
        assert list(audit(cashier.store.reader)) == []


def sums_are_right(cashier: Cashier) -> None:
    """The basket's kept sums are what its lines come to, and what was paid is never more than that."""
    basket, totals = cashier.open_sale.basket, cashier.open_sale.totals
    assert basket.subtotal == sum(line.amount for line in basket.lines)
    assert totals.total == totals.subtotal - totals.discount
    assert totals.total == totals.net + totals.tax
    assert len(cashier.view.parts.basket.rows) == len(basket.lines) or cashier.state.done is not None
    assert len(cashier.app.screen_stack) <= 3
