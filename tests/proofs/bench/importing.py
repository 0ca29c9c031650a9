"""A product list of 100,000 rows into an empty catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.proofs.bench import shopping
from tests.proofs.bench.children import child
from tests.proofs.bench.figure import Figure
from tests.proofs.bench.options import Options


def measure(options: Options) -> Iterator[Figure]:
    """A CSV as a spreadsheet writes it in Chile: semicolons, points for thousands."""
    count = 10_000 if options.quick else 100_000
    with TemporaryDirectory() as folder:
        file = Path(folder) / "list.csv"
        with file.open("w", encoding="utf-8") as out:
            out.write("sku;código de barras;nombre;precio;categoría\n")
            for made in map(shopping.product, range(count)):
                price = f"${made.price:,}".replace(",", ".")
                out.write(f"{made.sku};{made.codes[0]};{made.name};{price};{made.category}\n")
        seen = child("import_list", Path(folder) / "data", file)
    if seen["added"] != count:
        raise ValueError(f"Failed to import {count} products: {seen}.")
    how = "checked, on disk and indexed; no budget of its own"
    yield Figure("import", f"import of {count:,} products", seen["seconds"], "s", None, how)
    yield Figure(
        "import", f"import of {count:,} products, most memory", seen["peak"], "MiB", None, "ru_maxrss"
    )
