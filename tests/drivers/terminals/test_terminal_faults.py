"""A thousand faults in each protocol: of charges and refunds the till wrote down what the bank has."""

from __future__ import annotations

import contextlib
import os
import queue
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support import selling
from tilltui.domain.cards.attempt import OPEN, Attempt, State
from tilltui.domain.clock import now_ms
from tilltui.errors import DeviceError, SaleError, TillError
from tilltui.i18n import explain
from tilltui.ports import MarkingTerminal, PaymentTerminal
from tilltui.services.cards.desk import CardDesk, CardEnded, CardEvent
from tilltui.store.cards import attempts
from tilltui.store.file.store import Store
from tilltui_drivers.terminals.stx import Times
from tilltui_drivers.terminals.transbank.transbank import Transbank, TransbankSettings
from tilltui_drivers.terminals.zvt.link import ZvtTimes
from tilltui_drivers.terminals.zvt.zvt import Zvt, ZvtSettings
from tilltui_drivers.virtual.terminals.bank import Fault
from tilltui_drivers.virtual.terminals.transbank_device import VirtualTransbank
from tilltui_drivers.virtual.terminals.zvt_device import VirtualZvt

FAULTS = int(os.environ.get("TILLTUI_FAULTS", "150"))
"""Faults in each protocol; the long run takes 1000."""

SEED = int(os.environ.get("TILLTUI_SEED", "20261121"))


@dataclass
class Bench:
    """A desk, its terminal, and the virtual device at the other end of the cable."""

    store: Store
    virtual: VirtualTransbank | VirtualZvt
    make: Callable[[], PaymentTerminal]
    events: queue.Queue[CardEvent]
    desk: CardDesk

    def again(self) -> None:
        """The till is switched off and on."""
        assert self.desk.stop(10)
        self.desk = CardDesk(self.make(), self.store, self.events.put, back_off=(0.02,))
        self.desk.start()

    def settled(self, ticket: str, timeout: float = 20.0) -> Attempt:
        """Wait until the terminal has said what became of an attempt."""
        deadline = time.monotonic() + timeout
        while True:
            attempt = attempts.by_ticket(self.store.reader, ticket)
            assert attempt is not None
            if attempt.state not in OPEN:
                return attempt
            left = deadline - time.monotonic()
            assert left > 0, f"{ticket} is still {attempt.state}: {attempt.reason}"
            self.events.get(timeout=left)


@pytest.fixture(params=["transbank", "zvt"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    store = selling.open_store(tmp_path / "till")
    virtual: VirtualTransbank | VirtualZvt
    if request.param == "transbank":
        virtual = VirtualTransbank(patience=0.03, slow=0.1, boot=0.01)
        settings = TransbankSettings(virtual.path)
        times = Times(write=0.5, ack=0.04, gap=0.02, answer=0.08, most=2.0)
        make: Callable[[], PaymentTerminal] = lambda: Transbank("card", settings, times=times)  # noqa: E731
    else:
        virtual = VirtualZvt(patience=0.1, slow=0.1)
        host = ZvtSettings("127.0.0.1", virtual.port)
        make = lambda: Zvt("card", host, times=ZvtTimes(0.5, 0.06, 0.08, 2.0))  # noqa: E731
    events: queue.Queue[CardEvent] = queue.Queue()
    bench = Bench(store, virtual, make, events, CardDesk(make(), store, events.put, back_off=(0.02,)))
    bench.desk.start()
    yield bench
    bench.desk.stop(10)
    virtual.close()
    store.close()


def test_what_the_till_says_is_what_the_bank_says(bench: Bench) -> None:
    rng = random.Random(SEED)
    seen: Counter[tuple[Fault, State]] = Counter()
    faults = list(Fault)
    for number in range(FAULTS):
        fault = faults[number] if number < len(faults) else rng.choice(faults)
        amount = rng.randrange(1, 10**7)
        before = len(bench.virtual.ledger.entries)
        bench.virtual.fault = fault
        kill = number > len(faults) and rng.random() < 0.1
        attempt, error = killed(bench, amount, number) if kill else charged(bench, amount, number)
        if attempt is None:
            # Refused before anything was written down: the terminal did not answer a harmless question.
            assert isinstance(error, TillError)
            assert explain(error).text
            assert len(bench.virtual.ledger.entries) == before
            continue
        bench.virtual.fault = Fault.NONE
        if kill:
            bench.desk.start()
        elif rng.random() < 0.2:
            bench.again()
        ended = bench.settled(attempt.ticket)
        booked = [entry.amount for entry in bench.virtual.ledger.entries[before:]]
        assert len([money for money in booked if money > 0]) <= 1, f"{fault}: charged twice"
        assert (ended.state is State.APPROVED) == (sum(booked) == amount), f"{fault}: {ended} {booked}"
        assert sum(booked) in (0, amount)
        if ended.state is State.APPROVED:
            assert (ended.amount, ended.last4, ended.authorisation != "") == (amount, "6677", True)
        seen[fault, ended.state] += 1
    assert {fault for fault, _state in seen} == set(Fault)
    assert {State.APPROVED, State.DECLINED, State.CANCELLED} == {state for _fault, state in seen}
    everything = attempts.recent(bench.store.reader, FAULTS + 1)
    approved = sum(a.amount for a in everything if a.state is State.APPROVED)
    assert approved == sum(entry.amount for entry in bench.virtual.ledger.entries)
    assert len({a.ticket for a in everything}) == len(everything)


def test_what_went_back_is_what_the_bank_says(bench: Bench) -> None:
    rng = random.Random(SEED + 1)
    seen: Counter[tuple[Fault, State]] = Counter()
    faults = list(Fault)
    for number in range(FAULTS):
        fault = faults[number] if number < len(faults) else rng.choice(faults)
        amount = rng.randrange(2, 10**7)
        bench.virtual.fault = Fault.NONE
        charge, error = charged(bench, amount, number)
        assert charge is not None, error
        assert charge.state is State.APPROVED
        back = amount if rng.random() < 0.8 else rng.randrange(1, amount)
        before = len(bench.virtual.ledger.entries)
        bench.virtual.fault = fault
        future = bench.desk.refund(charge.ticket, back, operator_id=1)
        refused = future.exception(20)
        if refused is not None:
            # Refused before anything was written down: the terminal did not answer a harmless question.
            assert isinstance(refused, TillError)
            assert len(bench.virtual.ledger.entries) == before
            continue
        refund: Attempt = future.result()
        bench.virtual.fault = Fault.NONE
        if rng.random() < 0.2:
            bench.again()
        ended = resolved(bench, refund, before, fault, by_person=rng.random() < 0.3)
        booked = [entry.amount for entry in bench.virtual.ledger.entries[before:]]
        went = ended.state is State.APPROVED
        assert booked == ([-back] if went else []), f"{fault}: {ended} {booked}"
        seen[fault, ended.state] += 1
    assert {fault for fault, _state in seen} == set(Fault)
    assert {State.APPROVED, State.DECLINED, State.CANCELLED} == {state for _fault, state in seen}
    everything = attempts.recent(bench.store.reader, 2 * FAULTS + 1)
    kept = sum(a.amount if a.kind == "charge" else -a.amount for a in everything if a.state is State.APPROVED)
    assert kept == sum(entry.amount for entry in bench.virtual.ledger.entries)


def resolved(bench: Bench, refund: Attempt, before: int, fault: Fault, *, by_person: bool) -> Attempt:
    """Ask until the terminal says what became of a refund; a person looks where it cannot say."""
    deadline = time.monotonic() + 20
    asked = 0
    while True:
        attempt = attempts.by_ticket(bench.store.reader, refund.ticket)
        assert attempt is not None
        if attempt.state not in OPEN:
            return attempt
        assert time.monotonic() < deadline, f"{fault}: {attempt}"
        there = len(bench.virtual.ledger.entries) > before
        # A person waits for the terminal to be done; a slow one gives back in the end.
        if (by_person or asked > 20) and (there or fault is not Fault.SLOW):
            with contextlib.suppress(SaleError):
                bench.desk.decide(refund.ticket, there).result(10)
            continue
        bench.desk.ask()
        asked += 1
        bench.events.get(timeout=10)


def killed(bench: Bench, amount: int, number: int) -> tuple[Attempt | None, BaseException | None]:
    """The till dies in the middle of a charge: what it would have done next is not done."""
    assert bench.desk.stop(10)
    terminal = bench.make()
    mark = ""
    if isinstance(terminal, MarkingTerminal):
        for _ in range(200):
            try:
                mark = terminal.mark()
                break
            except DeviceError as error:
                refused = error
        else:
            return None, refused
    attempt = bench.store.run(
        lambda connection: attempts.begin(
            connection, terminal="card", amount=amount, basket_id=1, opened_ms=number, operator_id=1,
            now_ms=now_ms(), mark=mark,
        )
    )  # fmt: skip
    # The result is lost with the process that waited for it.
    with contextlib.suppress(DeviceError):
        terminal.charge(attempt.ticket, amount, lambda step: None, lambda: False)
    bench.desk = CardDesk(bench.make(), bench.store, bench.events.put, back_off=(0.02,))
    return attempt, None


def charged(bench: Bench, amount: int, number: int) -> tuple[Attempt | None, BaseException | None]:
    """Charge, trying the next moment where the terminal is not back yet from what happened before."""
    deadline = time.monotonic() + 20
    while True:
        while not bench.events.empty():
            bench.events.get_nowait()
        future = bench.desk.charge(amount, basket_id=1, opened_ms=number, operator_id=1)
        error = future.exception(20)
        if error is None:
            attempt: Attempt = future.result()
            sentence(bench, attempt)
            return attempt, None
        assert not isinstance(error, SaleError), error
        assert isinstance(error, TillError), error
        if time.monotonic() > deadline:
            return None, error


def sentence(bench: Bench, attempt: Attempt) -> None:
    """The cashier was told how it stands, in words unless it was approved."""
    last: CardEnded | None = None
    while not bench.events.empty():
        event = bench.events.get_nowait()
        if isinstance(event, CardEnded):
            last = event
    assert last is not None
    assert last.attempt.ticket == attempt.ticket
    if last.attempt.state is State.APPROVED:
        assert last.error is None
    else:
        assert last.error is not None
        said = explain(last.error)
        assert said.title
        assert said.text.endswith(".")
        assert "{" not in said.text + said.hint
        assert said.hint
