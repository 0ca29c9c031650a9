"""Every error that a person may see says what to do about it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = (ROOT / "tilltui", ROOT / "drivers" / "tilltui_drivers")


def trees() -> dict[str, ast.Module]:
    """The code, by path."""
    paths = [path for folder in FOLDERS for path in sorted(folder.rglob("*.py"))]
    return {str(path.relative_to(ROOT)): ast.parse(path.read_text("utf-8")) for path in paths}


def named(node: ast.expr) -> str:
    """The last name of what is called or inherited from."""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def errors_of(modules: dict[str, ast.Module]) -> dict[str, ast.ClassDef]:
    """``TillError`` and everything below it, by name."""
    classes = [node for tree in modules.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    found = {node.name: node for node in classes if node.name == "TillError"}
    while True:
        more = [
            node
            for node in classes
            if node.name not in found and any(named(base) in found for base in node.bases)
        ]
        if not more:
            return found
        found |= {node.name: node for node in more}


def words_their_own(error: ast.ClassDef) -> bool:
    """Whether it brings its own message, and is not given one."""
    calls = [
        node for node in ast.walk(error) if isinstance(node, ast.Call) and named(node.func) == "__init__"
    ]
    marked = [node for call in calls for arg in call.args for node in ast.walk(arg)]
    return any(isinstance(node, ast.Call) and named(node.func) == "N_" for node in marked)


def made(modules: dict[str, ast.Module], errors: dict[str, ast.ClassDef]) -> Iterator[tuple[str, ast.Call]]:
    """Each place where an error gets its words."""
    given = {name for name, node in errors.items() if not words_their_own(node)}
    for path, tree in modules.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and named(node.func) in given:
                yield f"{path}:{node.lineno}", node
    for name in errors.keys() - given:
        for node in ast.walk(errors[name]):
            if isinstance(node, ast.Call) and named(node.func) == "__init__":
                yield name, node


def has_a_hint(call: ast.Call) -> bool:
    """Whether it is given a hint that is not empty whatever happens, or all that another error had."""
    for keyword in call.keywords:
        if keyword.arg is None:
            return True
        if keyword.arg == "hint":
            return not (isinstance(keyword.value, ast.Constant) and not keyword.value.value)
    return False


def test_every_error_says_what_to_do() -> None:
    modules = trees()
    errors = errors_of(modules)
    places = list(made(modules, errors))
    assert len(errors) > 20
    assert len(places) > 250
    assert [where for where, call in places if not has_a_hint(call)] == []


def test_an_error_without_a_hint_is_found() -> None:
    modules = {
        "errors.py": ast.parse("class TillError(Exception): pass\nclass SaleError(TillError): pass"),
        "sale.py": ast.parse(
            "raise SaleError(N_('No.'))\n"
            "raise SaleError(N_('No.'), hint='')\n"
            "raise SaleError(N_('No.'), hint=why)"
        ),
        "own.py": ast.parse(
            "class Unknown(errors.SaleError):\n"
            "    def __init__(self):\n        super().__init__(N_('Unknown.'))\n"
            "raise Unknown()"
        ),
    }
    places = made(modules, errors_of(modules))
    assert [where for where, call in places if not has_a_hint(call)] == ["sale.py:1", "sale.py:2", "Unknown"]
