"""Files as spreadsheets of all kinds write them, and files that mean harm."""

from __future__ import annotations

import datetime
import io
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tilltui.domain.money.money import Currency
from tilltui.errors import ImportFailed, TillError
from tilltui.services.goods.product_list.columns import EXPORTED, HEADINGS, YES_NO, Columns, score
from tilltui.services.goods.product_list.importing import find_columns
from tilltui.services.goods.product_list.prices import read_price
from tilltui.services.goods.product_list.rows import ProductRow, RowReader
from tilltui.services.goods.product_list.rules import CatalogueRules
from tilltui.services.goods.tables.reader import open_table
from tilltui.services.goods.tables.table import BadLine

CL = CatalogueRules.of_country("CL")


def read(path: Path, rules: CatalogueRules = CL) -> list[ProductRow | str]:
    """Every row as a product or the reason against it."""
    result: list[ProductRow | str] = []
    with open_table(path, score) as table:
        columns, rows = find_columns(table.rows, path)
        reader = RowReader(columns, rules)
        for line, cells in rows:
            try:
                if isinstance(cells, BadLine):
                    raise cells.error
                result.append(reader.check(line, cells))
            except TillError as error:
                result.append(str(error))
    return result


def refusal(path: Path) -> TillError | None:
    """Why the whole file is refused, or ``None``; anything but a ``TillError`` fails the test."""
    try:
        read(path)
    except TillError as error:
        return error
    return None


def names(path: Path) -> list[str]:
    return [row.values["name"] for row in read(path) if isinstance(row, ProductRow)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_usual_way_to_write_csv(tmp_path: Path, encoding: str, delimiter: str, newline: str) -> None:
    path = tmp_path / "list.csv"
    rows = [
        ["Código", "Descripción", "Precio", "Categoría"],
        ["1", f'"Ñandú {delimiter} ""al palo"""', "1990", "Señas"],
        ["2", '"Pan\namasado"', "990", ""],
    ]
    text = newline.join(delimiter.join(row) for row in rows) + newline
    path.write_bytes(text.encode(encoding))
    inside = "" if delimiter == "\t" else f"{delimiter} "  # a tab inside a name is a space
    assert names(path) == [f'Ñandú {inside}"al palo"', "Pan amasado"]


def test_bytes_that_no_encoding_has_do_not_stop_it(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b"sku;name;price\n1;Pi\xf1a \x81\x8d;100\n")
    assert [name[:4] for name in names(path)] == ["Piña"]


def test_titles_above_the_heading_and_sep_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Lista de precios, marzo\n\nVálida hasta: 31\nsku,nombre,precio\n1,Pan,100\n")
    assert [row.line for row in read(path) if isinstance(row, ProductRow)] == [5]
    path.write_text("sep=;\nsku;nombre;precio\n1;Pan, té;100\n")
    assert names(path) == ["Pan, té"]


@pytest.mark.parametrize("language", ["es", "en", "pt"])
def test_exported_headings_are_read_back(language: str) -> None:
    columns = Columns.find(EXPORTED[language])
    assert columns is not None
    assert [columns.places[name] for name in HEADINGS] == list(range(len(HEADINGS)))
    assert columns.ignored == ()
    assert set(YES_NO) == set(EXPORTED)


def test_no_heading_means_two_things() -> None:
    headings = [heading for group in HEADINGS.values() for heading in group]
    assert len(headings) == len(set(headings))


def test_a_csv_beyond_its_bounds_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("sku;name;price\n1;Pan;100" + ";1" * 10_000 + "\n")
    with pytest.raises(ImportFailed, match="1000 columns"):
        read(path)
    path.write_text(";".join(["sku", "name", "price", *map(str, range(10_000))]) + "\n1;Pan;100\n")
    with pytest.raises(ImportFailed, match="1000 columns"):
        read(path)
    with path.open("wb") as file:
        file.truncate(64 * 1024 * 1024 + 1)
    with pytest.raises(ImportFailed, match="64 MiB"):
        read(path)


HOSTILE = st.text(
    st.sampled_from("ab;,\"'\n\r\t\x00\x1b[2J]0;\x07\u202e\u2066\x9b=+-@[/red]{}%$é\ud800") | st.characters(),
    max_size=40,
)


@given(
    cells=st.lists(st.lists(HOSTILE, max_size=6), max_size=8), encoding=st.sampled_from(["utf-8", "utf-16"])
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_hostile_cells_come_out_clean_or_refused(
    tmp_path: Path, cells: list[list[str]], encoding: str
) -> None:
    path = tmp_path / "list.csv"
    text = "sku;nombre;precio;nota\n" + "\n".join(";".join(row) for row in cells)
    path.write_bytes(text.encode(encoding, "surrogatepass"))
    for row in read(path):
        if isinstance(row, ProductRow):
            for value in (row.sku, *row.values.values(), *(row.codes or ())):
                assert not isinstance(value, str) or value.isprintable(), value


@given(data=st.binary(max_size=300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_read_or_refused_in_words(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "list"
    for head in (b"", b"sku;name;price\n", b"PK\x03\x04", b"\xff\xfe"):
        path.write_bytes(head + data)
        error = refusal(path)
        assert error is None or error.hint


def workbook(path: Path, *rows: list[Any]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def test_a_workbook_is_read_with_exact_numbers(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "list.xlsx",
        ["Lista"],
        ["SKU", "EAN", "Nombre", "Precio", "Activo"],
        [1, 7801234567894, "Piña", 1990, True],
        ["0002", "7801234567894", "Té", 1990.0, False],
        [3, None, "Sal", 19.99, None],
        [],
        [4, 7801234567894.0, 5.5, "$1.990", "sí"],
    )
    rows = read(path)
    good = [row for row in rows if isinstance(row, ProductRow)]
    assert [(row.line, row.sku, row.values["price"]) for row in good] == [
        (3, "1", 1990),
        (4, "0002", 1990),
        (7, "4", 1990),
    ]
    assert {row.codes for row in good} == {("7801234567894",)}
    assert good[2].values["name"] == "5.5"
    assert [row.values["active"] for row in good] == [True, False, True]
    assert "19.99" in next(row for row in rows if isinstance(row, str))


@pytest.mark.parametrize(
    ("number", "expected"),
    [("19.99", 1999), ("0.1", 10), ("1E+3", 100000), ("1.999", None), ("1E+300", None), ("1E-300", None)],
)
def test_a_number_is_never_rounded(number: str, expected: int | None) -> None:
    euro = Currency("EUR")
    if expected is None:
        with pytest.raises(TillError):
            read_price(Decimal(number), euro)
    else:
        assert read_price(Decimal(number), euro) == expected


@given(amount=st.integers(0, 10**11))
def test_what_a_sheet_shows_is_what_is_read(amount: int) -> None:
    """A float has the price only nearly; a spreadsheet shows 15 digits of it, and so do we."""
    shown = Decimal(format(amount / 100, ".15g"))
    assert read_price(shown, Currency("EUR")) == amount


def test_zip_bombs_and_damage_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (8 << 20))
    path.write_bytes(bomb.getvalue())
    with pytest.raises(ImportFailed, match="times its size"):
        read(path)
    workbook(path, ["sku", "name", "price"], ["1", "Pan", 100])
    whole = path.read_bytes()
    for cut in (len(whole) // 2, len(whole) - 30, 10):
        path.write_bytes(whole[:cut])
        with pytest.raises(ImportFailed, match="cannot be read"):
            read(path)


@given(position=st.integers(0, 10**6), value=st.integers(0, 255))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_flipped_byte_of_a_workbook_is_said_in_words(tmp_path: Path, position: int, value: int) -> None:
    path = workbook(tmp_path / "list.xlsx", ["sku", "name", "price"], ["1", "Pan", 100])
    data = bytearray(path.read_bytes())
    data[position % len(data)] = value
    path.write_bytes(data)
    error = refusal(path)
    assert error is None or error.hint


def changed(path: Path, member: str, old: bytes, new: bytes) -> Path:
    """A copy of a workbook with other bytes in one member."""
    other = path.with_name("other.xlsx")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(other, "w") as target:
        for item in source.infolist():
            data = source.read(item)
            if item.filename == member:
                assert old in data
                data = data.replace(old, new)
            target.writestr(item.filename, data)
    return other


def test_a_date_beyond_the_calendar_is_that_rows_mistake(
    tmp_path: Path, recwarn: pytest.WarningsRecorder
) -> None:
    day = datetime.datetime(2026, 11, 21, tzinfo=datetime.UTC).replace(tzinfo=None)
    path = workbook(tmp_path / "list.xlsx", ["sku", "name", "price"], ["1", day, 100], ["2", "Pan", 200])
    sheet = zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml")
    serial = sheet.partition(b'<c r="B2"')[2].partition(b"<v>")[2].partition(b"</v>")[0]
    rows = read(changed(path, "xl/worksheets/sheet1.xml", b"<v>" + serial, b"<v>99999999999"))
    assert [row.sku for row in rows if isinstance(row, ProductRow)] == ["2"]
    (said,) = [row for row in rows if isinstance(row, str)]
    assert "Line 2 has a cell that cannot be read" in said
    assert "B2" in said
    assert not recwarn.list


def test_a_workbook_that_lost_a_sheet_is_not_read_as_another(
    tmp_path: Path, recwarn: pytest.WarningsRecorder
) -> None:
    path = workbook(tmp_path / "list.xlsx", ["sku", "name", "price"], ["1", "Pan", 100])
    book = zipfile.ZipFile(path).read("xl/workbook.xml")
    link = b'r:id="' + book.partition(b"<sheet ")[2].partition(b'r:id="')[2].partition(b'"')[0] + b'"'
    error = refusal(changed(path, "xl/workbook.xml", link, b'r:id=""'))
    assert error is not None
    assert "cannot be read" in str(error)
    assert not recwarn.list


def test_ornaments_that_openpyxl_does_not_know_are_no_mistake(
    tmp_path: Path, recwarn: pytest.WarningsRecorder
) -> None:
    path = workbook(tmp_path / "list.xlsx", ["sku", "name", "price"], ["1", "Pan", 100])
    extra = b'<extLst><ext uri="{78C0D931-6437-407D-A8EE-F0AAD7539E65}"/></extLst></worksheet>'
    rows = read(changed(path, "xl/worksheets/sheet1.xml", b"</worksheet>", extra))
    assert [row.sku for row in rows if isinstance(row, ProductRow)] == ["1"]
    assert not recwarn.list


@pytest.mark.parametrize("number", ["nan", "inf", "1e999", "9" * 5000, "-0"])
def test_odd_numbers_in_a_workbook(tmp_path: Path, number: str) -> None:
    path = workbook(tmp_path / "list.xlsx", ["sku", "name", "price"], ["1", "Pan", 100])
    other = tmp_path / "other.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for item in old.infolist():
            data = old.read(item)
            if item.filename == "xl/worksheets/sheet1.xml":
                assert b"<v>100</v>" in data
                data = data.replace(b"<v>100</v>", f"<v>{number}</v>".encode())
            new.writestr(item.filename, data)
    error = refusal(other)
    if error is not None:
        assert "cannot be read" in str(error)
    else:
        assert all(isinstance(row, str) or row.values["price"] == 0 for row in read(other))
