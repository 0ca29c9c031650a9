"""Walls: who may not know whom."""

from __future__ import annotations

from tests.proofs.house.circles import imports
from tests.proofs.house.figure import Figure, Row, count
from tests.proofs.house.source import Tree


def screens_that_know_the_store(tree: Tree, limit: int) -> Figure:
    """Modules of the user interface that import the store, in a function or for types too."""
    rows = []
    for name, imported in imports(tree).items():
        known = sorted(other for other in imported if _inside(other, "tilltui.store"))
        if known and _inside(name, "tilltui.ui"):
            rows.append(Row(name, len(known), ", ".join(known)))
    return count("ui-store", "screens that import the store", limit, rows)


def _inside(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")
