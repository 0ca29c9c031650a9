"""Which key does what: the table with the shop's changes."""

from __future__ import annotations

import pytest

from tilltui.ui.sale.actions import MENU, PAY, SELL, Action
from tilltui.ui.sale.key_map import KeyMap, key_name


def name(keys: KeyMap, key: str) -> str:
    action = keys.action(key)
    return action.id if action is not None else ""


@pytest.mark.parametrize("table", [SELL, PAY])
def test_unchanged_every_action_has_its_key(table: tuple[Action, ...]) -> None:
    keys = KeyMap(table, {})
    assert {action.key: name(keys, action.key) for action in table} == {
        action.key: action.id for action in table
    }
    assert keys.actions == table
    assert keys.action("f13") is None


def test_a_remapped_action_leaves_its_key() -> None:
    keys = KeyMap(SELL, {"discount": "f13"})
    assert name(keys, "f13") == "discount"
    assert name(keys, "f4") == ""
    assert [action.key for action in keys.actions if action.id == "discount"] == ["f13"]


def test_two_that_are_swapped() -> None:
    keys = KeyMap(SELL, {"discount": "f5", "park": "f4"})
    assert (name(keys, "f4"), name(keys, "f5")) == ("park", "discount")


@pytest.mark.parametrize("table", [SELL, PAY])
def test_an_entry_of_the_menu_is_given_a_key_in_both_modes(table: tuple[Action, ...]) -> None:
    keys = KeyMap(table, {"lock": "f13"})
    assert name(keys, "f13") == "lock"
    assert "lock" not in {action.id for action in keys.actions}, "the row is as long as before"


def test_an_entry_of_the_menu_takes_no_key_from_an_action() -> None:
    keys = KeyMap(SELL, {"lock": "f4"})
    assert name(keys, "f4") == "discount"


@pytest.mark.parametrize("table", [SELL, PAY])
def test_no_two_actions_of_a_mode_share_a_key_or_a_name(table: tuple[Action, ...]) -> None:
    assert len({action.key for action in table}) == len(table)
    assert len({action.id for action in table}) == len(table)


def test_names_are_those_on_the_keyboard() -> None:
    names = {action.id: key_name(action.key) for action in SELL}
    assert (names["help"], names["menu"], names["enter"], names["clear"]) == ("F1", "F12", "Enter", "Esc")
    assert (names["times"], names["repeat"], names["void_line"], names["open_item"]) == ("*", "+", "Del", "/")
    assert all(not entry.key for entry in MENU)
