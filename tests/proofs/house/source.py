"""The sources as they are written: modules read with ``ast``, and what a name in one of them means.

Nothing of the product is imported, so that what is judged cannot answer for itself.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

Function = ast.FunctionDef | ast.AsyncFunctionDef

_BRANCHES = (ast.If, ast.Try, ast.ExceptHandler, ast.With, ast.For, ast.While, ast.Match, ast.match_case)

PACKAGES = {"tilltui": ".", "tilltui_drivers": "drivers"}
"""Each package of the product, and the folder that it stands in."""


@dataclass(frozen=True)
class Module:
    """One source file."""

    name: str
    path: Path
    text: str
    is_package: bool

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax."""
        return ast.parse(self.text, str(self.path))

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Every part of its syntax."""
        return list(ast.walk(self.tree))

    @cached_property
    def lines(self) -> list[str]:
        """Its lines, as they are written."""
        return self.text.splitlines()

    @property
    def basename(self) -> str:
        """The last word of its name."""
        return self.name.rpartition(".")[2]

    @property
    def package(self) -> str:
        """The package that it stands in; a package's ``__init__`` stands in itself."""
        return self.name if self.is_package else self.name.rpartition(".")[0]

    @property
    def floor(self) -> str:
        """The floor: ``tilltui.store``; the package itself for what stands on none."""
        parts = self.package.split(".")
        return ".".join(parts[:2]) if parts[0] == "tilltui" else parts[0]

    @property
    def room(self) -> str:
        """The room of its floor: ``cards``, ``flows.paying``; empty for what stands on the landing."""
        inside = self.package[len(self.floor) + 1 :].split(".")
        return ".".join(inside[:2] if inside[0] == "flows" else inside[:1])


@dataclass
class Tree:
    """Every module of the product under one folder."""

    root: Path
    packages: dict[str, str] = field(default_factory=lambda: dict(PACKAGES))

    @cached_property
    def modules(self) -> dict[str, Module]:
        """The modules by their dotted names."""
        found = (module for top, folder in self.packages.items() for module in self._read(top, folder))
        return {module.name: module for module in found}

    @cached_property
    def folders(self) -> dict[str, list[Module]]:
        """The modules of each folder, its ``__init__`` aside."""
        found: dict[str, list[Module]] = defaultdict(list)
        for module in self.modules.values():
            if not module.is_package:
                found[module.package].append(module)
        return found

    def _read(self, top: str, folder: str) -> Iterator[Module]:
        start = self.root / folder
        for path in sorted((start / top).rglob("*.py")):
            parts = path.relative_to(start).with_suffix("").parts
            is_package = parts[-1] == "__init__"
            name = ".".join(parts[:-1] if is_package else parts)
            yield Module(name, path.relative_to(self.root), path.read_text("utf-8"), is_package)

    @cached_property
    def _bindings(self) -> dict[str, dict[str, set[str]]]:
        return {name: bindings(module) for name, module in self.modules.items()}

    def meanings(self, module: str, dotted: str) -> set[str]:
        """What ``dotted`` in ``module`` may mean: full names of modules and of what stands in them.

        A name with an alias in each branch of an ``if TYPE_CHECKING`` means both.
        """
        first, _, rest = dotted.partition(".")
        targets = self._bindings.get(module, {}).get(first, set())
        names = {f"{target}.{rest}" if rest else target for target in targets}
        return {end for name in names for end in self._followed(name, frozenset())}

    def _followed(self, name: str, passed: frozenset[str]) -> set[str]:
        """Where a full name leads when modules on the way have it from elsewhere."""
        if name in passed or name in self.modules:
            return {name}
        home = self.home(name)
        first, _, rest = name[len(home) + 1 :].partition(".")
        targets = self._bindings.get(home, {}).get(first, set()) - {f"{home}.{first}"}
        if not home or not targets:
            return {name}
        onward = {f"{target}.{rest}" if rest else target for target in targets}
        return {end for each in onward for end in self._followed(each, passed | {name})}

    def home(self, name: str) -> str:
        """The module that a full name stands in; empty if it is none of ours."""
        while name and name not in self.modules:
            name = name.rpartition(".")[0]
        return name


def bindings(module: Module) -> dict[str, set[str]]:
    """The full names that each name of a module stands for, wherever in it they are imported or made."""
    found: dict[str, set[str]] = {}
    for node in module.nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                name = alias.name if alias.asname else alias.name.partition(".")[0]
                found.setdefault(alias.asname or name, set()).add(name)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                full = f"{imported_from(module, node)}.{alias.name}"
                found.setdefault(alias.asname or alias.name, set()).add(full)
    for statement in statements(module.tree.body):
        if isinstance(statement, ast.ClassDef | Function):
            found.setdefault(statement.name, set()).add(f"{module.name}.{statement.name}")
        elif isinstance(statement, ast.Assign):
            _bind_alias(module, statement, found)
    return found


def _bind_alias(module: Module, statement: ast.Assign, found: dict[str, set[str]]) -> None:
    target = statement.targets[0]
    other = dotted(statement.value)
    if isinstance(target, ast.Name):
        name = f"{module.name}.{target.id}"
        first, _, rest = other.partition(".")
        aliases = {f"{full}.{rest}" if rest else full for full in found.get(first, set())} if other else set()
        found.setdefault(target.id, set()).update(aliases or {name})


def statements(body: Sequence[ast.AST]) -> Iterator[ast.stmt]:
    """The statements of a module, class or function, those in its branches and loops too."""
    for node in body:
        if isinstance(node, ast.stmt):
            yield node
        if isinstance(node, _BRANCHES):
            yield from statements(list(ast.iter_child_nodes(node)))


def imported_from(module: Module, node: ast.ImportFrom) -> str:
    """The full name of what a ``from ... import`` imports from, dots counted from the module's package."""
    if not node.level:
        return node.module or ""
    parts = module.package.split(".")
    start = ".".join(parts[: len(parts) - node.level + 1])
    return f"{start}.{node.module}" if node.module else start


def dotted(node: ast.expr | None) -> str:
    """``a.b.C`` as it is written, of a generic ``a.b.C[int]`` too; empty for anything else."""
    if isinstance(node, ast.Subscript):
        return dotted(node.value)
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return node.id if isinstance(node, ast.Name) else ""
