"""Closing a sale that the disk refuses: it is there once or not at all, and what is said of it is true."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw
import pytest

from tests.support.faults import Faults
from tests.support.registers import OpenTill, a_till, close, settle
from tilltui.domain.paying.tenders import CARD
from tilltui.domain.record.sales.closing import Closing
from tilltui.errors import DiskFull, SaleError, StoreError
from tilltui.services.events import SaleClosed
from tilltui.services.flow import Interrupted, Wait, through
from tilltui.services.register import Register
from tilltui.store.audit.check import audit
from tilltui.store.file.store import Store


class Lost(OSError):
    """What the disk said."""


class Unknown(OSError):
    """What the disk said when it was asked whether the sale is there."""


@dataclass
class Shaky:
    """A store that loses answers: what it does is done or not, and then it fails.

    Attributes:
        store: The real one.
        closings: What was to be closed, in order.
        plan: What becomes of each next sale: ``kept`` (and the answer lost), ``lost``, ``fine``.
        asked: What becomes of each next question whether it is there: ``fine`` or ``fails``.
    """

    store: Store
    closings: list[Closing] = field(default_factory=list)
    plan: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def close_sale(self, closing: Closing, **how: Any) -> Future[Any]:
        self.closings.append(closing)
        fate = self.plan.pop(0) if self.plan else "fine"
        if fate == "fine":
            return self.real_close(closing, **how)
        if fate == "kept":
            self.real_close(closing, **how).result(30)
        return broken(Lost("the disk is gone"))

    def submit(self, work: Callable[[Any], Any], *, durable: bool = True) -> Future[Any]:
        if not durable and self.asked and "landed" in work.__code__.co_names and self.asked.pop(0) == "fails":
            return broken(Unknown("the disk is still gone"))
        return self.real_submit(work, durable=durable)

    def __post_init__(self) -> None:
        store: Any = self.store
        self.real_close: Callable[..., Future[Any]] = store.close_sale
        self.real_submit: Callable[..., Future[Any]] = store.submit
        store.close_sale, store.submit = self.close_sale, self.submit


def broken(error: Exception) -> Future[Any]:
    future: Future[Any] = Future()
    future.set_exception(error)
    return future


@pytest.fixture
def till(tmp_path: Path) -> Iterator[OpenTill]:
    with a_till(tmp_path / "till", printer="receipt") as opened:
        yield opened
        assert [str(finding) for finding in audit(opened.store.reader)] == []


@pytest.fixture
def shaky(till: OpenTill) -> Shaky:
    return Shaky(till.store)


@pytest.fixture
def heard(till: OpenTill) -> list[SaleClosed]:
    events: list[SaleClosed] = []
    till.register.events.to(SaleClosed, "test", events.append)
    return events


def pay(register: Register) -> None:
    """Ring something and pay it, in two ways."""
    register.selling.ringing.ring_open("Pan", 1000)
    register.paying.pay(CARD, 400, "4242")
    register.paying.pay_cash(1000)


def on_disk(till: OpenTill) -> list[tuple[str, int]]:
    """Identity and total of each sale on disk."""
    return list(till.store.reader.execute("SELECT uuid, total FROM sale ORDER BY id"))


def test_a_sale_closes_is_told_and_the_next_begins(till: OpenTill, heard: list[SaleClosed]) -> None:
    register = till.register
    pay(register)
    number, basket_id = register.sale.next_number, register.sale.basket_id
    next_ones: list[object] = []
    register.events.to(SaleClosed, "next", lambda event: next_ones.append(register.sale.basket_id))
    accepted = close(register)
    assert [event.accepted for event in heard] == [accepted]
    assert (heard[0].operator.name, heard[0].training) == ("Ana", False)
    assert accepted.number == f"1-{number:06d}"
    assert not register.sale.basket
    assert register.sale.payments == ()
    assert register.sale.basket_id > basket_id
    assert next_ones == [register.sale.basket_id], "whoever hears of it finds the next sale begun"
    assert on_disk(till) == [(accepted.uuid, 1000)]


def test_what_is_not_paid_is_refused_at_once(till: OpenTill, shaky: Shaky) -> None:
    till.register.selling.ringing.ring_open("Pan", 1000)
    till.register.paying.pay(CARD, 400)
    with pytest.raises(SaleError):
        till.register.paying.close()  # type: ignore[unused-coroutine]
    assert shaky.closings == []
    assert not till.register.sale.in_doubt
    till.register.paying.pay_cash(600)
    close(till.register)


def test_keys_and_scans_are_kept_until_the_sale_is_on_disk(till: OpenTill) -> None:
    pay(till.register)
    flow = till.register.paying.close()
    step = flow.send(None)
    assert isinstance(step, Wait)
    assert step.hold
    with pytest.raises(StopIteration):
        flow.send(step.future.result(30))


def test_refused_it_is_open_as_before_with_its_payments_and_may_change(
    till: OpenTill, shaky: Shaky, heard: list[SaleClosed]
) -> None:
    register, shaky.plan = till.register, ["lost"]
    pay(register)
    before = register.sale.basket, register.sale.payments, register.sale.basket_id
    with pytest.raises(Lost, match="the disk is gone"):
        close(register)
    assert (register.sale.basket, register.sale.payments, register.sale.basket_id) == before
    assert not register.sale.in_doubt
    assert register.sale.all_paid
    assert (heard, on_disk(till)) == ([], [])
    register.paying.take_back()
    register.selling.ringing.ring_open("Queso", 500)
    register.paying.pay_cash(1100)
    accepted = close(register)
    assert on_disk(till) == [(accepted.uuid, 1500)]
    assert len(heard) == 1
    # What was refused must never be taken for what was sold instead.
    assert shaky.closings[0].uuid != shaky.closings[1].uuid


def test_a_sale_that_landed_although_its_answer_was_lost_is_closed(
    till: OpenTill, shaky: Shaky, heard: list[SaleClosed]
) -> None:
    register, shaky.plan = till.register, ["kept"]
    pay(register)
    accepted = close(register)
    assert on_disk(till) == [(accepted.uuid, 1000)]
    assert [event.accepted for event in heard] == [accepted]
    assert accepted.number == "1-000001"
    assert accepted.body["payments"]
    assert accepted.job_id
    assert not register.sale.basket
    assert not register.sale.in_doubt
    assert till.store.reader.execute("SELECT count(*) FROM print_job").fetchall() == [(1,)]


@pytest.mark.parametrize("fate", ["kept", "lost"])
def test_what_nobody_can_find_out_is_in_doubt_until_it_is_closed_again(
    till: OpenTill, shaky: Shaky, heard: list[SaleClosed], fate: str
) -> None:
    register, shaky.plan, shaky.asked = till.register, [fate], ["fails"]
    pay(register)
    before = register.sale.basket, register.sale.payments, register.sale.basket_id
    with pytest.raises(Lost, match="the disk is gone") as first:
        close(register)
    assert first.value.__cause__ is None
    assert first.value.__suppress_context__
    assert register.sale.in_doubt
    assert (register.sale.basket, register.sale.payments, register.sale.basket_id) == before
    assert heard == []

    accepted = close(register)
    assert on_disk(till) == [(accepted.uuid, 1000)], "once, whatever became of it the first time"
    assert shaky.closings[0].uuid == shaky.closings[1].uuid == accepted.uuid
    assert len(heard) == 1
    assert not register.sale.in_doubt
    assert not register.sale.basket


CHANGES: dict[str, Callable[[Register], object]] = {
    "ring": lambda r: r.selling.ringing.ring_open("Queso", 500),
    "repeat": lambda r: r.selling.ringing.repeat(),
    "void": lambda r: r.selling.correcting.void(1),
    "quantity": lambda r: r.selling.correcting.set_quantity(1, 2000),
    "price": lambda r: r.selling.correcting.set_price(1, 1),
    "discount": lambda r: r.selling.correcting.discount(None, amount=1),
    "note": lambda r: r.selling.correcting.note("x"),
    "line note": lambda r: r.selling.correcting.line_note(1, "x"),
    "customer": lambda r: r.people.customers.choose(None),
    "pay": lambda r: r.paying.pay_cash(100),
    "other payments": lambda r: r.sale.paid(r.sale.settlement),
    "take back": lambda r: r.paying.take_back(),
    "cash for card": lambda r: r.paying.give_cash_for_card("x"),
    "abandon": lambda r: r.paying.abandon(),
    "park": lambda r: r.selling.parking.park("x"),
    "recall": lambda r: through(r.selling.parking.recall(1)),
    "z": lambda r: through(r.day.close()),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_sale_in_doubt_cannot_be_changed(till: OpenTill, shaky: Shaky, change: str) -> None:
    register, shaky.plan, shaky.asked = till.register, ["kept"], ["fails"]
    pay(register)
    with pytest.raises(Lost):
        close(register)
    before = register.sale.basket, register.sale.payments
    with pytest.raises(SaleError) as refused:
        CHANGES[change](register)
    # Some are refused for what is paid or rung already, before anybody looks at the doubt.
    assert refused.value.message.startswith(
        ("It is not certain", "Part of this sale is already paid", "Finish or park", "Nothing is left to pay")
    )
    assert (register.sale.basket, register.sale.payments) == before
    close(register)


@pytest.mark.parametrize("change", ["park", "abandon", "ring"])
def test_a_sale_of_nothing_in_doubt_cannot_be_changed_either(
    till: OpenTill, shaky: Shaky, change: str
) -> None:
    register, shaky.plan, shaky.asked = till.register, ["kept"], ["fails"]
    register.selling.ringing.ring_open("Pan", 1000)
    register.paying.abandon()
    with pytest.raises(Lost):
        close(register)
    with pytest.raises(SaleError, match="It is not certain"):
        CHANGES[change](register)
    close(register)
    assert len(on_disk(till)) == 1


def test_a_doubt_that_ends_in_a_refusal_frees_the_sale(
    till: OpenTill, shaky: Shaky, heard: list[SaleClosed]
) -> None:
    register, shaky.plan, shaky.asked = till.register, ["lost", "lost"], ["fails", "fine"]
    pay(register)
    for doubt in (True, False):
        with pytest.raises(Lost):
            close(register)
        assert register.sale.in_doubt is doubt
    register.selling.correcting.note("otra vez")
    accepted = close(register)
    uuids = [closing.uuid for closing in shaky.closings]
    assert uuids[0] == uuids[1] != uuids[2] == accepted.uuid
    assert on_disk(till) == [(accepted.uuid, 1000)]
    assert len(heard) == 1


def test_a_second_doubt_keeps_the_identity(till: OpenTill, shaky: Shaky) -> None:
    register, shaky.plan, shaky.asked = till.register, ["kept", "lost"], ["fails", "fails"]
    pay(register)
    for _ in range(2):
        with pytest.raises(Lost):
            close(register)
        assert register.sale.in_doubt
    close(register)
    assert len({closing.uuid for closing in shaky.closings}) == 1
    assert len(on_disk(till)) == 1


def test_an_interrupted_wait_loses_no_sale_and_doubles_none(till: OpenTill, heard: list[SaleClosed]) -> None:
    register = till.register
    pay(register)
    flow = register.paying.close()
    flow.send(None)
    with pytest.raises(Interrupted):
        flow.throw(Interrupted())
    settle(till.store)
    accepted = close(register)
    assert on_disk(till) == [(accepted.uuid, 1000)]
    assert len(heard) == 1
    assert not register.sale.basket


@pytest.mark.parametrize("begun", [True, False])
def test_a_sale_that_is_being_closed_is_not_closed_a_second_time(
    till: OpenTill, shaky: Shaky, heard: list[SaleClosed], begun: bool
) -> None:
    register = till.register
    pay(register)
    flow = register.paying.close()
    step = flow.send(None) if begun else None
    if step is not None:
        assert isinstance(step, Wait)
        step.future.result(30)  # it is on disk, and the till has not heard of it
    before = register.sale.basket, register.sale.payments, register.sale.basket_id
    with pytest.raises(SaleError, match="being saved"):
        register.paying.close()  # type: ignore[unused-coroutine]
    assert (register.sale.basket, register.sale.payments, register.sale.basket_id) == before
    assert len(shaky.closings) == 1
    if isinstance(step, Wait):
        with pytest.raises(StopIteration) as ended:
            flow.send(step.future.result(30))
        accepted = ended.value.value
    else:
        accepted = through(flow)
    assert on_disk(till) == [(accepted.uuid, 1000)]
    assert len(heard) == 1
    pay(register)
    assert close(register).number == "1-000002"


def test_a_flow_that_nobody_drives_leaves_the_sale_to_be_closed_again(
    till: OpenTill, heard: list[SaleClosed]
) -> None:
    register = till.register
    pay(register)
    register.paying.close().close()
    settle(till.store)
    accepted = close(register)
    assert on_disk(till) == [(accepted.uuid, 1000)]
    assert len(heard) == 1


def test_after_a_doubt_and_a_power_cut_the_file_knows(tmp_path: Path) -> None:
    for fate, there in (("kept", True), ("lost", False)):
        folder = tmp_path / fate
        with a_till(folder) as till:
            shaky = Shaky(till.store, plan=[fate], asked=["fails"])
            pay(till.register)
            settle(till.store)
            with pytest.raises(Lost):
                close(till.register)
            assert shaky.asked == []
        with a_till(folder) as again:
            assert len(on_disk(again)) == int(there)
            assert bool(again.register.sale.basket) is not there
            assert bool(again.register.sale.payments) is not there
            if not there:
                close(again.register)
            assert len(on_disk(again)) == 1


# -- a disk that really fails -------------------------------------------------------------------------------


class PulledOut(Faults):
    """A disk of which nothing can be had any more once the first operation failed, not even its files."""

    pulls_out = False

    def meet(self, operation: str) -> None:
        """Count an operation and raise if it is to fail, or if one has."""
        if self.pulls_out and self.fired:
            raise apsw.IOError("pulled out")
        super().meet(operation)


@pytest.fixture
def faults() -> Iterator[PulledOut]:
    vfs = PulledOut("closing-faults")
    yield vfs
    vfs.unregister()


@pytest.mark.parametrize(
    ("how", "ends"),
    [("once", {"closed", "refused"}), ("for good", {"closed", "refused"}), ("gone", {"closed", "doubt"})],
)
@pytest.mark.parametrize(
    ("operation", "error"),
    [("write", apsw.IOError), ("write", apsw.FullError), ("sync", apsw.IOError)],
    ids=["write", "full", "sync"],
)
def test_whatever_the_disk_does_the_sale_is_closed_once_and_what_was_said_is_true(
    tmp_path: Path, faults: PulledOut, operation: str, error: type[apsw.Error], how: str, ends: set[str]
) -> None:
    faults.pulls_out = how == "gone"
    if error is apsw.FullError and how == "once":
        ends = {"closed"}  # the ballast makes room
    met: set[str] = set()
    for at in range(1, 100):
        with a_till(tmp_path / f"{at}", vfs=faults.name) as till:
            register = till.register
            heard: list[SaleClosed] = []
            register.events.to(SaleClosed, "test", heard.append)
            pay(register)
            settle(till.store)
            before = register.sale.basket, register.sale.payments
            faults.arm(operation, at, sticky=how != "once", error=error)
            said: StoreError | None = None
            try:
                close(register)
            except StoreError as refused:
                said = refused
            fired = faults.fired
            faults.heal()
            if said is None:
                met.add("closed")
                assert (len(heard), bool(register.sale.basket)) == (1, False)
            else:
                assert heard == []
                assert (register.sale.basket, register.sale.payments) == before
                met.add("doubt" if register.sale.in_doubt else "refused")
                if not register.sale.in_doubt:
                    assert on_disk(till) == []
                if isinstance(said, DiskFull):
                    assert not register.sale.in_doubt
                close(register)
            assert [total for _uuid, total in on_disk(till)] == [1000]
            assert len(heard) == 1
            assert [str(finding) for finding in audit(till.store.reader)] == []
        if not fired:
            break
    else:
        pytest.fail("the faults never came to an end")
    assert at > 1
    assert met == ends


# -- what is saved behind -----------------------------------------------------------------------------------


def test_a_basket_that_was_not_saved_is_told_and_saved_whole_with_the_next_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_till(tmp_path) as till:
        register = till.register
        register.selling.ringing.ring_open("Pan", 1000)
        settle(till.store)
        real = till.store.submit
        monkeypatch.setattr(till.store, "submit", lambda work, *, durable=True: broken(Lost("no")))
        register.selling.ringing.ring_open("Queso", 500)
        assert [str(error) for error in till.failed] == ["no"]
        monkeypatch.setattr(till.store, "submit", real)
        register.selling.ringing.ring_open("Miel", 700)
        settle(till.store)
        kept = register.sale.basket
        assert len(till.failed) == 1
    with a_till(tmp_path) as again:
        assert again.register.sale.basket == kept
        assert [line.description for line in kept.lines] == ["Pan", "Queso", "Miel"]
