"""The house's figures: each fault is planted in a small tree and found; the real tree keeps its limits."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from textwrap import dedent

import pytest

from tests.proofs.house import limits
from tests.proofs.house.classes import Classes, largest_classes
from tests.proofs.house.collaborators import most_collaborators
from tests.proofs.house.figure import Figure
from tests.proofs.house.hidden import built_names, hidden_abilities
from tests.proofs.house.imports import circles, screens_that_know_the_store
from tests.proofs.house.judge import MEASURES, judged
from tests.proofs.house.main import ROOT, main
from tests.proofs.house.names import like_classes, prefixes, same_classes, same_names
from tests.proofs.house.sizes import fullest_folders, longest_files, longest_functions
from tests.proofs.house.source import Tree
from tests.proofs.house.twins import RUN, twins

Plant = Callable[..., Tree]
"""Makes a tree of files: a module's dotted name and its text."""


@pytest.fixture
def plant(tmp_path: Path) -> Plant:
    def planted(**files: str) -> Tree:
        for name, text in files.items():
            path = tmp_path / f"{name.replace('__', '/')}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            for folder in path.relative_to(tmp_path).parents[:-1]:
                (tmp_path / folder / "__init__.py").touch()
            path.write_text(dedent(text), "utf-8")
        return Tree(tmp_path, {"tilltui": "."})

    return planted


def sizes(figure: Figure) -> dict[str, int | None]:
    """Size by the place's short name."""
    return {row.what.rpartition(".")[2]: row.size for row in figure.rows}


def notes(figure: Figure) -> dict[str, str]:
    return {row.what.rpartition(".")[2]: row.note for row in figure.rows}


BASE = """
    from abc import abstractmethod
    class Base:
        def one(self): ...
        def two(self): ...
        @abstractmethod
        def declared(self): ...
"""


def test_methods_of_every_ancestor_of_ours_are_counted(plant: Plant) -> None:
    tree = plant(
        tilltui__ui__base=BASE,
        tilltui__ui__part="""
            from typing import TYPE_CHECKING
            from tilltui.ui import base
            if TYPE_CHECKING:
                from textual.screen import Screen
                Part = Screen
            else:
                Part = base.Base
            class Middle(Part):
                def three(self): ...
                if True:
                    async def four(self): ...
        """,
        tilltui__ui__screen="""
            from .part import Middle as Renamed
            class Top(Renamed[int]):
                def five(self): ...
        """,
    )
    figure = largest_classes(Classes(tree), 4)
    assert sizes(figure) == {"Top": 5, "Middle": 4, "Base": 2}
    assert [row.what for row in figure.broken] == ["tilltui.ui.screen.Top"]
    assert notes(figure)["Top"] == "11 lines, 3 classes"
    assert (figure.seen, figure.verdict) == (5, "BROKEN")


def test_an_ancestor_is_found_through_whoever_hands_it_on(plant: Plant) -> None:
    tree = plant(
        tilltui__base=BASE,
        tilltui__hall="from tilltui.base import Base\nfrom tilltui.round import Lost",
        tilltui__round="from tilltui.hall import Lost",
        tilltui__top="""
            from tilltui import hall
            class Top(hall.Base, hall.Lost, hall.Nobody): ...
        """,
    )
    assert sizes(largest_classes(Classes(tree), 40)) == {"Base": 2, "Top": 2}


def test_a_limit_that_is_kept_holds(plant: Plant) -> None:
    figure = largest_classes(Classes(plant(tilltui__a=BASE)), 2)
    assert (figure.seen, figure.verdict, figure.broken) == (2, "holds", ())


PARTS = """
    from dataclasses import dataclass
    from enum import Enum
    from tilltui.frozen import frozen
    class Store:
        @property
        def journal(self) -> "Journal": ...
    class Journal: ...
    class Writer:
        @classmethod
        def open(cls) -> Self: ...
    class State(Enum):
        ON = 1
    class Refused(ValueError): ...
    class print: ...
    class Loud(print): ...
    @frozen
    class Price: ...
    @dataclass(frozen=True)
    class Bag:
        store: Store
    @dataclass
    class Loose: ...
    @dataclass(frozen=False, slots=True)
    class Open: ...
    @kept(frozen=True)
    class Kept: ...
    class Box(Generic[T]): ...
    def make() -> Journal | None: ...
"""


@pytest.mark.parametrize(
    "assigned",
    [
        "self.x = Store()",
        "self.x = parts.Store()",
        "self.x: Store | None = None",
        "self.x: None | Store = None",
        "self.x: Box[int] = make_box()",
        "self.x: tuple[Price, Store]",
        "self.x: parts.Store",
        "self.x = Store() if names else 1",
        "self.x = 1 if names else Store()",
        "self.x = {1: Loose()}",
        "self.x = (found := Open())",
        "self.x = Kept()",
        "self.x = Loud()",
        "self.x: dict[str, 'Store'] = {}",
        "self.x = given",
        "self.x, self.y = given, 1",
        "self.x = given.journal",
        "self.x = make()",
        "self.x = Writer.open()",
        "self.x = [Store() for _ in names]",
        "self.x = other or Loose()",
        "local = Store(); self.x = local",
        "self.x = Bag(given)",
    ],
)
def test_what_an_object_holds_is_a_collaborator(plant: Plant, assigned: str) -> None:
    tree = plant(
        tilltui__parts=PARTS,
        tilltui__holder=f"""
            from tilltui import parts
            from tilltui.parts import Bag, Box, Kept, Loose, Loud, Open, Price, Store, Writer, make
            class Holder:
                def __init__(self, given: Store, names: list[str], other=None) -> None:
                    {assigned}
        """,
    )
    assert sizes(most_collaborators(Classes(tree), 12))["Holder"] == 1


@pytest.mark.parametrize(
    "held",
    ["State", "Price", "Refused", "int", "list[Price]", "Callable[[Store], Journal]", "ClassVar[Store]"],
)
def test_a_value_is_no_collaborator(plant: Plant, held: str) -> None:
    holder = f"\n    class Holder:\n        x: {held}\n"
    figure = most_collaborators(Classes(plant(tilltui__parts=PARTS + holder)), 12)
    assert sizes(figure) == {"Bag": 1}


@pytest.mark.parametrize("assigned", ["other.x = Store()", "self.x.y = Store()", "x = Store()"])
def test_what_an_object_does_not_hold(plant: Plant, assigned: str) -> None:
    holder = f"\n    class Holder:\n        def __init__(self, other): {assigned}\n"
    assert "Holder" not in sizes(most_collaborators(Classes(plant(tilltui__parts=PARTS + holder)), 12))


def test_collaborators_of_ancestors_are_the_objects_too(plant: Plant) -> None:
    holders = "\n    class Low:\n        a: Store\n    class High(Low):\n        b: Store\n        a: Store\n"
    figure = most_collaborators(Classes(plant(tilltui__parts=PARTS + holders)), 1)
    assert [(row.what, row.note) for row in figure.broken] == [("tilltui.parts.High", "a, b")]


def test_a_folder_is_full(plant: Plant) -> None:
    figure = fullest_folders(plant(tilltui__store__a="", tilltui__store__b="", tilltui__store__c__d=""), 1)
    assert [(row.what, row.size) for row in figure.broken] == [("tilltui.store", 2)]


def test_a_prefix_does_a_folders_work(plant: Plant) -> None:
    names = ("card_a", "card_b", "card_c", "job_a", "job_b", "job")
    tree = plant(**{f"tilltui__store__{name}": "" for name in names})
    for name in "abc":
        (tree.root / f"tilltui/_{name}.py").touch()
    assert [(row.what, row.size) for row in prefixes(tree, 0, {}).broken] == [("tilltui.store.card_", 3)]
    assert prefixes(tree, 0, {"tilltui.store.card_": "so be it"}).verdict == "holds"
    assert prefixes(tree, 0, {"tilltui.store.card_": "", "tilltui.store.gone_": ""}).verdict == "BROKEN"


@pytest.mark.parametrize(
    ("one", "other", "seen"),
    [
        ("tilltui__ui__sale__rows", "tilltui__ui__sale__old__rows", 1),
        ("tilltui__ui__rows", "tilltui__ui__sale__rows", 1),
        ("tilltui__ui__flows__cards__rows", "tilltui__ui__flows__cards__old__rows", 1),
        ("tilltui__ui__dialogs__rows", "tilltui__ui__sale__rows", 0),
        ("tilltui__ui__flows__cards__rows", "tilltui__ui__flows__paying__rows", 0),
        ("tilltui__store__cards__rows", "tilltui__ui__cards__rows", 0),
    ],
)
def test_names_that_no_room_tells_apart(plant: Plant, one: str, other: str, seen: int) -> None:
    assert same_names(plant(**{one: "", other: ""}), 0).seen == seen


@pytest.mark.parametrize(
    "back",
    [
        "import tilltui.domain.a",
        "from tilltui.domain import a",
        "from . import a",
        "def later():\n    from .a import A",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from tilltui.domain.a import A",
    ],
)
def test_a_circle_is_found_however_it_is_closed(plant: Plant, back: str) -> None:
    tree = plant(tilltui__domain__a="import tilltui.domain.b", tilltui__domain__c="import tilltui.domain.a")
    (tree.root / "tilltui/domain/b.py").write_text(back, "utf-8")
    figure = circles(tree, 0, {})
    assert [(row.what, row.size) for row in figure.broken] == [("tilltui.domain.a", 2)]
    assert figure.rows[0].note == "tilltui.domain.b -> tilltui.domain.a"
    reason = {("tilltui.domain.b", "tilltui.domain.a"): "for a reason"}
    assert circles(tree, 0, reason).verdict == "holds"
    assert circles(tree, 0, reason | {("tilltui.domain.a", "tilltui.domain.c"): "of old"}).verdict == "BROKEN"


def test_circles_that_lead_to_each_other_are_two(plant: Plant) -> None:
    tree = plant(
        tilltui__a="import tilltui.b, tilltui.c",
        tilltui__b="import tilltui.a",
        tilltui__c="import tilltui.d",
        tilltui__d="import tilltui.e",
        tilltui__e="import tilltui.c",
    )
    assert [(row.what, row.size) for row in circles(tree, 0, {}).broken] == [
        ("tilltui.a", 2),
        ("tilltui.c", 3),
    ]


def test_a_package_that_hands_on_its_modules_is_no_circle(plant: Plant) -> None:
    tree = plant(tilltui__domain__a="", tilltui__domain__b="from tilltui.domain.a import A")
    (tree.root / "tilltui/domain/__init__.py").write_text("from tilltui.domain.b import A", "utf-8")
    assert circles(tree, 0, {}).verdict == "holds"


@pytest.mark.parametrize(
    "code",
    [
        "getattr(driver, 'probe', None)",
        "hasattr(driver, 'probe')",
        "getattr(driver, name)",
        "operator.attrgetter('probe')",
        "methodcaller('probe', 1)",
        "getattr(*asked)",
    ],
)
def test_an_ability_behind_a_name(plant: Plant, code: str) -> None:
    tree = plant(tilltui__services__a=code)
    figure = hidden_abilities(tree, 0, {})
    assert [(row.what, row.note) for row in figure.broken] == [("tilltui.services.a:1", code)]
    assert built_names(tree, 0).verdict == "holds"


def test_an_ability_with_a_reason(plant: Plant) -> None:
    tree = plant(tilltui__services__a="getattr(error, 'errno', None)")
    reason = {("tilltui.services.a", "'errno'"): "not every error has it"}
    assert hidden_abilities(tree, 0, reason).verdict == "holds"
    assert hidden_abilities(tree, 0, reason | {("tilltui.services.b", "'errno'"): "gone"}).seen == 1


@pytest.mark.parametrize("name", ["f'do_{key}'", "'do_' + key", "'do_{}'.format(key)", "NAMES[key]"])
def test_a_built_name(plant: Plant, name: str) -> None:
    figure = built_names(plant(tilltui__ui__a=f"x = 1\ngetattr(self, {name})()"), 0)
    assert [row.what for row in figure.broken] == ["tilltui.ui.a:2"]


def test_a_screen_that_knows_the_store(plant: Plant) -> None:
    tree = plant(
        tilltui__store__jobs="",
        tilltui__services__a="import tilltui.store.jobs",
        tilltui__ui__a="def later():\n    from tilltui.store.jobs import Job",
        tilltui__ui__b="import tilltui.services.a",
    )
    figure = screens_that_know_the_store(tree, 0)
    assert [(row.what, row.note) for row in figure.broken] == [("tilltui.ui.a", "tilltui.store.jobs")]


def test_long_files_and_functions(plant: Plant) -> None:
    tree = plant(tilltui__a="class A:\n    async def long(self):\n        x = 1\n        y = 2\n")
    assert [(row.what, row.size) for row in longest_files(tree, 3).broken] == [("tilltui.a", 4)]
    assert [(r.what, r.size) for r in longest_functions(tree, 2).broken] == [("tilltui.a:2 long", 3)]
    assert longest_files(tree, 4).verdict == longest_functions(tree, 3).verdict == "holds"


def test_classes_of_one_name_and_of_one_word(plant: Plant) -> None:
    tree = plant(
        tilltui__a__x="class Line: ...", tilltui__b__x="class Line: ...", tilltui__c__x="class _LineEnd: ..."
    )
    same, like = same_classes(Classes(tree)), like_classes(Classes(tree))
    assert [(row.what, row.note) for row in same.rows] == [("Line", "tilltui.a.x.Line, tilltui.b.x.Line")]
    assert [(row.what, row.size, row.note) for row in like.rows] == [("Line", 3, "Line, _LineEnd")]
    assert same.verdict == like.verdict == "told"


def test_twins_are_found_whatever_stands_around(plant: Plant) -> None:
    steps = [f"step({number})" for number in range(RUN + 1)]
    other = [f'"""Doc {n}."""' for n in range(3)] + ["def f():", *(f"    {step}  # why" for step in steps)]
    tree = plant(tilltui__a="\n".join(steps), tilltui__b="\n\n".join(other))
    figure = twins(tree, 0)
    place = ("tilltui.b:9", RUN + 1, "as tilltui.a:1")
    assert [(row.what, row.size, row.note) for row in figure.broken] == [place]
    assert (twins(tree, 1).verdict, twins(tree, 1).broken) == ("holds", ())


@pytest.mark.parametrize("line", ["import step{}", ")", "# step {}"])
def test_lines_that_do_nothing_are_no_twins(plant: Plant, line: str) -> None:
    text = "\n".join(line.format(number) for number in range(2 * RUN)).replace(")", "(\n)")
    assert twins(plant(tilltui__a=text, tilltui__b=text), 0).seen == 0


def test_fewer_lines_are_no_twins(plant: Plant) -> None:
    text = "\n".join(f"step({number})" for number in range(RUN - 1))
    assert twins(plant(tilltui__a=text, tilltui__b=text), 0).seen == 0


def test_the_report_fits_a_terminal(plant: Plant, capsys: pytest.CaptureFixture[str]) -> None:
    root = plant(**{f"tilltui__ui__{'long' * 9}_{n}": "getattr(self, 'x' * 9)" for n in range(20)}).root
    assert main(["--root", str(root)]) == 0
    assert main(["--root", str(root), "--check", "--all"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    assert sum("BROKEN" in line for line in lines) == 2 * len(
        ("folder", "getattr", "built-names", "prefixes")
    )


def test_check_passes_a_house_that_holds(plant: Plant, capsys: pytest.CaptureFixture[str]) -> None:
    root = str(plant(tilltui__a="x = 1").root)
    assert main(["--root", root, "--check", "--json", "--only", "folder", "--only", "twins"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(each["key"], each["seen"], each["verdict"]) for each in told] == [
        ("folder", 1, "holds"),
        ("twins", 0, "holds"),
    ]


def test_every_exception_has_a_reason() -> None:
    reasons = [*limits.BY_NAME.values(), *limits.CIRCLES.values(), *limits.PREFIXES.values()]
    assert [reason for reason in reasons if len(reason.split()) < 3] == []


@cache
def real() -> dict[str, Figure]:
    """The figures of the product itself."""
    return {figure.key: figure for figure in judged(Tree(ROOT))}


@pytest.mark.parametrize("key", MEASURES)
def test_the_house_keeps_its_limits(key: str) -> None:
    figure = real()[key]
    assert [f"{row.what} {row.size or ''} {row.note}" for row in figure.broken] == []


def test_the_measures_see_the_real_house() -> None:
    assert real()["file"].seen > 100
    assert real()["methods"].seen > 10
    assert real()["folder"].seen > 5
