"""Products as they stand on the shelf: what their labels are written from."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Any

from tilltui.domain.goods.offer import Offer
from tilltui.domain.goods.product import Product
from tilltui.domain.paper.labels import LabelOf
from tilltui.domain.paper.slips import EVERYTHING, ordered
from tilltui.domain.text import fold
from tilltui.store.file.engine import Connection
from tilltui.store.goods import catalogue

_CHANGED = """SELECT p.sku, p.name, p.price, p.unit, p.open_price, p.category,
 (SELECT json_group_array(code) FROM barcode WHERE product_id = p.id)
 FROM product p WHERE p.active AND p.updated_ms >= ? ORDER BY p.category, p.name, p.id"""


def label_of(connection: Connection, product: Product) -> LabelOf:
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
    rows = connection.execute(_CHANGED, (since_ms,))
    return [_label(row) for row in rows if ordered(row[5], within)]


def categories(connection: Connection) -> list[str]:
    """Every category of the products for sale; empty text is that of those without one."""
    query = "SELECT DISTINCT category FROM product WHERE active ORDER BY category"
    return [category for (category,) in connection.execute(query)]


def unsold(known: Iterable[str], wanted: Iterable[str]) -> list[str]:
    """Those of the wanted categories that are not among the known ones, whatever the case and accents."""
    there = {fold(category) for category in known}
    return [category for category in wanted if category != EVERYTHING and fold(category) not in there]


def offers(connection: Connection, moments: Iterable[int]) -> list[Offer]:
    """Count the products that changed since each of some moments, then those of each category.

    Args:
        connection: A reading connection.
        moments: UTC milliseconds.
    """
    count = "SELECT count(*) FROM product WHERE active AND updated_ms >= ?"
    found = [Offer(int(next(connection.execute(count, (moment,)))[0]), since_ms=moment) for moment in moments]
    query = "SELECT category, count(*) FROM product WHERE active GROUP BY category ORDER BY category"
    return found + [Offer(number, category) for category, number in connection.execute(query)]


def offered(connection: Connection, offer: Offer) -> list[LabelOf]:
    """The labels of what was offered, as the products are now."""
    rows = connection.execute(_CHANGED, (offer.since_ms,))
    return [_label(row) for row in rows if offer.category in (None, row[5])]


def _label(row: tuple[Any, ...]) -> LabelOf:
    sku, name, price, unit, open_price, _category, codes = row
    return LabelOf(sku, name, price, unit, tuple(json.loads(codes)), bool(open_price))
