"""F12, Card terminal: what the terminals still owe, and their end of day."""

from __future__ import annotations

import pytest

from tests.support.flows import MILK, Labelled, Talk, driven, leaves_nothing, not_allowed
from tests.ui.card_terminal import SILENT, ScriptedTerminal, approved
from tilltui.domain.people.rights import Right
from tilltui.errors import AmountError, SaleError
from tilltui.ui.flows.cards.charging import card
from tilltui.ui.flows.cards.ends import checked_last4, doubt, hand_reference
from tilltui.ui.flows.cards.terminal import cards
from tilltui.ui.flows.cards.words import say_loose
from tilltui.ui.flows.steps import Pick, Show

END = "End of day of the terminal card"


def test_no_terminal_is_connected(by_hand: Talk) -> None:
    assert driven(cards(by_hand.sale)).steps == []
    assert by_hand.said == ["The terminal is not connected to the till."]


def test_the_end_of_its_day_is_printed_and_shown(at_card: Talk) -> None:
    went = driven(cards(at_card.sale), Labelled(END), None)
    assert [type(step) for step in went.steps] == [Pick, Show]
    assert went.last.lines == ("TOTAL  5",)
    assert at_card.rows("SELECT kind, title FROM print_job") == [("note", "End of day of the terminal")]


def test_a_terminal_without_a_report(at_card: Talk, terminal: ScriptedTerminal) -> None:
    terminal.report = ()
    assert driven(cards(at_card.sale), Labelled(END), None).last.lines == ("It has no report.",)
    assert at_card.rows("SELECT count(*) FROM print_job") == [(0,)]


def test_without_the_right_the_day_stays_open(at_card: Talk, terminal: ScriptedTerminal) -> None:
    not_allowed(at_card, Right.TERMINAL_DAY, cards, Labelled(END))
    assert terminal.calls == []


def test_left(at_card: Talk, terminal: ScriptedTerminal) -> None:
    leaves_nothing(at_card, cards, Labelled(END))
    assert terminal.calls == []


def test_a_charge_without_a_sale_is_listed_and_goes_back(at_card: Talk, terminal: ScriptedTerminal) -> None:
    terminal.steps.put(approved)
    driven(card(at_card.rung(MILK).sale), False)
    at_card.state.errors.clear()
    at_card.register.paying.abandon()
    driven(at_card.register.paying.close())
    say_loose(at_card.sale)
    assert at_card.said == ["The card was charged $1.150 without a sale."]
    terminal.steps.put(approved)
    went = driven(cards(at_card.sale), Labelled("Without a sale"), "back", True)
    assert went.steps[1].title == "A charge without a sale"  # type: ignore[attr-defined]
    assert [choice.value for choice in went.steps[1].choices] == ["back"]  # type: ignore[attr-defined]
    assert at_card.said[-1] == "$1.150 went back to the card."


def test_a_charge_of_a_parked_sale_says_so(at_card: Talk, terminal: ScriptedTerminal) -> None:
    terminal.steps.put(approved)
    driven(card(at_card.rung(MILK).sale), False)
    at_card.state.errors.clear()
    at_card.register.selling.parking.park("Ana")
    driven(at_card.register.selling.parking.settled())
    say_loose(at_card.sale)
    assert at_card.said == ["The card was charged $1.150 for a parked sale."]


def test_what_is_in_doubt_is_listed_unless_the_terminal_works(
    at_card: Talk, terminal: ScriptedTerminal
) -> None:
    terminal.steps.put(SILENT)
    terminal.steps.put(SILENT)
    driven(card(at_card.rung(MILK).sale), True)
    desk = at_card.register.cards.desks[0]
    labels = [choice.label[:17] for choice in driven(cards(at_card.sale), None).last.choices]
    assert labels == ["In doubt: charge ", "End of day of the"]
    desk._busy = True
    assert len(driven(cards(at_card.sale), None).last.choices) == 1
    with pytest.raises(SaleError, match="busy"):
        driven(doubt(at_card.sale, desk, desk.in_doubt[0]))
    desk._busy = False
    driven(cards(at_card.sale), Labelled("In doubt"), "no")
    assert desk.in_doubt == []


@pytest.mark.parametrize(("keyed", "digits"), [("", ""), ("4242", "4242"), (" 42\x1b42 ", "4242")])
def test_last_digits(keyed: str, digits: str) -> None:
    assert checked_last4(keyed) == digits


@pytest.mark.parametrize("keyed", ["42", "42424", "42a2", "٤٢٤٢"])
def test_no_last_digits(keyed: str) -> None:
    with pytest.raises(AmountError):
        checked_last4(keyed)


@pytest.mark.parametrize(
    ("last4", "authorisation", "reference"),
    [("", "", ""), ("4242", "", "****4242"), ("4242", "99", "99 ****4242"), ("", "ABCDEF", "ABCDEF ****")],
)
def test_a_reference_that_no_ticket_looks_like(last4: str, authorisation: str, reference: str) -> None:
    assert hand_reference({"last4": last4, "authorisation": authorisation}) == reference
