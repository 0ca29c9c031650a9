"""Classes with the ancestors of ours that they inherit from, however the inheritance is spread over files."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from tests.proofs.house.figure import Figure, largest
from tests.proofs.house.source import Function, Module, Tree, dotted, statements

_DECLARED = {"abstractmethod", "abc.abstractmethod", "overload", "typing.overload"}


@dataclass
class Class:
    """One class of ours."""

    name: str
    module: Module
    node: ast.ClassDef

    @cached_property
    def methods(self) -> dict[str, Function]:
        """The functions that stand in its own body; what is only declared, to be made elsewhere, is none."""
        body = [each for each in statements(self.node.body) if isinstance(each, Function)]
        return {each.name: each for each in body if not _DECLARED & set(map(dotted, each.decorator_list))}

    @property
    def line_count(self) -> int:
        """Its lines, decorators not counted."""
        return (self.node.end_lineno or self.node.lineno) - self.node.lineno + 1


@dataclass
class Classes:
    """Every class of ours by its full name."""

    tree: Tree
    found: dict[str, Class] = field(default_factory=dict)
    _ancestors: dict[str, tuple[Class, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for module in self.tree.modules.values():
            for name, node in _class_nodes(module.name, module.tree.body):
                self.found[name] = Class(name, module, node)

    def meant(self, module: str, name: str) -> set[str]:
        """The full names of our classes that a name in a module may mean."""
        return {full for full in self.tree.meanings(module, name) if full in self.found} if name else set()

    def bases(self, each: Class) -> list[Class]:
        """The classes of ours that it names as its bases."""
        names = [name for base in each.node.bases for name in self.meant(each.module.name, dotted(base))]
        return [self.found[name] for name in sorted(set(names)) if name != each.name]

    def family(self, each: Class) -> tuple[Class, ...]:
        """The class, and every ancestor of ours."""
        if each.name not in self._ancestors:
            seen = {each.name: each}
            waiting = [each]
            while waiting:
                for base in self.bases(waiting.pop()):
                    if base.name not in seen:
                        seen[base.name] = base
                        waiting.append(base)
            self._ancestors[each.name] = tuple(seen.values())
        return self._ancestors[each.name]


def _class_nodes(home: str, body: list[ast.stmt]) -> Iterator[tuple[str, ast.ClassDef]]:
    for statement in statements(body):
        if isinstance(statement, ast.ClassDef):
            name = f"{home}.{statement.name}"
            yield name, statement
            yield from _class_nodes(name, statement.body)


def largest_classes(classes: Classes, limit: int) -> Figure:
    """Methods that an object has, those of every ancestor of ours counted."""
    sizes: dict[str, tuple[int, str]] = {}
    for each in classes.found.values():
        family = classes.family(each)
        methods = sum(len(member.methods) for member in family)
        lines = sum(member.line_count for member in family)
        sizes[each.name] = (methods, f"{lines} lines, {len(family)} classes")
    return largest("methods", "methods an object, its ancestors of ours counted", limit, sizes)
