"""The one door: every command asks for its right when it is called, and its right alone is enough."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.support.registers import OpenTill, a_till, close, dump, settle
from tilltui import i18n
from tilltui.domain.cards.attempt import Attempt, State
from tilltui.domain.goods.offer import Offer
from tilltui.domain.goods.product import NewProduct, Product
from tilltui.domain.paper.job import JobRow
from tilltui.domain.paper.job_state import JobState
from tilltui.domain.paper.labels import LabelOf
from tilltui.domain.paying.attempt_kind import AttemptKind
from tilltui.domain.paying.tenders import CARD, TRANSFER
from tilltui.domain.people.customer import Customer
from tilltui.domain.people.operator import Operator
from tilltui.domain.people.rights import EVERYTHING, Right
from tilltui.errors import SaleError
from tilltui.i18n import set_language
from tilltui.ports.printer import PaperProfile
from tilltui.services.events import (
    BasketParked,
    LanguageChanged,
    PaperQueued,
    SaleClosed,
    ShiftClosed,
    TillLeft,
)
from tilltui.services.flow import through
from tilltui.services.register import Register
from tilltui.services.session import COMMANDS, NotAllowed
from tilltui.store.file.store import Store
from tilltui.store.goods import catalogue
from tilltui.store.paper import jobs

MILK, BREAD = "7800000000016", "7800000000023"
ROSA = Operator(7, "Rosa")
"""Who lends."""

HAPPENED = (SaleClosed, BasketParked, ShiftClosed, PaperQueued, LanguageChanged, TillLeft)
"""Every event that there is."""

WITHOUT_RIGHT = {
    "CardTill.charge_of_return", "CardTill.desk_of", "CardTill.has_parked_sale", "CardTill.is_here",
    "CardTill.last_charge", "CardTill.loose_here", "CardTill.refunds_here",
    "Catalogue.by_id", "Catalogue.sheet",
    "DeviceTill.of_kind", "DeviceTill.tries",
    "GoodsBack.may_begin_with",
    "Locking.check_operator", "Locking.has", "Locking.waits", "Parking.parked_names",
    "Paying.would_pay", "Ringing.knows",
}  # fmt: skip
"""What only looks."""

RIGHTS = {
    Right.SELL: {
        "CardTill.ask",
        "CardTill.charge",
        "Catalogue.by_code",
        "Catalogue.search",
        "Correcting.line_note",
        "Correcting.note",
        "Correcting.set_quantity",
        "Customers.choose",
        "Parking.park",
        "Parking.parked",
        "Parking.recall",
        "Paying.close",
        "Paying.pay",
        "Paying.pay_cash",
        "Ringing.repeat",
        "Ringing.ring",
        "Ringing.scan",
    },
    Right.REFUND_CARD: {"CardTill.refund"},
    Right.DECIDE_CHARGE: {"CardTill.decide"},
    Right.TERMINAL_DAY: {"CardTill.end_of_day", "Papers.terminal_report"},
    Right.SEE_SHIFT: {"Shift.x"},
    Right.CLOSE_SHIFT: {"Shift.close"},
    Right.DRAWER: {"DeviceTill.open_drawer"},
    Right.DEVICES: {
        "DeviceTill.forget",
        "DeviceTill.show_test",
        "Papers.cancel",
        "Papers.retry",
        "Papers.settle",
        "Papers.test_page",
        "Papers.unsettled",
    },
    Right.ADD_PRODUCT: {"Catalogue.add"},
    Right.RECEIPTS: {"Papers.copy", "Papers.gift", "Papers.recent", "Papers.text"},
    Right.LABELS: {"Papers.label_offers", "Papers.labels", "Papers.labels_of", "Papers.labels_offered"},
    Right.CASH_FOR_CARD: {"Paying.give_cash_for_card"},
    Right.TAKE_BACK: {"Paying.take_back"},
    Right.ABANDON: {"Paying.abandon"},
    Right.CUSTOMERS: {"Customers.add", "Customers.search"},
    Right.OWN_PIN: {"Locking.change"},
    Right.ANY_PIN: {"Locking.reset"},
    Right.OPEN_ITEM: {"Ringing.ring_open"},
    Right.RETURN: {"GoodsBack.find", "GoodsBack.ring"},
    Right.VOID: {"Correcting.void"},
    Right.PRICE: {"Correcting.set_price"},
    Right.DISCOUNT: {"Correcting.discount"},
    Right.LANGUAGE: {"Register.speak"},
    Right.CLOSE_TILL: {"Register.leave"},
}
"""What each right is asked by; another right for a command is a decision, not a slip."""

ASKED_INSIDE = {
    "Correcting.edit": "the rights are those of what it changes",
    "DeviceTill.feedback": "a scanner's lamp, by whoever scanned",
    "Locking.check": "the way back in",
    "Parking.settled": "waits for what was allowed",
    "Ringing.note_bad_scan": "kept for the shopkeeper, whoever scanned",
}
"""What does something and is no command all the same, and why."""


class FakeDesk:
    """A card terminal's desk that says yes to everything."""

    name = "card"

    def __init__(self, log: list[object]) -> None:
        self._log = log

    def __getattr__(self, asked: str) -> Any:
        def answer(*args: object, **kwargs: object) -> Future[Any]:
            if asked not in ("sold", "stop"):
                self._log.append(("desk", asked, *args))
            future: Future[Any] = Future()
            future.set_result(("slip",) if asked == "end_of_day" else CHARGED)
            return future

        return answer


class FakeWorker:
    """A printer that is not there."""

    name = "receipt"
    columns = 42
    paper_profile = PaperProfile(504)

    def __init__(self, log: list[object]) -> None:
        self._log = log
        self.printer = self

    def wake(self) -> None:
        """Look for papers."""

    def retry(self, job_id: int) -> None:
        self._log.append(("retry", job_id))

    def forget(self) -> None:
        self._log.append("forget")

    def stop(self) -> None:
        """Nothing runs."""


class FakeDisplay:
    """What the customers would read."""

    def __init__(self, log: list[object]) -> None:
        self._log = log

    def show(self, upper: str, lower: str) -> None:
        self._log.append(("show", upper, lower))

    def clear(self) -> None:
        """Nothing is shown."""

    stop = clear


CHARGED = Attempt(
    1, "AAAAAA", "card", AttemptKind.CHARGE, 1000, 1, 1, 1, "", "", State.APPROVED, "terminal",
    "", "", "", "", "", (), 0, None, 1, 1, 0,
)  # fmt: skip


@dataclass
class Scene:
    """A till in the middle of the day.

    Attributes:
        till: The till; a sale of bread was paid in cash, another is parked, milk is in the basket.
        heard: What was published.
        done: What devices were asked for.
        sold: The sale's number.
        seq: Its record.
    """

    till: OpenTill
    heard: list[object] = field(default_factory=list)
    done: list[object] = field(default_factory=list)
    sold: str = ""
    seq: int = 0

    @property
    def register(self) -> Register:
        return self.till.register

    @property
    def store(self) -> Store:
        return self.till.store

    @property
    def desk(self) -> Any:
        return self.till.devices.cards["card"]

    def product(self, code: str = MILK) -> Product:
        found = catalogue.by_code(self.store.reader, code)
        assert found is not None
        return found

    def state(self) -> object:
        """What the open sale is now."""
        sale = self.register.sale
        return sale.basket, sale.payments, sale.in_doubt, sale.basket_id, i18n.language()

    def empty(self) -> None:
        """Close what is in the basket."""
        self.register.paying.pay_cash()
        close(self.register)

    def parked_id(self) -> int:
        return through(self.register.selling.parking.parked())[0].id

    def job(self) -> JobRow:
        """A paper that waits."""
        row = jobs.unsettled(self.store.reader)[0]
        assert row.kind == "receipt"
        return row

    def uncertain(self) -> None:
        """Nobody knows of the paper whether it came out."""
        self.till.spool.set_state(self.job().id, JobState.UNCERTAIN)

    def returning(self) -> None:
        """Goods that were paid by card come back."""
        self.empty()
        register = self.register
        register.selling.ringing.scan(BREAD)
        register.paying.pay(CARD)
        number = close(register).number
        register.returns.ring(register.returns.find(number).lines[0], number)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    before = i18n.language()
    set_language("en")
    with a_till(tmp_path, printer="receipt") as till:
        made = Scene(till)
        products = [
            NewProduct("A1", "Leche entera", 1150, "general", category="Lácteos", codes=(MILK,)),
            NewProduct("A2", "Pan", 1990, "general", category="Panadería", codes=(BREAD,)),
        ]
        made.store.run(lambda connection: catalogue.put(connection, products, 1))
        register, ringing = till.register, till.register.selling.ringing
        ringing.scan(BREAD)
        register.paying.pay_cash(2000)
        accepted = close(register)
        made.sold, made.seq = accepted.number, accepted.seq
        ringing.scan(BREAD)
        register.selling.parking.park("Sra. Ñandú")
        ringing.scan(MILK)
        settle(made.store)
        till.devices._running["terminal"]["card"] = FakeDesk(made.done)
        till.devices._running["printer"]["receipt"] = FakeWorker(made.done)
        till.devices._running["display"]["pole"] = FakeDisplay(made.done)
        till.devices.open_drawer = lambda *args, **kwargs: _opened(made, *args)  # type: ignore[method-assign]
        for kind in HAPPENED:
            register.events.to(kind, "test", made.heard.append)
        yield made
        assert till.failed == []
    set_language(before)


def _opened(scene: Scene, *args: object) -> Future[None]:
    scene.done.append(("drawer", *args))
    future: Future[None] = Future()
    future.set_result(None)
    return future


@dataclass
class Row:
    """A command as somebody calls it, with every argument good.

    Attributes:
        call: Calls it.
        worked: Whether it did what it should, by the scene and what it gave.
        before: Brings the till so far.
    """

    call: Callable[[Scene], object]
    worked: Callable[[Scene, Any], object]
    before: Callable[[Scene], object] = lambda scene: None


def lines(scene: Scene) -> list[tuple[str, int, int]]:
    return [(line.description, line.quantity, line.amount) for line in scene.register.sale.basket.live_lines]


def rows(scene: Scene, query: str) -> list[tuple[Any, ...]]:
    return list(scene.store.reader.execute(query))


def kinds(scene: Scene) -> list[tuple[Any, ...]]:
    return rows(scene, "SELECT kind, copy_no FROM print_job ORDER BY id")


RINGING, CORRECTING, PARKING = "Ringing.", "Correcting.", "Parking."
QUEUED = PaperQueued("receipt")

ROWS: dict[str, Row] = {
    # The basket
    "Ringing.scan": Row(
        lambda s: s.register.selling.ringing.scan(BREAD),
        lambda s, rung: lines(s) == [("Leche entera", 1000, 1150), ("Pan", 1000, 1990)],
    ),
    "Ringing.ring": Row(
        lambda s: s.register.selling.ringing.ring(s.product(BREAD), quantity=2000),
        lambda s, rung: lines(s)[-1] == ("Pan", 2000, 3980),
    ),
    "Ringing.ring_open": Row(
        lambda s: s.register.selling.ringing.ring_open("Varios", 500),
        lambda s, rung: lines(s)[-1] == ("Varios", 1000, 500),
    ),
    "Ringing.repeat": Row(
        lambda s: s.register.selling.ringing.repeat(),
        lambda s, rung: lines(s) == [("Leche entera", 2000, 2300)],
    ),
    "Correcting.void": Row(
        lambda s: s.register.selling.correcting.void(1), lambda s, nothing: lines(s) == []
    ),
    "Correcting.set_quantity": Row(
        lambda s: s.register.selling.correcting.set_quantity(1, 3000),
        lambda s, nothing: lines(s) == [("Leche entera", 3000, 3450)],
    ),
    "Correcting.set_price": Row(
        lambda s: s.register.selling.correcting.set_price(1, 900),
        lambda s, nothing: lines(s) == [("Leche entera", 1000, 900)],
    ),
    "Correcting.discount": Row(
        lambda s: s.register.selling.correcting.discount(1, amount=150),
        lambda s, nothing: lines(s) == [("Leche entera", 1000, 1000)],
    ),
    "Correcting.note": Row(
        lambda s: s.register.selling.correcting.note("sin bolsa"),
        lambda s, nothing: s.register.sale.basket.note == "sin bolsa",
    ),
    "Correcting.line_note": Row(
        lambda s: s.register.selling.correcting.line_note(1, "fría"),
        lambda s, nothing: s.register.sale.basket.lines[0].note == "fría",
    ),
    "Parking.park": Row(
        lambda s: s.register.selling.parking.park("Otro"),
        lambda s, nothing: not s.register.sale.basket,
    ),
    "Parking.parked": Row(
        lambda s: s.register.selling.parking.parked(),
        lambda s, found: [row.name for row in found] == ["Sra. Ñandú"],
    ),
    "Parking.recall": Row(
        lambda s: s.register.selling.parking.recall(s.store.run(lambda c: _parked_row(c))),
        lambda s, nothing: lines(s) == [("Pan", 1000, 1990)] and s.register.sale.basket.recalled,
        before=Scene.empty,
    ),
    # The money
    "Paying.pay_cash": Row(
        lambda s: s.register.paying.pay_cash(2000),
        lambda s, paid: (paid.settled, paid.change) == (True, 850),
    ),
    "Paying.pay": Row(
        lambda s: s.register.paying.pay(TRANSFER, 1000, "T1"),
        lambda s, paid: paid.due == 150,
    ),
    "Paying.give_cash_for_card": Row(
        lambda s: s.register.paying.give_cash_for_card("sin línea"),
        lambda s, nothing: s.register.sale.basket.trail[-1].after == "sin línea",
        before=Scene.returning,
    ),
    "Paying.take_back": Row(
        lambda s: s.register.paying.take_back(),
        lambda s, paid: s.register.sale.payments == (),
        before=lambda s: s.register.paying.pay_cash(1000),
    ),
    "Paying.abandon": Row(lambda s: s.register.paying.abandon(), lambda s, nothing: lines(s) == []),
    "Paying.close": Row(
        lambda s: s.register.paying.close(),
        lambda s, accepted: (
            accepted.number == "1-000002" and [type(event) for event in s.heard] == [SaleClosed]
        ),
        before=lambda s: s.register.paying.pay_cash(),
    ),
    # Cards
    "CardTill.charge": Row(
        lambda s: s.register.cards.charge(s.desk, 1150),
        lambda s, attempt: s.done == [("desk", "charge", 1150)],
    ),
    "CardTill.refund": Row(
        lambda s: s.register.cards.refund(s.desk, CHARGED, 500),
        lambda s, attempt: s.done == [("desk", "refund", "AAAAAA", 500)],
    ),
    "CardTill.ask": Row(
        lambda s: s.register.cards.ask(s.desk), lambda s, nothing: s.done == [("desk", "ask")]
    ),
    "CardTill.decide": Row(
        lambda s: s.register.cards.decide(s.desk, "AAAAAA", charged=True),
        lambda s, attempt: s.done == [("desk", "decide", "AAAAAA", True)],
    ),
    "CardTill.end_of_day": Row(
        lambda s: s.register.cards.end_of_day(s.desk), lambda s, report: report == ("slip",)
    ),
    # Goods that come back
    "GoodsBack.find": Row(
        lambda s: s.register.returns.find(s.sold),
        lambda s, found: [line.amount for line in found.lines] == [-1990],
        before=Scene.empty,
    ),
    "GoodsBack.ring": Row(
        lambda s: s.register.returns.ring(_returnable(s), s.sold),
        lambda s, rung: lines(s) == [("Pan", -1000, -1990)],
        before=Scene.empty,
    ),
    # Goods
    "Catalogue.search": Row(
        lambda s: s.register.goods.search("lec"), lambda s, found: [p.sku for p in found] == ["A1"]
    ),
    "Catalogue.by_code": Row(lambda s: s.register.goods.by_code(MILK), lambda s, found: found.sku == "A1"),
    "Catalogue.add": Row(
        lambda s: s.register.goods.add("7800000000030", "Queso", 2500),
        lambda s, nothing: s.product("7800000000030").name == "Queso",
    ),
    # People
    "Customers.search": Row(
        lambda s: s.register.people.customers.search("nadie"), lambda s, found: found == []
    ),
    "Customers.choose": Row(
        lambda s: s.register.people.customers.choose(Customer(1, "María Soto", "")),
        lambda s, nothing: s.register.sale.basket.customer == "María Soto",
    ),
    "Customers.add": Row(
        lambda s: s.register.people.customers.add("María Soto"),
        lambda s, customer: rows(s, "SELECT name FROM customer") == [("María Soto",)],
    ),
    "Locking.change": Row(
        lambda s: s.register.people.locking.change("", "1234", "1234"),
        lambda s, nothing: s.register.people.locking.has(),
    ),
    "Locking.reset": Row(
        lambda s: s.register.people.locking.reset(1, "1234", "root"),
        lambda s, nothing: s.register.people.locking.has(),
    ),
    # The day
    "Shift.x": Row(lambda s: s.register.day.x(), lambda s, body: body.shift == 1),
    "Shift.close": Row(
        lambda s: s.register.day.close(),
        lambda s, body: s.heard == [ShiftClosed(1)] and s.register.session.shift_id == 2,
        before=Scene.empty,
    ),
    # Papers
    "Papers.recent": Row(
        lambda s: s.register.paper.recent(), lambda s, found: [sale.seq for sale in found] == [s.seq]
    ),
    "Papers.text": Row(
        lambda s: s.register.paper.text(s.seq), lambda s, text: any("Pan" in line for line in text)
    ),
    "Papers.copy": Row(
        lambda s: s.register.paper.copy(s.seq),
        lambda s, nothing: kinds(s)[-1] == ("copy", 1) and s.heard == [QUEUED],
    ),
    "Papers.gift": Row(
        lambda s: s.register.paper.gift(s.seq),
        lambda s, nothing: kinds(s)[-1] == ("gift", 0) and s.heard == [QUEUED],
    ),
    "Papers.terminal_report": Row(
        lambda s: s.register.paper.terminal_report("Terminal", ["total 1"]),
        lambda s, nothing: kinds(s)[-1] == ("note", 0) and s.heard == [QUEUED],
    ),
    "Papers.test_page": Row(
        lambda s: s.register.paper.test_page("receipt", "Test"),
        lambda s, nothing: kinds(s)[-1] == ("note", 0) and s.heard == [QUEUED],
    ),
    "Papers.label_offers": Row(
        lambda s: s.register.paper.label_offers([0]),
        lambda s, offers: [offer.count for offer in offers] == [2, 1, 1],
    ),
    "Papers.labels_of": Row(
        lambda s: s.register.paper.labels_of(s.product(), 2),
        lambda s, nothing: kinds(s)[-1] == ("label", 0) and s.heard == [QUEUED],
    ),
    "Papers.labels_offered": Row(
        lambda s: s.register.paper.labels_offered(Offer(2)),
        lambda s, nothing: kinds(s)[-1] == ("label", 0) and s.heard == [QUEUED],
    ),
    "Papers.labels": Row(
        lambda s: s.register.paper.labels([LabelOf("A1", "Pan", 1990, "u", ())], 1),
        lambda s, made: kinds(s)[-1] == ("label", 0) and len(made) == 1 and s.heard == [QUEUED],
    ),
    "Papers.unsettled": Row(
        lambda s: s.register.paper.unsettled(), lambda s, found: [row.title for row in found] == [s.sold]
    ),
    "Papers.retry": Row(
        lambda s: s.register.paper.retry(s.job()), lambda s, nothing: s.done == [("retry", s.job().id)]
    ),
    "Papers.cancel": Row(
        lambda s: s.register.paper.cancel(s.job()),
        lambda s, gone: gone is True and rows(s, "SELECT state FROM print_job") == [("cancelled",)],
    ),
    "Papers.settle": Row(
        lambda s: s.register.paper.settle(s.job(), printed=False),
        lambda s, nothing: (
            (rows(s, "SELECT state, copy_no FROM print_job ORDER BY id") == [("cancelled", 0), ("queued", 1)])
            and s.heard == [QUEUED]
        ),
        before=Scene.uncertain,
    ),
    # Devices
    "DeviceTill.open_drawer": Row(
        lambda s: s.register.devices.open_drawer("cambio"),
        lambda s, nothing: s.done == [("drawer", "cambio", (1, "Ana"))],
    ),
    "DeviceTill.show_test": Row(
        lambda s: s.register.devices.show_test("pole", "a", "b"),
        lambda s, nothing: s.done == [("show", "a", "b")],
    ),
    "DeviceTill.forget": Row(
        lambda s: s.register.devices.forget("receipt"), lambda s, nothing: s.done == ["forget"]
    ),
    # The till
    "Register.speak": Row(
        lambda s: s.register.speak("es"),
        lambda s, nothing: i18n.language() == "es" and s.heard == [LanguageChanged("es")],
    ),
    "Register.leave": Row(lambda s: s.register.leave(), lambda s, nothing: s.heard == [TillLeft()]),
}


def _parked_row(connection: Any) -> int:
    return int(next(connection.execute("SELECT id FROM basket WHERE name = 'Sra. Ñandú'"))[0])


def _returnable(scene: Scene) -> Any:
    """The line of bread that comes back, looked up by somebody else."""
    from tilltui.services.returns.returnable import find_returnable

    return find_returnable(scene.store, scene.till.shop, scene.register.sale.basket, scene.sold).lines[0]


def driven(result: Any) -> Any:
    """What a command gives in the end."""
    if isinstance(result, Future):
        return result.result(30)
    return through(result) if inspect.iscoroutine(result) else result


def rooms(register: Register) -> dict[str, object]:
    """Every object of the services floor that a register leads to, by the name of its class.

    Found by looking, not by a list: a new room is found as well.
    """
    found: dict[str, object] = {}
    ahead: list[object] = [register]
    while ahead:
        room = ahead.pop()
        name = type(room).__name__
        if not type(room).__module__.startswith("tilltui.services.") or name in found:
            continue
        found[name] = room
        ahead += [value for key, value in getattr(room, "__dict__", {}).items() if not key.startswith("_")]
    return found


def methods(room: object) -> Iterator[str]:
    """Public methods of a room, as ``Room.method``."""
    for name, value in vars(type(room)).items():
        if inspect.isfunction(value) and not name.startswith("_"):
            yield f"{type(room).__name__}.{name}"


def test_the_table_has_every_command_of_every_room(scene: Scene) -> None:
    found = rooms(scene.register)
    classes = {name.partition(".")[0] for name in COMMANDS}
    assert classes <= set(found), "a room with commands to which no register leads"
    assert set(ROWS) == set(COMMANDS)
    public = {name for room in classes for name in methods(found[room])}
    assert public - set(COMMANDS) == WITHOUT_RIGHT | set(ASKED_INSIDE), "a command or a reason, please"


def test_each_command_asks_for_the_right_that_was_decided() -> None:
    asked = {right: {name for name, its in COMMANDS.items() if its is right} for right in Right}
    assert {right: names for right, names in asked.items() if names} == RIGHTS
    assert set(Right) == set(RIGHTS), "a right that nothing asks for"


def test_every_event_is_listened_to() -> None:
    from tilltui.services import events

    here = [kind for kind in vars(events).values() if inspect.isclass(kind)]
    assert {kind for kind in here if kind.__module__ == events.__name__ and kind is not events.Events} == set(
        HAPPENED
    )


@pytest.mark.parametrize("name", ROWS)
def test_who_has_every_right_but_the_commands_is_refused_and_nothing_is_done(scene: Scene, name: str) -> None:
    row, right = ROWS[name], COMMANDS[name]
    row.before(scene)
    scene.register.session.rights = EVERYTHING - {right}
    scene.heard.clear()
    before, as_it_was = dump(scene.store), scene.state()
    with pytest.raises(NotAllowed) as refused:
        row.call(scene)
    assert refused.value.right is right
    assert dump(scene.store) == before
    assert scene.state() == as_it_was
    assert (scene.heard, scene.done) == ([], [])


@pytest.mark.parametrize("name", ROWS)
def test_the_commands_right_alone_is_enough(scene: Scene, name: str) -> None:
    row = ROWS[name]
    row.before(scene)
    scene.heard.clear()
    scene.register.session.rights = frozenset({COMMANDS[name]})
    assert row.worked(scene, driven(row.call(scene)))


@pytest.mark.parametrize("name", ROWS)
def test_a_right_that_was_lent_for_the_call_is_enough_for_what_the_call_begins(
    scene: Scene, name: str
) -> None:
    row, session = ROWS[name], scene.register.session
    row.before(scene)
    scene.heard.clear()
    session.rights = frozenset()
    with session.lent(COMMANDS[name], ROSA):
        begun = row.call(scene)
    assert session.approver is None
    result = driven(begun)
    # What only looks in the check is nobody's business.
    session.rights = EVERYTHING
    assert row.worked(scene, result)


def test_who_lent_a_right_stands_in_the_record(scene: Scene) -> None:
    register, session = scene.register, scene.register.session
    session.rights = EVERYTHING - {Right.PRICE}
    with session.lent(Right.PRICE, ROSA):
        register.selling.correcting.set_price(1, 900)
    register.selling.correcting.discount(1, amount=100)
    register.paying.pay_cash()
    changes = close(register).record.trail
    assert [(change.what, change.operator, change.approved_by) for change in changes] == [
        ("price", "Ana", "Rosa"), ("discount", "Ana", ""),
    ]  # fmt: skip


def test_an_edit_asks_for_what_it_changes(scene: Scene) -> None:
    correcting, session = scene.register.selling.correcting, scene.register.session
    before = lines(scene)
    for rights, missing in (
        ({Right.SELL}, Right.PRICE),
        ({Right.PRICE}, Right.SELL),
        (EVERYTHING - {Right.PRICE}, Right.PRICE),
    ):
        session.rights = frozenset(rights)
        with pytest.raises(NotAllowed) as refused:
            correcting.edit(1, quantity=2000, price=900)
        assert refused.value.right is missing
        assert lines(scene) == before, "half of it was done"
    session.rights = frozenset({Right.SELL})
    correcting.edit(1, quantity=2000)
    assert lines(scene) == [("Leche entera", 2000, 2300)]
    session.rights = frozenset({Right.PRICE})
    correcting.edit(1, price=900)
    assert lines(scene) == [("Leche entera", 2000, 1800)]
    session.rights = frozenset()
    correcting.edit(1)
    assert lines(scene) == [("Leche entera", 2000, 1800)]


def test_who_may_not_change_a_price_rings_nothing_at_a_price_of_their_own(scene: Scene) -> None:
    ringing, session = scene.register.selling.ringing, scene.register.session
    session.rights = EVERYTHING - {Right.PRICE}
    before = scene.state()
    with pytest.raises(NotAllowed) as refused:
        ringing.ring(scene.product(BREAD), price=1)
    assert refused.value.right is Right.PRICE
    assert scene.state() == before
    varios = NewProduct("V1", "Varios", 0, "general", open_price=True, codes=("99",))
    scene.store.run(lambda connection: catalogue.put(connection, [varios], 1))
    ringing.ring(scene.product("99"), price=500)
    assert lines(scene)[-1] == ("Varios", 1000, 500), "its price is the cashier's to key"
    session.rights = EVERYTHING
    ringing.ring(scene.product(BREAD), price=1)
    assert lines(scene)[-1] == ("Pan", 1000, 1)


def test_a_command_that_is_refused_by_its_rule_needs_no_waiting(scene: Scene) -> None:
    register = scene.register
    calls: list[tuple[Callable[[], object], str]] = [
        (lambda: register.paying.close(), "paid"),
        (lambda: register.day.close(), "Finish or park"),
        (lambda: register.selling.parking.recall(1), "Finish or park"),
        (lambda: register.goods.add(MILK, " ", 1), "needs a name"),
        (lambda: register.people.customers.add("\x1b"), "needs a name"),
        (lambda: register.people.locking.change("", "1234", "1243"), "differ"),
        (lambda: register.paper.labels_of(scene.product(), 0), "labels at a time"),
    ]
    for call, said in calls:
        before = dump(scene.store)
        with pytest.raises(SaleError, match=said):
            call()
        assert dump(scene.store) == before
    assert scene.heard == []


def test_without_a_printer_no_paper_is_begun(tmp_path: Path) -> None:
    with a_till(tmp_path) as till:
        paper = till.register.paper
        calls: list[Callable[[], object]] = [
            lambda: paper.copy(1),
            lambda: paper.gift(1),
            lambda: paper.terminal_report("x", []),
            lambda: paper.labels_offered(Offer(1)),
        ]
        for call in calls:
            with pytest.raises(SaleError, match="No printer is set up"):
                call()


def test_a_parked_basket_is_told_once_it_is_on_disk(scene: Scene) -> None:
    parking = scene.register.selling.parking
    parking.park("Otro")
    assert scene.heard == []
    through(parking.settled())
    assert scene.heard == [BasketParked()]
    assert parking.parked_names() == ["Sra. Ñandú", "Otro"]


def test_a_till_that_opens_again_goes_on_with_the_basket_and_its_payments(tmp_path: Path) -> None:
    with a_till(tmp_path) as till:
        till.register.selling.ringing.ring_open("Varios", 1000)
        till.register.paying.pay(CARD, 400, "4242")
        settle(till.store)
        kept = till.register.sale.basket, till.register.sale.payments, till.register.sale.basket_id
    with a_till(tmp_path) as again:
        sale = again.register.sale
        assert (sale.basket, sale.payments, sale.basket_id) == kept
        assert sale.settlement.due == 600


def test_a_till_that_opens_again_sells_in_the_shift_that_is_open(tmp_path: Path) -> None:
    with a_till(tmp_path) as till:
        assert till.register.session.shift_id == 1
        through(till.register.day.close())
    with a_till(tmp_path) as again:
        assert again.register.session.shift_id == 2
