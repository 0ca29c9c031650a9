"""Collaborators of an object: the other objects of ours that it holds and that do something."""

from __future__ import annotations

import ast
import builtins

from tests.proofs.house.attributes import Types
from tests.proofs.house.classes import Class, Classes
from tests.proofs.house.figure import Figure, largest
from tests.proofs.house.source import dotted

_VALUE_BASES = {"Enum", "IntEnum", "StrEnum", "Flag", "IntFlag", "NamedTuple", "TypedDict"}
_DATACLASS = {"dataclass", "dataclasses.dataclass"}


def most_collaborators(classes: Classes, limit: int) -> Figure:
    """Attributes of an object that hold an object of ours which is no value."""
    types = Types(classes)
    plain = values(classes, types)
    sizes: dict[str, tuple[int, str]] = {}
    for each in classes.found.values():
        held = sorted(name for name, kinds in types.attributes(each).items() if kinds - plain)
        if held:
            sizes[each.name] = (len(held), ", ".join(held))
    return largest("collaborators", "collaborators an object", limit, sizes)


def values(classes: Classes, types: Types) -> set[str]:
    """Our classes that are values: frozen, an enumeration or an error, and holding nothing that is no value.

    A frozen class that holds a store is a bag of collaborators, whatever its decorator says.
    """
    found = {each.name for each in classes.found.values() if any(map(_looks_plain, classes.family(each)))}
    while True:
        bags = {name for name in found if _holds_more(types, classes.found[name], found)}
        if not bags:
            return found
        found -= bags


def _holds_more(types: Types, each: Class, plain: set[str]) -> bool:
    return any(kinds - plain for kinds in types.attributes(each).values())


def _looks_plain(each: Class) -> bool:
    bases = {dotted(base).rpartition(".")[2] for base in each.node.bases}
    return (
        bool(bases & _VALUE_BASES)
        or any(map(_is_exception, bases))
        or any(map(_is_frozen, each.node.decorator_list))
    )


def _is_exception(name: str) -> bool:
    known = vars(builtins).get(name)
    return isinstance(known, type) and issubclass(known, BaseException)


def _is_frozen(decorator: ast.expr) -> bool:
    if isinstance(decorator, ast.Call):
        return dotted(decorator.func) in _DATACLASS and any(
            word.arg == "frozen" and isinstance(word.value, ast.Constant) and word.value.value is True
            for word in decorator.keywords
        )
    return dotted(decorator).rpartition(".")[2] == "frozen"
