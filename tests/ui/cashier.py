"""A till on a screen without a terminal: a shop, a store in a folder, and a cashier who presses keys."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from textual import events
from textual.keys import _character_to_key

from tilltui.config.schema import Config, DeviceSection
from tilltui.config.schema import Shop as ShopSettings
from tilltui.config.schema import Tender as TenderSettings
from tilltui.config.schema import Till as TillSettings
from tilltui.domain.goods.barcode import check_digit
from tilltui.domain.goods.product import NewProduct
from tilltui.domain.people.operator import Operator
from tilltui.i18n import _
from tilltui.ports import BarcodeScanned, DeviceEvent, DeviceState
from tilltui.services.devices.devices import Devices
from tilltui.services.paper.spool import Spool
from tilltui.services.shop import shop_of
from tilltui.services.till import Look, Till
from tilltui.store.file.store import Store
from tilltui.store.goods import catalogue
from tilltui.ui.dialogs.charge import ChargeDialog
from tilltui.ui.dialogs.dialog import Dialog
from tilltui.ui.dialogs.pick import PickDialog
from tilltui.ui.sale.hints import words_of
from tilltui.ui.sale.state import Mode
from tilltui.ui.shell.app import TillApp
from tilltui.ui.shell.messages import DeviceReported

NOON = 1_795_271_520_000
"""Saturday 21 November 2026, 14:32 UTC."""

PATIENCE = 20.0
"""Seconds after which something that should have happened has not."""


def ean(number: int) -> str:
    """An EAN-13 of the shop."""
    digits = f"780{number:09d}"
    return digits + str(check_digit(digits))


MILK, YERBA, SOAP = ean(1), ean(2), ean(3)
BREAD = "210012300450" + str(check_digit("210012300450"))
OPEN, UNKNOWN = "99", ean(999_999)
BREAD_PLU = "B1"

PRODUCTS = (
    NewProduct("A1", "Leche entera 1 L", 1150, "general", category="Lácteos", codes=(MILK,)),
    NewProduct("A2", "Yerba mate 500 g", 3490, "general", category="Abarrotes", codes=(YERBA,)),
    NewProduct("A3", "Detergente líquido 3 L", 8990, "general", note="Ofrecer bolsa", codes=(SOAP,)),
    NewProduct(BREAD_PLU, "Pan hallulla", 1990, "general", unit="kg", codes=("2100123",)),
    NewProduct("V1", "Varios", 0, "general", open_price=True, codes=(OPEN,)),
)


class FittedDevices(Devices):
    """Devices that a test made instead of plug-ins."""

    fitted: dict[tuple[str, str], Any]

    def _made(self, section: DeviceSection) -> Any:
        return self.fitted[(section.kind, section.name)]


@dataclass
class Bench:
    """What a till is made of in a test.

    Attributes:
        folder: Its data folder; a second till on it is the same shop after a power cut.
        products: Its catalogue.
        training: Sales are practice.
        wedge_gap_ms: For a scanner that types.
        keys: Remapped keys.
        theme: ``16`` or ``rgb``.
        shop: Its settings.
        fitted: Devices that the test made, by kind and name.
        options: Of each kind's section.
        lock_minutes: Minutes without a key until the till locks itself.
        tenders: Ways to pay of its own.
        opened: The stores and devices of the tills that it opened.
    """

    folder: Path
    products: tuple[NewProduct, ...] = PRODUCTS
    training: bool = False
    wedge_gap_ms: int = 0
    keys: dict[str, str] = field(default_factory=dict)
    theme: str = "16"
    shop: ShopSettings = field(
        default_factory=lambda: ShopSettings(name="Almacén Rosita", address="Av. Matta 1234, Santiago")
    )
    fitted: dict[tuple[str, str], Any] = field(default_factory=dict)
    options: dict[str, dict[str, object]] = field(default_factory=dict)
    lock_minutes: int = 0
    tenders: dict[str, TenderSettings] = field(default_factory=dict)
    opened: list[tuple[Store, Devices]] = field(default_factory=list)

    def till(self) -> Till:
        """Open the till."""
        settings = TillSettings(data_dir=str(self.folder), training=self.training)
        sections = tuple(
            DeviceSection(kind, name, "test", self.options.get(kind, {})) for kind, name in self.fitted
        )
        config = Config(shop=self.shop, till=settings, devices=sections, tenders=self.tenders)
        shop = shop_of(config)
        store = Store.open(self.folder, "1", safe_disk_only=False, ballast_bytes=65536)
        store.run(lambda connection: catalogue.put(connection, self.products, NOON))
        devices = FittedDevices(config, store)
        devices.fitted = self.fitted
        ends = ExitStack()
        ends.callback(store.close)
        look = Look(
            keys=self.keys,
            wedge_gap_ms=self.wedge_gap_ms,
            theme=self.theme,
            lock_minutes=self.lock_minutes,
        )
        till = Till(shop, store, devices, Spool(store, shop, _), Operator(1, "Ana"), _, look, None, ends)
        self.opened.append((store, devices))
        return till


class FrozenApp(TillApp):
    """A till whose clock stands and whose bell is counted."""

    bells = 0

    def now_ms(self) -> int:
        """Always the same minute."""
        return NOON

    def bell(self) -> None:
        """Count it."""
        self.bells += 1


class Cashier:
    """Presses keys and scans, and waits until the till has done what they ask for."""

    def __init__(self, app: FrozenApp, pilot: Any, store: Store, devices: Devices) -> None:
        self.app = app
        self.pilot = pilot
        self.view = app.view
        self.state = app.view.state
        self.register = app.till.register
        self.open_sale = app.till.register.sale
        self.store = store
        self.devices = devices

    def key(self, key: str) -> None:
        """Press a key, as Textual names it, or one character; does not wait."""
        alone = len(key) == 1
        character = key if alone else None
        self.app.post_message(events.Key(_character_to_key(key) if alone else key, character))

    def read(self, code: str, *, ago: float = 1.0) -> None:
        """Scan a code some seconds ago, so that no Enter is taken for the scanner's own; does not wait."""
        self.report(BarcodeScanned(code, "front", at=time.monotonic() - ago))

    def report(self, event: DeviceEvent) -> None:
        """Have a device say something; does not wait."""
        self.app.post_message(DeviceReported(event))

    async def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.key(key)
            await self.settle()

    async def type(self, text: str) -> None:
        """Key characters."""
        for char in text:
            self.key(char)
        await self.settle()

    async def choose(self, value: str) -> None:
        """Pick an entry of the menu by what it leads to."""
        await self.press("f12")
        dialog = self.dialog
        assert isinstance(dialog, PickDialog)
        index = [choice.value for choice in dialog._choices].index(value)
        await self.press(*["down"] * index, "enter")

    async def scan(self, *codes: str) -> None:
        """Scan codes one after the other."""
        for code in codes:
            self.read(code)
            await self.settle()

    async def settle(self) -> None:
        """Wait until every key and scan has been handled, the disk has answered and the pop-up is there."""
        async with asyncio.timeout(PATIENCE):
            while True:
                passed = asyncio.Event()
                self.app.call_later(passed.set)
                await passed.wait()
                top = self.app.screen
                if isinstance(top, Dialog) and not top._ready:
                    await asyncio.sleep(0)
                elif isinstance(top, ChargeDialog):
                    return
                elif self.state.busy:
                    await asyncio.wrap_future(self.store.submit(lambda connection: None, durable=False))
                else:
                    return

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for something that a timer or another thread brings about."""
        async with asyncio.timeout(PATIENCE):
            while not condition():
                await self.pilot.pause()

    async def screen(self) -> list[str]:
        """The text of the screen, line by line."""
        await self.pilot.pause()
        return [strip.text for strip in self.app.screen._compositor.render_strips()]

    async def text(self) -> str:
        """The text of the screen."""
        return "\n".join(await self.screen())

    @property
    def mode(self) -> Mode:
        """Where the cashier stands."""
        return self.state.mode

    @property
    def dialog(self) -> Dialog[Any] | None:
        """The pop-up, if there is one."""
        return self.app.screen if isinstance(self.app.screen, Dialog) else None

    @property
    def lines(self) -> list[tuple[str, int, int]]:
        """Name, quantity in thousandths and amount of each line that is really sold."""
        return [(line.description, line.quantity, line.amount) for line in self.open_sale.basket.live_lines]

    @property
    def total(self) -> int:
        """What the basket comes to."""
        return self.open_sale.totals.total

    @property
    def errors(self) -> list[str]:
        """What waits to be seen."""
        return [words_of(shown)[0] for shown in self.state.errors]

    def ready(self, kind: str) -> bool:
        """Whether a device of that kind is ready."""
        return any(
            key[0] == kind and changed.state is DeviceState.READY
            for key, changed in self.app.known.devices.items()
        )

    def sales(self) -> list[tuple[int, int, int]]:
        """Number, total and change of the sales on disk."""
        return list(self.store.reader.execute("SELECT id, total, change FROM sale ORDER BY id"))

    def payments(self, sale: int) -> list[tuple[str, int, int, str]]:
        """Tender, amount, given and reference of a sale's payments."""
        query = "SELECT tender, amount, given, reference FROM payment WHERE sale_id = ? ORDER BY no"
        return list(self.store.reader.execute(query, (sale,)))


@asynccontextmanager
async def open_till(bench: Bench, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Cashier]:
    """Open the till on a screen of that size."""
    till = bench.till()
    try:
        app = FrozenApp(till)
        async with app.run_test(size=size) as pilot:
            cashier = Cashier(app, pilot, *bench.opened[-1])
            await cashier.settle()
            # The devices are started after the first picture.
            await cashier.until(lambda: app.opened)
            await cashier.settle()
            yield cashier
    finally:
        till.close()


def with_products(bench: Bench, *products: NewProduct) -> Bench:
    """The same shop with more products."""
    return replace(bench, products=(*bench.products, *products))
