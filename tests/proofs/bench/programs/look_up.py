"""Looks products up by code and by name: FOLDER COUNT."""

from __future__ import annotations

import json
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.proofs.bench import shopping
from tilltui.domain.countries.known import COUNTRIES
from tilltui.domain.goods.embedded import Template
from tilltui.services.goods.codes import CodeReader
from tilltui.store.file.engine import open_reader
from tilltui.store.file.store import DATABASE
from tilltui.store.goods import catalogue

ROUNDS = 7


def main() -> None:
    """Print the median of exact look-ups, and every search's best time of some rounds."""
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    reader = open_reader(folder / DATABASE)
    templates = [Template.parse(text) for text in COUNTRIES["CL"].templates]
    codes = CodeReader(templates, decimals=0, currency="CLP")
    rng = random.Random(1)
    numbers = [rng.randrange(count) for _ in range(2000)]

    scanned = {number: shopping.code(number) for number in numbers}

    def find(number: int) -> None:
        key = codes.read(scanned[number], None).key
        product = catalogue.by_code(reader, key)
        if product is None or product.sku != f"A{number}":
            raise ValueError(f"Failed to find product {number}: got {product}.")

    for number in numbers:
        find(number)
    exact = [statistics.median(_ms(find, number) for number in numbers) for _ in range(3)]
    searches = {
        text: min(_ms(catalogue.search, reader, text) for _ in range(ROUNDS)) for text in shopping.QUERIES
    }
    found = {text: len(catalogue.search(reader, text)) for text in shopping.QUERIES}
    print(json.dumps({"exact_ms": min(exact), "search_ms": searches, "found": found}))


def _ms(work: Callable[..., object], *arguments: object) -> float:
    started = time.perf_counter()
    work(*arguments)
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    main()
