"""Twins: the same lines in two places, indentation, comments, docstrings and imports aside."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.proofs.house.figure import Figure, Row, count
from tests.proofs.house.source import Function, Module, Tree

RUN = 6
"""From this many lines on what is the same is counted."""

_WORD = re.compile(r"\w")
_SPACES = re.compile(r"\s+")

Line = tuple[int, str]
Place = tuple[str, int]
"""A module, and a line of it."""


@dataclass(frozen=True, slots=True)
class Twin:
    """A run of lines that stood somewhere before."""

    place: Place
    first: Place
    length: int


def twins(tree: Tree, limit: int) -> Figure:
    """Runs of six lines or more that stand in two places."""
    found = sorted(copied(tree), key=lambda twin: (-twin.length, twin.place))
    rows = [Row("{}:{}".format(*twin.place), twin.length, "as {}:{}".format(*twin.first)) for twin in found]
    return count("twins", f"runs of {RUN} same lines or more", limit, rows)


def copied(tree: Tree) -> Iterator[Twin]:
    """Each run that stood before, as long as it is; in the order of the modules' names."""
    known: dict[tuple[str, ...], Place] = {}
    for name in sorted(tree.modules):
        lines = list(plain_lines(tree.modules[name]))
        windows = [tuple(text for _, text in lines[at : at + RUN]) for at in range(len(lines) - RUN + 1)]
        began: tuple[int, Place] | None = None
        for at, window in enumerate(windows):
            first = known.setdefault(window, (name, lines[at][0]))
            is_copy = first != (name, lines[at][0])
            if is_copy and began is None:
                began = (at, first)
            elif not is_copy and began is not None:
                yield Twin((name, lines[began[0]][0]), began[1], at - began[0] + RUN - 1)
                began = None
        if began is not None:
            yield Twin((name, lines[began[0]][0]), began[1], len(lines) - began[0])


def plain_lines(module: Module) -> Iterator[Line]:
    """The lines that do something, with one space for any: brackets alone do nothing."""
    left_out = set(_left_out(module))
    for number, text in enumerate(module.lines, 1):
        code = _SPACES.sub(" ", text.strip())
        if number not in left_out and not code.startswith("#") and _WORD.search(code):
            yield number, code.partition(" # ")[0]


def _left_out(module: Module) -> Iterator[int]:
    """The lines of docstrings and imports."""
    for node in module.nodes:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from range(node.lineno, (node.end_lineno or node.lineno) + 1)
        elif isinstance(node, ast.Module | ast.ClassDef | Function):
            for statement in node.body:
                if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                    yield from range(statement.lineno, (statement.end_lineno or statement.lineno) + 1)
