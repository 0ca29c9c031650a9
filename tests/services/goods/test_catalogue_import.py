"""Product lists into the catalogue: what goes in, what does not and why, and all of it or nothing."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tilltui.domain.goods.product import NewProduct
from tilltui.domain.record.import_record import ImportRecord
from tilltui.errors import ImportFailed, TillError
from tilltui.i18n import explain, set_language
from tilltui.services.goods.product_list.importing import ImportReport, import_file
from tilltui.services.goods.product_list.rows import Refused
from tilltui.services.goods.product_list.rules import CatalogueRules
from tilltui.store.file.store import Store
from tilltui.store.goods import catalogue, catalogue_files

CL = CatalogueRules.of_country("CL")
ES = CatalogueRules.of_country("ES")

HEAD = "sku;código de barras;nombre;precio;unidad;impuesto;categoría;nota;precio libre"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(tmp_path / "data", "1", who="test", ballast_bytes=0, safe_disk_only=False)
    yield store
    store.close()


class Shop:
    """A store, a list to import, and what was refused."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store = store
        self.path = folder / "list.csv"
        self.refused: list[Refused] = []

    def load(self, text: str, rules: CatalogueRules = CL, *, dry_run: bool = False) -> ImportReport:
        self.path.write_text(text, encoding="utf-8")
        self.refused = []
        return import_file(self.store, self.path, rules, dry_run=dry_run, refused=self.refused.append)

    def __getitem__(self, key: str) -> NewProduct:
        product = self.find(key)
        assert product is not None
        return product

    def find(self, key: str) -> NewProduct | None:
        found = catalogue.by_code(self.store.reader, key)
        return catalogue_files.find(self.store.reader, found.sku) if found else None

    def all(self) -> list[NewProduct]:
        return list(catalogue_files.everything(self.store.reader))

    def journal(self) -> list[dict[str, object]]:
        rows = self.store.reader.execute("SELECT body FROM journal WHERE kind = 'import' ORDER BY seq")
        records = [ImportRecord.parse(body) for (body,) in rows]
        return [{"file": one.file, "added": one.added, "changed": one.changed} for one in records]


@pytest.fixture
def shop(store: Store, tmp_path: Path) -> Shop:
    return Shop(store, tmp_path)


def test_a_row_becomes_a_product(shop: Shop) -> None:
    report = shop.load(
        f"{HEAD}\n10;7801234567894 012345678905|2100123;Leche  entera 1 L;$1.190;un.;IVA;Lácteos;Fría;no\n"
    )
    assert (report.read, report.added, report.refused) == (1, 1, 0)
    product = shop["7801234567894"]
    assert product == NewProduct(
        "10", "Leche entera 1 L", 1190, "general", "u", False, "Lácteos", "Fría", product.codes
    )
    assert set(product.codes) == {"7801234567894", "0012345678905", "2100123"}
    assert shop.journal() == [{"file": "list.csv", "added": 1, "changed": 0}]


def test_the_same_list_again_changes_nothing(shop: Shop) -> None:
    text = f"{HEAD}\n10;7801234567894;Leche;1190;u;;;;\n11;;Pan;1990;kg;exento;;;\n"
    shop.load(text)
    before = shop.all()
    report = shop.load(text)
    assert (report.added, report.changed, report.unchanged) == (0, 0, 2)
    assert shop.all() == before
    assert len(shop.journal()) == 1


def test_a_list_of_prices_changes_prices_alone(shop: Shop) -> None:
    shop.load(f"{HEAD}\n10;7801234567894;Leche;1190;l;soda;Lácteos;Fría;\n")
    report = shop.load("SKU;Precio\n10;1290\n99;500\n")
    assert (report.changed, report.refused) == (1, 1)
    product = shop["10"]
    assert product == NewProduct(
        "10", "Leche", 1290, "soda", "l", False, "Lácteos", "Fría", ("7801234567894",)
    )
    assert "99" in str(shop.refused[0].error)
    assert shop.find("99") is None


def test_a_list_without_sku_goes_by_barcode(shop: Shop) -> None:
    shop.load("ean;descripcion;precio\n7801234567894;Leche;1190\n")
    assert shop["7801234567894"].sku == "7801234567894"
    shop.load(f"{HEAD}\n10;7802000000010|2100200;Queso;9990;kg;;;;\n")
    report = shop.load("ean;precio\n7802000000010;8990\n")
    assert report.changed == 1
    assert shop["2100200"].price == 8990, "the other barcode stays"
    assert shop["7802000000010"].sku == "10"


def test_an_sku_that_is_a_gtin_is_found_as_scanned(shop: Shop) -> None:
    shop.load("codigo;producto;precio\n012345678905;Cerezas;990\n")
    assert shop["0012345678905"].sku == "012345678905"


def test_a_label_of_the_scale_gives_the_key_of_its_product(shop: Shop) -> None:
    shop.load("sku;barcode;name;price\n7;2100123012503;Pan;1990\n")
    assert shop["2100123"].name == "Pan"


def test_barcodes_stay_or_go_as_the_cell_says(shop: Shop) -> None:
    shop.load("sku;barcode;name;price\n1;A1|A2;Pan;100\n2;B1;Té;200\n")
    shop.load("sku;barcode\n1;A2\n2;\n")
    assert (shop["1"].codes, shop["2"].codes) == (("A2",), ("B1",))
    shop.load("sku;barcode\n2;-\n")
    assert shop["2"].codes == ()


@pytest.mark.parametrize("order", [("1;A2", "2;A1 B1"), ("2;A1 B1", "1;A2")])
def test_a_barcode_moves_to_another_product_that_gives_it_up(shop: Shop, order: tuple[str, str]) -> None:
    shop.load("sku;barcode;name;price\n1;A1|A2;Pan;100\n2;B1;Té;200\n")
    report = shop.load("sku;barcode\n" + "\n".join(order) + "\n")
    assert (report.changed, report.refused) == (2, 0)
    assert (set(shop["1"].codes), set(shop["2"].codes)) == ({"A2"}, {"A1", "B1"})


def test_a_barcode_is_never_stolen(shop: Shop) -> None:
    shop.load("sku;barcode;name;price\n1;A1;Pan;100\n")
    report = shop.load("sku;barcode;name;price\n2;A1;Té;200\n3;C1;Sal;300\n")
    assert (report.added, report.refused) == (1, 1)
    assert "Pan" in str(shop.refused[0].error)
    assert shop["A1"].sku == "1"
    assert shop.find("2") is None


REFUSALS = {
    "empty name": ("1;;;100;;;;;", "name is empty"),
    "no identity": (";;Pan;100;;;;;", "neither"),
    "no price": ("1;;Pan;;;;;;", "no price"),
    "zero price": ("1;;Pan;0;;;;;", "price of zero"),
    "negative price": ("1;;Pan;-100;;;;;", "negative"),
    "price in words": ("1;;Pan;cien;;;;;", "not an amount"),
    "price with cents": ("1;;Pan;19,5;;;;;", "not an amount"),
    "price overflow": ("1;;Pan;9999999999999;;;;;", "more than the till can carry"),
    "wrong check digit": ("1;7801234567895;Pan;100;;;;;", "expected 4"),
    "rounded barcode": ("1;7,80123E+12;Pan;100;;;;;", "rounded"),
    "long barcode": (f"1;{'9' * 129};Pan;100;;;;;", "128"),
    "many barcodes": (f"1;{'|'.join(map(str, range(60)))};Pan;100;;;;;", "60"),
    "unknown tax": ("1;;Pan;100;;bear;;;", "“bear”"),
    "unknown unit": ("1;;Pan;100;docena;;;;", "docena"),
    "long name": (f"1;;{'x' * 121};100;;;;;", "120"),
    "long sku": (f"{'x' * 65};;Pan;100;;;;;", "64"),
    "long category": (f"1;;Pan;100;;;{'x' * 121};;", "120"),
    "long note": (f"1;;Pan;100;;;;{'x' * 501};", "500"),
    "not yes or no": ("1;;Pan;100;;;;;quizás", "quizás"),
    "too many cells": ("1;;Pan;100;;;;;;;7", "11 cells"),
    "spreadsheet error": ("1;;#REF!;100;;;;;", "#REF!"),
    "huge cell": (f"1;;{'x' * 1_000_000};100;;;;;", "cells"),
    "same sku": ("good;;Pan;100;;;;;", "line 2"),
    "same barcode": ("1;7801234567894;Pan;100;;;;;", "line 2"),
}


@pytest.mark.parametrize(("row", "words"), REFUSALS.values(), ids=REFUSALS.keys())
def test_a_bad_row_is_refused_with_line_and_reason_and_the_others_go_in(
    shop: Shop, row: str, words: str
) -> None:
    report = shop.load(f"{HEAD}\ngood;7801234567894;Leche;1190;;;;;\n{row}\nlast;;Té;990;;;;;\n")
    assert [refused.line for refused in shop.refused] == [3]
    error = shop.refused[0].error
    assert words in str(error)
    assert error.hint
    assert (report.read, report.added, report.refused) == (3, 2, 1)
    assert [product.sku for product in shop.all()] == ["good", "last"]


def test_reasons_are_said_in_the_shops_words(shop: Shop) -> None:
    shop.load(f"{HEAD}\n1;;Pan;100;;bear;;;\n")
    set_language("en")
    said = explain(shop.refused[0].error)
    assert "“beer”" in said.hint
    assert "spirits" in said.hint


def test_an_unclosed_quote_costs_its_lines_and_is_told(shop: Shop) -> None:
    rows = "\n".join(f"{n};;Pan {n};100;;;;;" for n in range(10_000))
    report = shop.load(f'{HEAD}\n0;;"Leche;1190;;;;;\n{rows}\n')
    assert report.refused >= 1
    assert shop.refused[0].line == 2
    assert "quotation" in shop.refused[0].error.hint


def test_an_open_price_may_be_zero_or_empty(shop: Shop) -> None:
    report = shop.load(f"{HEAD}\n1;;Varios;0;;;;;sí\n2;;Recarga;;;;;;si\n")
    assert report.added == 2
    assert [(p.price, p.open_price) for p in shop.all()] == [(0, True), (0, True)]


def test_prices_are_the_currencys(shop: Shop) -> None:
    shop.load("sku;name;price\n1;A;1.234,50 €\n2;B;0,05\n3;C;20\n4;D;1.99\n", ES)
    assert [p.price for p in shop.all()] == [123450, 5, 2000, 199]
    shop.load("sku;name;price\n5;A;1.990\n6;B;1990,00\n")
    assert [shop[sku].price for sku in "56"] == [1990, 1990]


def test_a_rehearsal_changes_nothing_and_tells_the_same(shop: Shop) -> None:
    shop.load("sku;barcode;name;price\n1;A1;Pan;100\n")
    before = shop.all()
    journal = shop.journal()
    text = "sku;barcode;name;price\n1;A2;Pan;200\n2;A1;Té;100\n3;;;100\n"
    rehearsal = shop.load(text, dry_run=True)
    assert shop.all() == before
    assert shop.journal() == journal
    real = shop.load(text)
    rehearsal.seconds = real.seconds = 0
    assert rehearsal == real
    assert len(shop.all()) == 2


@pytest.mark.parametrize(
    "text",
    ["", "\n\n", "hola;mundo\n1;2\n", "nombre;precio\nPan;100\n", "\x00\x01\x02", "sku\n1\n"],
)
def test_a_file_without_heading_is_refused_whole(shop: Shop, text: str) -> None:
    with pytest.raises(ImportFailed, match="heading"):
        shop.load(text)


def test_a_missing_file_and_a_folder_are_said_in_words(store: Store, tmp_path: Path) -> None:
    for path in (tmp_path / "gone.csv", tmp_path):
        with pytest.raises(ImportFailed, match="cannot be read"):
            import_file(store, path, CL)


def test_columns_that_nobody_reads_are_told_once(shop: Shop) -> None:
    report = shop.load("sku;nombre;proveedor;precio;descripción\n1;Pan;ACME;100;largo\n")
    assert report.ignored == ("proveedor", "descripción")
    assert shop["1"].name == "Pan"


def test_a_file_that_breaks_off_changes_nothing(shop: Shop) -> None:
    good = "".join(f"{n};Pan {n};100\n" for n in range(2000))
    with pytest.raises(ImportFailed, match="longer"):
        shop.load("sku;name;price\n" + good + "x" * (4 * 1024 * 1024 + 1))
    assert shop.all() == []
    assert shop.journal() == []


def test_an_observer_that_fails_changes_nothing(shop: Shop) -> None:
    def fail(refused: Refused) -> None:
        raise ImportFailed("the report disk is full")

    shop.path.write_text("sku;name;price\n" + "".join(f"{n};Pan;100\n" for n in range(1500)) + "x;;1\n")
    with pytest.raises(TillError, match="report disk"):
        import_file(shop.store, shop.path, CL, refused=fail)
    assert shop.all() == []


def test_progress_rises_to_the_end(shop: Shop) -> None:
    rows = "".join(f"{n};Pan número {n};100\n" for n in range(20_000))
    shop.path.write_text("sku;name;price\n" + rows)
    seen: list[tuple[float, int]] = []
    import_file(
        shop.store, shop.path, CL, dry_run=True, progress=lambda done, rows: seen.append((done, rows))
    )
    assert seen == sorted(seen)
    assert len(seen) > 30
    assert seen[-1] == (1.0, 20_000)
    assert 0.3 < seen[len(seen) // 2][0] < 0.7


def test_any_order_of_lines_gives_the_same_catalogue(shop: Shop) -> None:
    rows = [f"{n};K{n}|L{n};Producto {n};{n + 1}" for n in range(1200)]
    shop.load("sku;barcode;name;price\n" + "\n".join(rows))
    moved = [f"{n};K{n} L{(n + 1) % 1200};Producto {n};{n + 2}" for n in range(1199)]
    random.Random(7).shuffle(moved)
    report = shop.load("sku;barcode;name;price\n" + "\n".join(moved))
    owners = {code: product.sku for product in shop.all() for code in product.codes}
    assert len(owners) >= 1200
    assert report.changed + report.refused == 1199
    for product in shop.all():
        assert f"K{product.sku}" in product.codes
