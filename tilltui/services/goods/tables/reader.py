"""Rows out of a file that a spreadsheet wrote: CSV here, XLSX in ``xlsx``."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from tilltui.errors import N_, ImportFailed
from tilltui.services.goods.tables.table import (
    MAX_COLUMNS,
    MAX_FILE,
    MAX_ROWS,
    SAMPLE_LINES,
    BadLine,
    Row,
    Table,
    too_large,
    too_many_columns,
    too_many_rows,
)

MAX_LINE = 4 * 1024 * 1024
"""Longest line of a text file, characters."""

DELIMITERS = (";", ",", "\t", "|")
"""What may stand between two cells, likeliest first."""


@contextmanager
def open_table(path: Path, score: Callable[[list[str]], int]) -> Iterator[Table]:
    """Open a CSV or XLSX file, whichever its content says.

    CSV may be UTF-8 with or without byte order mark, UTF-16 with one, or else Windows-1252, with cells
    between semicolons, commas, tabs or bars.

    Args:
        path: The file.
        score: Tells how many cells of a line are headings that somebody knows; decides the delimiter.

    Raises:
        ImportFailed: It cannot be read, or is beyond a bound; also while the rows are read.
    """
    try:
        with path.open("rb") as file:
            size = file.seek(0, io.SEEK_END)
            file.seek(0)
            if size > MAX_FILE:
                raise too_large(path, MAX_FILE)
            if file.read(4) == b"PK\x03\x04":
                from tilltui.services.goods.tables.xlsx import xlsx_table  # openpyxl is heavy

                with xlsx_table(file, path) as table:
                    yield table
            else:
                yield _csv_table(file, path, size, score)
    except OSError as e:
        raise ImportFailed(
            N_("The file {file} cannot be read: {reason}."),
            hint=N_("Check its name and permissions."),
            file=path,
            reason=e.strerror or e,
        ) from e


def _csv_table(file: BinaryIO, path: Path, size: int, score: Callable[[list[str]], int]) -> Table:
    encoding = _encoding(file)
    file.seek(0)
    # Bytes that Windows-1252 leaves undefined become the replacement character, not an error.
    text = io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="")
    sample = [text.readline(MAX_LINE) for _ in range(SAMPLE_LINES)]
    delimiter, skip = _delimiter(sample, score)
    text.seek(0)
    rows = _csv_rows(text, path, delimiter, skip)
    return Table(rows, lambda: min(1.0, file.tell() / size) if size else 1.0)


def _encoding(file: BinaryIO) -> str:
    """Find out how the text is written, by its mark or by reading it all once."""
    file.seek(0)
    head = file.read(4)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    try:
        while chunk := file.read(1 << 20):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _delimiter(sample: list[str], score: Callable[[list[str]], int]) -> tuple[str, int]:
    """Choose the delimiter under which a line reads most like a heading; with the lines to skip."""
    first = sample[0].lstrip("\ufeff").rstrip("\r\n")
    if first.lower().startswith("sep=") and len(first) == 5:
        return first[4], 1  # Excel's own way to say it
    best, found = 0, DELIMITERS[0]
    for delimiter in DELIMITERS:
        for line in sample:
            try:
                cells = next(csv.reader([line], delimiter=delimiter), [])
            except csv.Error:
                continue
            points = score(cells)
            if points > best:
                best, found = points, delimiter
    return found, 0


def _csv_rows(text: io.TextIOWrapper, path: Path, delimiter: str, skip: int) -> Iterator[Row]:
    reader = csv.reader(_lines(text, path), delimiter=delimiter)
    for _ in range(skip):
        next(reader, None)
    count = 0
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as e:
            yield line, BadLine(_bad_line(line, reader.line_num, e))
            continue
        while cells and not cells[-1].strip():
            cells.pop()
        if not cells:
            continue
        count += 1
        if count > MAX_ROWS:
            raise too_many_rows(path)
        if len(cells) > MAX_COLUMNS:
            raise too_many_columns(path, line)
        yield line, list(cells)


def _bad_line(first: int, last: int, why: csv.Error) -> ImportFailed:
    return ImportFailed(
        N_("Lines {first} to {last} cannot be taken apart into cells: {reason}."),
        hint=N_('Look for a quotation mark (") that is not closed, or for a cell that is far too long.'),
        first=first,
        last=last,
        reason=why,
    )


def _lines(text: io.TextIOWrapper, path: Path) -> Iterator[str]:
    number = 0
    while line := text.readline(MAX_LINE):
        number += 1
        if len(line) >= MAX_LINE:
            raise ImportFailed(
                N_("Line {line} of {file} is longer than {most} characters."),
                hint=N_("Check that this is a list of products."),
                line=number,
                file=path,
                most=MAX_LINE,
            )
        yield line
