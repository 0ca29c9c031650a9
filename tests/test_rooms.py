"""Rooms: the same names on every floor, so that a thing is found in two guesses."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

ROOMS = frozenset(
    {"money", "goods", "selling", "paying", "cards", "returns", "record", "paper", "day", "cash", "people"}
    | {"customers", "stock", "promotions", "delivery", "countries", "devices", "upload", "doctor", "reports"}
)
"""What a till is about; a room is made when its first inhabitant comes."""

OWN = {
    "domain": frozenset({"record/sales"}),
    "services": frozenset({"goods/product_list", "goods/tables"}),
    "store": frozenset({"file", "books", "audit", "migrations"}),
    "ui": frozenset({"shell", "sale", "widgets", "widgets/sale", "dialogs", "flows"}),
}
"""What one floor has beside them."""

NOT_CODE = {"ui": frozenset({"snapshots"})}
"""Folders of tests with nothing but data."""

MIRRORED = ("domain", "services", "store", "ui", "drivers", "commands", "config", "upload")
"""Floors whose tests stand in folders of the same names."""


def folders(start: Path) -> set[str]:
    """The folders below one, as paths from it, that hold anything of ours."""
    found = {path.parent.relative_to(start) for path in start.rglob("*.*") if "__pycache__" not in path.parts}
    every = found | {parent for path in found for parent in path.parents}
    return {path.as_posix() for path in every} - {"."}


def strangers(start: Path, floor: str) -> set[str]:
    """The folders below ``start`` that are no room of the floor."""
    rooms = ROOMS | OWN[floor]
    if floor == "ui":
        rooms = OWN[floor] | {f"flows/{room}" for room in ROOMS}
    return folders(start) - rooms


def package(floor: str) -> Path:
    return ROOT / ("drivers/tilltui_drivers" if floor == "drivers" else f"tilltui/{floor}")


@pytest.mark.parametrize("floor", OWN)
def test_every_folder_is_a_room(floor: str) -> None:
    assert strangers(package(floor), floor) == set()


@pytest.mark.parametrize("floor", OWN)
def test_every_folder_of_tests_is_a_room(floor: str) -> None:
    assert strangers(ROOT / "tests" / floor, floor) - NOT_CODE.get(floor, set()) == set()


@pytest.mark.parametrize("floor", MIRRORED)
def test_tests_stand_where_their_code_does(floor: str) -> None:
    assert homeless(ROOT / "tests" / floor, package(floor)) - NOT_CODE.get(floor, set()) == set()


def homeless(tests: Path, code: Path) -> set[str]:
    """The folders of tests without a package of their name."""
    return {name for name in folders(tests) if not (code / name / "__init__.py").is_file()}


@pytest.mark.parametrize("floor", OWN)
def test_every_room_says_what_it_is(floor: str) -> None:
    mute = {name for name in folders(package(floor)) if not said(package(floor) / name)}
    assert mute == set()


def said(room: Path) -> str | None:
    """What a package says of itself."""
    file = room / "__init__.py"
    return ast.get_docstring(ast.parse(file.read_text("utf-8"))) if file.is_file() else None


def make(root: Path, *files: str) -> Path:
    for name in files:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    return root


def test_a_stranger_is_seen(tmp_path: Path) -> None:
    assert strangers(make(tmp_path, "cards/a.py", "cards/deep/b.py", "utils/c.py"), "services") == {
        "cards/deep",
        "utils",
    }
    assert strangers(make(tmp_path / "ui", "flows/cards/a.py", "flows/misc/a.py", "cards/b.py"), "ui") == {
        "flows/misc",
        "cards",
    }


def test_homeless_tests_are_seen(tmp_path: Path) -> None:
    tests = make(tmp_path / "tests", "cards/test_a.py", "gone/test_b.py", "half/test_c.py")
    code = make(tmp_path / "code", "cards/__init__.py", "half/c.py")
    assert homeless(tests, code) == {"gone", "half"}


def test_a_mute_room_is_seen(tmp_path: Path) -> None:
    make(tmp_path, "mute/__init__.py", "half/c.py")
    assert not said(tmp_path / "mute")
    assert not said(tmp_path / "half")
    assert said(ROOT / "tilltui/store/cards")
