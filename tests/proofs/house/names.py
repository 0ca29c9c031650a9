"""Names: what does a folder's work, what tells nothing apart, and what begins alike."""

from __future__ import annotations

import re
from collections import defaultdict

from tests.proofs.house.classes import Class, Classes
from tests.proofs.house.figure import Figure, Row, count
from tests.proofs.house.source import Module, Tree

PREFIXED = 3
"""From this many modules on a prefix that they share is a folder."""

ROOMS = 3
"""From this many rooms on a first word of classes is told."""

_FIRST = re.compile(r"_?([A-Z][a-z0-9]+|[A-Z]+)")


def prefixes(tree: Tree, limit: int, reasons: dict[str, str]) -> Figure:
    """Three or more modules of one folder that begin with the same ``word_``.

    Args:
        tree: The sources.
        limit: How many there may be.
        reasons: Why a prefix may stand, by ``folder.word_``.
    """
    rows = []
    unused = set(reasons)
    for folder, inside in tree.folders.items():
        alike: dict[str, list[str]] = defaultdict(list)
        for module in inside:
            word, line, _ = module.basename.partition("_")
            if word and line:
                alike[f"{word}_"].append(module.basename)
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
            floors[module.floor, module.basename].append(module)
    rows = []
    for (floor, name), modules in sorted(floors.items()):
        rooms = [module.room for module in modules]
        if len(rooms) > 1 and (len(set(rooms)) < len(rooms) or "" in rooms):
            places = ", ".join(module.name[len(floor) + 1 :] for module in modules)
            rows.append(Row(f"{floor}: {name}", len(modules), places))
    return count("same-names", "modules of one name that no room tells apart", limit, rows)


def same_classes(classes: Classes) -> Figure:
    """Classes of exactly one name in several modules."""
    alike: dict[str, list[Class]] = defaultdict(list)
    for each in classes.found.values():
        alike[each.node.name].append(each)
    rows = [
        Row(name, len(group), ", ".join(each.name for each in group))
        for name, group in sorted(alike.items(), key=lambda item: (-len(item[1]), item[0]))
        if len(group) > 1
    ]
    return count("same-classes", "classes of one name", None, rows)


def like_classes(classes: Classes) -> Figure:
    """First words of class names that are used in several rooms."""
    rooms: dict[str, set[str]] = defaultdict(set)
    names: dict[str, set[str]] = defaultdict(set)
    for each in classes.found.values():
        if first := _FIRST.match(each.node.name):
            rooms[first[1]].add(each.module.package)
            names[first[1]].add(each.node.name)
    rows = [
        Row(word, len(rooms[word]), ", ".join(sorted(names[word])))
        for word in sorted(rooms, key=lambda word: (-len(rooms[word]), word))
        if len(rooms[word]) >= ROOMS
    ]
    return count("like-classes", "first words of classes in three rooms or more", None, rows)
