"""Products as they stand on the shelf: what their labels are written from."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable

from tilltui.domain.labels import LabelOf
from tilltui.domain.slips import EVERYTHING, ordered
from tilltui.domain.text import fold
from tilltui.store import catalogue
from tilltui.store.engine import Connection

_CHANGED = """SELECT p.sku, p.name, p.price, p.unit, p.open_price, p.category,
 (SELECT json_group_array(code) FROM barcode WHERE product_id = p.id)
 FROM product p WHERE p.active AND p.updated_ms >= ? ORDER BY p.category, p.name, p.id"""


def label_of(connection: Connection, product: catalogue.Product) -> LabelOf:
    """What the label of a product shows."""
    codes = tuple(catalogue.barcodes(connection, product.id))
    return LabelOf(product.sku, product.name, product.price, product.unit, codes, product.open_price)


def changed(
    connection: Connection, *, since_ms: int = 0, within: Collection[str] = (EVERYTHING,)
) -> list[LabelOf]:
    """Products for sale of some categories that are as they are since a moment, ordered as shelves are.

    Args:
        connection: A reading connection.
        since_ms: UTC milliseconds; 0: all of them.
        within: Their categories, whatever the case and accents; ``*``: all of them.
    """
    return [
        LabelOf(sku, name, price, unit, tuple(json.loads(codes)), bool(open_price))
        for sku, name, price, unit, open_price, category, codes in connection.execute(_CHANGED, (since_ms,))
        if ordered(category, within)
    ]


def categories(connection: Connection) -> list[str]:
    """Every category of the products for sale; empty text is that of those without one."""
    query = "SELECT DISTINCT category FROM product WHERE active ORDER BY category"
    return [category for (category,) in connection.execute(query)]


def unsold(known: Iterable[str], wanted: Iterable[str]) -> list[str]:
    """Those of the wanted categories that are not among the known ones, whatever the case and accents."""
    there = {fold(category) for category in known}
    return [category for category in wanted if category != EVERYTHING and fold(category) not in there]
