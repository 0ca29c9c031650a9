"""Taking the money by anything but cash, and closing the sale."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from tests.support.flows import MILK, Start, Talk, a_talk, driven, leaves_nothing, not_allowed
from tilltui.domain.paying.tenders import Tender
from tilltui.domain.people.rights import Right
from tilltui.errors import SaleError, StoreError
from tilltui.services.events import SaleClosed
from tilltui.services.session import NotAllowed
from tilltui.ui.flows.paying.tender import begin_paying, card_by_hand, close, own_tender, transfer, voucher
from tilltui.ui.flows.steps import Ask, Pick
from tilltui.ui.sale.state import Mode

WORDS = {transfer: "Transfer", voucher: "Voucher", card_by_hand: "Card"}


@pytest.fixture
def milk(talk: Talk) -> Talk:
    """Milk is in the basket."""
    return talk.rung(MILK)


def payments(talk: Talk) -> list[tuple[Any, ...]]:
    """Tender, amount and reference of every payment on disk."""
    return talk.rows("SELECT tender, amount, reference FROM payment ORDER BY sale_id, no")


def test_to_paying_and_a_quantity_is_forgotten(milk: Talk) -> None:
    milk.state.buffer.pending, milk.state.buffer.setting = 3000, True
    driven(begin_paying(milk.sale))
    assert milk.state.mode is Mode.PAY
    assert not milk.state.buffer.clear()
    assert milk.face.shown == ["pay", "paid"]
    driven(begin_paying(milk.sale))
    assert milk.face.shown == ["pay", "paid"]


@pytest.mark.parametrize("start", [begin_paying, *WORDS])
def test_nothing_to_sell(talk: Talk, start: Start) -> None:
    with pytest.raises(SaleError, match="nothing to sell"):
        driven(start(talk.sale))
    assert talk.state.mode is Mode.SELL


@pytest.mark.parametrize(
    ("start", "tender"), [(transfer, "transfer"), (voucher, "voucher"), (card_by_hand, "card")]
)
def test_all_of_it(milk: Talk, start: Start, tender: str) -> None:
    heard: list[object] = []
    milk.register.events.to(
        SaleClosed, "test", lambda event: heard.append(milk.rows("SELECT total FROM sale"))
    )
    went = driven(start(milk.sale), {"reference": " 42\x1b42 "})
    assert payments(milk) == [(tender, 1150, "4242")]
    assert went.last.about == f"$1.150 by {tender}"
    assert milk.state.mode is Mode.DONE
    assert milk.face.shown[-2:] == ["saving", "done"]
    assert heard == [[(1150,)]], "it is on disk before anybody hears of it"
    assert milk.lines == []


def test_a_part_without_a_number(milk: Talk) -> None:
    milk.state.buffer.text = "500"
    driven(voucher(milk.sale), {})
    assert milk.state.mode is Mode.PAY
    assert milk.register.sale.settlement.due == 650
    assert milk.face.shown[-1] == "paid"
    driven(transfer(milk.sale), {"reference": "7"})
    assert payments(milk) == [("voucher", 500, ""), ("transfer", 650, "7")]


def test_more_than_is_to_be_paid_is_refused_before_anything_is_asked(milk: Talk) -> None:
    milk.state.buffer.text = "5000"
    before = milk.done()
    with pytest.raises(SaleError):
        driven(transfer(milk.sale))
    assert milk.done() == before


@pytest.mark.parametrize(
    ("start", "code", "taken"),
    [
        (voucher, "V-0001", True),
        (voucher, MILK, False),
        (voucher, "V" * 41, False),
        (transfer, "V-0001", False),
    ],
)
def test_which_codes_are_a_number(milk: Talk, start: Start, code: str, taken: bool) -> None:
    question = driven(start(milk.sale), None).last.questions[0]
    assert question.takes_code is not None
    assert question.takes_code(code) is taken


@pytest.mark.parametrize("start", WORDS)
def test_left(milk: Talk, start: Start) -> None:
    said = f"{WORDS[start]}: the payment was not taken, the scan came first."  # type: ignore[index]
    leaves_nothing(milk, start, {"reference": "1"}, interrupted={0: said})
    assert milk.register.sale.payments == ()


@pytest.mark.parametrize("start", WORDS)
def test_without_the_right(milk: Talk, start: Start) -> None:
    not_allowed(milk, Right.SELL, start, {"reference": "1"}, None)
    assert milk.state.mode is Mode.PAY


# Closing


@pytest.fixture
def paid(milk: Talk) -> Talk:
    """Milk is paid, and not closed yet."""
    milk.state.mode = Mode.PAY
    milk.register.paying.pay_cash()
    return milk


def test_what_is_not_paid_is_refused_where_it_stands(milk: Talk) -> None:
    milk.state.mode = Mode.PAY
    with pytest.raises(SaleError):
        driven(close(milk.sale))
    assert milk.state.mode is Mode.PAY
    assert milk.keys.dropped == 0
    assert milk.face.shown == []


def test_without_the_right_to_close(paid: Talk) -> None:
    paid.register.session.rights = frozenset()
    with pytest.raises(NotAllowed):
        driven(close(paid.sale))
    assert paid.state.mode is Mode.PAY


@pytest.fixture
def full(paid: Talk, monkeypatch: pytest.MonkeyPatch) -> Talk:
    """The disk does not take the sale."""
    saving: Future[Any] = Future()
    saving.set_exception(StoreError("disk full", hint=""))
    monkeypatch.setattr(paid.till.store, "close_sale", lambda *args, **kwargs: saving)
    return paid


def test_a_sale_that_the_disk_does_not_take_is_open_as_before(
    full: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = full.lines, full.register.sale.payments
    with pytest.raises(StoreError, match="disk full"):
        driven(close(full.sale))
    assert (full.lines, full.register.sale.payments) == before
    assert full.state.mode is Mode.PAY
    assert full.face.shown == ["saving", "pay"]
    assert full.keys.dropped == 1, "keys that were kept were the next customer's"
    monkeypatch.undo()
    driven(close(full.sale))
    assert payments(full) == [("cash", 1150, "")]
    assert full.keys.dropped == 1


def test_a_sale_that_landed_all_the_same_is_closed(paid: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    really = paid.till.store.close_sale

    def lost(*args: Any, **kwargs: Any) -> Future[Any]:
        really(*args, **kwargs).result(20)
        saving: Future[Any] = Future()
        saving.set_exception(StoreError("no answer", hint=""))
        return saving

    monkeypatch.setattr(paid.till.store, "close_sale", lost)
    driven(close(paid.sale))
    assert paid.state.mode is Mode.DONE
    assert paid.keys.dropped == 0
    assert len(payments(paid)) == 1


# Of the shop's own

OWN = """
[shop]
name = "Almacén Rosita"
[till]
[tender.cheque]
name = "Cheque"
number = "Número del cheque:"
opens_drawer = true
[tender.coupon]
name = "Cupón"
"""


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Talk]:
    """Milk is in the basket of a shop that takes cheques and coupons."""
    with a_talk(tmp_path / "own", settings=OWN) as talk:
        yield talk.rung(MILK)
        assert talk.till.failed == []


def own_of(talk: Talk, key: str) -> Tender:
    return talk.sale.shop.tenders.of(key)


def test_one_with_a_number_asks_for_it(own: Talk) -> None:
    went = driven(own_tender(own.sale), own_of(own, "cheque"), {"reference": "0042"})
    assert [type(step) for step in went.steps] == [Pick, Ask]
    assert payments(own) == [("cheque", 1150, "0042")]


def test_one_without_a_number_is_taken_at_once(own: Talk) -> None:
    own.state.buffer.text = "500"
    went = driven(own_tender(own.sale), own_of(own, "coupon"))
    assert [type(step) for step in went.steps] == [Pick]
    assert own.register.sale.settlement.due == 650


def test_nothing_is_asked_where_there_is_only_one(tmp_path: Path) -> None:
    one = OWN[: OWN.index("[tender.coupon]")]
    with a_talk(tmp_path / "one", settings=one) as talk:
        went = driven(own_tender(talk.rung(MILK).sale), {"reference": ""})
        assert [type(step) for step in went.steps] == [Ask]
        assert payments(talk) == [("cheque", 1150, "")]


def test_a_shop_without_any_is_told(milk: Talk) -> None:
    before = milk.done()
    with pytest.raises(SaleError, match="no other way to pay"):
        driven(own_tender(milk.sale))
    assert milk.done() == before
    assert milk.state.mode is Mode.SELL


def test_own_ones_left(own: Talk) -> None:
    said = "Cheque: the payment was not taken, the scan came first."
    leaves_nothing(own, own_tender, own_of(own, "cheque"), {"reference": "1"}, interrupted={1: said})
    assert own.register.sale.payments == ()


def test_own_ones_without_the_right(own: Talk) -> None:
    not_allowed(own, Right.SELL, own_tender, own_of(own, "cheque"), {"reference": "1"}, None)
