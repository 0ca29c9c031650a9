"""Scans in every state: none is lost, none becomes something else; random keys never break the till."""

from __future__ import annotations

import json
import os
import random
from typing import Any

import pytest

from tests.ui.cashier import BREAD, MILK, OPEN, SOAP, UNKNOWN, YERBA, Bench, Cashier, ean, open_till
from tilltui.domain.line import LineKind
from tilltui.store.audit import audit
from tilltui.ui.dialogs.ask import AskDialog
from tilltui.ui.screens.state import Shown

SCANS = int(os.environ.get("TILLTUI_STORM", "1000"))
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
    fail, take = cashier.sale.fail, AskDialog.take_barcode

    def failed(problem: Any, **more: Any) -> None:
        fail(problem, **more)
        shown.append(Shown(problem, more.get("code", "")))

    def take_barcode(dialog: AskDialog[Any], text: str) -> bool:
        if not take(dialog, text):
            return False
        taken.append(text)
        return True

    monkeypatch.setattr(cashier.sale, "fail", failed)
    monkeypatch.setattr(AskDialog, "take_barcode", take_barcode)
    monkeypatch.setattr(cashier.app, "exit", lambda *args: None)
    return shown, taken


def rung(cashier: Cashier, sku: str) -> int:
    """Thousandths of an item that were ever rung: sold, parked or in hand, taken back or not."""
    reader = cashier.store.reader
    query = "SELECT coalesce(sum(quantity), 0) FROM sale_line WHERE sku = ? AND kind = 'sale'"
    sold = int(next(reader.execute(query, (sku,)))[0])
    bodies = [
        json.loads(body)
        for (body,) in reader.execute(
            "SELECT l.body FROM basket_line l JOIN basket b ON b.id = l.basket_id WHERE b.parked"
        )
    ]
    parked = sum(
        int(line["quantity"]) for line in bodies if line.get("kind", "sale") == "sale" and line["sku"] == sku
    )
    lines = cashier.checkout.basket.lines
    in_hand = sum(line.quantity for line in lines if line.kind is LineKind.SALE and line.sku == sku)
    return sold + parked + in_hand


@pytest.mark.parametrize("seed", SEEDS)
async def test_a_thousand_scans_over_everything(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)
    codes = {MILK: "A1", YERBA: "A2", SOAP: "A3"}
    count = dict.fromkeys((*codes, UNKNOWN, OPEN), 0)
    async with open_till(bench) as cashier:
        shown, taken = recorded(cashier, monkeypatch)
        for _ in range(SCANS):
            for _ in range(chance.choice((0, 0, 0, 1, 1, 2, 3))):
                cashier.key(chance.choice(OPENERS))
                if chance.random() < 0.2:
                    await cashier.settle()
            code = chance.choice((MILK, MILK, YERBA, SOAP, UNKNOWN, OPEN))
            count[code] += 1
            cashier.read(code)
            if chance.random() < 0.1:
                await cashier.settle()
        cashier.read(MILK)
        count[MILK] += 1
        await cashier.settle()
        assert {code: rung(cashier, sku) for code, sku in codes.items()} == {
            code: count[code] * 1000 for code in codes
        }
        assert sum(one.code == UNKNOWN for one in shown) + taken.count(UNKNOWN) == count[UNKNOWN]
        not_priced = sum(isinstance(one.problem, str) and "Varios" in one.problem for one in shown)
        assert not_priced == count[OPEN]
        assert set(taken) <= {UNKNOWN}
        assert sum(count.values()) == SCANS + 1


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
    basket, totals = cashier.checkout.basket, cashier.checkout.totals
    assert basket.subtotal == sum(line.amount for line in basket.lines)
    assert totals.total == totals.subtotal - totals.discount
    assert totals.total == totals.net + totals.tax
    assert len(cashier.sale.view.rows) == len(basket.lines) or cashier.sale.done is not None
    assert len(cashier.app.screen_stack) <= 3
