"""A return's money goes back by the way it came, whatever key is pressed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tilltui.services.selling.checkout import Checkout, Operator

from tilltui.config.schema import Config, Shop
from tilltui.domain.cards.attempt import Attempt
from tilltui.domain.clock import now_ms
from tilltui.domain.paying.tender import TenderKind
from tilltui.domain.record.sale_record import SaleRecord
from tilltui.domain.selling.change_kind import ChangeKind
from tilltui.domain.selling.line import Line, LineKind
from tilltui.domain.paying.tenders import BUILT_IN, CARD, CASH, TRANSFER, VOUCHER, Tender
from tilltui.domain.selling.line import Deed, Line
from tilltui.errors import SaleError
from tilltui.ports import Charge, ChargeResult
from tilltui.services.returns.returnable import find_returnable
from tilltui.services.shop import shop_of
from tilltui.store.audit.check import audit
from tilltui.store.cards import attempts
from tilltui.store.file.store import Store


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Checkout]:
    store = Store.open(tmp_path / "till", "1", safe_disk_only=False, ballast_bytes=4096)
    yield Checkout(store, shop_of(Config(shop=Shop("Almacén"))), Operator(1, "Ana"))
    assert list(audit(store.reader)) == []
    store.close()


def close(checkout: Checkout) -> str:
    number = checkout.close().result(10).number
    checkout.finished()
    return number


def sold(checkout: Checkout, prices: list[int], *paid: tuple[Tender, int | None]) -> str:
    for price in prices:
        checkout.ring_open("Varios", price)
    for kind, amount in paid:
        checkout.pay(kind, amount)
    return close(checkout)


def take_back(checkout: Checkout, number: str, *which: int) -> None:
    """Ring lines of an earlier sale, all of them where none is named."""
    lines = find_returnable(checkout.store, checkout.shop, checkout.basket, number).lines
    for at, line in enumerate(lines):
        if not which or at in which:
            checkout.ring_return(line, number)


def refunds(checkout: Checkout) -> list[tuple[Tender, int]]:
    return [(payment.tender, -payment.amount) for payment in checkout.payments]


@pytest.mark.parametrize("bought", BUILT_IN)
@pytest.mark.parametrize("back", BUILT_IN)
def test_one_tender_goes_back_as_it_came(checkout: Checkout, bought: Tender, back: Tender) -> None:
    take_back(checkout, sold(checkout, [1000, 500], (bought, None)))
    if back is bought:
        checkout.pay(back)
        assert refunds(checkout) == [(back, 1500)]
        close(checkout)
        return
    with pytest.raises(SaleError, match="goes back as it came") as refused:
        checkout.pay(back)
    assert "Press F" in refused.value.hint
    assert refused.value.fields["amount"] == checkout.shop.currency.format(1500)
    assert checkout.payments == ()
    checkout.pay(bought)
    close(checkout)


def test_a_mixed_sale_goes_back_by_both_and_each_key_takes_its_part(checkout: Checkout) -> None:
    number = sold(checkout, [1000, 7990], (CARD, 5000), (CASH, None))
    take_back(checkout, number)
    with pytest.raises(SaleError, match=r"Only .* came so"):
        checkout.pay_cash()
    with pytest.raises(SaleError, match=r"Only .* came so"):
        checkout.pay(CARD, 5001)
    checkout.pay(CARD)
    checkout.pay_cash()
    assert refunds(checkout) == [(CARD, 5000), (CASH, 3990)]
    close(checkout)


def test_what_earlier_returns_gave_back_is_not_given_again(checkout: Checkout) -> None:
    number = sold(checkout, [1000, 7990], (CARD, 5000), (CASH, None))
    take_back(checkout, number, 0)
    checkout.pay_cash()
    close(checkout)
    take_back(checkout, number)
    with pytest.raises(SaleError, match=r"Only \D*2\D990 of"):
        checkout.pay_cash()
    checkout.pay(CARD)
    checkout.pay_cash()
    assert refunds(checkout) == [(CARD, 5000), (CASH, 2990)]
    close(checkout)


def test_cash_rounding_is_no_money(checkout: Checkout) -> None:
    number = sold(checkout, [1996], (CASH, None))
    take_back(checkout, number)
    checkout.pay_cash()
    assert refunds(checkout) == [(CASH, 2000)]
    close(checkout)


def test_cash_for_a_card_wants_a_reason_which_stands_in_the_journal(checkout: Checkout) -> None:
    take_back(checkout, sold(checkout, [1000], (CARD, None)))
    assert checkout.cash_needs_a_word
    with pytest.raises(SaleError, match="not paid in cash"):
        checkout.pay_cash()
    with pytest.raises(SaleError, match="Say why"):
        checkout.give_cash_for_card(" \x1b ")
    checkout.give_cash_for_card("terminal sin línea\x1b[2J")
    assert not checkout.cash_needs_a_word
    with pytest.raises(SaleError, match="not paid by transfer"):
        checkout.pay(TRANSFER)
    checkout.pay_cash()
    close(checkout)
    query = "SELECT body FROM journal WHERE kind = 'return'"
    (change,) = SaleRecord.parse(next(checkout.store.reader.execute(query))[0]).trail
    assert (change.what, change.line, change.before) == (ChangeKind.CASH_FOR_CARD, 0, "card")
    assert (change.after, change.operator) == ("terminal sin línea[2J", "Ana")


def test_cash_given_for_a_card_is_not_left_on_the_card(checkout: Checkout) -> None:
    number = sold(checkout, [1000, 2000], (CARD, None))
    take_back(checkout, number, 0)
    checkout.give_cash_for_card("terminal sin línea")
    checkout.pay_cash()
    close(checkout)
    take_back(checkout, number)
    checkout.pay(CARD)
    assert refunds(checkout) == [(CARD, 2000)]
    close(checkout)


def test_only_the_card_has_a_way_round(checkout: Checkout) -> None:
    take_back(checkout, sold(checkout, [1000], (TRANSFER, None)))
    assert not checkout.cash_needs_a_word
    checkout.give_cash_for_card("no reason")
    with pytest.raises(SaleError, match="not paid in cash"):
        checkout.pay_cash()


def test_an_exchange_does_not_turn_a_card_into_cash(checkout: Checkout) -> None:
    first = sold(checkout, [5000, 5000], (CARD, 5000), (CASH, 5000))
    take_back(checkout, first, 0)
    checkout.ring_open("Otro", 5000)
    exchange = close(checkout)
    take_back(checkout, exchange)
    checkout.pay_cash()
    assert refunds(checkout) == [(CASH, 5000)]
    close(checkout)
    take_back(checkout, first)
    with pytest.raises(SaleError, match="not paid in cash"):
        checkout.pay_cash()
    checkout.pay(CARD)
    close(checkout)


def test_an_exchange_that_costs_more_is_paid_as_anybody_likes(checkout: Checkout) -> None:
    take_back(checkout, sold(checkout, [1000], (CASH, None)))
    checkout.ring_open("Otro", 5000)
    checkout.pay(CARD)
    assert [payment.amount for payment in checkout.payments] == [4000]
    close(checkout)


def test_goods_without_their_sale_go_for_cash_or_a_voucher(checkout: Checkout) -> None:
    line = Line(0, "Varios", -1000, 1000, checkout.shop.default_tax, -1000, deed=Deed.RETURN)
    checkout.basket = checkout.basket.add(line, now_ms=now_ms())
    for kind in (CARD, TRANSFER):
        with pytest.raises(SaleError, match="without their sale"):
            checkout.pay(kind)
    checkout.pay(VOUCHER, 400)
    checkout.pay_cash()
    assert refunds(checkout) == [(VOUCHER, 400), (CASH, 600)]


def refund(checkout: Checkout, outcome: Charge | None) -> Attempt:
    """A charge, and a refund of it for the basket in hand that ended so, or is in doubt."""
    store, basket = checkout.store, checkout.basket

    def end(attempt: Attempt, outcome: Charge) -> Attempt:
        result = ChargeResult(outcome, attempt.ticket, attempt.amount, "1", "6677", "VI", "60", "why")
        return store.run(lambda c: attempts.end(c, attempt.ticket, result, now_ms()))

    charge = end(
        store.run(
            lambda c: attempts.begin(
                c, terminal="card", amount=1000, basket_id=99, opened_ms=1, operator_id=1, now_ms=now_ms()
            )
        ),
        Charge.APPROVED,
    )
    made = store.run(
        lambda c: attempts.begin_refund(
            c, charge, 1000, 1, now_ms(), basket=(checkout.basket_id, basket.opened_ms)
        )
    )
    if outcome is not None:
        return end(made, outcome)
    return store.run(lambda c: attempts.doubt(c, made.ticket, "no answer", now_ms()))


@pytest.mark.parametrize(("outcome", "said"), [(None, "Nobody knows yet"), (Charge.APPROVED, "went back to")])
def test_a_refund_under_way_is_not_paid_in_another_way_too(
    checkout: Checkout, outcome: Charge | None, said: str
) -> None:
    take_back(checkout, sold(checkout, [1000], (CARD, None)))
    made = refund(checkout, outcome)
    checkout.give_cash_for_card("the terminal does not answer")
    assert not checkout.cash_needs_a_word
    for kind in (CASH, CARD):
        with pytest.raises(SaleError, match=said) as refused:
            checkout.pay(kind)
        assert "F9" in refused.value.hint
    if outcome is None:
        result = ChargeResult(Charge.APPROVED, made.ticket, 1000)
        made = checkout.store.run(lambda c: attempts.end(c, made.ticket, result, now_ms(), recovered=True))
    checkout.pay(CARD, 1000, made.reference)
    close(checkout)


def test_a_refund_that_was_not_made_leaves_cash_to_a_word(checkout: Checkout) -> None:
    take_back(checkout, sold(checkout, [1000], (CARD, None)))
    refund(checkout, Charge.DECLINED)
    assert checkout.cash_needs_a_word
    checkout.give_cash_for_card("the bank refused it")
    checkout.pay_cash()
    close(checkout)


def test_the_word_outlives_a_power_cut(checkout: Checkout) -> None:
    take_back(checkout, sold(checkout, [1000], (CARD, None)))
    checkout.give_cash_for_card("terminal sin línea")
    checkout.kept().result(10)
    again = Checkout(checkout.store, checkout.shop, Operator(1, "Ana"))
    assert again.restore()
    again.pay_cash()
    assert refunds(again) == [(CASH, 1000)]
    assert again.basket.returns == "1-000001"
