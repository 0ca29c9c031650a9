"""What a file of rows is, whatever wrote it, and the bounds that it must keep.

A file is hostile until read: its size, lines, cells, columns and rows are bounded, and rows stream, so that a
list of a hundred thousand products never stands in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

from tilltui.domain.frozen import frozen
from tilltui.errors import N_, ImportFailed

MAX_FILE = 64 * 1024 * 1024
"""Largest file, bytes."""

MAX_COLUMNS = 1000
"""Most columns."""

MAX_ROWS = 1_000_000
"""Most rows with something in them."""

SAMPLE_LINES = 20
"""The heading stands within so many lines."""

Cell = str | Decimal
"""Text as it stands, or a number of a spreadsheet."""


@frozen
class BadLine:
    """A row that could not be taken apart."""

    error: ImportFailed


Row = tuple[int, "list[Cell] | BadLine"]
"""Line number in the file, from 1, and its cells."""


@frozen
class Table:
    """An open file.

    Attributes:
        rows: Rows that are not empty, streamed once.
        done: Part of the file that was read, 0 to 1, as far as it can be known.
    """

    rows: Iterator[Row]
    done: Callable[[], float]


def too_large(path: Path, most: int) -> ImportFailed:
    """The error for a file beyond ``most`` bytes."""
    return ImportFailed(
        N_("The file {file} is larger than {most} MiB."),
        hint=N_("Split it into smaller files."),
        file=path,
        most=most // (1024 * 1024),
    )


def too_many_rows(path: Path) -> ImportFailed:
    """The error for a file beyond ``MAX_ROWS``."""
    return ImportFailed(
        N_("The file {file} has more than {most} rows."),
        hint=N_("Split it into smaller files."),
        file=path,
        most=MAX_ROWS,
    )


def too_many_columns(path: Path, line: int) -> ImportFailed:
    """The error for a row beyond ``MAX_COLUMNS``."""
    return ImportFailed(
        N_("Line {line} of {file} has more than {most} columns."),
        hint=N_("Check that this is a list of products."),
        file=path,
        line=line,
        most=MAX_COLUMNS,
    )
