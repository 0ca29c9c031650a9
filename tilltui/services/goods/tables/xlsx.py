"""Rows out of an XLSX workbook, streamed, with the archive's size checked before anything is unpacked.

Imported only when a workbook is read: openpyxl is heavy.
"""

from __future__ import annotations

import datetime
import logging
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from tilltui.errors import N_, ImportFailed
from tilltui.services.goods.tables.table import (
    MAX_COLUMNS,
    MAX_ROWS,
    BadLine,
    Cell,
    Row,
    Table,
    too_large,
    too_many_columns,
    too_many_rows,
)

log = logging.getLogger(__name__)

MAX_UNPACKED = 512 * 1024 * 1024
"""Most bytes of all members together, unpacked."""

MAX_STRINGS = 96 * 1024 * 1024
"""Largest member besides the sheets, unpacked: openpyxl keeps the shared texts in memory."""

MAX_RATIO = 400
"""How far a member of more than 1 MiB may shrink when packed; a real sheet reaches some 30."""

MAX_MEMBERS = 2000
"""Most files in the archive."""

MAX_EMPTY = 100_000
"""So many empty rows in a row end the table: a sheet with one formatted cell at the bottom has a million."""

_BROKEN = (
    ValueError, KeyError, TypeError, IndexError, AttributeError, ArithmeticError, EOFError, RuntimeError,
    zipfile.BadZipFile, zlib.error, ParseError, InvalidFileException, AssertionError,
)  # fmt: skip
"""What openpyxl lets through when a workbook is damaged: it has no error of its own for it."""


_LOST = ("will be treated as an error", "contains an invalid specification", "invalid dependency definitions")
"""What openpyxl warns of where something of the table itself is lost; its other warnings are of ornaments."""


@contextmanager
def _overheard(where: Path) -> Iterator[list[str]]:
    """Keep openpyxl's warnings off the terminal: of lost contents into the list, the others to the log."""
    lost: list[str] = []
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        yield lost
    for warning in heard:
        text = str(warning.message)
        if any(words in text for words in _LOST):
            lost.append(text)
        else:
            log.info("%s: %s", where.name, text)


@contextmanager
def xlsx_table(file: BinaryIO, path: Path) -> Iterator[Table]:
    """Open the first sheet of a workbook.

    Raises:
        ImportFailed: It is no workbook, damaged, or beyond a bound; also while the rows are read.
    """
    try:
        _check_archive(file, path)
        file.seek(0)
        with _overheard(path) as lost:
            book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except _BROKEN as e:
        raise _damaged(path, e) from e
    try:
        if lost:
            # The sheet that is left may be another than the one that the spreadsheet shows first.
            raise _damaged(path, lost[0])
        if not book.worksheets:
            raise _damaged(path, "no sheet")
        sheet: Any = book.worksheets[0]
        reached = [0]
        last = max(1, min(sheet.max_row or MAX_ROWS, MAX_ROWS))
        # The size that the sheet claims may be wrong: without it openpyxl reads what is there.
        sheet.reset_dimensions()
        yield Table(_rows(sheet, path, reached), lambda: min(1.0, reached[0] / last))
    finally:
        book.close()


def _check_archive(file: BinaryIO, path: Path) -> None:
    """Refuse a zip bomb; ``zipfile`` never unpacks more of a member than the size looked at here."""
    with zipfile.ZipFile(file) as archive:
        members = archive.infolist()
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED:
        raise too_large(path, MAX_UNPACKED)
    for member in members:
        if not member.filename.startswith("xl/worksheets/") and member.file_size > MAX_STRINGS:
            raise too_large(path, MAX_STRINGS)
        if member.file_size > 1 << 20 and member.file_size > MAX_RATIO * max(1, member.compress_size):
            raise ImportFailed(
                N_("The workbook {file} unpacks to {ratio} times its size: that is no list of products."),
                hint=N_("Save the list anew in the spreadsheet, or as CSV."),
                file=path,
                ratio=member.file_size // max(1, member.compress_size),
            )


def _rows(sheet: Any, path: Path, reached: list[int]) -> Iterator[Row]:
    count = empty = 0
    values = sheet.iter_rows(values_only=True)
    line = 0
    while True:
        line += 1
        reached[0] = line
        try:
            with _overheard(path) as lost:
                row = next(values, None)
            if row is None:
                return
            cells = [_cell(value) for value in row[: MAX_COLUMNS + 1]]
        except _BROKEN as e:
            raise _damaged(path, e) from e
        if lost:
            yield line, BadLine(_lost_cell(line, lost[0]))
            continue
        while cells and cells[-1] == "":
            cells.pop()
        if not cells:
            empty += 1
            if empty >= MAX_EMPTY:
                return
            continue
        empty = 0
        count += 1
        if count > MAX_ROWS:
            raise too_many_rows(path)
        if len(cells) > MAX_COLUMNS:
            raise too_many_columns(path, line)
        yield line, cells


def _cell(value: object) -> Cell:
    if value is None:
        return ""
    if isinstance(value, str):
        return value if value.strip() else ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        try:
            # The file holds 19.989999999999998 where the sheet shows 19.99: a spreadsheet has 15 digits.
            number = Decimal(format(value, ".15g"))
        except InvalidOperation:
            return str(value)
        return number if number.is_finite() else str(value)
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value)


def _lost_cell(line: int, why: str) -> ImportFailed:
    return ImportFailed(
        N_("Line {line} has a cell that cannot be read: {reason}"),
        hint=N_("Correct the cell in the spreadsheet, or write it as text."),
        line=line,
        reason=why,
    )


def _damaged(path: Path, why: object) -> ImportFailed:
    return ImportFailed(
        N_("The workbook {file} cannot be read: {reason}."),
        hint=N_("Open it in a spreadsheet, save it anew without a password, or save it as CSV."),
        file=path,
        reason=str(why) or type(why).__name__,
    )
