"""Hostile text through every screen: no crash, and nothing of it that a terminal could obey."""

from __future__ import annotations

import random

import pytest
from textual.geometry import Region

from tests.proofs.injection.strings import PAYLOADS, harmless, texts
from tests.ui.cashier import MILK, NOON, Bench, Cashier, ean, open_till, with_products
from tilltui.domain.goods.product import NewProduct
from tilltui.domain.text import clean
from tilltui.ports import BarcodeScanned, DeviceChanged, DeviceState, ScanGarbled
from tilltui.store.goods import catalogue
from tilltui.store.people import customers
from tilltui.ui.widgets.cells import fit, plain, width_of, wrap
from tilltui.ui.widgets.sale.basket_columns import columns_line


async def safe(cashier: Cashier) -> str:
    """The screen's text, after checking each segment that goes to the terminal."""
    await cashier.pilot.pause()
    width = cashier.app.size.width
    lines = []
    for strip in cashier.app.screen._compositor.render_strips():
        assert all(harmless(text) for text, _style, _control in strip), strip.text
        assert all(not style.link and not style.meta for _t, style, _c in strip if style), strip.text
        assert strip.cell_length == width
        lines.append(strip.text)
    return "\n".join(lines)


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
async def test_a_payload_in_every_field(bench: Bench, payload: str) -> None:
    # Past the door on purpose: the catalogue is written by an importer that may one day forget to clean.
    raw = payload.encode("utf-8", "ignore").decode().replace("\0", "")
    evil = NewProduct(f"X{raw}"[:60], raw or "x", 990, "general", category=raw, note=raw, codes=(ean(50),))
    async with open_till(with_products(bench, evil)) as cashier:
        await cashier.scan(ean(50), MILK)
        await safe(cashier)
        await cashier.press("up", "f7")
        await safe(cashier)
        await cashier.press("escape", "f3")
        await safe(cashier)
        await cashier.press("escape", "f4")
        await safe(cashier)
        await cashier.press("escape")
        await cashier.choose("line_note")
        await keyed(cashier, payload)
        await cashier.press("enter")
        await cashier.choose("note")
        await keyed(cashier, payload)
        await cashier.press("enter", "f6")
        await keyed(cashier, f"q{payload}")
        await cashier.press("enter")
        await safe(cashier)
        await cashier.press("enter")
        await keyed(cashier, payload)
        await cashier.press("enter", "enter", "enter", "enter", "escape")
        await safe(cashier)
        for source in ("front", payload):
            cashier.report(BarcodeScanned(payload, source, at=0))
        cashier.report(ScanGarbled(payload, payload))
        cashier.report(DeviceChanged("printer", payload, DeviceState.FAILED, payload, payload))
        await cashier.settle()
        await safe(cashier)
        await cashier.press(*["escape"] * (len(cashier.errors) + 2))
        await cashier.choose("park_name")
        await keyed(cashier, payload)
        await cashier.press("enter")
        await cashier.scan(MILK)
        await cashier.press("f5", "f5")
        await safe(cashier)
        await cashier.press("1", "f10")
        await safe(cashier)
        await cashier.choose("receipts")
        await cashier.press("1", "1")
        await safe(cashier)
        await cashier.press("escape", "f2")
        await keyed(cashier, payload)
        await cashier.press("escape")
        assert cashier.app.is_running


async def keyed(cashier: Cashier, text: str) -> None:
    """Press what can be pressed of a text, and look."""
    await cashier.type(text[:40])
    await safe(cashier)


def test_a_hundred_thousand_texts_through_the_last_net() -> None:
    chance = random.Random(7)
    for text in texts(chance, 100_000):
        shown = plain(text)
        assert harmless(shown), repr(text)
        width = chance.randrange(1, 60)
        cut = fit(text, width, chance.choice(("left", "right", "center")))
        assert harmless(cut)
        assert width_of(cut) == width
        cleaned = clean(text)
        assert harmless(cleaned)
        assert len(cleaned) <= 120


def test_rows_of_a_basket_keep_their_width() -> None:
    chance = random.Random(8)
    for text in texts(chance, 20_000):
        width = chance.randrange(30, 120)
        line = columns_line(text[:6], text, text[:9], "$1.000", "sale", chance.random() < 0.5, width)
        assert harmless(line)
        assert width_of(line) == width
        for part in wrap(text, width, 3):
            assert harmless(part)
            assert width_of(part) == width


async def test_thousands_of_texts_through_real_rows(bench: Bench) -> None:
    chance = random.Random(9)
    hostile = [text.encode("utf-8", "ignore").decode().replace("\0", "") for text in texts(chance, 2000)]
    products = [
        NewProduct(f"S{number}", text or "x", 100, "general", codes=(f"H{number}",), note=text, category=text)
        for number, text in enumerate(hostile)
    ]
    async with open_till(bench) as cashier:
        put = cashier.store.submit(lambda connection: catalogue.put(connection, products, NOON))
        cashier.store.submit(
            lambda connection: [customers.add(connection, text) for text in hostile[:50] if text]
        )
        assert put.result(20) == 2000
        for number in range(len(products)):
            cashier.read(f"H{number}")
            if number % 16 == 15:
                await cashier.settle()
                view = cashier.view.parts.basket
                width, height = view.content_size
                for strip in view.render_lines(Region(0, 0, width, height)):
                    assert harmless(strip.text)
            if number % 200 == 199:
                await safe(cashier)
                await cashier.press("f7")
                await safe(cashier)
                await cashier.press("escape")
                while cashier.open_sale.basket and len(cashier.lines) > 1500:
                    await cashier.press("enter", "enter")
        sold = next(cashier.store.reader.execute("SELECT count(*) FROM sale_line"))[0]
        assert sold + len(cashier.lines) == 2000
        assert cashier.errors == []
