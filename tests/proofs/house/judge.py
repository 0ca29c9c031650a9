"""Every figure of the house, measured on a tree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.proofs.house import limits
from tests.proofs.house.classes import Classes, largest_classes
from tests.proofs.house.collaborators import most_collaborators
from tests.proofs.house.figure import Figure
from tests.proofs.house.hidden import built_names, hidden_abilities
from tests.proofs.house.imports import circles, screens_that_know_the_store
from tests.proofs.house.names import like_classes, prefixes, same_classes, same_names
from tests.proofs.house.sizes import fullest_folders, longest_files, longest_functions
from tests.proofs.house.source import Tree
from tests.proofs.house.twins import twins


@dataclass(frozen=True)
class House:
    """What is judged: the sources, and the classes in them."""

    tree: Tree
    classes: Classes


MEASURES: dict[str, Callable[[House], Figure]] = {
    "methods": lambda house: largest_classes(house.classes, limits.METHODS),
    "collaborators": lambda house: most_collaborators(house.classes, limits.COLLABORATORS),
    "folder": lambda house: fullest_folders(house.tree, limits.FOLDER),
    "file": lambda house: longest_files(house.tree, limits.FILE),
    "function": lambda house: longest_functions(house.tree, limits.FUNCTION),
    "circles": lambda house: circles(house.tree, 0, limits.CIRCLES),
    "ui-store": lambda house: screens_that_know_the_store(house.tree, 0),
    "getattr": lambda house: hidden_abilities(house.tree, 0, limits.BY_NAME),
    "built-names": lambda house: built_names(house.tree, 0),
    "prefixes": lambda house: prefixes(house.tree, 0, limits.PREFIXES),
    "same-names": lambda house: same_names(house.tree, 0),
    "twins": lambda house: twins(house.tree, limits.TWINS),
    "same-classes": lambda house: same_classes(house.classes),
    "like-classes": lambda house: like_classes(house.classes),
}
"""What measures each figure, by the figure's key."""


def judged(tree: Tree, only: list[str] | None = None) -> list[Figure]:
    """The figures of a tree, all of them or those named."""
    house = House(tree, Classes(tree))
    return [measure(house) for key, measure in MEASURES.items() if not only or key in only]
