"""The table of actions: each has its conversation, its right, and its place in what is made from it."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

import tilltui.ui
from tests.support.flows import MILK, Talk, driven, leaves_nothing, not_allowed
from tests.ui.cashier import MILK as ON_SCREEN
from tests.ui.cashier import Bench, Cashier, open_till
from tilltui.domain.people.rights import EVERYTHING, Right
from tilltui.i18n import LANGUAGES, _, language, set_language
from tilltui.services.events import LanguageChanged, TillLeft
from tilltui.services.reports.registry import REPORTS
from tilltui.ui.flows import steps
from tilltui.ui.flows.table import FLOWS, OWN_KEYS, help_, leave, menu, speak
from tilltui.ui.sale.actions import ACTION_IDS, MENU, NOTES, PAY, SELL, Action, unknown_actions
from tilltui.ui.sale.key_map import key_name
from tilltui.ui.sale.state import Mode
from tilltui.ui.widgets.choice_list import ChoiceList

ROWS = {action.id: action for action in (*SELL, *PAY, *MENU)}


def test_every_action_has_its_conversation_and_every_conversation_its_action() -> None:
    assert set(FLOWS) | OWN_KEYS == ACTION_IDS
    assert not set(FLOWS) & OWN_KEYS


def test_an_action_that_stands_in_two_rows_asks_for_one_right() -> None:
    rights: dict[str, set[Right]] = {}
    for action in (*SELL, *PAY, *MENU):
        rights.setdefault(action.id, set()).add(action.right)
    assert {name for name, asked in rights.items() if len(asked) > 1} == set()


def test_names_of_the_settings() -> None:
    assert unknown_actions({"discount": "f1", "lock": "f2", "note1": "f3"}) == []
    assert unknown_actions({"discuont": "f1", "_clear": "f2"}) == ["discuont", "_clear"]


def test_nothing_is_called_by_a_name_that_is_put_together() -> None:
    found = [
        f"{path.name}:{node.lineno}"
        for path in Path(tilltui.ui.__path__[0]).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "getattr"
        if not isinstance(node.args[1], ast.Constant)
    ]
    assert found == []


# Rights: what is dim is what would be refused


ANSWERS: dict[str, tuple[Any, ...]] = {
    "discount": ("line", {"discount": "10%"}, None),
    "customer": ({"name": "Ana"}, None),
    "open_item": ({"price": "100"}, None),
    "drawer": ({"reason": "x"}, None),
    "day": (REPORTS["x"],),
    "language": ("es",),
    "quit": (True,),
    "pin": ({"new": "4321", "again": "4321"}, None),
    "abandon": (True,),
    "note": ({"note": "x"}, None),
    "line_note": ({"note": "x"}, None),
    "park_name": ({"name": "x"}, None),
    "edit": ({"quantity": "2"}, None),
}
"""Up to where the right is asked for; others at once."""

WHILE_PAYING = {"take_back", "cash", *NOTES}
"""These are tried with something to pay."""

ASKS_ELSEWHERE = {
    "devices": "the list is no secret: each try asks for its own right",
    "labels": "needs a printer: tried in its own room",
    "cards": "needs a terminal: tried in its own room",
    "tender": "needs a way to pay of the shop's own: tried in its own room",
}
"""Rows whose right is not asked for here, and why."""

NOT_IN_EVERY_SHOP = {"cards", "labels", "tender"}
"""Rows that are offered only where the shop has what they need."""

NO_COMMAND = {
    "help",
    "menu",
    "times",
    "enter",
    "clear",
    "lock",
    "find",
    "product_sheet",
    "transfer",
    "voucher",
    "card",
}
"""They do nothing by themselves, or what asks for their right stands in their own tests."""


@pytest.mark.parametrize("name", sorted(set(FLOWS) - NO_COMMAND - set(ASKS_ELSEWHERE)))
def test_the_right_of_a_row_is_the_one_that_its_command_asks_for(talk: Talk, name: str) -> None:
    action = ROWS[name]
    talk.rung(MILK)
    if name in WHILE_PAYING:
        talk.register.paying.pay_cash(100)
        talk.state.mode = Mode.PAY
    not_allowed(talk, action.right, FLOWS[name], *ANSWERS.get(name, ()))


@pytest.mark.parametrize("name", ["transfer", "voucher", "card"])
def test_tenders_ask_for_the_right_of_their_row(talk: Talk, name: str) -> None:
    talk.rung(MILK)
    not_allowed(talk, ROWS[name].right, FLOWS[name], {"reference": ""}, None)


def test_labels_and_card_terminals_are_tried_in_their_own_rooms() -> None:
    assert (ROWS["labels"].right, ROWS["cards"].right) == (Right.LABELS, Right.TERMINAL_DAY)


# The menu


def test_the_menu_has_its_entries_in_order(talk: Talk) -> None:
    choices = driven(menu(talk.sale), None).last.choices
    offered = [entry.id for entry in MENU if entry.id not in NOT_IN_EVERY_SHOP]
    assert [choice.value for choice in choices] == offered
    assert [choice.label for choice in choices] == [_(ROWS[name].label) for name in offered]
    dim = {choice.value for choice in choices if not choice.enabled}
    assert dim == {"line_note", "park_name", "abandon"}
    assert [choice.detail for choice in choices if choice.detail] == [LANGUAGES[language()]]


def test_with_a_line_nothing_is_dim(talk: Talk) -> None:
    choices = driven(menu(talk.rung(MILK).sale), None).last.choices
    assert all(choice.enabled for choice in choices)


def test_what_is_not_allowed_is_dim(talk: Talk) -> None:
    talk.register.session.rights = EVERYTHING - {Right.RECEIPTS, Right.ABANDON}
    choices = driven(menu(talk.rung(MILK).sale), None).last.choices
    assert {choice.value for choice in choices if not choice.enabled} == {"receipts", "abandon"}


def test_what_is_picked_is_done(talk: Talk) -> None:
    driven(menu(talk.rung(MILK).sale), "note", {"note": "x"})
    assert talk.sale.basket.note == "x"


def test_left(talk: Talk) -> None:
    leaves_nothing(talk.rung(MILK), menu, "note", {"note": "x"})
    leaves_nothing(talk, speak, "es")
    leaves_nothing(talk, leave, True)
    leaves_nothing(talk, help_, None)


# Help, language, leaving


@pytest.mark.parametrize(
    ("mode", "title"), [(Mode.SELL, "selling"), (Mode.PAY, "paying"), (Mode.DONE, "selling")]
)
def test_the_help_has_the_keys_of_the_mode(talk: Talk, mode: Mode, title: str) -> None:
    talk.state.mode = mode
    step = driven(help_(talk.sale), None).last
    assert isinstance(step, steps.ShowKeys)
    assert step.title == f"Keys while {title}"
    table = PAY if mode is Mode.PAY else SELL
    assert [action.id for action in step.actions] == [
        action.id for action in table if action.id not in NOT_IN_EVERY_SHOP
    ]
    assert all(_(action.help) != "" for action in step.actions)


def test_notes_that_there_are_not_are_not_explained(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tilltui.ui.sale.hints.notes_of", lambda sale: {"note1": 1000})
    talk.state.mode = Mode.PAY
    shown = [action.id for action in driven(help_(talk.sale), None).last.actions]
    assert [name for name in shown if name in NOTES] == ["note1"]


def test_another_language(talk: Talk) -> None:
    heard: list[object] = []
    talk.register.events.to(LanguageChanged, "test", heard.append)
    before = language()
    went = driven(speak(talk.sale), "es")
    assert [choice.value for choice in went.last.choices] == list(LANGUAGES)
    assert language() == "es"
    assert heard == [LanguageChanged("es")]
    set_language(before)


@pytest.mark.parametrize(("answer", "left"), [(True, [TillLeft()]), (False, []), (None, [])])
def test_the_till_is_closed_after_asking(talk: Talk, answer: bool | None, left: list[object]) -> None:
    heard: list[object] = []
    talk.register.events.to(TillLeft, "test", heard.append)
    driven(leave(talk.rung(MILK).sale), answer)
    assert heard == left


# On the screen


def labels_of(cashier: Cashier) -> dict[str, tuple[str, bool]]:
    return {label.key: (label.label, label.enabled) for label in cashier.view.key_labels()}


@pytest.mark.parametrize("paying", [False, True])
async def test_the_key_row_is_the_table(cashier: Cashier, paying: bool) -> None:
    await cashier.scan(ON_SCREEN)
    if paying:
        await cashier.press("enter")
    table: tuple[Action, ...] = PAY if paying else SELL
    shown = labels_of(cashier)
    for action in table:
        if action.label:
            assert shown[key_name(action.key)] == (_(action.label), True)
    assert set(shown) == {f"F{number}" for number in range(1, 13)}


async def test_a_key_without_its_right_is_dim_and_says_so(cashier: Cashier) -> None:
    await cashier.scan(ON_SCREEN)
    cashier.register.session.rights = EVERYTHING - {Right.VOID}
    cashier.view.paint_keys()
    usable = {key: enabled for key, (_text, enabled) in labels_of(cashier).items()}
    assert {key for key, enabled in usable.items() if not enabled} == {"F8"}
    await cashier.press("f8")
    assert cashier.errors == ["You may not do this: take a line back."]
    assert len(cashier.lines) == 1


async def test_a_remapped_entry_of_the_menu_is_done_by_its_key(bench: Bench) -> None:
    bench.keys = {"receipts": "f13", "discount": "f14"}
    async with open_till(bench) as cashier:
        await cashier.scan(ON_SCREEN)
        await cashier.press("f4")
        assert cashier.dialog is None
        await cashier.press("f14")
        assert "Discount" in await cashier.text()
        await cashier.press("escape")
        await cashier.press("enter", "enter")
        await cashier.press("f13")
        assert "Receipts" in await cashier.text()


async def test_the_menu_on_the_screen_is_the_table(cashier: Cashier) -> None:
    await cashier.press("f12")
    assert cashier.dialog is not None
    values = [choice.value for choice in cashier.dialog.query_one(ChoiceList).choices]
    assert values == [entry.id for entry in MENU if entry.id not in NOT_IN_EVERY_SHOP]


async def test_a_click_on_a_label_is_its_key(cashier: Cashier) -> None:
    await cashier.scan(ON_SCREEN)
    cashier.app._clicked("F8")
    assert cashier.lines == []
    cashier.app._clicked("F99")
    assert cashier.errors == []
