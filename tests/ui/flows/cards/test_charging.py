"""F9: charging, giving back, and first what the terminal still owes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.flows import MILK, YERBA, Talk, driven, leaves_nothing, not_allowed
from tests.support.registers import close
from tests.ui.card_terminal import SILENT, ScriptedTerminal, approved, declined, raising
from tilltui.domain.cards.attempt import State
from tilltui.domain.paying.tenders import CARD
from tilltui.domain.people.rights import EVERYTHING, Right
from tilltui.errors import DeviceOffline, SaleError
from tilltui.services.flow import Interrupted
from tilltui.services.session import NotAllowed
from tilltui.store.cards import attempts
from tilltui.ui.flows.cards.charging import card, take_back
from tilltui.ui.flows.steps import Ask, AtTerminal, Pick
from tilltui.ui.sale.state import Mode


def payments(talk: Talk) -> list[tuple[Any, ...]]:
    """Tender and amount of every payment on disk."""
    return talk.rows("SELECT tender, amount FROM payment ORDER BY sale_id, no")


def states(talk: Talk) -> list[State]:
    """How the attempts stand, the oldest first."""
    return [row.state for row in reversed(attempts.recent(talk.till.store.reader))]


def kinds(steps: list[Any]) -> list[type]:
    return [type(step) for step in steps]


# Without a terminal, and with one that stands by itself


def test_without_a_terminal_its_number_is_keyed(talk: Talk) -> None:
    went = driven(card(talk.rung(MILK).sale), {"reference": "4242"})
    assert kinds(went.steps) == [Ask]
    assert payments(talk) == [("card", 1150)]


def test_of_several_terminals_one_is_picked_and_what_it_said_is_keyed(by_hand: Talk) -> None:
    desk = by_hand.register.cards.desks[1]
    went = driven(
        card(by_hand.rung(MILK).sale), desk, {"last4": "12"}, {"last4": "4242", "authorisation": "123456"}
    )
    assert kinds(went.steps) == [Pick, Ask]
    assert [choice.label for choice in went.steps[0].choices] == ["bank", "other"]  # type: ignore[attr-defined]
    assert went.last.about == "Key $1.150 at the terminal other; then what it says."
    assert len(went.refused) == 1
    assert by_hand.rows("SELECT tender, amount, reference FROM payment") == [
        ("card", 1150, "123456 ****4242")
    ]
    assert by_hand.state.mode is Mode.DONE


def test_by_hand_left_at_each_step(by_hand: Talk) -> None:
    desk = by_hand.register.cards.desks[0]
    said = "Card: the payment was not taken, the scan came first."
    leaves_nothing(by_hand.rung(MILK), card, desk, {"last4": ""}, interrupted={1: said})


def test_by_hand_without_the_right(by_hand: Talk) -> None:
    desk = by_hand.register.cards.desks[0]
    not_allowed(by_hand.rung(MILK), Right.SELL, card, desk, {"last4": "4242"}, None)


# At the terminal


def test_charged_and_closed(at_card: Talk, terminal: ScriptedTerminal) -> None:
    terminal.steps.put(approved)
    went = driven(card(at_card.rung(MILK).sale), True)
    assert kinds(went.steps) == [AtTerminal]
    assert (went.last.terminal, went.last.amount) == ("card", "$1.150")
    assert terminal.calls == ["charge 1150"]
    assert payments(at_card) == [("card", 1150)]
    assert at_card.state.mode is Mode.DONE
    assert at_card.said == []


def test_a_part(at_card: Talk, terminal: ScriptedTerminal) -> None:
    terminal.steps.put(approved)
    at_card.rung(MILK).state.buffer.text = "500"
    driven(card(at_card.sale), True)
    assert at_card.register.sale.settlement.due == 650
    assert at_card.state.mode is Mode.PAY


@pytest.mark.parametrize("here", [True, False])
def test_declined(at_card: Talk, terminal: ScriptedTerminal, here: bool) -> None:
    terminal.steps.put(declined)
    driven(card(at_card.rung(MILK).sale), here)
    assert at_card.register.sale.payments == ()
    assert len(at_card.said) == 1
    assert at_card.lines != []


def test_a_terminal_that_cannot_be_reached_is_said(at_card: Talk, terminal: ScriptedTerminal) -> None:
    terminal.steps.put(raising(DeviceOffline("no cable", device="card")))
    went = driven(card(at_card.rung(MILK).sale), True)
    assert kinds(went.steps) == [AtTerminal]
    assert at_card.register.sale.payments == ()
    assert len(at_card.said) == 1
    assert states(at_card) != [State.APPROVED]


def test_nothing_to_sell(at_card: Talk, terminal: ScriptedTerminal) -> None:
    with pytest.raises(SaleError, match="nothing to sell"):
        driven(card(at_card.sale))
    assert terminal.calls == []


def test_without_the_right_nothing_is_charged(at_card: Talk, terminal: ScriptedTerminal) -> None:
    not_allowed(at_card.rung(MILK), Right.SELL, card)
    assert terminal.calls == []


def test_a_terminal_that_works_is_not_asked_again(at_card: Talk) -> None:
    desk = at_card.register.cards.desks[0]
    desk._busy = True
    with pytest.raises(SaleError, match="busy with another card"):
        driven(card(at_card.rung(MILK).sale))
    desk._busy = False


# Left: the charge is offered


@pytest.fixture
def loose(at_card: Talk, terminal: ScriptedTerminal) -> Talk:
    """The cashier left the terminal, which charged milk afterwards."""
    terminal.steps.put(approved)
    driven(card(at_card.rung(MILK).sale), False)
    assert at_card.said == ["The card was charged $1.150."]
    at_card.state.errors.clear()
    return at_card


def test_it_pays_the_sale_that_it_was_for(loose: Talk, terminal: ScriptedTerminal) -> None:
    went = driven(card(loose.sale), "pay")
    assert went.last.title == "This card was already charged"
    assert [choice.value for choice in went.last.choices] == ["pay", "back"]
    assert payments(loose) == [("card", 1150)]
    assert terminal.calls == ["charge 1150"], "and it is not charged twice"


def test_or_it_goes_back(loose: Talk, terminal: ScriptedTerminal) -> None:
    terminal.steps.put(approved)
    driven(card(loose.sale), "back", True)
    assert terminal.calls[-1].startswith("refund")
    assert loose.said == ["$1.150 went back to the card."]
    assert loose.register.sale.payments == ()


def test_left_where_it_is_offered(loose: Talk) -> None:
    leaves_nothing(loose, card, "pay")


def test_a_charge_that_does_not_fit_any_more_is_said_with_why(loose: Talk) -> None:
    loose.register.paying.pay_cash(1000)
    driven(card(loose.sale), "pay")
    assert len(loose.said) == 2
    assert loose.said[1] == "The card was charged $1.150."
    assert len(loose.register.sale.payments) == 1


def test_giving_it_back_needs_its_right(loose: Talk, terminal: ScriptedTerminal) -> None:
    not_allowed(loose, Right.REFUND_CARD, card, "back")
    assert terminal.calls == ["charge 1150"]


# In doubt


@pytest.fixture
def doubted(at_card: Talk, terminal: ScriptedTerminal) -> Talk:
    """Nobody knows whether milk was charged."""
    terminal.steps.put(SILENT)
    terminal.steps.put(SILENT)
    driven(card(at_card.rung(MILK).sale), True)
    assert at_card.said == ["Nobody knows yet whether the card was charged $1.150."]
    at_card.state.errors.clear()
    return at_card


def test_no_says_a_person(doubted: Talk) -> None:
    went = driven(card(doubted.sale), "no")
    assert went.last.title == "Was the card charged $1.150?"
    assert states(doubted) == [State.CANCELLED]
    assert doubted.register.sale.payments == ()


def test_yes_says_a_person_with_what_the_paper_says(doubted: Talk) -> None:
    driven(card(doubted.sale), "yes", {"last4": "42"}, {"last4": "4242", "authorisation": "77"})
    assert states(doubted) == [State.APPROVED]
    driven(card(doubted.sale), "pay")
    assert payments(doubted) == [("card", 1150)]


def test_the_terminal_is_asked(
    doubted: Talk, terminal: ScriptedTerminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []
    desk = doubted.register.cards.desks[0]
    monkeypatch.setattr(desk, "ask", lambda: asked.append(True))
    driven(card(doubted.sale), "ask")
    assert asked == [True]


def test_in_doubt_left_at_each_step(doubted: Talk) -> None:
    leaves_nothing(doubted, card, "yes", {"last4": "4242"})
    assert states(doubted) == [State.DOUBT]


@pytest.mark.parametrize("answers", [("no",), ("yes", {"last4": "4242"})])
def test_deciding_needs_its_right(doubted: Talk, answers: tuple[Any, ...]) -> None:
    not_allowed(doubted, Right.DECIDE_CHARGE, card, *answers)
    assert states(doubted) == [State.DOUBT]


# Goods that come back


def returned(talk: Talk, terminal: ScriptedTerminal) -> Talk:
    """Milk was paid at the terminal, and comes back."""
    terminal.steps.put(approved)
    driven(card(talk.rung(MILK).sale), True)
    done = talk.state.done
    assert done is not None
    returns = talk.register.returns
    returns.ring(returns.find(done.number).lines[0], done.number)
    talk.state.mode = Mode.SELL
    return talk


def test_goods_go_back_to_the_card_that_paid_them(at_card: Talk, terminal: ScriptedTerminal) -> None:
    terminal.steps.put(approved)
    returned(at_card, terminal)
    driven(card(at_card.sale), True)
    assert payments(at_card) == [("card", 1150), ("card", -1150)]
    assert at_card.state.mode is Mode.DONE


def test_what_did_not_go_back_is_said(at_card: Talk, terminal: ScriptedTerminal) -> None:
    returned(at_card, terminal)
    terminal.steps.put(declined)
    driven(card(at_card.sale), True)
    assert at_card.register.sale.payments == ()
    assert len(at_card.said) == 1
    assert at_card.state.mode is Mode.PAY


def test_a_refund_whose_pop_up_was_left_pays_while_its_goods_are_here(
    at_card: Talk, terminal: ScriptedTerminal
) -> None:
    returned(at_card, terminal)
    terminal.steps.put(approved)
    driven(card(at_card.sale), False)
    assert payments(at_card)[1:] == [("card", -1150)]


def test_what_no_terminal_charged_is_given_back_by_hand(at_card: Talk, terminal: ScriptedTerminal) -> None:
    at_card.rung(MILK).register.paying.pay(CARD)
    number = close(at_card.register).number
    returns = at_card.register.returns
    returns.ring(returns.find(number).lines[0], number)
    went = driven(card(at_card.sale), {"reference": "4242"})
    assert kinds(went.steps) == [Ask]
    assert payments(at_card)[1:] == [("card", -1150)]
    assert terminal.calls == []


def test_goods_do_not_go_back_without_the_right(at_card: Talk, terminal: ScriptedTerminal) -> None:
    not_allowed(returned(at_card, terminal), Right.REFUND_CARD, card)
    assert terminal.calls == ["charge 1150"]


# Taking a payment back


def test_no_payment_to_take_back(talk: Talk) -> None:
    with pytest.raises(SaleError):
        driven(take_back(talk.rung(MILK).sale))
    assert talk.face.shown[-1] == "paid"


def test_cash_is_taken_back_at_once(talk: Talk) -> None:
    talk.rung(MILK).register.paying.pay_cash(500)
    assert driven(take_back(talk.sale)).steps == []
    assert talk.register.sale.payments == ()
    assert talk.face.shown[-1] == "paid"


def test_a_payment_is_not_taken_back_without_the_right(talk: Talk) -> None:
    talk.rung(MILK).register.paying.pay_cash(500)
    not_allowed(talk, Right.TAKE_BACK, take_back)


@pytest.fixture
def part(at_card: Talk, terminal: ScriptedTerminal) -> Talk:
    """A part of the sale was charged."""
    terminal.steps.put(approved)
    at_card.rung(MILK, YERBA).state.buffer.text = "500"
    driven(card(at_card.sale), True)
    assert len(at_card.register.sale.payments) == 1
    return at_card


def test_a_charge_goes_back_to_the_card(part: Talk, terminal: ScriptedTerminal) -> None:
    terminal.steps.put(approved)
    driven(take_back(part.sale), True, True)
    assert part.register.sale.payments == ()
    assert part.said == ["$500 went back to the card."]


def test_a_charge_in_doubt_counts_as_given_back(part: Talk, terminal: ScriptedTerminal) -> None:
    terminal.steps.put(SILENT)
    terminal.steps.put(SILENT)
    driven(take_back(part.sale), True, True)
    assert part.register.sale.payments == ()
    assert part.said == ["Nobody knows yet whether $500 went back to the card."]


def test_a_charge_that_did_not_go_back_stays(part: Talk, terminal: ScriptedTerminal) -> None:
    terminal.steps.put(declined)
    driven(take_back(part.sale), True, True)
    assert len(part.register.sale.payments) == 1
    assert len(part.said) == 1


def test_a_charge_can_be_left_as_it_is(part: Talk) -> None:
    before = part.done()
    driven(take_back(part.sale), False)
    driven(take_back(part.sale), None)
    driven(take_back(part.sale), Interrupted())
    assert part.done() == before


def test_a_charge_does_not_go_back_without_the_right(part: Talk, terminal: ScriptedTerminal) -> None:
    not_allowed(part, Right.REFUND_CARD, take_back, True)
    assert terminal.calls == ["charge 500"]


def test_who_may_give_money_back_and_take_no_payment_back_sends_nothing(
    part: Talk, terminal: ScriptedTerminal
) -> None:
    """Else the card would have its money while the payment stands."""
    part.register.session.rights = EVERYTHING - {Right.TAKE_BACK}
    before = part.done()
    with pytest.raises(NotAllowed):
        driven(take_back(part.sale))
    assert part.done() == before
    assert terminal.calls == ["charge 500"]
