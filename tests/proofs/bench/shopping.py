"""A shop's products and sales, the same ones every time."""

from __future__ import annotations

import random
from collections.abc import Iterator

from tilltui.domain.clock import now_ms
from tilltui.domain.countries.known import COUNTRIES
from tilltui.domain.goods.gtin import check_digit
from tilltui.domain.goods.product import NewProduct
from tilltui.domain.money.tax import TaxTable
from tilltui.domain.paying.settlement import Settlement
from tilltui.domain.paying.tenders import CARD
from tilltui.domain.record.identity import uuid7
from tilltui.domain.record.sales.closing import Closing
from tilltui.domain.selling.basket import Basket
from tilltui.domain.selling.line import Line
from tilltui.store.file.store import Store
from tilltui.store.goods import catalogue

CHILE = COUNTRIES["CL"]
TAXES = TaxTable(CHILE.taxes)
DAY = "2026-11-21"

_WORDS = (
    "Leche Pan Arroz Café Azúcar Té Aceite Fideos Harina Jabón Ñoquis Yogur Queso Manteca Miel Sal "
    "Mermelada Galletas Chocolate Detergente Shampoo Papel Servilletas Atún Sardinas Tomate Lechuga Zapallo "
    "Müesli Avena"
)
_KINDS = (
    "entera descremada integral extra fino grueso clásico light premium natural orgánico instantáneo "
    "molido rallado líquido concentrado familiar surtido dulce salado"
)
SIZES = ("250 g", "500 g", "1 kg", "1 L", "2 L", "900 ml", "12 un", "6 un")
_PIECES = "ba co di fu ga lo mi nu pa ro sa te va zu que lla ña cre tri plo"
WORDS, KINDS, SYLLABLES = _WORDS.split(), _KINDS.split(), _PIECES.split()

QUERIES = (
    "le", "ca", "pa", "sal", "lec", "mue", "leche", "cafe", "leche ent", "jabon liq", "noqui", "te ver",
    "xy", "arroz integ", "1 l", "zu", "co", "detergente concentrado",
)  # fmt: skip
"""What a cashier types: two letters and more, with and without accents, one that finds nothing."""


def product(number: int) -> NewProduct:
    """The product of that number: always the same."""
    rng = random.Random(number)
    brand = "".join(rng.choice(SYLLABLES) for _ in range(3)).capitalize()
    name = f"{rng.choice(WORDS)} {rng.choice(KINDS)} {brand} {rng.choice(SIZES)}"
    return NewProduct(
        f"A{number}",
        name,
        rng.randrange(10, 999) * 10,
        "general",
        category=f"c{number % 20}",
        codes=(code(number),),
    )


def code(number: int) -> str:
    """The EAN-13 of a product."""
    body = f"780{number:09d}"
    return f"{body}{check_digit(body)}"


def fill_catalogue(store: Store, count: int) -> None:
    """Put ``count`` products in, five hundred of them popular, and let SQLite see to its index."""
    store.run(lambda connection: catalogue.put(connection, map(product, range(count)), now_ms()))
    store.run(
        lambda connection: connection.execute(
            "INSERT INTO popular SELECT id, 1000 - id FROM product WHERE id % ? = 1 LIMIT 500",
            (max(1, count // 500),),
        )
    )


def line(number: int, quantity: int = 1000) -> Line:
    """A line with that product; the rows of a catalogue begin at 1."""
    what = product(number)
    made = Line(
        0, what.name, 0, what.price, what.tax, 0, product_id=number + 1, sku=what.sku, code=what.codes[0],
        category=what.category, list_price=what.price,
    )  # fmt: skip
    return made.with_quantity(quantity)


def basket(first: int, lines: int) -> Basket:
    """A basket of ``lines`` products."""
    made = Basket()
    for number in range(first, first + lines):
        made = made.add(line(number), now_ms=now_ms())
    return made


def closings(count: int, *, shift: int = 1, lines: int = 10) -> Iterator[Closing]:
    """Sales of ``lines`` lines, paid half by card and the rest in cash."""
    rng = random.Random(count)
    for _ in range(count):
        sold = basket(rng.randrange(90_000), lines)
        totals = sold.totals(TAXES, DAY)
        paid = Settlement(CHILE.currency, totals.total)
        paid = paid.pay(CARD, totals.total // 2, "4242").pay_cash(None)
        at = now_ms()
        yield Closing(uuid7(at), sold, totals, paid, 1, "Ana", shift, "shop", at, -180, DAY, False)
