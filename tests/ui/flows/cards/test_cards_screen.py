"""Cards at a terminal: what the cashier sees, and that no charge is lost, doubled or left without a word."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.ui.card_terminal import (
    SILENT,
    ScriptedTerminal,
    answer,
    approved,
    at_the_terminal,
    by_card,
    cancelled,
    charging,
    declined,
    doubted,
    gives_back,
    none,
    raising,
    states,
)
from tests.ui.cashier import MILK, SOAP, YERBA, Bench, Cashier, open_till
from tilltui.domain.cards.attempt import State
from tilltui.domain.selling.basket import Basket
from tilltui.errors import DeviceOffline
from tilltui.i18n import _
from tilltui.store.cards import attempts
from tilltui.ui.dialogs.pick import PickDialog
from tilltui.ui.sale.state import Mode
from tilltui.ui.widgets.choice_list import ChoiceList
from tilltui_drivers.terminals.manual import ManualSettings, ManualTerminal


@pytest.fixture
def terminal(bench: Bench) -> ScriptedTerminal:
    terminal = ScriptedTerminal()
    bench.fitted["terminal", "card"] = terminal
    return terminal


@pytest.fixture
async def cashier(bench: Bench, terminal: ScriptedTerminal) -> AsyncIterator[Cashier]:
    async with open_till(bench) as cashier:
        yield cashier


async def test_an_approved_card_pays_and_prints_its_slip(
    cashier: Cashier, terminal: ScriptedTerminal
) -> None:
    await at_the_terminal(cashier, terminal)
    text = await cashier.text()
    assert "$1.150" in text or "1.150" in text
    assert _("The customer holds, inserts or swipes the card.") in text
    assert "Esc" in text
    await answer(cashier, terminal, approved)
    assert cashier.mode is Mode.DONE
    assert terminal.calls == ["charge 1150"]
    ticket = attempts.recent(cashier.store.reader)[0].ticket
    assert cashier.payments(1) == [("card", 1150, 1150, f"VI ****6677 123456 #60 {ticket}")]
    body = next(cashier.store.reader.execute("SELECT body FROM journal WHERE kind = 'sale'"))[0]
    assert b"VISA  6677" in body


async def test_a_part_by_card_and_the_rest_in_cash(cashier: Cashier, terminal: ScriptedTerminal) -> None:
    await by_card(cashier, terminal, approved, codes=(SOAP,), part="5000")
    assert cashier.mode is Mode.PAY
    await cashier.press("enter")
    assert [row[:2] for row in cashier.payments(1)] == [("card", 5000), ("cash", 3990)]


async def test_a_declined_card_is_said_and_nothing_is_paid(
    cashier: Cashier, terminal: ScriptedTerminal
) -> None:
    await by_card(cashier, terminal, declined)
    assert cashier.errors == ["The card was not charged: the bank refused the card."]
    assert not cashier.open_sale.payments
    await cashier.press("escape", "enter")
    assert cashier.sales() == [(1, 1150, 0)]


async def test_a_terminal_that_is_not_there_charged_nothing(
    cashier: Cashier, terminal: ScriptedTerminal
) -> None:
    await by_card(cashier, terminal, raising(DeviceOffline("unplugged", device="card")))
    assert cashier.errors == ["Nothing was charged: unplugged."]
    assert states(cashier) == [State.CANCELLED]


async def test_scans_meanwhile_cancel_nothing_and_ring_in_the_next_sale(
    cashier: Cashier, terminal: ScriptedTerminal
) -> None:
    dialog = await at_the_terminal(cashier, terminal)
    await cashier.scan(SOAP, YERBA)
    await cashier.press("enter", "1", "f10", "f9")
    assert cashier.dialog is dialog
    assert cashier.lines == [("Leche entera 1 L", 1000, 1150)]
    await answer(cashier, terminal, approved)
    await cashier.until(lambda: len(cashier.lines) == 2)
    assert [name for name, _quantity, _amount in cashier.lines] == [
        "Detergente líquido 3 L",
        "Yerba mate 500 g",
    ]
    assert cashier.sales() == [(1, 1150, 0)]
    assert not terminal.cancelled.is_set()


async def test_scans_meanwhile_ring_in_this_sale_when_the_card_was_refused(
    cashier: Cashier, terminal: ScriptedTerminal
) -> None:
    await at_the_terminal(cashier, terminal)
    await cashier.scan(SOAP)
    await answer(cashier, terminal, declined)
    assert cashier.total == 1150 + 8990


async def test_esc_cancels(cashier: Cashier, terminal: ScriptedTerminal) -> None:
    dialog = await at_the_terminal(cashier, terminal)
    await cashier.press("escape")
    assert cashier.dialog is dialog
    await answer(cashier, terminal, cancelled)
    assert terminal.cancelled.is_set()
    assert cashier.errors == ["Nothing was charged: cancelled at the terminal."]


async def test_esc_twice_leaves_the_terminal_alone_and_its_charge_is_offered(
    cashier: Cashier, terminal: ScriptedTerminal
) -> None:
    await at_the_terminal(cashier, terminal)
    await cashier.scan(SOAP)
    await cashier.press("escape", "escape")
    assert cashier.dialog is None
    assert cashier.total == 1150 + 8990
    await answer(cashier, terminal, approved)
    assert cashier.errors == ["The card was charged $1.150."]
    assert not cashier.open_sale.payments
    await cashier.press("escape", "f9", "1")
    assert cashier.open_sale.settlement.due == 8990
    await cashier.press("enter")
    assert [row[:2] for row in cashier.payments(1)] == [("card", 1150), ("cash", 8990)]
    assert terminal.calls == ["charge 1150"]


async def test_what_was_left_to_the_terminal_is_not_decided_by_hand(
    cashier: Cashier, terminal: ScriptedTerminal
) -> None:
    await at_the_terminal(cashier, terminal)
    await cashier.press("escape", "escape", "f9")
    assert cashier.dialog is None
    assert cashier.errors == ["The terminal card is busy with another card."]
    await cashier.choose("cards")
    assert len(cashier.app.screen.query_one(ChoiceList).choices) == 1
    await cashier.press("escape", "escape")
    await answer(cashier, terminal, approved)
    assert states(cashier) == [State.APPROVED]
    await cashier.press("escape", "f9", "1")
    assert cashier.sales() == [(1, 1150, 0)]


async def test_two_terminals_at_once(bench: Bench, terminal: ScriptedTerminal) -> None:
    other = ScriptedTerminal("bar")
    bench.fitted["terminal", "bar"] = other
    async with open_till(bench) as cashier:
        await at_the_terminal(cashier, terminal, SOAP, part="5000", key="1")
        await cashier.press("escape", "escape", "f9", "2")
        await charging(cashier, other)
        terminal.steps.put(cancelled)
        await cashier.until(lambda: list(cashier.app.terminals.at) == ["bar"])
        await cashier.scan(MILK)
        assert len(cashier.lines) == 1
        await cashier.press("escape", "escape")
        assert len(cashier.lines) == 2
        other.steps.put(cancelled)
        await cashier.until(lambda: not cashier.app.terminals.at)
        assert not cashier.state.busy


async def test_in_doubt_the_sale_is_paid_in_cash_and_the_charge_goes_back(
    cashier: Cashier, terminal: ScriptedTerminal
) -> None:
    await doubted(cashier, terminal)
    assert states(cashier) == [State.DOUBT]
    assert "Nobody knows yet" in cashier.errors[0]
    assert "card in doubt" in await cashier.text()
    await cashier.press("escape", "f10")
    assert cashier.sales() == [(1, 1150, 0)]
    await cashier.press("f9")
    assert isinstance(cashier.dialog, PickDialog)
    terminal.steps.put(approved)
    await cashier.press("1")
    await cashier.until(lambda: bool(cashier.errors))
    assert cashier.errors == ["The card was charged $1.150 without a sale."]
    await cashier.press("escape", "f9", "1")
    await gives_back(cashier, terminal, approved)
    assert cashier.errors == ["$1.150 went back to the card."]
    assert terminal.calls[-1] == "refund 60 1150"
    assert "without a sale" not in await cashier.text()


async def test_in_doubt_the_sale_is_parked_and_paid_with_it_later(
    cashier: Cashier, terminal: ScriptedTerminal
) -> None:
    await doubted(cashier, terminal)
    await cashier.press("escape", "escape", "f5")
    await cashier.scan(SOAP)
    await cashier.press("enter", "enter")
    assert cashier.sales() == [(1, 8990, 0)]
    cashier.devices.cards["card"].ask()
    terminal.steps.put(approved)
    await cashier.until(lambda: bool(cashier.errors))
    assert cashier.errors == ["The card was charged $1.150 for a parked sale."]
    await cashier.press("escape", "f5", "f9", "1")
    await cashier.until(lambda: len(cashier.sales()) == 2)
    assert [row[:2] for row in cashier.payments(2)] == [("card", 1150)]
    assert terminal.calls == ["charge 1150", "recover 1150", "recover 1150"]


@pytest.mark.parametrize(("key", "state"), [("2", State.APPROVED), ("3", State.CANCELLED)])
async def test_a_person_decides(cashier: Cashier, terminal: ScriptedTerminal, key: str, state: State) -> None:
    await doubted(cashier, terminal)
    await cashier.press("escape", "f9", key)
    if key == "2":
        await cashier.type("12")
        await cashier.press("enter", "enter")
        assert cashier.dialog is not None
        await cashier.press("up", "backspace", "backspace")
        await cashier.type("4242")
        await cashier.press("enter", "enter")
    await cashier.until(lambda: states(cashier) == [state])
    await cashier.until(lambda: bool(cashier.errors))
    assert terminal.calls == ["charge 1150", "recover 1150"]
    await cashier.press("escape")
    if key == "2":
        await cashier.press("f9", "1")
        await cashier.until(lambda: len(cashier.sales()) == 1)
        assert "****4242" in cashier.payments(1)[0][3]


async def test_a_second_charge_is_never_sent_in_doubt(cashier: Cashier, terminal: ScriptedTerminal) -> None:
    await doubted(cashier, terminal)
    await cashier.press("escape", "f9")
    assert isinstance(cashier.dialog, PickDialog)
    assert terminal.calls == ["charge 1150", "recover 1150"]


async def test_taking_a_card_payment_back_gives_it_back(cashier: Cashier, terminal: ScriptedTerminal) -> None:
    await by_card(cashier, terminal, approved, codes=(SOAP,), part="5000")
    await cashier.press("f11", "escape")
    assert len(cashier.open_sale.payments) == 1
    await cashier.press("f11", "1")
    await gives_back(cashier, terminal, approved)
    assert not cashier.open_sale.payments
    assert terminal.calls == ["charge 5000", "refund 60 5000"]
    assert cashier.errors == ["$5.000 went back to the card."]


async def test_a_refused_refund_leaves_the_payment(cashier: Cashier, terminal: ScriptedTerminal) -> None:
    await by_card(cashier, terminal, approved, codes=(SOAP,), part="5000")
    await cashier.press("f11", "1")
    await gives_back(cashier, terminal, declined)
    assert len(cashier.open_sale.payments) == 1
    assert cashier.errors == ["Nothing was given back: the bank refused the card."]


async def test_goods_that_come_back_go_back_to_their_card(
    cashier: Cashier, terminal: ScriptedTerminal
) -> None:
    await by_card(cashier, terminal, approved, codes=(MILK, SOAP))
    await cashier.scan("1-000001")
    await cashier.press("2", "escape", "f9")
    await gives_back(cashier, terminal, approved)
    await cashier.until(lambda: len(cashier.sales()) == 2)
    assert terminal.calls[-1] == "refund - 1150"
    assert [row[:2] for row in cashier.payments(2)] == [("card", -1150)]


async def returning(cashier: Cashier, terminal: ScriptedTerminal) -> None:
    """Sell two items by card, and take the milk back."""
    await by_card(cashier, terminal, approved, codes=(MILK, SOAP))
    await cashier.scan("1-000001")
    await cashier.press("2", "escape")


async def test_a_refund_in_doubt_is_never_made_again_nor_paid_in_cash(
    cashier: Cashier, terminal: ScriptedTerminal
) -> None:
    await returning(cashier, terminal)
    await cashier.press("f9")
    await gives_back(cashier, terminal, SILENT, SILENT)
    assert states(cashier) == [State.APPROVED, State.DOUBT]
    assert "Nobody knows yet whether $1.150 went back" in cashier.errors[0]
    await cashier.press("escape", "enter")
    assert "Nobody knows yet whether $1.150 went back" in cashier.errors[0]
    assert not cashier.open_sale.payments
    await cashier.press("escape", "f9")
    terminal.steps.put(approved)
    await cashier.press("1")
    await cashier.until(lambda: bool(cashier.errors))
    assert cashier.errors == ["$1.150 went back to the card."]
    await cashier.press("escape", "enter")
    assert cashier.errors == ["$1.150 went back to the card already."]
    await cashier.press("escape", "f9")
    await cashier.until(lambda: len(cashier.sales()) == 2)
    assert [row[:2] for row in cashier.payments(2)] == [("card", -1150)]
    assert terminal.calls == ["charge 10140", "refund - 1150", *["recover refund - 1150"] * 2]


async def test_a_refund_in_doubt_is_decided_by_who_looked_and_then_paid_in_cash(
    cashier: Cashier, terminal: ScriptedTerminal
) -> None:
    await returning(cashier, terminal)
    await cashier.press("f9")
    await gives_back(cashier, terminal, SILENT, SILENT)
    await cashier.press("escape", "f9", "3")
    await cashier.until(lambda: states(cashier)[-1] is State.CANCELLED)
    await cashier.until(lambda: bool(cashier.errors))
    await cashier.press(*["escape"] * len(cashier.errors), "enter", "2")
    await cashier.type("sin linea")
    await cashier.press("enter")
    await cashier.until(lambda: len(cashier.sales()) == 2)
    assert [row[:2] for row in cashier.payments(2)] == [("cash", -1150)]


async def test_a_refund_that_ends_behind_another_sale_pays_nothing_of_it(
    cashier: Cashier, terminal: ScriptedTerminal
) -> None:
    await returning(cashier, terminal)
    await cashier.press("f9")
    await charging(cashier, terminal, "refund")
    await cashier.press("escape", "escape")
    cashier.open_sale.basket = Basket()
    await cashier.scan(SOAP)
    await answer(cashier, terminal, approved)
    assert not cashier.open_sale.payments
    assert cashier.total == 8990


async def test_a_charge_between_its_end_and_its_sale_is_offered_at_the_next_start(
    bench: Bench, terminal: ScriptedTerminal
) -> None:
    async with open_till(bench) as cashier:
        await at_the_terminal(cashier, terminal)
        await cashier.press("escape", "escape")
        await answer(cashier, terminal, approved)
    async with open_till(bench) as cashier:
        assert "The card was charged $1.150." in cashier.errors
        await cashier.press(*["escape"] * len(cashier.errors), "f9", "1")
        await cashier.until(lambda: len(cashier.sales()) == 1)
    async with open_till(bench) as cashier:
        assert cashier.errors == []
        await cashier.press("f9")
        assert cashier.errors == ["There is nothing to sell yet."]
    assert terminal.calls == ["charge 1150"]


async def test_a_charge_that_never_was_can_be_tried_again(
    cashier: Cashier, terminal: ScriptedTerminal
) -> None:
    await by_card(cashier, terminal, SILENT, none)
    assert states(cashier) == [State.CANCELLED]
    await cashier.press("escape", "f9")
    await charging(cashier, terminal)
    await answer(cashier, terminal, approved)
    assert cashier.sales() == [(1, 1150, 0)]


async def test_the_terminals_end_of_day(cashier: Cashier, terminal: ScriptedTerminal) -> None:
    await cashier.choose("cards")
    await cashier.press("1")
    await cashier.until(lambda: cashier.dialog is not None)
    await cashier.settle()
    assert "TOTAL  5" in await cashier.text()


async def test_no_card_is_charged_while_practising(bench: Bench, terminal: ScriptedTerminal) -> None:
    bench.training = True
    async with open_till(bench) as cashier:
        await cashier.scan(MILK)
        await cashier.press("f9")
        assert cashier.errors == ["No card is charged while practising."]
        assert terminal.calls == []


async def test_a_terminal_that_stands_by_itself_is_asked_about(bench: Bench) -> None:
    bench.fitted["terminal", "card"] = ManualTerminal("card", ManualSettings())
    async with open_till(bench) as cashier:
        await cashier.scan(MILK)
        await cashier.press("f9")
        await cashier.type("12345")
        await cashier.press("enter", "enter")
        assert "last four digits" in await cashier.text()
        await cashier.press("up", "backspace")
        await cashier.press("enter")
        await cashier.type("998877")
        await cashier.press("enter")
        assert cashier.payments(1) == [("card", 1150, 1150, "998877 ****1234")]


async def test_one_of_two_terminals(bench: Bench, terminal: ScriptedTerminal) -> None:
    other = ScriptedTerminal("bar")
    bench.fitted["terminal", "bar"] = other
    async with open_till(bench) as cashier:
        await at_the_terminal(cashier, other, key="2")
        await answer(cashier, other, approved)
        assert cashier.sales() == [(1, 1150, 0)]
        assert terminal.calls == []
