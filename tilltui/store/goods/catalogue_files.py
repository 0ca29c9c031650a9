"""The catalogue as a whole: what a file that comes in is compared with, and what one that goes out holds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

from tilltui.domain.goods.product import NewProduct
from tilltui.errors import N_, StoreError
from tilltui.store.file.engine import Connection, open_reader
from tilltui.store.file.migrate import check_version
from tilltui.store.file.store import DATABASE

_FIELDS = "sku, name, price, tax, unit, open_price, category, note, active, complete, kind, id"
_ONE = f"SELECT {_FIELDS} FROM product WHERE sku = ?"  # noqa: S608
_ALL = f"""SELECT {_FIELDS}, (SELECT json_group_array(code) FROM
 (SELECT code FROM barcode WHERE product_id = product.id ORDER BY code)) FROM product ORDER BY id"""  # noqa: S608
_OWNER = "SELECT p.sku, p.name FROM barcode b JOIN product p ON p.id = b.product_id WHERE b.code = ?"
_FORGET = "DELETE FROM barcode WHERE code = ? AND product_id = (SELECT id FROM product WHERE sku = ?)"


def find(connection: Connection, sku: str) -> NewProduct | None:
    """The product of an SKU with its barcodes, as it would come in."""
    for row in connection.execute(_ONE, (sku,)):
        codes = connection.execute("SELECT code FROM barcode WHERE product_id = ?", (row[-1],))
        return _product(row, tuple(code for (code,) in codes))
    return None


def owner(connection: Connection, code: str) -> tuple[str, str] | None:
    """SKU and name of the product that a barcode's lookup key is on."""
    for sku, name in connection.execute(_OWNER, (code,)):
        return sku, name
    return None


def forget_codes(connection: Connection, sku: str, codes: Iterable[str]) -> None:
    """Take barcodes off a product. Runs in the caller's transaction."""
    connection.executemany(_FORGET, ((code, sku) for code in codes))


def everything(connection: Connection) -> Iterator[NewProduct]:
    """Every product, as of one moment, in the order in which they came in; barcodes sorted."""
    for *row, codes in connection.execute(_ALL):
        yield _product(row, tuple(json.loads(codes)))


@contextmanager
def open_catalogue(folder: Path) -> Iterator[Connection]:
    """Read a till's catalogue from beside: the till may be running.

    Args:
        folder: The till's data folder.

    Raises:
        StoreError: There is no database, or it cannot be read.
    """
    path = folder / DATABASE
    if not path.exists():
        raise StoreError(
            N_("There is no sales file yet: {path}."),
            hint=N_("Open the till once, or import a catalogue."),
            path=str(path),
        )
    try:
        connection = open_reader(path)
        try:
            check_version(connection)
            yield connection
        finally:
            connection.close()
    except apsw.Error as error:
        raise StoreError(
            N_("The sales file {path} cannot be read: {error}."),
            hint=N_("Check that this user may read it; “tilltui audit” says whether it is whole."),
            path=str(path),
            error=str(error),
        ) from error


def _product(row: Iterable[object], codes: tuple[str, ...]) -> NewProduct:
    sku, name, price, tax, unit, open_price, category, note, active, complete, kind, _id = row
    return NewProduct(
        str(sku), str(name), int(str(price)), str(tax), str(unit), bool(open_price), str(category), str(note),
        codes, bool(active), bool(complete), str(kind),
    )  # fmt: skip
