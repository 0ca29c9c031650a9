"""The desk of a card terminal: durable before the first byte, told after the end is on disk, never twice."""

from __future__ import annotations

import queue
import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest

from tests.support import selling
from tilltui.domain.cards.attempt import Attempt, State
from tilltui.domain.clock import now_ms
from tilltui.domain.countries.known import COUNTRIES
from tilltui.domain.paper.elements import Text
from tilltui.domain.paper.letterhead import ReceiptHead
from tilltui.domain.paper.sale_receipt import sale_receipt
from tilltui.domain.paying.settlement import Settlement
from tilltui.domain.paying.tenders import CARD
from tilltui.domain.record.card_record import CardRecord, CardWhy
from tilltui.domain.selling.basket import Basket
from tilltui.errors import (
    DeviceBlocked,
    DeviceBusy,
    DeviceError,
    DeviceOffline,
    OutcomeUnknown,
    SaleError,
    StoreError,
)
from tilltui.ports import Charge, ChargeResult, PaymentTerminal
from tilltui.services.cards.desk import CardDesk, CardDoubt, CardEnded, CardEvent, CardProgress, CardRefused
from tilltui.store.cards import attempts
from tilltui.store.file.engine import Connection
from tilltui.store.file.store import Store
from tilltui_drivers.terminals.manual import ManualSettings, ManualTerminal

CURRENCY = COUNTRIES["CL"].currency
CARD_RECORDS = "SELECT body FROM journal WHERE kind = 'card' ORDER BY seq"


class Scripted(PaymentTerminal):
    """Does what the next step of its script says; records every call."""

    Settings: ClassVar[type[Any]] = object

    def __init__(self, store: Store) -> None:
        self.name = "card"
        self.store = store
        self.calls: list[str] = []
        self.script: queue.Queue[Any] = queue.Queue()
        self.answers: queue.Queue[Any] = queue.Queue()
        self.waiting = threading.Event()

    def _next(self, steps: queue.Queue[Any], what: str, ticket: str, amount: int) -> Any:
        self.calls.append(f"{what} {amount}")
        step = steps.get(timeout=10)
        if callable(step):
            step = step(ticket, amount)
        if isinstance(step, Exception):
            raise step
        return step

    def charge(
        self, ticket: str, amount: int, progress: Callable[[str], None], stopping: Callable[[], bool]
    ) -> ChargeResult:
        written = attempts.by_ticket(self.store.reader, ticket)
        assert written is not None
        assert (written.state, written.amount, written.terminal) == (State.SENT, amount, "card")
        progress("card")
        self.waiting.set()
        result = self._next(self.script, "charge", ticket, amount)
        ended: ChargeResult = replace(result, outcome=Charge.CANCELLED) if stopping() else result
        return ended

    def recover(self, ticket: str, amount: int) -> ChargeResult | None:
        result: ChargeResult | None = self._next(self.answers, "recover", ticket, amount)
        return result

    def refund(self, operation: str, ticket: str, amount: int) -> ChargeResult:
        written = attempts.by_ticket(self.store.reader, ticket)
        assert written is not None
        assert (written.kind, written.state) == ("refund", written.state)
        result: ChargeResult = self._next(self.script, f"refund {operation or '-'}", ticket, amount)
        return result

    def end_of_day(self) -> tuple[str, ...]:
        self.calls.append("end of day")
        return ("TOTAL  5", "\x1b[2Jbad")


def approved(ticket: str, amount: int) -> ChargeResult:
    return ChargeResult(
        Charge.APPROVED, ticket, amount, "123456", "6677", "VI", "60", slip=("VISA  6677", "\x1bp\x00 x")
    )


def declined(ticket: str, amount: int) -> ChargeResult:
    return ChargeResult(Charge.DECLINED, ticket, amount, reason="the bank refused the card")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = selling.open_store(tmp_path / "till")
    yield store
    store.close()


@pytest.fixture
def terminal(store: Store) -> Scripted:
    return Scripted(store)


class Screen:
    """What the cashier sees."""

    def __init__(self) -> None:
        self.events: queue.Queue[CardEvent] = queue.Queue()

    def ended(self) -> CardEnded:
        while True:
            event = self.events.get(timeout=10)
            if isinstance(event, CardEnded):
                return event

    def step(self, name: str) -> CardProgress:
        while True:
            event = self.events.get(timeout=10)
            if isinstance(event, CardProgress) and event.step == name:
                return event


@pytest.fixture
def screen() -> Screen:
    return Screen()


def desk_of(terminal: PaymentTerminal, store: Store, screen: Screen, **options: Any) -> CardDesk:
    options.setdefault("back_off", (3600.0,))
    desk = CardDesk(terminal, store, screen.events.put, **options)
    desk.start()
    return desk


@pytest.fixture
def desk(terminal: Scripted, store: Store, screen: Screen) -> Iterator[CardDesk]:
    desk = desk_of(terminal, store, screen)
    yield desk
    assert desk.stop(10)


def charge(desk: CardDesk, amount: int = 1000, basket_id: int = 3) -> Attempt:
    return desk.charge(amount, basket_id=basket_id, opened_ms=77, operator_id=1).result(10)


def on_disk(store: Store, ticket: str) -> Attempt:
    attempt = attempts.by_ticket(store.reader, ticket)
    assert attempt is not None
    return attempt


def test_an_approved_charge_is_on_disk_before_it_is_told(
    desk: CardDesk, terminal: Scripted, store: Store, screen: Screen
) -> None:
    terminal.script.put(approved)
    attempt = charge(desk)
    assert (attempt.state, attempt.basket_id, attempt.opened_ms) == (State.APPROVED, 3, 77)
    assert attempt.reference == f"VI ****6677 123456 #60 {attempt.ticket}"
    assert attempt.slip == ("VISA  6677", "p x")
    assert screen.step("sent").attempt.state is State.SENT
    assert screen.step("card")
    told = screen.ended()
    assert (told.attempt, told.error) == (attempt, None)
    assert on_disk(store, attempt.ticket) == attempt
    assert terminal.calls == ["charge 1000"]


@pytest.mark.parametrize("outcome", [Charge.DECLINED, Charge.CANCELLED])
def test_a_charge_that_was_not_made_says_why(
    desk: CardDesk, terminal: Scripted, screen: Screen, outcome: Charge
) -> None:
    terminal.script.put(lambda ticket, amount: replace(declined(ticket, amount), outcome=outcome))
    attempt = charge(desk)
    assert attempt.state.value == outcome.value
    error = screen.ended().error
    assert isinstance(error, CardRefused)
    assert "the bank refused the card" in str(error)
    assert error.hint
    terminal.script.put(approved)
    assert charge(desk).state is State.APPROVED


@pytest.mark.parametrize(
    "error",
    [
        DeviceOffline("it is off.", hint="Switch it on."),
        DeviceBusy("it is busy.", hint="Wait."),
        DeviceBlocked("no paper.", reason="paper", hint="Put paper in."),
    ],
)
def test_errors_that_prove_that_nothing_was_sent(
    desk: CardDesk, terminal: Scripted, screen: Screen, error: DeviceError
) -> None:
    terminal.script.put(error)
    attempt = charge(desk)
    assert (attempt.state, attempt.reason) == (State.CANCELLED, str(error))
    assert screen.ended().error is error
    assert terminal.calls == ["charge 1000"]


def wrong_ticket(ticket: str, amount: int) -> ChargeResult:
    return approved("OTHER", amount)


def wrong_amount(ticket: str, amount: int) -> ChargeResult:
    return approved(ticket, amount + 1)


@pytest.mark.parametrize(
    "answer", [OutcomeUnknown("?"), DeviceError("odd"), RuntimeError("a bug"), wrong_ticket, wrong_amount]
)
@pytest.mark.parametrize(("said", "state"), [(approved, State.APPROVED), (None, State.CANCELLED)])
def test_doubt_is_resolved_by_asking_and_never_by_charging_again(
    desk: CardDesk, terminal: Scripted, screen: Screen, answer: Any, said: Any, state: State
) -> None:
    terminal.script.put(answer)
    terminal.answers.put(said)
    attempt = charge(desk)
    assert attempt.state is state
    assert terminal.calls == ["charge 1000", "recover 1000"]
    told = screen.ended()
    assert told.attempt == attempt
    assert (told.error is None) is (state is State.APPROVED)


def test_a_terminal_that_does_not_say_is_asked_by_itself_until_it_does(
    terminal: Scripted, store: Store, screen: Screen
) -> None:
    desk = desk_of(terminal, store, screen, back_off=(0.01,))
    terminal.script.put(OutcomeUnknown("no answer"))
    for _ in range(4):
        terminal.answers.put(DeviceOffline("still off"))
    terminal.answers.put(wrong_ticket)
    terminal.answers.put(approved)
    doubtful = charge(desk)
    assert doubtful.state is State.DOUBT
    first = screen.ended()
    assert isinstance(first.error, CardDoubt)
    assert "Do not charge this card again" in first.error.hint
    last = screen.ended()
    assert (last.attempt.ticket, last.attempt.state, last.error) == (doubtful.ticket, State.APPROVED, None)
    assert terminal.calls == ["charge 1000", *["recover 1000"] * 6]
    assert desk.in_doubt == []
    assert desk.stop(10)


def test_the_key_asks_at_once(desk: CardDesk, terminal: Scripted, screen: Screen) -> None:
    terminal.script.put(OutcomeUnknown("no answer"))
    terminal.answers.put(DeviceOffline("off"))
    doubtful = charge(desk)
    assert [attempt.ticket for attempt in desk.in_doubt] == [doubtful.ticket]
    assert isinstance(screen.ended().error, CardDoubt)
    terminal.answers.put(DeviceOffline("off"))
    desk.ask()
    assert isinstance(screen.ended().error, CardDoubt)
    terminal.answers.put(approved)
    desk.ask()
    assert screen.ended().attempt.state is State.APPROVED


def test_a_terminal_that_is_plugged_in_again_is_asked_at_once(
    desk: CardDesk, terminal: Scripted, screen: Screen
) -> None:
    terminal.script.put(OutcomeUnknown("unplugged"))
    terminal.answers.put(DeviceOffline("off"))
    doubtful = charge(desk)
    assert isinstance(screen.ended().error, CardDoubt)
    terminal.answers.put(approved)
    desk.look_again()  # the next question by itself would come in an hour
    ended = screen.ended()
    assert (ended.attempt.ticket, ended.attempt.state) == (doubtful.ticket, State.APPROVED)
    assert terminal.calls == ["charge 1000", "recover 1000", "recover 1000"]


def test_no_other_charge_goes_out_while_one_is_in_doubt(
    desk: CardDesk, terminal: Scripted, screen: Screen
) -> None:
    terminal.script.put(OutcomeUnknown("no answer"))
    terminal.answers.put(DeviceOffline("off"))
    doubtful = charge(desk)
    for call in (
        lambda: charge(desk, 5),
        lambda: desk.refund("000000", 5, operator_id=1).result(10),
        lambda: desk.end_of_day().result(10),
    ):
        terminal.answers.put(DeviceOffline("off"))
        with pytest.raises(CardDoubt, match=doubtful.ticket):
            call()
    assert [call for call in terminal.calls if call.startswith("charge")] == ["charge 1000"]
    terminal.answers.put(approved)
    terminal.script.put(approved)
    assert charge(desk, 5).amount == 5
    assert not desk.in_doubt


@pytest.mark.parametrize(("charged", "state"), [(True, State.APPROVED), (False, State.CANCELLED)])
def test_a_person_who_looked_decides(
    desk: CardDesk, terminal: Scripted, store: Store, screen: Screen, charged: bool, state: State
) -> None:
    terminal.script.put(OutcomeUnknown("no answer"))
    terminal.answers.put(DeviceError("cannot say"))
    doubtful = charge(desk)
    assert screen.ended().attempt.state is State.DOUBT
    decided = desk.decide(doubtful.ticket, charged, authorisation="99\x1b", last4="1234").result(10)
    assert (decided.state, decided.decided_by, decided.amount) == (state, "cashier", 1000)
    assert (decided.authorisation, decided.last4) == ("99", "1234")
    assert screen.ended().attempt == decided
    assert on_disk(store, doubtful.ticket) == decided


@pytest.mark.parametrize("in_doubt", [False, True])
@pytest.mark.parametrize(("said", "state"), [(approved, State.APPROVED), (None, State.CANCELLED)])
def test_at_the_start_open_attempts_are_asked_about(
    terminal: Scripted, store: Store, screen: Screen, in_doubt: bool, said: Any, state: State
) -> None:
    def die(connection: Connection) -> Attempt:
        attempt = attempts.begin(
            connection, terminal="card", amount=700, basket_id=1, opened_ms=1, operator_id=1, now_ms=now_ms()
        )
        return attempts.doubt(connection, attempt.ticket, "?", now_ms()) if in_doubt else attempt

    left = store.run(die)
    terminal.answers.put(said)
    desk = desk_of(terminal, store, screen)
    told = screen.ended()
    assert (told.attempt.ticket, told.attempt.state) == (left.ticket, state)
    assert terminal.calls == ["recover 700"]
    assert desk.stop(10)


def test_a_terminal_without_tickets_gets_its_mark_back(store: Store, screen: Screen) -> None:
    class Marking(Scripted):
        remembered: ClassVar[list[tuple[str, str]]] = []

        def mark(self) -> str:
            return "17/4"

        def remember(self, ticket: str, mark: str) -> None:
            self.remembered.append((ticket, mark))

    terminal = Marking(store)
    desk = desk_of(terminal, store, screen)
    terminal.script.put(OutcomeUnknown("no answer"))
    terminal.answers.put(DeviceOffline("off"))
    doubtful = charge(desk)
    assert doubtful.mark == "17/4"
    assert desk.stop(10)
    again = Marking(store)
    Marking.remembered.clear()
    again.answers.put(approved)
    desk = desk_of(again, store, screen)
    while screen.ended().attempt.state is not State.APPROVED:
        pass
    assert Marking.remembered == [(doubtful.ticket, "17/4")]
    assert desk.stop(10)


def test_without_its_mark_nothing_is_charged(store: Store, screen: Screen) -> None:
    class Mute(Scripted):
        def mark(self) -> str:
            raise DeviceOffline("it is off.")

        def remember(self, ticket: str, mark: str) -> None:
            raise AssertionError

    terminal = Mute(store)
    desk = desk_of(terminal, store, screen)
    with pytest.raises(DeviceOffline):
        charge(desk)
    assert terminal.calls == []
    assert attempts.recent(store.reader) == []
    assert desk.stop(10)


def test_one_card_at_a_time_and_giving_up(desk: CardDesk, terminal: Scripted, screen: Screen) -> None:
    future = desk.charge(1000, basket_id=1, opened_ms=1, operator_id=1)
    assert terminal.waiting.wait(10)
    assert desk.busy
    with pytest.raises(SaleError, match="busy with another card"):
        desk.charge(5, basket_id=1, opened_ms=1, operator_id=1)
    desk.cancel()
    terminal.script.put(approved)
    assert future.result(10).state is State.CANCELLED
    assert not desk.busy


@pytest.mark.parametrize(("amount", "training"), [(0, False), (-5, False), (100, True)])
def test_what_is_not_charged_at_all(
    terminal: Scripted, store: Store, screen: Screen, amount: int, training: bool
) -> None:
    desk = desk_of(terminal, store, screen, training=training)
    with pytest.raises(SaleError):
        desk.charge(amount, basket_id=1, opened_ms=1, operator_id=1)
    assert desk.stop(10)
    assert terminal.calls == []


def test_a_disk_that_refuses_the_attempt_sends_nothing(
    desk: CardDesk, terminal: Scripted, store: Store
) -> None:
    store.run(
        lambda c: c.execute(
            "CREATE TRIGGER full BEFORE INSERT ON payment_attempt BEGIN SELECT RAISE(ABORT, 'full'); END"
        ).fetchall()
    )
    with pytest.raises(StoreError, match="full"):
        charge(desk)
    assert terminal.calls == []


def test_an_end_that_is_not_on_disk_is_not_told_as_one(
    desk: CardDesk, terminal: Scripted, store: Store, screen: Screen
) -> None:
    terminal.script.put(approved)
    store.run(
        lambda c: c.execute(
            """CREATE TRIGGER full BEFORE UPDATE ON payment_attempt WHEN new.state = 'approved'
             BEGIN SELECT RAISE(ABORT, 'full'); END"""
        ).fetchall()
    )
    terminal.answers.put(approved)  # asked again, and it cannot be written either
    attempt = charge(desk)
    assert attempt.state is State.DOUBT
    assert isinstance(screen.ended().error, StoreError)
    store.run(lambda c: c.execute("DROP TRIGGER full").fetchall())
    terminal.answers.put(approved)
    desk.ask()
    while (told := screen.ended()).attempt.state is not State.APPROVED:
        pass
    assert on_disk(store, attempt.ticket) == told.attempt
    assert [call for call in terminal.calls if call.startswith("charge")] == ["charge 1000"]


def test_a_listener_that_fails_undoes_nothing(terminal: Scripted, store: Store) -> None:
    def tell(event: CardEvent) -> None:
        raise ValueError(event)

    desk = CardDesk(terminal, store, tell)
    desk.start()
    terminal.script.put(approved)
    assert charge(desk).state is State.APPROVED
    assert desk.stop(10)


def test_a_charge_found_later_for_a_sale_that_was_paid_otherwise_is_given_back(
    desk: CardDesk, terminal: Scripted, store: Store, screen: Screen
) -> None:
    terminal.script.put(OutcomeUnknown("no answer"))
    terminal.answers.put(DeviceOffline("off"))
    doubtful = charge(desk)
    # The customer pays in cash and goes; then the terminal is back.
    selling.sell(store, random.Random(2), 2)
    desk.sold()
    terminal.answers.put(approved)
    desk.ask()
    while screen.ended().attempt.state is not State.APPROVED:
        pass
    (row,) = desk.loose
    assert (row.attempt.ticket, row.basket_there, row.left) == (doubtful.ticket, False, 1000)
    terminal.script.put(approved)
    refund = desk.refund(doubtful.ticket, row.left, operator_id=1).result(10)
    assert (refund.kind, refund.state, refund.of_ticket) == ("refund", State.APPROVED, doubtful.ticket)
    assert terminal.calls[-1] == "refund 60 1000"
    assert desk.loose == []


def test_a_part_is_given_back_without_the_number_and_never_too_much(
    desk: CardDesk, terminal: Scripted
) -> None:
    terminal.script.put(approved)
    ticket = charge(desk).ticket
    terminal.script.put(approved)
    desk.refund(ticket, 300, operator_id=1).result(10)
    assert terminal.calls[-1] == "refund - 300"
    with pytest.raises(SaleError, match="Only 700"):
        desk.refund(ticket, 701, operator_id=1).result(10)
    with pytest.raises(SaleError, match="was not charged"):
        desk.refund("ZZZZZZ", 5, operator_id=1).result(10)


class Asked(Scripted):
    """Says what became of a refund."""

    def recover_refund(self, operation: str, ticket: str, amount: int) -> ChargeResult | None:
        what = f"recover refund {operation or '-'}"
        result: ChargeResult | None = self._next(self.answers, what, ticket, amount)
        return result


class Voiding(Scripted):
    """Refuses a second void, and cannot be asked about the first."""

    refuses_second_void: ClassVar[bool] = True


def refund_in_doubt(desk: CardDesk, terminal: Scripted, amount: int = 1000) -> Attempt:
    terminal.script.put(approved)
    ticket = charge(desk).ticket
    terminal.script.put(OutcomeUnknown("no answer"))
    return desk.refund(ticket, amount, operator_id=1).result(10)


@pytest.mark.parametrize(("said", "state"), [(approved, State.APPROVED), (None, State.CANCELLED)])
@pytest.mark.parametrize(("amount", "operation"), [(1000, "60"), (300, "-")])
def test_a_refund_in_doubt_is_asked_about_and_never_made_again(
    store: Store, screen: Screen, said: Any, state: State, amount: int, operation: str
) -> None:
    terminal = Asked(store)
    desk = desk_of(terminal, store, screen)
    terminal.answers.put(wrong_ticket)
    refund = refund_in_doubt(desk, terminal, amount)
    assert refund.state is State.DOUBT
    assert screen.ended().attempt.kind == "charge"
    error = screen.ended().error
    assert isinstance(error, CardDoubt)
    assert f"refund {refund.ticket}" in str(error)
    terminal.answers.put(said)
    desk.ask()
    assert screen.ended().attempt.state is state
    made = f"refund {operation} {amount}"
    assert terminal.calls == ["charge 1000", made, f"recover {made}", f"recover {made}"]
    assert desk.stop(10)


def test_a_refund_in_doubt_is_asked_about_after_a_restart(store: Store, screen: Screen) -> None:
    terminal = Asked(store)
    desk = desk_of(terminal, store, screen)
    terminal.answers.put(DeviceOffline("off"))
    refund = refund_in_doubt(desk, terminal)
    assert desk.stop(10)
    screen.events = queue.Queue()
    again = Asked(store)
    again.answers.put(approved)
    desk = desk_of(again, store, screen)
    assert screen.ended().attempt.ticket == refund.ticket
    assert on_disk(store, refund.ticket).state is State.APPROVED
    assert again.calls == ["recover refund 60 1000"]
    assert desk.stop(10)


def test_a_terminal_that_cannot_say_leaves_a_refund_to_a_person(store: Store, screen: Screen) -> None:
    terminal = Scripted(store)
    desk = desk_of(terminal, store, screen, back_off=(0.01,))
    refund = refund_in_doubt(desk, terminal)
    for _ in range(3):
        assert screen.step("asking").attempt.ticket == refund.ticket
    desk.ask()
    assert screen.step("asking").attempt.ticket == refund.ticket
    assert desk.decide(refund.ticket, False).result(10).state is State.CANCELLED
    assert terminal.calls == ["charge 1000", "refund 60 1000"]
    assert desk.stop(10)


def test_a_void_that_the_terminal_refuses_twice_is_repeated_by_the_key_alone(
    store: Store, screen: Screen
) -> None:
    terminal = Voiding(store)
    desk = desk_of(terminal, store, screen, back_off=(0.01,))
    refund = refund_in_doubt(desk, terminal)
    desk.look_again()  # a plug is nobody's key
    for _ in range(3):
        assert screen.step("asking").attempt.ticket == refund.ticket
    assert terminal.calls == ["charge 1000", "refund 60 1000"]
    # A refusal says nothing of the first one: the bank may be out of reach, or the sale may be void already.
    terminal.script.put(declined)
    desk.ask()
    while not isinstance(screen.ended().error, CardDoubt):
        pass
    assert on_disk(store, refund.ticket).state is State.DOUBT
    terminal.script.put(approved)
    desk.ask()
    while (told := screen.ended()).attempt.state is not State.APPROVED:
        pass
    assert told.attempt.ticket == refund.ticket
    assert terminal.calls == ["charge 1000", *["refund 60 1000"] * 3]
    assert desk.stop(10)


def test_nobody_decides_about_a_void_that_is_being_repeated(store: Store, screen: Screen) -> None:
    terminal = Voiding(store)
    desk = desk_of(terminal, store, screen)
    refund = refund_in_doubt(desk, terminal)
    entered, go_on = threading.Event(), threading.Event()

    def slow(ticket: str, amount: int) -> ChargeResult:
        entered.set()
        assert go_on.wait(10)
        return approved(ticket, amount)

    terminal.script.put(slow)
    desk.ask()
    assert entered.wait(10)
    with pytest.raises(SaleError, match="busy"):
        desk.decide(refund.ticket, False).result(10)
    go_on.set()
    while screen.ended().attempt.state is not State.APPROVED:
        pass
    # And what a person decided first is not repeated.
    other = refund_in_doubt(desk, terminal)
    desk.decide(other.ticket, False).result(10)
    desk.ask()
    terminal.script.put(approved)
    charge(desk, 5)
    assert terminal.calls[-1] == "charge 5"
    assert desk.stop(10)


def test_a_day_that_was_perhaps_closed_is_said_in_words(store: Store, screen: Screen) -> None:
    class Mute(Scripted):
        def end_of_day(self) -> tuple[str, ...]:
            raise OutcomeUnknown("{why}", why="no answer in time", hint="Do not charge again.")

    desk = desk_of(Mute(store), store, screen)
    with pytest.raises(CardDoubt, match="closed its day: no answer in time") as said:
        desk.end_of_day().result(10)
    assert "close the day again" in said.value.hint
    assert desk.stop(10)


def test_head_office_is_told_of_money_without_a_sale(
    desk: CardDesk, terminal: Scripted, store: Store
) -> None:
    terminal.script.put(approved)
    lost = charge(desk, 700)
    selling.sell(store, random.Random(2), 1)
    desk.sold()
    # Noted first, told behind it on the same thread.
    store.run(lambda connection: None)
    store.run(lambda connection: None)
    (record,) = (CardRecord.parse(body) for (body,) in store.reader.execute(CARD_RECORDS))
    assert (record.attempt.ticket, record.why) == (lost.ticket, (CardWhy.WITHOUT_SALE,))


def test_the_end_of_the_day_is_safe_to_print(desk: CardDesk) -> None:
    assert desk.end_of_day().result(10) == ("TOTAL  5", "[2Jbad")


def test_from_the_charge_to_the_receipt_and_back(desk: CardDesk, terminal: Scripted, store: Store) -> None:
    line = replace(selling.line(random.Random(1)), unit="u", unit_price=1000, list_price=1000)
    basket = Basket().add(line.with_quantity(1000), now_ms=now_ms())
    sums = basket.totals(selling.TAXES, selling.DAY)
    terminal.script.put(approved)
    attempt = charge(desk, sums.total)
    paid = Settlement(CURRENCY, sums.total).pay(CARD, attempt.amount, attempt.reference, attempt.slip)
    closing = replace(selling.closing(basket, random.Random(1)), basket=basket, totals=sums, settlement=paid)
    accepted = store.close_sale(closing).result(10)
    desk.sold()
    paper = sale_receipt(accepted.record, ReceiptHead("Shop"), CURRENCY, lambda text: text)
    lines = [element.left for element in paper if isinstance(element, Text)]
    assert attempt.reference in lines
    assert "VISA  6677" in lines
    assert [row.ticket for row in desk.charges_of(accepted.sale_id)] == [attempt.ticket]
    store.run(lambda connection: None)
    assert on_disk(store, attempt.ticket).sale_id == accepted.sale_id
    assert desk.loose == []


def test_a_manual_terminal_asks_the_cashier(store: Store, screen: Screen) -> None:
    terminal = ManualTerminal("card", ManualSettings())
    desk = desk_of(terminal, store, screen)
    assert desk.asks == ("last4", "authorisation")
    result = terminal.result(1000, {"last4": "6677", "authorisation": " 12\x1b34 "})
    assert (result.outcome, result.last4, result.authorisation) == (Charge.APPROVED, "6677", "1234")
    assert terminal.result(1000, {}).last4 == ""
    with pytest.raises(DeviceError, match="last four digits"):
        terminal.result(1000, {"last4": "66x7"})
    for call in (lambda: terminal.recover("A", 1), terminal.end_of_day, lambda: terminal.refund("", "A", 1)):
        with pytest.raises(DeviceError, match="not connected"):
            call()
    assert desk.stop()


def test_a_desk_that_stops_takes_no_more_work(desk: CardDesk) -> None:
    assert desk.stop(10)
    with pytest.raises(SaleError):
        desk.charge(5, basket_id=1, opened_ms=1, operator_id=1)


def test_a_charge_that_is_called_off_before_it_began_is_not_made(store: Store, screen: Screen) -> None:
    terminal = Scripted(store)
    desk = CardDesk(terminal, store, screen.events.put)
    future = desk.charge(5, basket_id=1, opened_ms=1, operator_id=1)
    assert future.cancel()
    desk.start()
    desk.ask()
    terminal.script.put(approved)
    attempt = None
    while attempt is None:
        try:
            attempt = charge(desk, 7)
        except SaleError:
            assert future.cancelled()
    assert attempt.amount == 7
    assert terminal.calls == ["charge 7"]
    assert desk.stop(10)
