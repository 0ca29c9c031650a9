"""What a name in a module means, however it came there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.proofs.house.imports import imports
from tests.proofs.house.source import Tree

FILES = {
    "tilltui/__init__.py": "",
    "tilltui/parts.py": "class Store: ...\nclass Box:\n    class Inner: ...\ndef make(): ...\n",
    "tilltui/hall/__init__.py": "from tilltui.parts import Store as Kept\nfrom .deep import Lost\n",
    "tilltui/hall/deep.py": "from tilltui.hall import Lost\n",
}


def tree(root: Path, text: str) -> Tree:
    """A small house with a module ``tilltui.hall.here``."""
    for name, source in (FILES | {"tilltui/hall/here.py": text}).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(source, "utf-8")
    return Tree(root, {"tilltui": "."})


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("import tilltui.parts", "tilltui.parts.Store"),
        ("import tilltui.parts as parts", "parts.Store"),
        ("from tilltui import parts", "parts.Store"),
        ("from tilltui import parts as p", "p.Store"),
        ("from tilltui.parts import Store", "Store"),
        ("from tilltui.parts import Store as S", "S"),
        ("from .. import parts", "parts.Store"),
        ("from ..parts import Store", "Store"),
        ("from . import Kept", "Kept"),
        ("import tilltui.hall", "tilltui.hall.Kept"),
        ("def later():\n    from tilltui.parts import Store", "Store"),
        ("from tilltui.parts import Store\nS = Store", "S"),
        ("from tilltui import parts\nS = parts.Store", "S"),
        ("try:\n    from tilltui.parts import Store as S\nexcept ImportError:\n    pass", "S"),
    ],
)
def test_a_name_means_what_was_imported(tmp_path: Path, text: str, name: str) -> None:
    here = tree(tmp_path, text)
    assert here.meanings("tilltui.hall.here", name) == {"tilltui.parts.Store"}
    assert imports(here)["tilltui.hall.here"] & {"tilltui.parts", "tilltui.hall"}


@pytest.mark.parametrize(
    ("text", "name", "meant"),
    [
        ("from tilltui.parts import Box", "Box.Inner", {"tilltui.parts.Box.Inner"}),
        ("from tilltui.hall import Lost", "Lost", {"tilltui.hall.Lost"}),
        ("from tilltui.hall import Kept", "Kept.Inner", {"tilltui.parts.Store.Inner"}),
        ("from os import path", "path.Store", {"os.path.Store"}),
        ("def make(): ...", "make", {"tilltui.hall.here.make"}),
        ("if DEEP:\n    class A: ...", "A", {"tilltui.hall.here.A"}),
        ("try:\n    pass\nfinally:\n    class A: ...", "A", {"tilltui.hall.here.A"}),
        ("with x:\n    class A: ...", "A", {"tilltui.hall.here.A"}),
        ("try:\n    pass\nexcept OSError:\n    class A: ...", "A", {"tilltui.hall.here.A"}),
        ("for x in y:\n    class A: ...", "A", {"tilltui.hall.here.A"}),
        ("match x:\n    case 1:\n        class A: ...", "A", {"tilltui.hall.here.A"}),
        ("def f():\n    class A: ...", "A", set()),
        ("A = 1", "A", {"tilltui.hall.here.A"}),
        ("", "Store", set()),
    ],
)
def test_a_name_means_what_stands_there(tmp_path: Path, text: str, name: str, meant: set[str]) -> None:
    assert tree(tmp_path, text).meanings("tilltui.hall.here", name) == meant
