"""A shop that sells at random, but the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from tilltui.domain.clock import now_ms
from tilltui.domain.countries.known import COUNTRIES
from tilltui.domain.goods.product import NewProduct
from tilltui.domain.money.tax import TaxTable
from tilltui.domain.paying.settlement import Settlement
from tilltui.domain.paying.tenders import CARD
from tilltui.domain.record.identity import uuid7
from tilltui.domain.record.sales.closing import Closing
from tilltui.domain.selling.basket import Basket
from tilltui.domain.selling.line import Deed, Line
from tilltui.domain.selling.parking import WaitsFor
from tilltui.store.books import totals
from tilltui.store.file.store import Store
from tilltui.store.selling import baskets

CHILE = COUNTRIES["CL"]
TAXES = TaxTable(CHILE.taxes)
DAY = "2026-11-21"
WORDS = ("Leche", "Pan", "Arroz", "Café", "Azúcar", "Té", "Aceite", "Fideos", "Harina", "Jabón", "Ñoquis")


def open_store(folder: Path, *, till: str = "1", vfs: str | None = None) -> Store:
    """A store for tests: any file system, a small ballast."""
    return Store.open(folder, till, safe_disk_only=False, ballast_bytes=8192, vfs=vfs)


def products(first: int, count: int) -> list[NewProduct]:
    """Products with a name, a price and a code each."""
    return [
        NewProduct(
            str(number),
            f"{WORDS[number % len(WORDS)]} {WORDS[number // 11 % len(WORDS)].lower()} {number}",
            100 + number * 37 % 9000,
            "general",
            category=f"c{number % 7}",
            codes=(str(7_800_000_000_000 + number),),
        )
        for number in range(first, first + count)
    ]


def line(rng: random.Random, *, deed: Deed = Deed.SALE) -> Line:
    """One line of a known product, weighed now and then."""
    number = rng.randrange(1, 300)
    price = 100 + number * 37 % 9000
    weighed = rng.random() < 0.2
    quantity = rng.randrange(1, 5000) if weighed else 1000 * rng.randrange(1, 4)
    if deed is Deed.RETURN:
        quantity = -quantity
    made = Line(
        0, f"{WORDS[number % len(WORDS)]} {number}", 0, price, "general", 0,
        product_id=number if rng.random() < 0.9 else None, sku=str(number), category=f"c{number % 7}",
        unit="kg" if weighed else "u", deed=deed, lot="L1" if rng.random() < 0.1 else "", list_price=price,
    )  # fmt: skip
    return made.with_quantity(quantity)


def steps(rng: random.Random, size: int) -> Iterator[Basket]:
    """A basket after every step of the cashier; the last one can be closed."""
    basket = Basket()
    for _ in range(size):
        deed = Deed.RETURN if rng.random() < 0.03 else Deed.SALE
        basket = basket.add(line(rng, deed=deed), now_ms=now_ms())
        yield basket
        live = basket.live_lines
        dice = rng.random()
        if dice < 0.1 and len(live) > 1:
            basket = basket.void(rng.choice(live).no)
            yield basket
        elif dice < 0.2 and (sold := [line for line in live if line.deed is Deed.SALE]):
            basket = basket.set_line_discount(rng.choice(sold).no, rate=10_000_000)
            yield basket
        elif dice < 0.25 and (sold := [line for line in live if line.deed is Deed.SALE]):
            basket = basket.set_price(rng.choice(sold).no, rng.randrange(3000))
            yield basket
    if rng.random() < 0.3:
        basket = basket.set_discount(rate=rng.randrange(1, 30) * 1_000_000)
        yield basket


def closing(
    basket: Basket, rng: random.Random, *, shift: int = 1, day: str = DAY, training: bool = False
) -> Closing:
    """Pay a basket, in parts now and then."""
    total = basket.totals(TAXES, day)
    paid = Settlement(CHILE.currency, total.total)
    if total.total > 2000 and rng.random() < 0.4:
        paid = paid.pay(CARD, total.total // 3, "1234")
    if not paid.settled:
        give = None if paid.due < 0 or rng.random() < 0.3 else (paid.cash_due // 1000 + 1) * 1000
        paid = paid.pay_cash(give)
    now = now_ms()
    return Closing(uuid7(now), basket, total, paid, 1, "Ana", shift, "shop", now, -180, day, training)


def sell(store: Store, rng: random.Random, size: int, *, printer: str = "receipt", basket_id: int = 0) -> str:
    """Ring and close one sale; the identity of the accepted sale."""
    basket = Basket()
    for basket in steps(rng, size):
        if basket_id:
            keep(store, basket_id, basket, durable=False)
    shift = totals.current_shift(store.reader)
    assert shift is not None
    done = closing(basket, rng, shift=shift.id)
    return store.close_sale(done, printer=printer, basket_id=basket_id).result(30).uuid


def keep(store: Store, basket_id: int, basket: Basket, *, durable: bool, parked: bool = False) -> None:
    """Save a whole basket."""
    store.run(
        lambda connection: baskets.save(
            connection,
            basket_id,
            basket,
            basket.lines,
            operator_id=1,
            now_ms=now_ms(),
            waits_for=WaitsFor.CUSTOMER if parked else None,
        ),
        durable=durable,
    )


def close_shift(store: Store, *, day: str = DAY) -> int:
    """Z; its number."""
    body = store.run(
        lambda connection: totals.close_shift(connection, now_ms(), (1, "Ana"), day=day, offset_min=-180)
    )
    return int(body["number"])
