"""The figures as text of 80 columns, and as JSON."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from tests.proofs.house.figure import Figure, Row

WIDTH = 80

SHOWN = 10
"""Broken places of a figure that are shown without ``--all``."""

LARGEST = 3
"""Places that are shown of a figure that holds."""


def as_json(figures: Sequence[Figure]) -> str:
    """Every figure with its verdict and all of its places."""
    return json.dumps([asdict(figure) | {"verdict": figure.verdict} for figure in figures], indent=1)


def as_text(figures: Sequence[Figure], *, everything: bool) -> str:
    """A table of all figures, then the places of each."""
    lines = [f"{'figure':<14}{'seen':>6}{'limit':>7}  {'':<8}what is counted", "-" * WIDTH]
    lines += [line for figure in figures for line in _summary(figure)]
    for figure in figures:
        lines += ["", *_places(figure, everything)]
    return "\n".join(lines)


def _summary(figure: Figure) -> list[str]:
    limit = "-" if figure.limit is None else str(figure.limit)
    start = f"{figure.key:<14}{figure.seen:>6}{limit:>7}  {figure.verdict:<8}"
    return textwrap.wrap(figure.title, WIDTH, initial_indent=start, subsequent_indent=" " * len(start))


def _places(figure: Figure, everything: bool) -> Iterator[str]:
    yield f"{figure.key}: {figure.title}"
    most = len(figure.rows) if everything else SHOWN if figure.broken else LARGEST
    for row in figure.rows[:most]:
        yield from _place(row)
    left = len(figure.rows) - most
    broken = sum(row.broken for row in figure.rows[most:])
    if broken:
        yield f"        and {broken} more that are too many: --all shows them"
    elif left > 0 and not everything:
        yield f"        and {left} more"


def _place(row: Row) -> Iterator[str]:
    """One place: a mark if it is too much, its size, its name; more about it beside or below."""
    size = "" if row.size is None else str(row.size)
    start = f" {'!' if row.broken else ' '}{size:>5} "
    line = f"{start}{row.what}"
    if len(line) + 2 + len(row.note) <= WIDTH:
        yield f"{line}  {row.note}".rstrip()
        return
    yield from textwrap.wrap(row.what, WIDTH, initial_indent=start, subsequent_indent=" " * 8)
    yield from textwrap.wrap(row.note, WIDTH, initial_indent=" " * 10, subsequent_indent=" " * 10)
