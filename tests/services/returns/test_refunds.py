"""A return's money goes back by the way it came, whatever key is pressed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import registers
from tests.support.registers import OpenTill, a_till, settle
from tilltui.domain.cards.attempt import Attempt
from tilltui.domain.clock import now_ms
from tilltui.domain.paying.tenders import BUILT_IN, CARD, CASH, TRANSFER, VOUCHER, Tender
from tilltui.domain.record.sales.sale_record import SaleRecord
from tilltui.domain.selling.change import ChangeKind
from tilltui.domain.selling.line import Deed, Line
from tilltui.errors import SaleError
from tilltui.ports import Charge, ChargeResult
from tilltui.store.audit.check import audit
from tilltui.store.cards import attempts


@pytest.fixture
def till(tmp_path: Path) -> Iterator[OpenTill]:
    with a_till(tmp_path / "till") as opened:
        yield opened
        assert list(audit(opened.store.reader)) == []


def close(till: OpenTill) -> str:
    return registers.close(till.register).number


def sold(till: OpenTill, prices: list[int], *paid: tuple[Tender, int | None]) -> str:
    for price in prices:
        till.register.selling.ringing.ring_open("Varios", price)
    for kind, amount in paid:
        till.register.paying.pay(kind, amount)
    return close(till)


def take_back(till: OpenTill, number: str, *which: int) -> None:
    """Ring lines of an earlier sale, all of them where none is named."""
    lines = till.register.returns.find(number).lines
    for at, line in enumerate(lines):
        if not which or at in which:
            till.register.returns.ring(line, number)


def refunds(till: OpenTill) -> list[tuple[Tender, int]]:
    return [(payment.tender, -payment.amount) for payment in till.register.sale.payments]


@pytest.mark.parametrize("bought", BUILT_IN)
@pytest.mark.parametrize("back", BUILT_IN)
def test_one_tender_goes_back_as_it_came(till: OpenTill, bought: Tender, back: Tender) -> None:
    take_back(till, sold(till, [1000, 500], (bought, None)))
    if back is bought:
        till.register.paying.pay(back)
        assert refunds(till) == [(back, 1500)]
        close(till)
        return
    with pytest.raises(SaleError, match="goes back as it came") as refused:
        till.register.paying.pay(back)
    assert "Press F" in refused.value.hint
    assert refused.value.fields["amount"] == till.shop.currency.format(1500)
    assert till.register.sale.payments == ()
    till.register.paying.pay(bought)
    close(till)


def test_a_mixed_sale_goes_back_by_both_and_each_key_takes_its_part(till: OpenTill) -> None:
    number = sold(till, [1000, 7990], (CARD, 5000), (CASH, None))
    take_back(till, number)
    with pytest.raises(SaleError, match=r"Only .* came so"):
        till.register.paying.pay_cash()
    with pytest.raises(SaleError, match=r"Only .* came so"):
        till.register.paying.pay(CARD, 5001)
    till.register.paying.pay(CARD)
    till.register.paying.pay_cash()
    assert refunds(till) == [(CARD, 5000), (CASH, 3990)]
    close(till)


def test_what_earlier_returns_gave_back_is_not_given_again(till: OpenTill) -> None:
    number = sold(till, [1000, 7990], (CARD, 5000), (CASH, None))
    take_back(till, number, 0)
    till.register.paying.pay_cash()
    close(till)
    take_back(till, number)
    with pytest.raises(SaleError, match=r"Only \D*2\D990 of"):
        till.register.paying.pay_cash()
    till.register.paying.pay(CARD)
    till.register.paying.pay_cash()
    assert refunds(till) == [(CARD, 5000), (CASH, 2990)]
    close(till)


def test_cash_rounding_is_no_money(till: OpenTill) -> None:
    number = sold(till, [1996], (CASH, None))
    take_back(till, number)
    till.register.paying.pay_cash()
    assert refunds(till) == [(CASH, 2000)]
    close(till)


def test_cash_for_a_card_wants_a_reason_which_stands_in_the_journal(till: OpenTill) -> None:
    take_back(till, sold(till, [1000], (CARD, None)))
    assert till.register.paying.cash_needs_a_word
    with pytest.raises(SaleError, match="not paid in cash"):
        till.register.paying.pay_cash()
    with pytest.raises(SaleError, match="Say why"):
        till.register.paying.give_cash_for_card(" \x1b ")
    till.register.paying.give_cash_for_card("terminal sin línea\x1b[2J")
    assert not till.register.paying.cash_needs_a_word
    with pytest.raises(SaleError, match="not paid by transfer"):
        till.register.paying.pay(TRANSFER)
    till.register.paying.pay_cash()
    close(till)
    query = "SELECT body FROM journal WHERE kind = 'return'"
    (change,) = SaleRecord.parse(next(till.store.reader.execute(query))[0]).trail
    assert (change.what, change.line, change.before) == (ChangeKind.CASH_FOR_CARD, 0, "card")
    assert (change.after, change.operator) == ("terminal sin línea[2J", "Ana")


def test_cash_given_for_a_card_is_not_left_on_the_card(till: OpenTill) -> None:
    number = sold(till, [1000, 2000], (CARD, None))
    take_back(till, number, 0)
    till.register.paying.give_cash_for_card("terminal sin línea")
    till.register.paying.pay_cash()
    close(till)
    take_back(till, number)
    till.register.paying.pay(CARD)
    assert refunds(till) == [(CARD, 2000)]
    close(till)


def test_only_the_card_has_a_way_round(till: OpenTill) -> None:
    take_back(till, sold(till, [1000], (TRANSFER, None)))
    assert not till.register.paying.cash_needs_a_word
    till.register.paying.give_cash_for_card("no reason")
    with pytest.raises(SaleError, match="not paid in cash"):
        till.register.paying.pay_cash()


def test_an_exchange_does_not_turn_a_card_into_cash(till: OpenTill) -> None:
    first = sold(till, [5000, 5000], (CARD, 5000), (CASH, 5000))
    take_back(till, first, 0)
    till.register.selling.ringing.ring_open("Otro", 5000)
    exchange = close(till)
    take_back(till, exchange)
    till.register.paying.pay_cash()
    assert refunds(till) == [(CASH, 5000)]
    close(till)
    take_back(till, first)
    with pytest.raises(SaleError, match="not paid in cash"):
        till.register.paying.pay_cash()
    till.register.paying.pay(CARD)
    close(till)


def test_an_exchange_that_costs_more_is_paid_as_anybody_likes(till: OpenTill) -> None:
    take_back(till, sold(till, [1000], (CASH, None)))
    till.register.selling.ringing.ring_open("Otro", 5000)
    till.register.paying.pay(CARD)
    assert [payment.amount for payment in till.register.sale.payments] == [4000]
    close(till)


def test_goods_without_their_sale_go_for_cash_or_a_voucher(till: OpenTill) -> None:
    line = Line(0, "Varios", -1000, 1000, till.shop.default_tax, -1000, deed=Deed.RETURN)
    till.register.sale.basket = till.register.sale.basket.add(line, now_ms=now_ms())
    for kind in (CARD, TRANSFER):
        with pytest.raises(SaleError, match="without their sale"):
            till.register.paying.pay(kind)
    till.register.paying.pay(VOUCHER, 400)
    till.register.paying.pay_cash()
    assert refunds(till) == [(VOUCHER, 400), (CASH, 600)]


def refund(till: OpenTill, outcome: Charge | None) -> Attempt:
    """A charge, and a refund of it for the basket in hand that ended so, or is in doubt."""
    store, basket = till.store, till.register.sale.basket

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
            c, charge, 1000, 1, now_ms(), basket=(till.register.sale.basket_id, basket.opened_ms)
        )
    )
    if outcome is not None:
        return end(made, outcome)
    return store.run(lambda c: attempts.doubt(c, made.ticket, "no answer", now_ms()))


@pytest.mark.parametrize(("outcome", "said"), [(None, "Nobody knows yet"), (Charge.APPROVED, "went back to")])
def test_a_refund_under_way_is_not_paid_in_another_way_too(
    till: OpenTill, outcome: Charge | None, said: str
) -> None:
    take_back(till, sold(till, [1000], (CARD, None)))
    made = refund(till, outcome)
    till.register.paying.give_cash_for_card("the terminal does not answer")
    assert not till.register.paying.cash_needs_a_word
    for kind in (CASH, CARD):
        with pytest.raises(SaleError, match=said) as refused:
            till.register.paying.pay(kind)
        assert "F9" in refused.value.hint
    if outcome is None:
        result = ChargeResult(Charge.APPROVED, made.ticket, 1000)
        made = till.store.run(lambda c: attempts.end(c, made.ticket, result, now_ms(), recovered=True))
    till.register.paying.pay(CARD, 1000, made.reference)
    close(till)


def test_a_refund_that_was_not_made_leaves_cash_to_a_word(till: OpenTill) -> None:
    take_back(till, sold(till, [1000], (CARD, None)))
    refund(till, Charge.DECLINED)
    assert till.register.paying.cash_needs_a_word
    till.register.paying.give_cash_for_card("the bank refused it")
    till.register.paying.pay_cash()
    close(till)


def test_the_word_outlives_a_power_cut(tmp_path: Path) -> None:
    with a_till(tmp_path / "till") as till:
        take_back(till, sold(till, [1000], (CARD, None)))
        till.register.paying.give_cash_for_card("terminal sin línea")
        settle(till.store)
    with a_till(tmp_path / "till") as again:
        again.register.paying.pay_cash()
        assert refunds(again) == [(CASH, 1000)]
        assert again.register.sale.basket.returns == "1-000001"
