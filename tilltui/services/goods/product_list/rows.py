"""Rows of a product list, checked one by one: a product, or what is wrong with the row.

A column that the file does not have leaves what the catalogue says of a known product, so that a list of SKU
and price changes prices and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from tilltui.domain.frozen import frozen
from tilltui.domain.goods.barcode import MAX_CODE, looks_like_gtin, read_plain
from tilltui.domain.goods.product import NewProduct
from tilltui.domain.selling.line_kinds import PRODUCT_KINDS
from tilltui.domain.text import MAX_NAME, MAX_NOTE, clean, fold
from tilltui.errors import N_, BarcodeError, ImportFailed, TillError
from tilltui.services.goods.product_list.columns import BOOLEANS, GENERAL, KINDS, TAXES, UNITS, Columns
from tilltui.services.goods.product_list.prices import read_price
from tilltui.services.goods.product_list.rules import CatalogueRules
from tilltui.services.goods.tables.cells import ERRORS, split_codes, unguard
from tilltui.services.goods.tables.table import Cell

MAX_SKU = 64
"""Most characters of an SKU."""

MAX_CODES = 50
"""Most barcodes of a product."""

NO_CODES = "-"
"""In the cell of the barcodes: take them all off the product. An empty cell leaves them as they are."""

_SIGN = "!-~\u00a1-\u00ac\u00ae-\u024f"
_CLEAN = re.compile(f"(?!')(?:[{_SIGN}]+(?: [{_SIGN}]+)*)?\\Z")
"""Text that ``clean`` and ``unguard`` would leave as it is: most cells, told in one step."""


@frozen
class Refused:
    """A row that does not go in.

    Attributes:
        line: Its line in the file.
        error: Why; ``i18n.explain`` says it in the shop's language.
    """

    line: int
    error: TillError


Values = Mapping[str, Any]
"""What a row says of the fields of a ``NewProduct``, where the file has the column."""

MAX_REMEMBERED = 10_000
"""So many cells are remembered for the rows after them."""


@frozen
class ProductRow:
    """A row whose cells are right in themselves.

    Attributes:
        line: Its line in the file.
        sku: The shop's own number; empty where the barcode has to tell which product it is.
        values: What the row says.
        codes: Lookup keys of its barcodes; ``None`` leaves those of a known product.
        keep_codes: A known product's other barcodes stay too.
    """

    line: int
    sku: str
    values: Values
    codes: tuple[str, ...] | None
    keep_codes: bool = False

    def product(self, known: NewProduct | None, rules: CatalogueRules) -> NewProduct:
        """The product as it will be: what the row says over what is known of it.

        Raises:
            ImportFailed: A new product without name or price, or a zero that the cashier may not key.
        """
        values = dict(self.values)
        if self.codes is not None:
            kept = known.codes if known and self.keep_codes else ()
            values["codes"] = tuple(dict.fromkeys(kept + self.codes))
        if known is not None:
            product = replace(known, **values)
        else:
            product = NewProduct(
                **{"name": "", "price": -1, "tax": rules.taxes[0], **values, "sku": self.sku}
            )
        if not product.name:
            raise ImportFailed(
                N_("“{sku}” is a new product and has no name."),
                hint=N_("Fill in the name, or correct the SKU."),
                sku=self.sku,
            )
        if product.price < 0 and product.open_price:
            product = replace(product, price=0)
        if product.price < 0 or (product.price == 0 and not product.open_price and "price" in self.values):
            raise ImportFailed(
                N_("“{name}” has no price, or a price of zero."),
                hint=N_("Fill in the price; if the cashier keys it, write “yes” in the column “open price”."),
                name=product.name,
            )
        return product


class RowReader:
    """Checks the rows of one file.

    What stands in many rows (units, taxes, categories ...) is read once and remembered.

    Args:
        columns: The file's heading.
        rules: The shop's.
    """

    def __init__(self, columns: Columns, rules: CatalogueRules) -> None:
        self.rules = rules
        self.columns = columns
        self.headings = columns.headings
        self.row: dict[str, Cell] = {}
        readers: dict[str, Callable[[], str | bool]] = {
            "unit": self.unit,
            "tax": self.tax,
            "category": lambda: self.text("category", MAX_NAME),
            "note": lambda: self.text("note", MAX_NOTE),
            "open_price": lambda: self.yes_no("open_price", usual=False),
            "active": lambda: self.yes_no("active", usual=True),
            "complete": lambda: self.yes_no("complete", usual=True),
            "kind": self.kind,
        }
        self._readers = {name: read for name, read in readers.items() if name in columns.places}
        self._remembered: dict[tuple[str, Cell], str | bool] = {}

    def check(self, line: int, cells: Sequence[Cell]) -> ProductRow:
        """Check the cells of a row, each by itself.

        Raises:
            ImportFailed: A cell is wrong; the first one is told.
            AmountError: The price is no amount of the shop's currency.
            BarcodeError: A barcode has a wrong check digit.
        """
        self.row = row = self._cells(cells)
        codes = self.codes()
        sku = self.text("sku", MAX_SKU)
        if not sku and not codes:
            raise ImportFailed(
                N_("The row has neither an SKU nor a barcode."),
                hint=N_("Give every product a number of its own."),
            )
        if "codes" not in row and looks_like_gtin(sku):
            key = read_plain(sku, None, self.rules.templates).key
            return ProductRow(line, sku, self.values(), (key,), keep_codes=True)
        return ProductRow(line, sku, self.values(), codes)

    def _cells(self, cells: Sequence[Cell]) -> dict[str, Cell]:
        """The cells by column."""
        count = len(cells)
        if count > self.columns.width:
            raise ImportFailed(
                N_("The row has {got} cells where the heading has {expected}."),
                hint=N_("Put a text that contains the separator in quotation marks."),
                got=count,
                expected=self.columns.width,
            )
        row = {name: cells[place] if place < count else "" for name, place in self.columns.places.items()}
        if not ERRORS.isdisjoint(row.values()):
            raise ImportFailed(
                N_("A cell holds the error “{cell}” of the spreadsheet."),
                hint=N_("Correct the formula, or write the value in its place."),
                cell=next(cell for cell in row.values() if cell in ERRORS),
            )
        return row

    def values(self) -> Values:
        """What the row says, where the file has the column."""
        row = self.row
        values: dict[str, str | int | bool] = {}
        if "name" in row:
            values["name"] = self.text("name", MAX_NAME)
            if not values["name"]:
                raise ImportFailed(N_("The name is empty."), hint=N_("Fill in the name."))
        if "price" in row:
            values["price"] = self.price()
        for name, read in self._readers.items():
            cell = row[name]
            value = self._remembered.get((name, cell))
            if value is None:
                value = read()
                if len(self._remembered) < MAX_REMEMBERED and len(str(cell)) <= MAX_NAME:
                    self._remembered[name, cell] = value
            values[name] = value
        return values

    def text(self, name: str, limit: int) -> str:
        """A cell as clean text; empty where there is no such column."""
        cell = self.row.get(name, "")
        if isinstance(cell, str) and len(cell) <= limit and _CLEAN.match(cell):
            return cell
        raw = unguard(cell.strip(" ")) if isinstance(cell, str) else format(cell, "f")
        text = clean(raw, limit + 1)
        if len(text) > limit:
            raise _too_long(self.headings[name], text, limit)
        return text

    def price(self) -> int:
        """Minor units; -1 for an empty cell, which is no zero."""
        cell = self.row["price"]
        if isinstance(cell, str):
            cell = clean(unguard(cell.strip(" ")), 200)
        return read_price(cell, self.rules.currency) if cell != "" else -1

    def codes(self) -> tuple[str, ...] | None:
        """Lookup keys, each once, in the order of the file."""
        text = self.text("codes", MAX_CODES * (MAX_CODE + 3))
        if not text:
            return None
        if text == NO_CODES:
            return ()
        codes = split_codes(text)
        if len(codes) > MAX_CODES:
            raise ImportFailed(
                N_("The row has {got} barcodes; a product may have {most}."),
                hint=N_("Check that a quotation mark is not missing."),
                got=len(codes),
                most=MAX_CODES,
            )
        return tuple(dict.fromkeys(self.key(code) for code in codes))

    def key(self, code: str) -> str:
        """The lookup key of one code."""
        if len(code) > MAX_CODE:
            raise _too_long(self.headings["codes"], code, MAX_CODE)
        if _rounded(code):
            raise ImportFailed(
                N_("The spreadsheet has rounded the barcode to “{code}”: its last digits are lost."),
                hint=N_("Format the column as text (or as a number without decimals) and fill it in again."),
                code=code,
            )
        try:
            return read_plain(code, None, self.rules.templates).key
        except BarcodeError as e:
            raise BarcodeError(
                e.message, hint=N_("Compare the barcode with the one on the product."), **e.fields
            ) from e

    def unit(self) -> str:
        """``u``, ``kg``, ``l`` or ``m``; ``u`` where the cell is empty."""
        text = self.text("unit", MAX_NAME)
        unit = UNITS.get(fold(text).rstrip("."), "") if text else "u"
        if not unit:
            raise ImportFailed(
                N_("The unit “{unit}” is not known."), hint=N_("Write u, kg, l or m."), unit=text[:30]
            )
        return unit

    def kind(self) -> str:
        """Key of a kind of line; goods where the cell is empty."""
        text = self.text("kind", MAX_NAME)
        kind = KINDS.get(fold(text))
        if kind is None:
            raise ImportFailed(
                N_("The kind “{kind}” is not known."),
                hint=N_("Known here: {known}."),
                kind=text[:30],
                known=", ".join(its.key for its in PRODUCT_KINDS),
            )
        return kind

    def tax(self) -> str:
        """One of the shop's tax groups."""
        text = self.text("tax", MAX_NAME)
        groups = self.rules.taxes
        if text in groups:
            return text
        word = fold(text)
        for code in groups:
            if fold(code) in (word, word.replace(" ", "_"), TAXES.get(word, "")):
                return code
        if word in GENERAL:
            return groups[0]
        near = get_close_matches(word, [*groups, *TAXES], n=1)
        raise ImportFailed(
            N_("There is no tax group “{tax}”."),
            hint=N_("Did you mean “{near}”? Known here: {known}.") if near else N_("Known here: {known}."),
            tax=text[:30],
            near=near[0] if near else "",
            known=", ".join(groups),
        )

    def yes_no(self, name: str, *, usual: bool) -> bool:
        """Yes or no; ``usual`` where the cell is empty."""
        text = self.text(name, MAX_NAME)
        if not text:
            return usual
        value = BOOLEANS.get(fold(text))
        if value is None:
            raise ImportFailed(
                N_("The column “{column}” says “{text}” instead of yes or no."),
                hint=N_("Write yes or no, or leave it empty."),
                column=self.headings[name],
                text=text[:30],
            )
        return value


def _too_long(column: str, text: str, most: int) -> ImportFailed:
    return ImportFailed(
        N_("The text under “{column}” is longer than {most} characters: “{text}…”."),
        hint=N_("Shorten it."),
        column=column,
        most=most,
        text=text[:30],
    )


def _rounded(code: str) -> bool:
    """Whether a code reads ``7,80123E+12``."""
    mantissa, e, exponent = code.upper().partition("E+")
    return bool(e) and exponent.isdigit() and mantissa.replace(",", ".").replace(".", "", 1).isdigit()
