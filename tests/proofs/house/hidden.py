"""Abilities behind a name: ``getattr`` and its kin, which no type checker follows."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.proofs.house.figure import Figure, Row, count
from tests.proofs.house.source import Module, Tree, dotted

_ASKED = {"getattr": 1, "hasattr": 1, "inspect.getattr_static": 1, "attrgetter": 0, "methodcaller": 0}
"""Position of the name that each asks for."""

_BUILT = (ast.JoinedStr, ast.BinOp, ast.Call, ast.Subscript)

Site = tuple[str, str]
"""A module, and the name that is asked for there as it is written."""


def hidden_abilities(tree: Tree, limit: int, reasons: dict[Site, str]) -> Figure:
    """Where an attribute is asked for by its name.

    Args:
        tree: The sources.
        limit: How many such places there may be.
        reasons: Why one may be; a name that is built has none.
    """
    rows = []
    unused = set(reasons)
    for module in tree.modules.values():
        for call, name in asked(module):
            site = (module.name, ast.unparse(name))
            unused.discard(site)
            if site not in reasons:
                rows.append(Row(f"{module.name}:{call.lineno}", note=ast.unparse(call)))
    rows += [
        Row(home, note=f"{name} has a reason and is not there any more") for home, name in sorted(unused)
    ]
    return count("getattr", "attributes asked for by name", limit, rows)


def built_names(tree: Tree, limit: int) -> Figure:
    """Where the name of the attribute is put together first: no search for the method finds its caller."""
    rows = [
        Row(f"{module.name}:{call.lineno}", note=ast.unparse(call))
        for module in tree.modules.values()
        for call, name in asked(module)
        if isinstance(name, _BUILT)
    ]
    return count("built-names", "attributes asked for by a built name", limit, rows)


def asked(module: Module) -> Iterator[tuple[ast.Call, ast.expr]]:
    """Each call that asks for an attribute by name, and the name, as they follow each other in the module."""
    for node in sorted((each for each in module.nodes if isinstance(each, ast.Call)), key=_place):
        called = dotted(node.func).removeprefix("operator.").removeprefix("builtins.")
        at = _ASKED.get(called)
        if at is not None and node.args:
            yield (
                node,
                node.args[min(at, len(node.args) - 1)],
            )  # in getattr(*asked) it is in the only one


def _place(call: ast.Call) -> tuple[int, int]:
    return call.lineno, call.col_offset
