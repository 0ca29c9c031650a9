"""The demo shop, "Almacén Rosita": what opens where nothing is set up.

Its catalogue is ``products.csv``, an ordinary product list that the import's own code reads; the file is
written by ``scripts/demo-catalogue``. Makers and products are invented.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tilltui.domain.goods.barcode import check_digit
from tilltui.domain.goods.product import NewProduct
from tilltui.services.goods.product_list.columns import score
from tilltui.services.goods.product_list.importing import find_columns
from tilltui.services.goods.product_list.rows import RowReader
from tilltui.services.goods.product_list.rules import CatalogueRules
from tilltui.services.goods.tables.reader import open_table
from tilltui.services.goods.tables.table import BadLine

COUNTRY = "CL"
"""Where the demo shop stands: its currency, taxes and layouts of scale labels."""

PRODUCTS = Path(__file__).parent / "products.csv"
"""The catalogue."""

_WEIGHT_LABELS = (("2100101", 845), ("2100201", 250), ("2100211", 312), ("2100305", 1260), ("2100321", 980))
"""PLU key and grams, as the scale prints them: bread, ham, cheese, avocado, bananas."""

_PRICE_LABELS = (("2000102", 1450), ("2000301", 2190), ("2000402", 5880))
"""PLU key and pesos: bread, tomatoes, chicken."""

_COUNT_LABELS = (("2400601", 6), ("2400604", 12))
"""PLU key and pieces: empanadas, eggs."""

_PACKED = (
    "7801100000012",
    "7801114800011",
    "7801129600019",
    "7801162900022",
    "7801177700013",
    "7801185100010",
    "7801159200012",
    "78010017",
    "075000123011",
    "17801162900029",
)
"""EAN-13, EAN-8, UPC-A and a box's ITF-14."""


def products() -> Iterator[NewProduct]:
    """Every product of the demo shop, for ``store.goods.catalogue.put``.

    Raises:
        TillError: The file is not as it was delivered.
    """
    rules = CatalogueRules.of_country(COUNTRY)
    with open_table(PRODUCTS, score) as table:
        columns, rows = find_columns(table.rows, PRODUCTS)
        reader = RowReader(columns, rules)
        for line, cells in rows:
            if isinstance(cells, BadLine):
                raise cells.error
            yield reader.check(line, cells).product(None, rules)


def scan_codes() -> list[str]:
    """Codes to scan in the demo shop: packets, a box, and labels of its scale with weight, price or count."""
    labels = [f"{key}{value:05d}" for key, value in (*_WEIGHT_LABELS, *_PRICE_LABELS, *_COUNT_LABELS)]
    return [*_PACKED, *(f"{label}{check_digit(label)}" for label in labels)]
