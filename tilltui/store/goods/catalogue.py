"""Products: found by code in one step, by name in one more."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from unicodedata import normalize, ucd_3_2_0

from tilltui.domain.goods.product import NewProduct, Product
from tilltui.domain.selling.line_kinds import LINE_KINDS
from tilltui.store.books.keys import AFTER_SALE
from tilltui.store.file.engine import Connection

MIN_LETTERS = 2
"""A search shorter than this finds nothing."""

_LETTERS = ucd_3_2_0.category
# The index keeps no positions, so a word must be one token for unicode61 too, which knows Unicode 6.1: what
# was a letter or number long before that is one in both.

MOST_SALES = 2000
"""Sales since the last count beyond which the older ones are left out: the cashier waits for the count, which
takes milliseconds for a day's few hundred sales and must not take half a second after a week without a Z."""


_COLUMNS = """p.id, p.sku, p.name, p.unit, p.price, p.open_price, p.tax, p.category, p.note, p.active,
 p.complete, p.kind"""
_BY_CODE = f"SELECT {_COLUMNS} FROM barcode b JOIN product p ON p.id = b.product_id WHERE b.code = ?"  # noqa: S608
_BY_SKU = f"SELECT {_COLUMNS} FROM product p WHERE p.sku = ?"  # noqa: S608
_BY_ID = f"SELECT {_COLUMNS} FROM product p WHERE p.id = ?"  # noqa: S608
_POPULAR = f"""SELECT {_COLUMNS} FROM best_seller_fts f JOIN best_seller b ON b.rank = f.rowid
 JOIN product p ON p.id = b.product_id WHERE best_seller_fts MATCH ? AND p.active ORDER BY f.rowid LIMIT ?"""  # noqa: S608
_SEARCH = f"""SELECT {_COLUMNS} FROM product_fts f JOIN product p ON p.id = f.rowid
 WHERE product_fts MATCH ? AND p.active ORDER BY f.rowid LIMIT ?"""  # noqa: S608


def _product(row: tuple[Any, ...]) -> Product:
    number, sku, name, unit, price, open_price, tax, category, note, active, complete, kind = row
    return Product(
        number, sku, name, unit, price, bool(open_price), tax, category, note, bool(active), bool(complete),
        LINE_KINDS[kind],
    )  # fmt: skip


def by_code(connection: Connection, key: str) -> Product | None:
    """The product of a barcode's lookup key (see ``domain.goods.barcode``), or of an SKU."""
    for query in (_BY_CODE, _BY_SKU):
        for row in connection.execute(query, (key,)):
            return _product(row)
    return None


def by_id(connection: Connection, product_id: int) -> Product | None:
    """The product of that row."""
    for row in connection.execute(_BY_ID, (product_id,)):
        return _product(row)
    return None


def barcodes(connection: Connection, product_id: int) -> list[str]:
    """Every barcode of a product."""
    return [
        row[0] for row in connection.execute("SELECT code FROM barcode WHERE product_id = ?", (product_id,))
    ]


def search(connection: Connection, text: str, limit: int = 20) -> list[Product]:
    """Products whose name or SKU has words that begin so, accents and case aside; best sellers first.

    Args:
        connection: A reading connection.
        text: What the cashier typed; fewer than two letters find nothing.
        limit: Most products.
    """
    match = _match(text)
    if not match:
        return []
    found = {row[0]: _product(row) for row in connection.execute(_POPULAR, (match, limit))}
    if len(found) < limit:
        for row in connection.execute(_SEARCH, (match, limit)):
            found.setdefault(row[0], _product(row))
    return list(found.values())[:limit]


def _match(text: str) -> str:
    """An FTS5 expression with every word quoted: the cashier's text is never syntax."""
    letters = (char if _LETTERS(char)[0] in "LN" else " " for char in normalize("NFC", text[:80]))
    words = "".join(letters).split()
    if sum(len(word) for word in words) < MIN_LETTERS:
        return ""
    return " ".join(f'"{word}"*' for word in words)


def count(connection: Connection) -> int:
    """How many products may be sold."""
    return int(next(connection.execute("SELECT count(*) FROM product WHERE active"))[0])


_UPSERT = """INSERT INTO product
 (sku, name, unit, price, open_price, tax, category, note, active, complete, kind, updated_ms)
 VALUES (?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (sku) DO UPDATE SET name = excluded.name, unit = excluded.unit,
 price = excluded.price, open_price = excluded.open_price, tax = excluded.tax, category = excluded.category,
 note = excluded.note, active = excluded.active, complete = excluded.complete, kind = excluded.kind,
 updated_ms = excluded.updated_ms"""
_CODE = """INSERT INTO barcode (code, product_id) SELECT ?, id FROM product WHERE sku = ?
 ON CONFLICT (code) DO UPDATE SET product_id = excluded.product_id"""


def put(connection: Connection, products: Iterable[NewProduct], now_ms: int) -> int:
    """Add or change products, with their barcodes. Runs in the caller's transaction.

    Returns:
        How many.
    """
    done = 0
    rows: list[tuple[object, ...]] = []
    codes: list[tuple[str, str]] = []

    def flush() -> None:
        connection.executemany(_UPSERT, rows)
        connection.executemany(_CODE, codes)
        rows.clear()
        codes.clear()

    for product in products:
        rows.append(
            (
                product.sku, product.name, product.unit, product.price, int(product.open_price), product.tax,
                product.category, product.note, int(product.active), int(product.complete),
                product.kind, now_ms,
            )
        )  # fmt: skip
        codes.extend((code, product.sku) for code in product.codes)
        done += 1
        if len(rows) == 500:
            flush()
    flush()
    return done


def refresh_popular(connection: Connection, keep: int = 500) -> None:
    """Count what sold since the last time and rank anew; older sales fade. Runs in the caller's transaction.

    Args:
        connection: The writing connection.
        keep: How many products are ranked.
    """
    since = next(connection.execute("SELECT coalesce(max(value + 0), 0) FROM meta WHERE key = 'popular'"))[0]
    newest = next(connection.execute("SELECT coalesce(max(id), 0) FROM sale"))[0]
    connection.execute("UPDATE popular SET sold = sold * 97 / 100")
    connection.execute(
        f"""INSERT INTO popular (product_id, sold) SELECT product_id, count(*) * 1000 FROM sale_line
         WHERE id {AFTER_SALE} AND deed = 'sale' AND product_id IS NOT NULL GROUP BY product_id
         ON CONFLICT DO UPDATE SET sold = sold + excluded.sold""",  # noqa: S608
        (max(since, newest - MOST_SALES),),
    )
    connection.execute(
        """DELETE FROM popular WHERE product_id NOT IN
         (SELECT product_id FROM popular ORDER BY sold DESC LIMIT ?)""",
        (4 * keep,),
    )
    connection.execute("DELETE FROM best_seller")
    connection.execute(
        """INSERT INTO best_seller SELECT row_number() OVER (ORDER BY sold DESC, product_id), product_id
         FROM popular ORDER BY 1 LIMIT ?""",
        (keep,),
    )
    connection.execute("INSERT INTO best_seller_fts (best_seller_fts) VALUES ('delete-all')")
    connection.execute(
        """INSERT INTO best_seller_fts (rowid, name, sku) SELECT b.rank, p.name, p.sku
         FROM best_seller b JOIN product p ON p.id = b.product_id"""
    )
    connection.execute(
        "INSERT INTO meta VALUES ('popular', ?) ON CONFLICT DO UPDATE SET value = excluded.value",
        (str(newest),),
    )


def note_bad_scan(
    connection: Connection, code: str, source: str, operator_id: int, reason: str, now_ms: int
) -> None:
    """Remember a code that nobody knew, for the shopkeeper."""
    connection.execute(
        "INSERT INTO bad_scan (at_ms, code, source, operator_id, reason) VALUES (?,?,?,?,?)",
        (now_ms, code[:128], source[:64], operator_id, reason[:64]),
    )
