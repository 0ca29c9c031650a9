"""What a driver may do besides its port: said on the page, and never half there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tilltui.ports import ABILITIES, LooksAgain
from tilltui.ports.abilities import members
from tilltui_drivers.contract.device import check_abilities

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "drivers.md").read_text("utf-8")


def test_the_page_lists_every_ability_with_its_members() -> None:
    rows = re.findall(r"^\| `([A-Z]\w+)` \| (`[a-z].+?`) \|", PAGE, re.MULTILINE)
    listed = {name: re.findall(r"`(\w+)", cells) for name, cells in rows}
    assert listed == {ability.__name__: members(ability) for ability in ABILITIES}


@pytest.mark.parametrize("ability", ABILITIES, ids=lambda ability: ability.__name__)
def test_an_ability_says_thread_and_blocking(ability: type) -> None:
    texts = [ability.__doc__, *(vars(ability)[name].__doc__ for name in members(ability))]
    assert all(texts)


def test_a_whole_ability_is_one() -> None:
    class Whole:
        def look_again(self) -> None:
            pass

    assert isinstance(Whole(), LooksAgain)
    check_abilities(Whole())


def test_half_an_ability_is_refused() -> None:
    class Half:
        def forget(self) -> None:
            pass

    with pytest.raises(AssertionError, match="Remembers"):
        check_abilities(Half())


def test_other_arguments_are_refused() -> None:
    class Other:
        def pass_on(self) -> None:
            pass

    with pytest.raises(TypeError):
        check_abilities(Other())


def test_nothing_hidden_is_asked_of_a_driver() -> None:
    """``getattr`` with a name that is known beforehand is what abilities are for."""
    folders = ("tilltui/ports", "tilltui/services", "drivers/tilltui_drivers", "tilltui/commands")
    files = [file for folder in folders for file in (ROOT / folder).rglob("*.py")]
    found = [
        (file.name, line)
        for file in files
        for line in re.findall(r"(?:hasattr\(.*|getattr\([^,]+, \"\w+\".*)", file.read_text("utf-8"))
    ]
    known = {"watcher.py": "AF_NETLINK"}  # of the standard library, by platform
    assert [(name, line) for name, line in found if known.get(name, "\0") not in line] == []
