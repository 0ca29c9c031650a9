"""Which of our classes an attribute of an object holds, as far as the sources say it.

Annotations are read, and in ``__init__`` what is assigned: a call of a class or of an annotated function, an
argument, an attribute of either.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.proofs.house.classes import Class, Classes
from tests.proofs.house.source import Function, dotted, statements

Found = set[str]
Scope = dict[str, Found]
"""The classes of each local name."""

_MAKERS = ("__init__", "__post_init__")
_HOLD_NOTHING = {"Callable", "ClassVar", "Literal"}


@dataclass
class Types:
    """What attributes and expressions hold, of every class."""

    classes: Classes
    _attributes: dict[str, dict[str, Found]] = field(default_factory=dict)
    _functions: dict[str, Function] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for module in self.classes.tree.modules.values():
            for each in statements(module.tree.body):
                if isinstance(each, Function):
                    self._functions[f"{module.name}.{each.name}"] = each

    def attributes(self, each: Class) -> dict[str, Found]:
        """The classes that each attribute of an object holds, its ancestors' attributes too."""
        found: dict[str, Found] = {}
        for member in self.classes.family(each):
            for name, held in self._own(member).items():
                found.setdefault(name, set()).update(held)
        return found

    def _own(self, each: Class) -> dict[str, Found]:
        if each.name not in self._attributes:
            found = self._attributes[each.name] = {}  # there already when an object holds its own kind
            for statement in each.node.body:
                if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                    held = self._annotated(each.module.name, statement.annotation)
                    found.setdefault(statement.target.id, set()).update(held)
            for maker in _MAKERS:
                if maker in each.methods:
                    self._read_maker(each, each.methods[maker], found)
        return self._attributes[each.name]

    def _read_maker(self, each: Class, maker: Function, found: dict[str, Found]) -> None:
        home = each.module.name
        arguments = [*maker.args.posonlyargs, *maker.args.args, *maker.args.kwonlyargs]
        scope = {argument.arg: self._annotated(home, argument.annotation) for argument in arguments}
        scope["self"] = {each.name}
        for target, annotation, value in _assignments(maker):
            held = self._annotated(home, annotation) or self._valued(home, value, scope)
            if isinstance(target, ast.Name):
                scope[target.id] = held
            elif isinstance(target, ast.Attribute) and dotted(target.value) == "self":
                found.setdefault(target.attr, set()).update(held)

    def _annotated(self, home: str, node: ast.expr | None) -> Found:
        """Our classes in an annotation; those that a callable takes or gives are none of the holder's."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return self._annotated(home, ast.parse(node.value, mode="eval").body)
        if isinstance(node, ast.BinOp):
            return self._annotated(home, node.left) | self._annotated(home, node.right)
        if isinstance(node, ast.Tuple):
            return {name for part in node.elts for name in self._annotated(home, part)}
        if isinstance(node, ast.Subscript):
            if dotted(node.value).rpartition(".")[2] in _HOLD_NOTHING:
                return set()
            return self._annotated(home, node.value) | self._annotated(home, node.slice)
        return self.classes.meant(home, dotted(node)) if isinstance(node, ast.Name | ast.Attribute) else set()

    def _valued(self, home: str, node: ast.expr | None, scope: Scope) -> Found:
        """Our classes that an expression may give."""
        match node:
            case ast.Name(id=name):
                return scope.get(name, set())
            case ast.Attribute(value=value, attr=attribute):
                return self._member(self._valued(home, value, scope), attribute)
            case ast.Call():
                return self._called(home, node, scope)
            case ast.IfExp(body=one, orelse=other):
                return self._valued(home, one, scope) | self._valued(home, other, scope)
            case ast.NamedExpr(value=value) | ast.Await(value=value) | ast.DictComp(value=value):
                return self._valued(home, value, scope)
            case ast.ListComp(elt=element) | ast.SetComp(elt=element) | ast.GeneratorExp(elt=element):
                return self._valued(home, element, scope)
            case ast.BoolOp(values=parts) | ast.Dict(values=parts):
                return {name for part in parts for name in self._valued(home, part, scope)}
            case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
                return {name for part in parts for name in self._valued(home, part, scope)}
        return set()

    def _member(self, owners: Found, attribute: str) -> Found:
        """What an attribute or property of one of these classes holds."""
        found: Found = set()
        for owner in owners:
            each = self.classes.found[owner]
            found |= self.attributes(each).get(attribute, set())
            found |= self._returned(each, attribute)
        return found

    def _returned(self, each: Class, method: str) -> Found:
        """What a method of a class says that it returns."""
        for member in self.classes.family(each):
            if method in member.methods:
                returns = member.methods[method].returns
                if dotted(returns) in ("Self", "typing.Self"):
                    return {each.name}
                return self._annotated(member.module.name, returns)
        return set()

    def _called(self, home: str, node: ast.Call, scope: Scope) -> Found:
        name = dotted(node.func)
        if made := self.classes.meant(home, name):
            return made
        if isinstance(node.func, ast.Attribute):
            owners = self._valued(home, node.func.value, scope)
            owners |= self.classes.meant(home, dotted(node.func.value))
            if owners:
                held = [self._returned(self.classes.found[owner], node.func.attr) for owner in owners]
                return set().union(*held)
        found: Found = set()
        for full in self.classes.tree.meanings(home, name) if name else ():
            if full in self._functions:
                found |= self._annotated(self.classes.tree.home(full), self._functions[full].returns)
        return found


def _assignments(maker: Function) -> Iterator[tuple[ast.expr, ast.expr | None, ast.expr | None]]:
    """Target, annotation and value of each assignment of a function, those of its branches too."""
    for statement in statements(maker.body):
        if isinstance(statement, ast.AnnAssign):
            yield statement.target, statement.annotation, statement.value
        elif isinstance(statement, ast.Assign):
            for target in statement.targets:
                parts = target.elts if isinstance(target, ast.Tuple) else [target]
                values = statement.value.elts if isinstance(statement.value, ast.Tuple) else [statement.value]
                pairs = zip(parts, values if len(values) == len(parts) else [None] * len(parts), strict=True)
                for part, value in pairs:
                    yield part, None, value
