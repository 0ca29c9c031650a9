"""The catalogue goes out as CSV or XLSX, in the columns that the import reads."""

from __future__ import annotations

import csv
import io
import os
import secrets
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from tilltui.domain.goods.product import NewProduct
from tilltui.domain.money.money import Currency
from tilltui.errors import N_, ImportFailed
from tilltui.services.goods.product_list.columns import EXPORTED, YES_NO
from tilltui.services.goods.product_list.prices import write_price
from tilltui.services.goods.tables.cells import guard, join_codes

PRICE = 3
"""Place of the price among the columns."""


def export_file(
    products: Iterable[NewProduct], path: Path, currency: Currency, language: str, *, force: bool = False
) -> int:
    """Write products to a new file, whole or not at all.

    Args:
        products: What to write, streamed.
        path: Its ending decides: ``.xlsx``, anything else is CSV (UTF-8 with byte order mark, so that a
            spreadsheet reads the accents; semicolons where the decimal mark is a comma).
        currency: Of the prices.
        language: Of the headings: ``es``, ``en`` or ``pt``.
        force: Write over an existing file.

    Returns:
        How many products.

    Raises:
        ImportFailed: It exists, or cannot be written.
    """
    if path.exists() and not force:
        raise ImportFailed(
            N_("{file} is there already and was left as it is."),
            hint=N_("Choose another name, or write over it with --force."),
            file=path,
        )
    new = path.with_name(f".{path.name}.{secrets.token_hex(4)}.new")
    rows = _rows(products, language)
    try:
        try:
            count = (
                _write_xlsx(new, rows, currency)
                if path.suffix.lower() == ".xlsx"
                else _write_csv(new, rows, currency)
            )
            with new.open("rb") as file:
                os.fsync(file.fileno())
            new.replace(path)
        finally:
            new.unlink(missing_ok=True)
    except OSError as e:
        raise ImportFailed(
            N_("{file} cannot be written: {reason}."),
            hint=N_("Check the folder's permissions, or choose another name."),
            file=path,
            reason=e.strerror or e,
        ) from e
    return count


Cells = list[str | int]
"""One row: text, and the price in minor units."""


def _rows(products: Iterable[NewProduct], language: str) -> Iterator[Cells]:
    """The heading, then a row for each product."""
    yield list(EXPORTED[language])
    yes, no = YES_NO[language]
    for product in products:
        yield [
            guard(product.sku),
            guard(join_codes(product.codes)),
            guard(product.name),
            product.price,
            product.unit,
            guard(product.tax),
            guard(product.category),
            guard(product.note),
            yes if product.open_price else no,
            yes if product.active else no,
            yes if product.complete else no,
            guard(product.kind),
        ]


def _write_csv(path: Path, rows: Iterator[Cells], currency: Currency) -> int:
    count = 0
    with path.open("x", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";" if currency.decimal == "," else ",")
        writer.writerow(next(rows))
        for row in rows:
            row[PRICE] = write_price(int(row[PRICE]), currency)
            writer.writerow(row)
            count += 1
    return count


def _write_xlsx(path: Path, rows: Iterator[Cells], currency: Currency) -> int:
    import openpyxl  # heavy: only where a workbook is written

    book = openpyxl.Workbook(write_only=True)
    sheet: Any = book.create_sheet("Tilltui")
    count = 0
    try:
        for row in rows:
            sheet.append([_cell(sheet, place, value, currency) for place, value in enumerate(row)])
            count += 1
    except BaseException:
        book.save(io.BytesIO())  # the rows lie in a temporary file that nothing but saving takes away
        raise
    with path.open("xb") as file:
        book.save(file)
    return count - 1


def _cell(sheet: Any, place: int, value: str | int, currency: Currency) -> Any:
    from openpyxl.cell import WriteOnlyCell

    if place == PRICE and isinstance(value, int):
        price: Any = Decimal(value).scaleb(-currency.decimals)  # exact; the stubs know no Decimal
        return WriteOnlyCell(sheet, price)
    cell: Any = WriteOnlyCell(sheet, value)
    cell.data_type = "s"  # openpyxl would make a formula of what begins with "="
    cell.number_format = "@"
    return cell
