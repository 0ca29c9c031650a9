"""Cash: exact, as keyed, or a note; for a card's money only with a reason."""

from __future__ import annotations

import pytest

from tests.support.flows import MILK, YERBA, Talk, driven, leaves_nothing, not_allowed
from tests.support.registers import close
from tilltui.domain.paying.tenders import CARD
from tilltui.domain.people.rights import Right
from tilltui.errors import AmountError, SaleError
from tilltui.services.events import SaleClosed
from tilltui.services.flow import Interrupted
from tilltui.services.session import NotAllowed
from tilltui.ui.flows.paying.cash import cash, enter, note
from tilltui.ui.sale.state import Mode


def payments(talk: Talk) -> list[tuple[str, int, int]]:
    """Tender, amount and given of every payment on disk."""
    return [tuple(row) for row in talk.rows("SELECT tender, amount, given FROM payment ORDER BY sale_id, no")]


@pytest.fixture
def paying(talk: Talk) -> Talk:
    """Milk is to be paid."""
    talk.rung(MILK).state.mode = Mode.PAY
    return talk


@pytest.fixture
def returning(talk: Talk) -> Talk:
    """Goods that a card paid come back."""
    talk.rung(MILK).register.paying.pay(CARD)
    number = close(talk.register).number
    returns = talk.register.returns
    returns.ring(returns.find(number).lines[0], number)
    talk.state.mode = Mode.PAY
    return talk


def test_the_first_time_it_only_goes_to_paying(talk: Talk) -> None:
    driven(cash(talk.rung(MILK).sale))
    assert talk.state.mode is Mode.PAY
    assert payments(talk) == []


def test_what_is_keyed_pays_at_once(talk: Talk) -> None:
    heard: list[object] = []
    talk.register.events.to(SaleClosed, "test", heard.append)
    talk.rung(MILK).state.buffer.text = "2000"
    driven(cash(talk.sale))
    assert talk.state.mode is Mode.DONE
    assert talk.face.shown[-2:] == ["saving", "done"]
    assert payments(talk) == [("cash", 1150, 2000)]
    assert talk.state.done is not None
    assert talk.state.done.record.change == 850
    assert len(heard) == 1


@pytest.mark.parametrize("start", [cash, enter])
def test_exact(paying: Talk, start: object) -> None:
    driven(start(paying.sale))  # type: ignore[operator]
    assert payments(paying) == [("cash", 1150, 1150)]
    assert paying.lines == []


def test_a_part_leaves_the_rest(paying: Talk) -> None:
    paying.state.buffer.text = "500"
    driven(cash(paying.sale))
    assert paying.state.mode is Mode.PAY
    assert paying.register.sale.settlement.due == 650
    assert paying.face.shown[-1] == "paid"
    driven(enter(paying.sale))
    assert payments(paying) == [("cash", 500, 500), ("cash", 650, 650)]


def test_nothing_to_sell(talk: Talk) -> None:
    with pytest.raises(SaleError, match="nothing to sell"):
        driven(cash(talk.sale))


def test_what_is_no_amount_takes_nothing(paying: Talk) -> None:
    paying.state.buffer.text = "1-2"
    before = paying.done()
    with pytest.raises(AmountError):
        driven(cash(paying.sale))
    assert paying.done() == before
    assert paying.state.mode is Mode.PAY


def test_a_recalled_sale_wants_its_tender_named(paying: Talk) -> None:
    parking = paying.register.selling.parking
    parking.park("Ana")
    driven(parking.recall(driven(parking.parked()).value[0].id))
    before = paying.done()
    driven(enter(paying.sale))
    assert paying.said == ["This sale was recalled: say how it is paid."]
    assert paying.done() == before
    paying.state.buffer.text = "1150"
    driven(enter(paying.sale))
    assert payments(paying) == [("cash", 1150, 1150)]


def test_a_sale_that_is_not_taken_is_open_as_before(paying: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object, **kwargs: object) -> object:
        raise OSError(28, "disk full")

    monkeypatch.setattr(paying.till.store, "close_sale", full)
    with pytest.raises(OSError, match="disk full"):
        driven(cash(paying.sale))
    assert paying.state.mode is Mode.PAY
    monkeypatch.undo()
    driven(cash(paying.sale))
    assert payments(paying) == [("cash", 1150, 1150)]


# Notes


def test_a_note(paying: Talk) -> None:
    paying.state.buffer.text = "7"
    driven(note("note5")(paying.sale))
    assert payments(paying) == [("cash", 1150, 20000)]
    assert paying.state.buffer.text == ""


def test_a_note_that_there_is_not(paying: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tilltui.ui.flows.paying.cash.notes_of", lambda sale: {"note1": 1000})
    before = paying.done()
    driven(note("note2")(paying.sale))
    assert paying.done() == before


def test_no_note_while_money_goes_back(returning: Talk) -> None:
    before = returning.done()
    with pytest.raises(SaleError):
        driven(note("note5")(returning.sale))
    assert returning.done() == before


# Goods that a card paid


def test_cash_for_a_card_needs_a_reason_which_is_kept(returning: Talk) -> None:
    went = driven(enter(returning.sale), "cash", {"reason": "  "}, {"reason": "lost card"})
    assert [type(error) for error in went.refused] == [SaleError]
    assert payments(returning)[-1] == ("cash", -1150, -1150)
    assert returning.state.mode is Mode.DONE


def test_back_to_the_card_asks_for_its_number(returning: Talk) -> None:
    driven(enter(returning.sale), "card", {"reference": "4242"})
    assert payments(returning)[-1][:2] == ("card", -1150)


def test_left_at_each_step(returning: Talk) -> None:
    leaves_nothing(returning, enter, "cash", {"reason": "lost card"})


def test_back_to_the_card_and_left(returning: Talk) -> None:
    before = returning.done()
    driven(enter(returning.sale), "card", None)
    driven(enter(returning.sale), "card", Interrupted())
    assert returning.said == ["Card: the payment was not taken, the scan came first."]
    assert returning.done() == before


# Rights


@pytest.mark.parametrize("start", [cash, enter, note("note5")])
def test_without_the_right_to_sell(paying: Talk, start: object) -> None:
    not_allowed(paying, Right.SELL, start)  # type: ignore[arg-type]
    assert paying.state.mode is Mode.PAY


def test_without_the_right_to_give_cash_for_a_card(returning: Talk) -> None:
    not_allowed(returning, Right.CASH_FOR_CARD, enter, "cash", {"reason": "lost card"}, None)


def test_a_payment_that_is_taken_and_no_right_to_close(paying: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    session, pay = paying.register.session, paying.register.paying.pay_cash

    def pay_and_lose_the_right(given: int | None = None) -> object:
        paid = pay(given)
        session.rights = frozenset()
        return paid

    monkeypatch.setattr(paying.register.paying, "pay_cash", pay_and_lose_the_right)
    with pytest.raises(NotAllowed):
        driven(cash(paying.sale))
    assert paying.state.mode is Mode.PAY
    assert paying.register.sale.all_paid


def test_yerba_and_milk_in_one_go(talk: Talk) -> None:
    talk.rung(YERBA, MILK).state.buffer.text = "5000"
    driven(cash(talk.sale))
    assert payments(talk) == [("cash", 4640, 5000)]
