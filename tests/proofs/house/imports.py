"""Who imports whom: circles, and walls with holes.

Every import counts, the deferred ones and those for types alone too.
"""

from __future__ import annotations

import ast
from collections import defaultdict

from tests.proofs.house.figure import Figure, Row, count
from tests.proofs.house.source import Module, Tree, imported_from

Imports = dict[str, set[str]]
"""The modules of ours that each module imports."""


def imports(tree: Tree) -> Imports:
    """Who imports whom. That importing a module runs its package's ``__init__`` is not counted."""
    return {name: _imported(tree, module) - {name} for name, module in tree.modules.items()}


def _imported(tree: Tree, module: Module) -> set[str]:
    found: set[str] = set()
    for node in module.nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            start = imported_from(module, node)
            full = {f"{start}.{alias.name}" for alias in node.names}
            found |= {name if name in tree.modules else start for name in full}
    return found & set(tree.modules)


def circles(tree: Tree, limit: int, reasons: dict[tuple[str, str], str]) -> Figure:
    """Modules that cannot be read one after the other.

    Args:
        tree: The sources.
        limit: How many circles there may be.
        reasons: Why an import may close a circle, by importer and imported.
    """
    graph = imports(tree)
    unused = {(one, other) for one, other in reasons if other not in graph.get(one, set())}
    for one, other in reasons:
        graph.get(one, set()).discard(other)
    rows = []
    for group in knots(graph):
        way = _shortest_round(graph, group)
        rows.append(Row(way[0], len(group), " -> ".join([*way[1:], way[0]])))
    rows += [Row(one, note=f"its import of {other} has a reason and is not there") for one, other in unused]
    return count("circles", "circles between modules", limit, sorted(rows, key=lambda row: row.what))


def knots(graph: Imports) -> list[list[str]]:
    """The groups of modules each of which leads to every other."""
    reached = {one: _reached(graph, one) for one in graph}
    groups: dict[frozenset[str], list[str]] = defaultdict(list)
    for one in graph:
        if one in reached[one]:
            groups[frozenset(other for other in reached[one] if one in reached[other])].append(one)
    return [sorted(group) for group in groups.values()]


def _reached(graph: Imports, start: str) -> set[str]:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for other in graph[waiting.pop()]:
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return seen


def _shortest_round(graph: Imports, group: list[str]) -> list[str]:
    """The shortest way round that a group has, from its first module in the alphabet."""
    rounds = [way for start in group if (way := _round_from(graph, start, set(group)))]
    way = min(rounds, key=len)
    first = way.index(min(way))
    return way[first:] + way[:first]


def _round_from(graph: Imports, start: str, group: set[str]) -> list[str]:
    waiting = [[start]]
    seen: set[str] = set()
    for way in waiting:
        for other in sorted(graph[way[-1]] & group):
            if other == start:
                return way
            if other not in seen:
                seen.add(other)
                waiting.append([*way, other])
    return []


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
