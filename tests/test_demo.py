"""The demo shop's catalogue is what its docstring says, and is there at once."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tilltui import demo
from tilltui.domain.clock import now_ms
from tilltui.domain.countries.known import COUNTRIES
from tilltui.domain.goods.barcode import CodeKind, looks_like_gtin
from tilltui.domain.text import clean
from tilltui.services.goods.codes import CodeReader
from tilltui.services.goods.product_list.importing import import_file
from tilltui.services.goods.product_list.rules import CatalogueRules
from tilltui.store.file.store import Store
from tilltui.store.goods import catalogue

RULES = CatalogueRules.of_country(demo.COUNTRY)


def test_the_shop_has_everything_a_corner_shop_has() -> None:
    products = list(demo.products())
    assert len(products) >= 500
    assert len({p.sku for p in products}) == len({p.name for p in products}) == len(products)
    assert {p.tax for p in products} == {group.code for group in COUNTRIES["CL"].taxes}
    assert {p.unit for p in products} == {"u", "kg", "l", "m"}
    assert all(p.open_price or 10 <= p.price <= 30_000 for p in products)
    assert all(p.name == clean(p.name) and len(p.name) <= 60 for p in products)
    assert {"Varios", "Recarga celular"} <= {p.name for p in products if p.open_price}
    assert any(not p.codes and not p.open_price for p in products), "one is found by name"
    assert sum(any(c in p.name for c in "áéíóúñ") for p in products) > 100
    assert min(Counter(p.category for p in products).values()) >= 1


def test_codes_are_unique_and_of_every_kind() -> None:
    codes = [code for product in demo.products() for code in product.codes]
    assert len(set(codes)) == len(codes)
    kinds = Counter(len(code) for code in codes if len(code) != 7)
    assert set(kinds) == {8, 13, 14}
    assert all(looks_like_gtin(code) for code in codes if len(code) != 7)
    assert sum(code.startswith("780") for code in codes) >= 450
    assert any(code.startswith("00") for code in codes), "a UPC-A"
    weighed = [p for p in demo.products() if p.unit == "kg"]
    assert len(weighed) >= 30
    assert all({code[:2] for code in p.codes} == {"20", "21"} for p in weighed)


def test_every_code_to_scan_finds_a_product(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "data", "1", ballast_bytes=0, safe_disk_only=False)
    try:
        started = time.monotonic()
        count = store.run(lambda connection: catalogue.put(connection, demo.products(), now_ms()))
        taken = time.monotonic() - started
        assert count == catalogue.count(store.reader)
        reader = CodeReader(RULES.templates, decimals=0, currency="CLP")
        read = [reader.read(code) for code in demo.scan_codes()]
        found = [catalogue.by_code(store.reader, code.key) for code in read]
        assert None not in found
        assert {code.kind for code in read} == {
            CodeKind.EAN13, CodeKind.EAN8, CodeKind.UPCA, CodeKind.ITF14, CodeKind.EMBEDDED,
        }  # fmt: skip
        assert {code.quantity is not None for code in read if code.kind is CodeKind.EMBEDDED} == {True, False}
        assert {code.price is not None for code in read if code.kind is CodeKind.EMBEDDED} == {True, False}
        again = import_file(store, demo.PRODUCTS, RULES)
        assert (again.unchanged, again.refused, again.added) == (count, 0, 0)
    finally:
        store.close()
    # A bound against accidents (a quadratic step, a heavy import), far above the 50 ms it takes.
    assert taken < 5


def test_the_demo_needs_nothing_heavy() -> None:
    code = "import sys, tilltui.demo as d; n = len(list(d.products())); print(n, *sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[1],
    )
    count, *modules = done.stdout.split()
    assert int(count) >= 500
    assert not {"openpyxl", "biip", "textual", "stdnum"} & set(modules)


def test_the_file_is_as_the_script_writes_it() -> None:
    script = Path(__file__).parents[1] / "scripts" / "demo-catalogue"
    done = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", ["leche", "pan", "palta", "vino", "recarga"])
def test_what_a_cashier_would_type_is_there(name: str) -> None:
    assert any(name in product.name.lower() for product in demo.products())
