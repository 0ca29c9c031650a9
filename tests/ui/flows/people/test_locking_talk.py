"""Locking the till and the PIN for it, without a screen."""

from __future__ import annotations

import pytest

from tests.support.flows import MILK, Talk, driven, leaves_nothing, not_allowed
from tests.support.registers import settle
from tilltui.domain.people.rights import Right
from tilltui.errors import SaleError
from tilltui.services.flow import Interrupted
from tilltui.services.people import pin as pins
from tilltui.ui.flows.people.locking import MOST_CODES, lock, pin

NEW = {"new": "4321", "again": "4321"}


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pins, "COST", 16)


class Customers:
    """What they read."""

    def __init__(self) -> None:
        self.greeted = 0

    def idle(self) -> None:
        self.greeted += 1


@pytest.mark.parametrize("codes", [("A",), ()])
def test_the_sale_stays_and_what_is_keyed_does_not(talk: Talk, codes: tuple[str, ...]) -> None:
    talk.rung(MILK).state.buffer.text = "12"
    lines = talk.lines
    driven(lock(talk.sale), codes)
    assert talk.state.buffer.text == ""
    assert talk.lines == lines
    assert talk.face.shown[-1] == "all"


def test_each_code_that_was_scanned_is_kept_and_said_clean(talk: Talk) -> None:
    driven(lock(talk.sale), ("A\x1b1", MILK))
    assert talk.said == ["Scanned while the till was locked."] * 2
    assert [shown.code for shown in talk.state.errors] == ["A1", MILK]
    settle(talk.till.store)
    assert [row[0] for row in talk.rows("SELECT reason FROM bad_scan")] == ["locked", "locked"]
    assert talk.lines == []


@pytest.mark.parametrize(("count", "said"), [(MOST_CODES, MOST_CODES), (MOST_CODES + 3, MOST_CODES + 1)])
def test_many_are_counted(talk: Talk, count: int, said: int) -> None:
    driven(lock(talk.sale), [str(number) for number in range(count)])
    assert len(talk.said) == said
    assert talk.said[-1].startswith("3 more codes") == (count > MOST_CODES)


@pytest.mark.parametrize(("codes", "greeted"), [((), 1), ((MILK,), 0)])
def test_the_customer_is_greeted_when_nobody_is_served(
    talk: Talk, codes: tuple[str, ...], greeted: int
) -> None:
    customers = Customers()
    talk.till.devices.customer = customers  # type: ignore[assignment]
    driven(lock(talk.rung(*codes).sale), ())
    assert customers.greeted == greeted


# The PIN


def test_a_pin_is_set_and_taken_away(talk: Talk) -> None:
    locking = talk.register.people.locking
    went = driven(pin(talk.sale), NEW)
    assert [(one.name, one.masked) for one in went.last.questions] == [("new", True), ("again", True)]
    assert locking.has()
    assert talk.said == ["The PIN is set."]
    went = driven(pin(talk.sale), {"old": "4321"})
    assert [one.name for one in went.last.questions] == ["old", "new", "again"]
    assert not locking.has()
    assert talk.said[1:] == ["There is no PIN any more."]


@pytest.mark.parametrize(
    "keyed",
    [{"new": "4321", "again": "1234"}, {"new": "12", "again": "12"}, {"new": "abcd", "again": "abcd"}],
)
def test_what_is_no_pin_keeps_the_form(talk: Talk, keyed: dict[str, str]) -> None:
    assert len(driven(pin(talk.sale), keyed, None).refused) == 1
    assert not talk.register.people.locking.has()
    driven(pin(talk.sale), keyed, NEW)
    assert talk.register.people.locking.has()


def test_a_wrong_old_one_changes_nothing(talk: Talk) -> None:
    driven(pin(talk.sale), NEW)
    with pytest.raises(SaleError, match="old PIN is wrong"):
        driven(pin(talk.sale), {"old": "9999", "new": "5555", "again": "5555"})
    assert talk.register.people.locking.has()
    assert talk.said == ["The PIN is set."]


def test_left(talk: Talk) -> None:
    leaves_nothing(talk, pin, NEW)


def test_without_the_right(talk: Talk) -> None:
    not_allowed(talk, Right.OWN_PIN, pin, NEW, None)


def test_locking_needs_no_right_of_a_command_and_nothing_interrupts_it(talk: Talk) -> None:
    talk.register.session.rights = frozenset()
    driven(lock(talk.sale), ())
    driven(lock(talk.sale), Interrupted())
    assert talk.said == []
