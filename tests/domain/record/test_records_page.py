"""``docs/records.md`` names every kind of record and every key of a sale."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.domain.record.test_damage import BODIES
from tilltui.domain.record.kinds import SALES, RecordKind
from tilltui.domain.record.sales import closing

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "records.md").read_text("utf-8")
NAMED = set(re.findall(r"`(\w+)`", PAGE))
_KINDS = re.compile(r"(?:\bappend\(\s*connection,|\.record\()\s*\"(\w+)\"")


def keys_of(function: str) -> set[str]:
    """Keys that a function of ``closing`` may put into a body."""
    tree = ast.parse(Path(closing.__file__).read_text("utf-8"))
    (node,) = (n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == function)
    found: set[str] = set()
    for part in ast.walk(node):
        keys: list[ast.expr | None] = []
        if isinstance(part, ast.Dict):
            keys = part.keys
        elif isinstance(part, ast.Subscript) and isinstance(part.ctx, ast.Store):
            keys = [part.slice]
        elif isinstance(part, ast.Call) and getattr(part.func, "id", "") == "_put":
            found |= {keyword.arg for keyword in part.keywords if keyword.arg}
        found |= {str(key.value) for key in keys if isinstance(key, ast.Constant)}
    return found


@pytest.mark.parametrize("function", ["body", "_line"])
def test_every_key_of_a_sale_is_told(function: str) -> None:
    keys = keys_of(function)
    assert len(keys) > 20
    assert keys - NAMED == set()


def test_every_kind_of_record_is_told() -> None:
    assert {kind for kind in set(RecordKind) - set(SALES) if f"| `{kind}` |" not in PAGE} == set()
    assert "## sale, return" in PAGE


def test_no_kind_is_written_that_has_no_name() -> None:
    sources = [path.read_text("utf-8") for path in (ROOT / "tilltui").rglob("*.py")]
    kinds = {kind for source in sources for kind in _KINDS.findall(source)}
    assert kinds <= set(RecordKind)


@pytest.mark.parametrize("kind", sorted(set(BODIES) - {"coupon"}))
def test_every_key_of_the_other_kinds_is_told_with_it(kind: str) -> None:
    (row,) = (line for line in PAGE.splitlines() if line.startswith(f"| `{kind}` |"))
    told = set(re.findall(r"`(\w+)`", row)) | {"kind"}
    assert set(BODIES[kind]) <= told
