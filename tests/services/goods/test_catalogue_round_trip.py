"""What goes out comes back the same, and no spreadsheet runs any of it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tilltui.domain.clock import now_ms
from tilltui.domain.goods.barcode import MAX_CODE, read_plain
from tilltui.domain.goods.product import NewProduct
from tilltui.domain.text import MAX_NAME, MAX_NOTE, clean
from tilltui.errors import ImportFailed, StoreError, TillError
from tilltui.services.goods.product_list.exporting import export_file
from tilltui.services.goods.product_list.importing import import_file
from tilltui.services.goods.product_list.prices import read_price, write_price
from tilltui.services.goods.product_list.rows import MAX_SKU, NO_CODES, Refused
from tilltui.services.goods.product_list.rules import CatalogueRules
from tilltui.services.goods.tables.cells import guard, join_codes, split_codes, unguard
from tilltui.store.file.engine import Connection
from tilltui.store.file.store import Store
from tilltui.store.goods import catalogue, catalogue_files

TEXT = st.sampled_from(["#N/A", "'#REF!", "7,8E+12", "-", "yes"]) | st.text(
    st.sampled_from("=+-@'\"|;,\t\r\n \x1b[]\u202eáñ#=＝−0123456789") | st.characters(codec="utf-8"),
    max_size=30,
)


def text(limit: int, least: int = 0) -> st.SearchStrategy[str]:
    return TEXT.map(lambda value: clean(value, limit)).filter(lambda value: len(value) >= least)


def _is_key(code: str) -> bool:
    if "E+" in code.upper():
        return False  # what a spreadsheet has rounded is refused, whoever wrote it
    try:
        return len(code) <= MAX_CODE and read_plain(code, None, CL.templates).key == code
    except TillError:
        return False


CL = CatalogueRules.of_country("CL")
CODES = (
    text(40, 1)
    | st.sampled_from(["7801234567894", "0012345678905", "2100123", "-", "A 1", '"', '"a|b"', "''"])
).filter(_is_key)


@st.composite
def catalogues(draw: st.DrawFn, taxes: tuple[str, ...]) -> list[NewProduct]:
    skus = draw(st.lists(text(MAX_SKU, 1), max_size=6, unique=True))
    codes = draw(st.lists(CODES, max_size=8, unique=True))
    products = []
    for sku in skus:
        mine = tuple(sorted(codes.pop() for _ in range(draw(st.integers(0, 3))) if codes))
        open_price = draw(st.booleans())
        product = NewProduct(
            sku,
            draw(text(MAX_NAME, 1)),
            draw(st.integers(0 if open_price else 1, 10**10)),
            draw(st.sampled_from(taxes)),
            draw(st.sampled_from(["u", "kg", "l", "m"])),
            open_price,
            draw(text(MAX_NAME)),
            draw(text(MAX_NOTE)),
            mine,
            draw(st.booleans()),
            draw(st.booleans()),
            draw(st.sampled_from(["goods", "deposit"])),
        )
        products.append(product)
    return products


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(tmp_path / "data", "1", ballast_bytes=0, safe_disk_only=False)
    yield store
    store.close()


def empty(store: Store) -> None:
    def work(connection: Connection) -> None:
        connection.execute("DELETE FROM barcode")
        connection.execute("DELETE FROM product")

    store.run(work)


def fill(store: Store, products: list[NewProduct]) -> None:
    empty(store)
    store.run(lambda connection: catalogue.put(connection, products, now_ms()))


def sorted_codes(products: list[NewProduct]) -> list[NewProduct]:
    return [replace(product, codes=tuple(sorted(product.codes))) for product in products]


@pytest.mark.parametrize(
    ("country", "ending"), [("CL", "csv"), ("ES", "csv"), ("US", "csv"), ("CL", "xlsx"), ("KW", "xlsx")]
)
@given(data=st.data(), language=st.sampled_from(["es", "en", "pt"]))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_an_export_is_read_back_as_it_was(
    store: Store, tmp_path: Path, country: str, ending: str, data: st.DataObject, language: str
) -> None:
    rules = CatalogueRules.of_country(country)
    products = data.draw(catalogues(rules.taxes))
    fill(store, products)
    path = tmp_path / f"out.{ending}"
    before = list(catalogue_files.everything(store.reader))
    assert export_file(before, path, rules.currency, language, force=True) == len(products)
    if products:
        refused: list[Refused] = []
        same = import_file(store, path, rules, refused=refused.append)
        assert refused == []
        assert same.unchanged == len(products)
        empty(store)
        new = import_file(store, path, rules)
        assert (new.added, new.refused) == (len(products), 0)
    after = list(catalogue_files.everything(store.reader))
    assert sorted_codes(after) == sorted_codes(before) == sorted_codes(products)


@given(value=st.text())
def test_the_apostrophe_goes_on_and_comes_off(value: str) -> None:
    assert unguard(guard(value)) == value
    assert not guard(value).startswith(("=", "+", "-", "@", "\t", "\r"))


@given(codes=st.lists(CODES, max_size=6))
def test_codes_share_a_cell(codes: list[str]) -> None:
    assert split_codes(join_codes(codes)) == codes


@given(amount=st.integers(0, 10**12 - 1), country=st.sampled_from(["CL", "ES", "US", "KW", "MX"]))
def test_a_price_is_written_as_it_is_read(amount: int, country: str) -> None:
    currency = CatalogueRules.of_country(country).currency
    assert read_price(write_price(amount, currency), currency) == amount


FORMULA = '=HYPERLINK("http://evil.example","x")'


def test_no_spreadsheet_runs_a_product(tmp_path: Path) -> None:
    products = [
        NewProduct(FORMULA, f"+{FORMULA}", 100, "general", category="@SUM(1)", note="-1+1", codes=("=1",)),
        NewProduct("'=2", "＝1+1", 100, "general"),
    ]
    path = tmp_path / "out.csv"
    export_file(products, path, CL.currency, "en")
    with path.open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file, delimiter=";") for cell in row]
    assert f"'{FORMULA}" in cells
    assert not [cell for cell in cells if cell[:1] in tuple("=+-@\t\r＝")]
    sheet = tmp_path / "out.xlsx"
    export_file(products, sheet, CL.currency, "en")
    for row in openpyxl.load_workbook(sheet).worksheets[0].iter_rows():
        assert not [cell.value for cell in row if cell.data_type == "f"]


def test_an_existing_file_stays_unless_forced(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("mine")
    with pytest.raises(ImportFailed, match="there already"):
        export_file([], path, CL.currency, "es")
    assert path.read_text() == "mine"
    export_file([], path, CL.currency, "es", force=True)
    assert path.read_text(encoding="utf-8-sig").startswith("SKU;")


def test_a_broken_export_leaves_nothing(tmp_path: Path) -> None:
    def products() -> Iterator[NewProduct]:
        yield NewProduct("1", "Pan", 100, "general")
        raise StoreError("the disk failed")

    for ending in ("csv", "xlsx"):
        with pytest.raises(StoreError):
            export_file(products(), tmp_path / f"out.{ending}", CL.currency, "es")
    with pytest.raises(ImportFailed, match="cannot be written"):
        export_file([], tmp_path / "gone" / "out.csv", CL.currency, "es")
    assert list(tmp_path.iterdir()) == []


def test_a_cell_that_says_no_codes_is_no_code_of_a_product() -> None:
    assert join_codes([NO_CODES]) != NO_CODES
    assert split_codes(join_codes([NO_CODES])) == [NO_CODES]
