"""Folders: how many modules stand in one, names that do a folder's work, names that tell nothing apart."""

from __future__ import annotations

from collections import defaultdict

from tests.proofs.house.figure import Figure, Row, count, largest
from tests.proofs.house.source import Module, Tree

PREFIXED = 3
"""From this many modules on a prefix that they share is a folder."""


def fullest_folders(tree: Tree, limit: int) -> Figure:
    """Modules that a folder holds beside its ``__init__``."""
    sizes = {folder: (len(inside), "") for folder, inside in _folders(tree).items()}
    return largest("folder", "modules a folder", limit, sizes)


def prefixes(tree: Tree, limit: int, reasons: dict[str, str]) -> Figure:
    """Three or more modules of one folder that begin with the same ``word_``.

    Args:
        tree: The sources.
        limit: How many there may be.
        reasons: Why a prefix may stand, by ``folder.word_``.
    """
    rows = []
    unused = set(reasons)
    for folder, inside in _folders(tree).items():
        alike: dict[str, list[str]] = defaultdict(list)
        for module in inside:
            word, line, _ = _basename(module).partition("_")
            if word and line:
                alike[f"{word}_"].append(_basename(module))
        for prefix, names in sorted(alike.items()):
            if len(names) >= PREFIXED:
                unused.discard(f"{folder}.{prefix}")
                if f"{folder}.{prefix}" not in reasons:
                    rows.append(Row(f"{folder}.{prefix}", len(names), ", ".join(names)))
    rows += [Row(name, note="has a reason and is not there any more") for name in sorted(unused)]
    return count("prefixes", "prefixes that do a folder's work", limit, rows)


def same_names(tree: Tree, limit: int) -> Figure:
    """Modules of one name on a floor that no room tells apart: both in one room, or one of them in none."""
    floors: dict[tuple[str, str], list[Module]] = defaultdict(list)
    for module in tree.modules.values():
        if not module.is_package:
            floors[module.floor, _basename(module)].append(module)
    rows = []
    for (floor, name), modules in sorted(floors.items()):
        rooms = [module.room for module in modules]
        if len(rooms) > 1 and (len(set(rooms)) < len(rooms) or "" in rooms):
            places = ", ".join(module.name[len(floor) + 1 :] for module in modules)
            rows.append(Row(f"{floor}: {name}", len(modules), places))
    return count("same-names", "modules of one name that no room tells apart", limit, rows)


def _folders(tree: Tree) -> dict[str, list[Module]]:
    found: dict[str, list[Module]] = defaultdict(list)
    for module in tree.modules.values():
        if not module.is_package:
            found[module.package].append(module)
    return found


def _basename(module: Module) -> str:
    return module.name.rpartition(".")[2]
