"""Classes whose names begin alike in several rooms: one word for several things, or one thing in pieces."""

from __future__ import annotations

import re
from collections import defaultdict

from tests.proofs.house.classes import Class, Classes
from tests.proofs.house.figure import Figure, Row, count

ROOMS = 3
"""From this many rooms on a first word is told."""

_FIRST = re.compile(r"_?([A-Z][a-z0-9]+|[A-Z]+)")


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
