"""What import-linter cannot see of the layers."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_SQL = re.compile(r"^\s*(SELECT|INSERT|UPDATE|DELETE|CREATE|DROP|ALTER|PRAGMA|WITH)\b[^a-z]*\s\S", re.DOTALL)


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Every string of a module that is no docstring."""
    tree = ast.parse(path.read_text("utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docs = {id(node.body[0].value) for node in ast.walk(tree) if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)}  # fmt: skip  # noqa: E501
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.lineno, node.value


def sql_in(folder: Path) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sorted(folder.rglob("*.py"))
        for line, text in texts(path)
        if _SQL.match(text)
    ]


def test_only_the_store_speaks_sql() -> None:
    packages = [path for path in (ROOT / "tilltui").iterdir() if path.is_dir() and path.name != "store"]
    found = [place for package in packages for place in sql_in(package)]
    assert found == []


def test_sql_is_seen_where_it_is() -> None:
    assert any("sales.py" in place for place in sql_in(ROOT / "tilltui/store"))
