"""Attempts at charging a card: durable, unique, ended once, tied to their sale by the ticket."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import selling
from tilltui.domain.cards.attempt import RECOVERED, TICKETS, WITHOUT_SALE, Attempt, State, ticket_text
from tilltui.domain.clock import now_ms
from tilltui.domain.paying.attempt_kind import AttemptKind
from tilltui.domain.paying.settlement import Settlement
from tilltui.domain.paying.tenders import CARD
from tilltui.domain.record.card_record import CardRecord, CardWhy
from tilltui.domain.record.identity import uuid7
from tilltui.domain.record.sales.closing import Closing
from tilltui.domain.record.sales.sale_record import SaleRecord
from tilltui.domain.selling.basket import Basket
from tilltui.errors import SaleError, StoreError
from tilltui.ports import Charge, ChargeResult
from tilltui.store.audit.check import audit
from tilltui.store.books import journal
from tilltui.store.books.journal import begin_epoch
from tilltui.store.cards import attempts, card_sales
from tilltui.store.file.engine import Connection
from tilltui.store.file.store import Store
from tilltui.store.selling import baskets


def begin(
    store: Store, amount: int = 1000, *, basket_id: int = 1, opened_ms: int = 5, terminal: str = "card"
) -> Attempt:
    return store.run(
        lambda c: attempts.begin(
            c, terminal=terminal, amount=amount, basket_id=basket_id, opened_ms=opened_ms, operator_id=1,
            now_ms=now_ms(), mark="7/9",
        )
    )  # fmt: skip


def end(store: Store, attempt: Attempt, outcome: Charge = Charge.APPROVED) -> Attempt:
    result = ChargeResult(
        outcome, attempt.ticket, attempt.amount, "123456", "6677", "VI", "60", "why", ("a  b", "c")
    )
    return store.run(lambda c: attempts.end(c, attempt.ticket, result, now_ms()))


def basket_of(total: int) -> Basket:
    line = replace(selling.line(random.Random(1)), unit="u", unit_price=total, list_price=total, lot="")
    return Basket().add(line.with_quantity(1000), now_ms=now_ms())


def sell(store: Store, basket: Basket, reference: str, basket_id: int = 0) -> int:
    sums = basket.totals(selling.TAXES, selling.DAY)
    paid = Settlement(selling.CHILE.currency, sums.total).pay(CARD, None, reference, ("x  y",))
    closing = Closing(uuid7(now_ms()), basket, sums, paid, 1, "Ana", 1, "shop", now_ms(), -180, selling.DAY)
    return store.close_sale(closing, basket_id=basket_id).result(10).sale_id


def test_a_charge_is_written_and_read_back_whole(store: Store) -> None:
    begun = begin(store)
    assert (begun.state, begun.kind, begun.mark, begun.sale_id) == (State.SENT, "charge", "7/9", None)
    assert len(begun.ticket) == 6
    ended = end(store, begun)
    assert ended == attempts.by_ticket(store.reader, begun.ticket)
    assert (ended.state, ended.decided_by, ended.slip) == (State.APPROVED, "terminal", ("a  b", "c"))
    assert ended.reference == f"VI ****6677 123456 #60 {begun.ticket}"
    assert len(ended.reference) <= 60
    assert attempts.recent(store.reader) == [ended]


def test_what_has_ended_or_was_sent_is_never_changed(store: Store) -> None:
    ended = end(store, begin(store), Charge.DECLINED)
    again = store.run(
        lambda c: attempts.end(c, ended.ticket, ChargeResult(Charge.APPROVED, ended.ticket, 1000), now_ms())
    )
    assert again == ended
    assert store.run(lambda c: attempts.doubt(c, ended.ticket, "late", now_ms())) == ended
    for sql in (
        "UPDATE payment_attempt SET state = 'approved'",
        "UPDATE payment_attempt SET amount = 5",
        "UPDATE payment_attempt SET ticket = 'X'",
        "DELETE FROM payment_attempt",
    ):
        with pytest.raises(StoreError, match="never"):
            store.run(partial(_run, sql=sql))


def _run(connection: Connection, *, sql: str) -> None:
    connection.execute(sql).fetchall()


def test_a_terminal_that_owes_an_answer_gets_no_other_charge(store: Store) -> None:
    first = begin(store)
    with pytest.raises(SaleError, match=first.ticket):
        begin(store)
    store.run(lambda c: attempts.doubt(c, first.ticket, "no answer", now_ms()))
    with pytest.raises(SaleError, match=first.ticket):
        begin(store)
    assert [a.ticket for a in attempts.open_attempts(store.reader, "card")] == [first.ticket]
    assert begin(store, terminal="other").terminal == "other"
    end(store, first)
    assert attempts.open_attempts(store.reader, "card") == []


@given(st.integers(0, 1 << 70))
def test_tickets_have_six_characters_and_wrap(number: int) -> None:
    text = ticket_text(number)
    assert len(text) == 6
    assert int(text, 36) == number % TICKETS


def test_tickets_are_not_given_again_after_a_restored_backup(store: Store) -> None:
    first = end(store, begin(store)).ticket
    start = int(first, 36)
    taken = {first}
    for step in range(1, 4):
        ticket = end(store, begin(store)).ticket
        assert int(ticket, 36) == (start + step) % TICKETS
        taken.add(ticket)
    store.run(lambda c: begin_epoch(c, "restore", now_ms()))
    ticket = begin(store).ticket
    assert ticket not in taken
    # The next number of the old epoch is what the lost tail of the old database may have used.
    assert abs(int(ticket, 36) - start) > 1000


def test_a_ticket_that_is_taken_is_passed_over(store: Store) -> None:
    epoch = next(store.reader.execute("SELECT epoch FROM head"))[0]
    taken = ticket_text(int(epoch, 16) + 2)

    def occupy(connection: Connection) -> None:
        attempt = attempts.begin(
            connection, terminal="old", amount=1, basket_id=1, opened_ms=1, operator_id=1, now_ms=1
        )
        connection.execute("DROP TRIGGER payment_attempt_same")
        connection.execute("UPDATE payment_attempt SET ticket = ? WHERE id = ?", (taken, attempt.id))

    store.run(occupy)
    assert begin(store).ticket == ticket_text(int(epoch, 16) + 3)


def test_a_sale_that_was_paid_with_the_charge_is_found(store: Store) -> None:
    charge = end(store, begin(store))
    basket = basket_of(1000)
    other = sell(store, basket_of(500), "typed by hand 123456")
    sale = sell(store, basket, charge.reference)
    assert card_sales.loose(store.reader) == []
    assert store.run(card_sales.settle) == 1
    assert store.run(card_sales.settle) == 0
    settled = attempts.by_ticket(store.reader, charge.ticket)
    assert settled is not None
    assert settled.sale_id == sale
    assert attempts.of_sale(store.reader, sale) == [settled]
    assert attempts.of_sale(store.reader, other) == []


def test_the_slip_is_in_the_record_of_the_sale(store: Store) -> None:
    sell(store, basket_of(1000), "VI ABCDEF")
    query = "SELECT body FROM journal ORDER BY seq DESC LIMIT 1"
    sale = SaleRecord.parse(next(store.reader.execute(query))[0])
    assert sale.slips == (("x  y",),)
    assert (sale.payments[0].reference, sale.payments[0].ticket) == ("VI ABCDEF", "ABCDEF")


def test_a_charge_whose_basket_is_there_can_pay_it_and_is_loose_when_the_basket_goes(store: Store) -> None:
    basket = basket_of(1000)

    def save(paid: Settlement | None) -> None:
        payments = paid.payments if paid else ()
        store.run(
            lambda c: baskets.save(
                c, 4, basket, basket.lines, operator_id=1, now_ms=now_ms(), payments=payments
            )
        )

    save(None)
    charge = end(store, begin(store, basket_id=4, opened_ms=basket.opened_ms))
    (row,) = card_sales.loose(store.reader)
    assert (row.attempt, row.basket_there, row.left) == (charge, True, 1000)

    paid = Settlement(selling.CHILE.currency, 1000).pay(CARD, None, charge.reference, charge.slip)
    save(paid)
    assert card_sales.loose(store.reader) == []
    assert baskets.payments(store.reader, 4) == paid.payments

    save(None)
    sell(store, basket, "another card", basket_id=4)
    (row,) = card_sales.loose(store.reader)
    assert (row.attempt.ticket, row.basket_there) == (charge.ticket, False)


def test_a_new_basket_of_the_same_number_is_another_basket(store: Store) -> None:
    charge = end(store, begin(store, basket_id=4, opened_ms=1))
    basket = basket_of(1000)
    store.run(lambda c: baskets.save(c, 4, basket, basket.lines, operator_id=1, now_ms=now_ms()))
    (row,) = card_sales.loose(store.reader)
    assert (row.attempt, row.basket_there) == (charge, False)


def test_no_more_is_given_back_than_was_charged(store: Store) -> None:
    charge = end(store, begin(store))

    def refund(amount: int) -> Attempt:
        return store.run(lambda c: attempts.begin_refund(c, charge, amount, 1, now_ms()))

    for amount in (0, -1, 1001):
        with pytest.raises(SaleError, match="1000 of this charge"):
            refund(amount)
    first = refund(400)
    with pytest.raises(SaleError, match=first.ticket):
        refund(600)
    end(store, first, Charge.DECLINED)
    end(store, refund(400))
    with pytest.raises(SaleError, match="Only 600"):
        refund(601)
    assert card_sales.loose(store.reader)[0].left == 600
    end(store, refund(600))
    assert card_sales.loose(store.reader) == []
    gone = attempts.by_ticket(store.reader, charge.ticket)
    assert gone is not None
    assert gone.sale_id == 0


def test_a_refund_needs_an_approved_charge(store: Store) -> None:
    declined = end(store, begin(store), Charge.DECLINED)
    with pytest.raises(SaleError, match="was not charged"):
        store.run(lambda c: attempts.begin_refund(c, declined, 10, 1, now_ms()))


def records(store: Store) -> list[CardRecord]:
    rows = store.reader.execute("SELECT body FROM journal WHERE kind = 'card' ORDER BY seq")
    return [CardRecord.parse(body) for (body,) in rows]


def approve(store: Store, attempt: Attempt, *, recovered: bool) -> Attempt:
    result = ChargeResult(Charge.APPROVED, attempt.ticket, attempt.amount, "123456", "6677", "VI", "60")
    return store.run(lambda c: attempts.end(c, attempt.ticket, result, now_ms(), recovered=recovered))


def give_back(store: Store, charge: Attempt, amount: int, basket: tuple[int, int] = (0, 0)) -> Attempt:
    return store.run(lambda c: attempts.begin_refund(c, charge, amount, 1, now_ms(), basket=basket))


def test_an_end_that_came_with_its_answer_is_in_its_sale_alone(store: Store) -> None:
    basket = basket_of(1000)
    store.run(lambda c: baskets.save(c, 4, basket, basket.lines, operator_id=1, now_ms=now_ms()))
    charge = approve(store, begin(store, basket_id=4, opened_ms=basket.opened_ms), recovered=False)
    assert charge.told == 0
    assert not store.run(card_sales.anything_to_tell)
    sell(store, basket, charge.reference, basket_id=4)
    store.run(card_sales.settle)
    assert store.run(lambda c: card_sales.tell_loose(c, now_ms())) == 0
    assert records(store) == []


@pytest.mark.parametrize("by", ["terminal", "cashier"])
@pytest.mark.parametrize("outcome", list(Charge))
def test_head_office_is_told_once_how_an_attempt_in_doubt_ended(
    store: Store, outcome: Charge, by: str
) -> None:
    attempt = begin(store)
    store.run(lambda c: attempts.doubt(c, attempt.ticket, "no answer", now_ms()))
    result = ChargeResult(outcome, attempt.ticket, attempt.amount, "123456", "6677", "VI", "60", "why")
    for _ in range(2):
        ended = store.run(lambda c: attempts.end(c, attempt.ticket, result, now_ms(), by=by, recovered=True))
        assert ended.told == RECOVERED
    (record,) = records(store)
    told = record.attempt
    assert (told.ticket, told.kind, told.amount) == (attempt.ticket, AttemptKind.CHARGE, 1000)
    assert (told.state, told.decided_by, told.last4) == (outcome, by, "6677")
    assert record.why == (CardWhy.RECOVERED,)
    assert list(journal.flaws(store.reader)) == []


def test_head_office_is_told_once_of_a_charge_whose_basket_is_gone(store: Store) -> None:
    charge = approve(store, begin(store), recovered=True)
    assert store.run(card_sales.anything_to_tell)
    assert store.run(lambda c: card_sales.tell_loose(c, now_ms())) == 1
    assert store.run(lambda c: card_sales.tell_loose(c, now_ms())) == 0
    assert [record.why for record in records(store)] == [(CardWhy.RECOVERED,), (CardWhy.WITHOUT_SALE,)]
    (row,) = card_sales.loose(store.reader)
    refund = approve(store, give_back(store, row.attempt, 1000), recovered=False)
    assert (refund.told, refund.sale_id, refund.basket_id) == (WITHOUT_SALE, 0, 0)
    last = records(store)[-1]
    assert (last.attempt.kind, last.attempt.of_ticket) == (AttemptKind.REFUND, charge.ticket)
    assert last.why == (CardWhy.WITHOUT_SALE,)
    assert card_sales.loose(store.reader) == []
    assert not store.run(card_sales.anything_to_tell)


def test_a_refund_of_goods_is_in_its_return(store: Store) -> None:
    bought = basket_of(1000)
    charge = approve(store, begin(store), recovered=False)
    sell(store, bought, charge.reference)
    back = basket_of(1000)
    store.run(lambda c: baskets.save(c, 7, back, back.lines, operator_id=1, now_ms=now_ms()))
    refund = approve(store, give_back(store, charge, 300, (7, back.opened_ms)), recovered=False)
    assert store.run(lambda c: attempts.refunds_of_basket(c, 7, back.opened_ms)) == [refund]
    assert not store.run(card_sales.anything_to_tell)
    with pytest.raises(SaleError, match="went back to the card already"):
        give_back(store, charge, 300, (7, back.opened_ms))
    sale = sell(store, back, refund.reference, basket_id=7)
    assert store.run(card_sales.settle) == 2
    settled = attempts.by_ticket(store.reader, refund.ticket)
    assert settled is not None
    assert settled.sale_id == sale
    assert records(store) == []


def test_a_refund_whose_goods_never_came_back_is_told_and_done_with(store: Store) -> None:
    charge = approve(store, begin(store), recovered=False)
    sell(store, basket_of(1000), charge.reference)
    refund = approve(store, give_back(store, charge, 300, (9, 9)), recovered=False)
    assert store.run(lambda c: card_sales.tell_loose(c, now_ms())) == 1
    assert records(store)[0].attempt.ticket == refund.ticket
    assert store.run(lambda c: attempts.refunds_of_basket(c, 9, 9)) == []


def test_the_audit_holds_attempts_against_their_records_and_sales(store: Store) -> None:
    charge = approve(store, begin(store), recovered=True)
    sell(store, basket_of(1000), charge.reference)
    lost = approve(store, begin(store), recovered=False)
    store.run(card_sales.settle)
    store.run(lambda c: card_sales.tell_loose(c, now_ms()))
    assert list(audit(store.reader)) == []
    for change, said in (
        (f"UPDATE payment_attempt SET last4 = '1111' WHERE ticket = '{charge.ticket}'", "is not as record"),
        (f"UPDATE payment_attempt SET slip = '?' WHERE ticket = '{lost.ticket}'", "is not as record"),
        (f"UPDATE payment_attempt SET told = 0 WHERE ticket = '{charge.ticket}'", "a record is missing"),
        (f"UPDATE payment_attempt SET told = 3 WHERE ticket = '{lost.ticket}'", "a record is missing"),
        (f"UPDATE payment_attempt SET sale_id = 1 WHERE ticket = '{lost.ticket}'", "payments of sale 1"),
        (f"UPDATE payment_attempt SET sale_id = 9 WHERE ticket = '{charge.ticket}'", "payments of sale 9"),
    ):

        def alter(connection: Connection, change: str = change) -> list[str]:
            connection.execute("SAVEPOINT tampering")
            connection.execute(change).fetchall()
            found = [str(finding) for finding in audit(connection) if finding.part == "card"]
            connection.execute("ROLLBACK TO tampering")
            return found

        found = store.run(alter)
        assert any(said in text for text in found), (change, found)
    assert list(audit(store.reader)) == []
