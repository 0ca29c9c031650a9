"""The ways into an open till: scans, keys in every input, what a sale keeps; the screen is watched."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from itertools import cycle
from typing import TypeVar

from textual.geometry import Region
from textual.widget import Widget

from tests.proofs.injection.ways_out import check, check_strips
from tests.ui.cashier import MILK, Cashier
from tilltui.domain.paying.tenders import TRANSFER
from tilltui.domain.people.customer import Customer
from tilltui.errors import TillError
from tilltui.ports import DeviceChanged, DeviceState, ScanGarbled
from tilltui.services.flow import Flow, Wait
from tilltui.store.people import customers
from tilltui.ui.sale.state import Mode

log = logging.getLogger(__name__)

T = TypeVar("T")

LINES_A_SALE = 100
"""Lines after which a sale is closed."""

LOOK_EVERY = 10
"""Products between two looks at the basket: fewer than it shows."""

DEVICES_EVERY = 10
"""One scan in so many is followed by a device that says the same text, to the screen and the log."""

WHOLE_SCREEN_EVERY = 25
"""Texts between two looks at the whole screen; what shows the text itself is looked at each time."""

AT_A_TIME = 24
"""Texts that are keyed into an input before the first of them is accepted with Enter."""

MOST_KEYS = 40
"""Characters that are keyed of a text."""

INPUTS = ("find", "customer", "sale", "note", "line_note", "park_name", "open_item", "discount")
"""Where keys are pressed, in turn."""


async def driven(flow: Flow[T]) -> T:
    """Drive a command of the register while the screen goes on."""
    step = flow.send
    answer: object = None
    while True:
        try:
            wait = step(answer)
        except StopIteration as end:
            result: T = end.value
            return result
        assert isinstance(wait, Wait)
        try:
            answer, step = await asyncio.wrap_future(wait.future), flow.send
        except Exception as error:  # whatever it is, it is the flow's to handle
            answer, step = error, flow.throw


class Attacker:
    """Somebody at an open till who means harm.

    Args:
        cashier: Presses and scans.
    """

    def __init__(self, cashier: Cashier) -> None:
        self.cashier = cashier
        self.strips = 0
        self._texts = 0

    def look_at(self, widget: Widget, where: str) -> None:
        """Look at what one widget sends to the terminal."""
        width, height = widget.content_size
        self.strips += check_strips(widget.render_lines(Region(0, 0, width, height)), where)

    async def look(self, where: str) -> None:
        """Look at the whole screen."""
        await self.cashier.pilot.pause()
        self.strips += check_strips(self.cashier.app.screen._compositor.render_strips(), where)

    async def home(self) -> None:
        """Leave everything that is open and be told every error."""
        cashier = self.cashier
        for _ in range(200):
            if cashier.dialog is None and not cashier.state.errors and cashier.mode is Mode.SELL:
                break
            self.look_at(cashier.view.parts.bar, "error bar")
            await cashier.press("escape")
        check(cashier.dialog is None and not cashier.state.errors, "the way home", cashier.errors)
        await cashier.press("escape")

    async def scan_products(self, codes: Sequence[str]) -> int:
        """Ring products that were imported; gives how many were rung."""
        rung = 0
        for begin in range(0, len(codes), LOOK_EVERY):
            for code in codes[begin : begin + LOOK_EVERY]:
                self.cashier.read(code)
            await self.cashier.settle()
            self.look_at(self.cashier.view.parts.basket, "basket")
            await self._every_now_and_then("basket", LOOK_EVERY)
            if len(self.cashier.open_sale.basket.lines) >= LINES_A_SALE:
                rung += await self._sell()
        return rung + await self._sell()

    async def scan_hostile(self, codes: Sequence[str]) -> None:
        """Scan codes that are hostile themselves, and have devices say the like; each error is looked at."""
        for number, code in enumerate(codes):
            self.cashier.read(code)
            if number % DEVICES_EVERY == 0:
                state = (DeviceState.FAILED, DeviceState.READY)[number // DEVICES_EVERY % 2]
                self.cashier.report(DeviceChanged("printer", "receipt", state, code, code))
                self.cashier.report(ScanGarbled(code, code))
                log.warning("the printer said %s", code)  # as a driver does with what it does not understand
            await self.cashier.settle()
            while self.cashier.state.errors:
                self.look_at(self.cashier.view.parts.bar, "error bar")
                self.cashier.key("escape")
                await self.cashier.settle()
            await self._every_now_and_then("after a scan")
        await self._sell()

    async def key(self, texts: Sequence[str]) -> None:
        """Key texts into every input in turn, and accept one of each round."""
        places: Iterator[str] = cycle(INPUTS)
        for begin in range(0, len(texts), AT_A_TIME):
            place = next(places)
            await self._open(place)
            for text in texts[begin : begin + AT_A_TIME]:
                if self.cashier.dialog is None and place != "sale":
                    await self._open(place)
                await self.cashier.type(text[:MOST_KEYS])
                await self._see(place)
                await self.cashier.press("escape" if place == "sale" else "ctrl+u")
            await self.cashier.type(texts[begin][:MOST_KEYS])
            await self.cashier.press("enter")
            await self.look(place)
            await self.home()
            if len(self.cashier.open_sale.basket.lines) >= LINES_A_SALE:
                await self._sell()
        await self._sell()

    async def _see(self, place: str) -> None:
        top = self.cashier.dialog or self.cashier.app.screen
        for widget in top.query("FormField, InputLine, ChoiceList, ErrorBar"):
            self.look_at(widget, place)
        await self._every_now_and_then(place)

    async def _open(self, place: str) -> None:
        await self.home()
        if not self.cashier.open_sale.basket:
            await self.cashier.scan(MILK)
            await self.home()
        keys = {"find": "f2", "customer": "f6", "open_item": "slash", "discount": "f4"}
        if place in keys:
            await self.cashier.press(keys[place])
        elif place != "sale":
            await self.cashier.choose(place)

    async def keep(self, texts: Sequence[str]) -> None:
        """Sell with texts as name, notes, customer and reference; park under one of them and recall."""
        register, view = self.cashier.register, self.cashier.view
        ringing, correcting, parking = (
            register.selling.ringing,
            register.selling.correcting,
            register.selling.parking,
        )
        for begin in range(0, len(texts), 6):
            name, note, line_note, customer, reference, parked = (*texts[begin : begin + 6], *[""] * 6)[:6]
            try:
                line = ringing.ring_open(name, 100).line
            except TillError:  # nothing legible is no name
                line = ringing.scan(MILK).line
            correcting.note(note)
            correcting.line_note(line.no, line_note)
            register.people.customers.choose(await self._customer(customer))
            parking.park(parked)
            row = (await driven(parking.parked()))[-1]
            await driven(parking.recall(row.id))
            view.paint_all()
            self.look_at(view.parts.basket, "basket")
            register.paying.pay(TRANSFER, None, reference)
            await driven(register.paying.close())
            view.paint_all()
            if begin % 300 == 0:
                await self._lists(name)
        await self._lists(texts[-1])

    async def _customer(self, name: str) -> Customer:
        """A customer as a list from elsewhere would bring one: not cleaned."""
        raw = name.encode("utf-8", "ignore").decode().replace("\0", "")
        work = self.cashier.store.submit(lambda connection: customers.add(connection, raw, tax_id=raw[:20]))
        return await asyncio.wrap_future(work)

    async def _lists(self, name: str) -> None:
        """Every list that shows what was kept, and what its entries lead to; one sale stays parked."""
        selling = self.cashier.register.selling
        await self.home()
        selling.ringing.ring_open(f"x{name}", 100)
        selling.parking.park(name)
        await driven(selling.parking.settled())
        selling.ringing.ring_open(f"y{name}", 100)
        self.cashier.view.paint_all()
        for keys in (
            ("f6", "[", "enter"),
            ("f6", "1", "enter"),
            ("up", "f7"),
            ("f2", "s", "1"),
            ("f4",),
            ("f3",),
        ):
            await self.cashier.press(*keys)
            await self.look(" ".join(keys))
            await self.home()
        await self._sell()
        await self.cashier.press("f5")
        await self.look("f5")
        await self.home()
        await self.cashier.choose("receipts")
        await self.look("receipts")
        await self.cashier.press("enter", "enter")
        await self.look("a receipt")
        await self.home()

    async def _every_now_and_then(self, where: str, texts: int = 1) -> None:
        self._texts += texts
        if self._texts >= WHOLE_SCREEN_EVERY:
            self._texts = 0
            await self.look(where)

    async def _sell(self) -> int:
        """Close the sale in hand for cash; gives how many lines it had."""
        await self.home()
        count = len(self.cashier.open_sale.basket.lines)
        if count:
            await self.cashier.press("enter", "enter")
            await self.cashier.until(lambda: not self.cashier.open_sale.basket)
            await self.home()
        return count
