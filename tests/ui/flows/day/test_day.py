"""The end of the day, without a screen: how the shift stands, and closing it."""

from __future__ import annotations

import pytest

from tests.support.flows import MILK, Talk, driven, leaves_nothing, not_allowed
from tilltui.domain.people.rights import EVERYTHING, Right
from tilltui.errors import SaleError
from tilltui.services.events import ShiftClosed
from tilltui.services.flow import Interrupted
from tilltui.services.reports.registry import REPORTS
from tilltui.ui.flows.day.day import day
from tilltui.ui.flows.steps import Pick, Show

X = REPORTS["x"]
"""How the shift stands, as the menu offers it."""


@pytest.fixture
def sold(talk: Talk) -> Talk:
    """Milk was sold."""
    talk.sold(MILK)
    return talk


def zs(talk: Talk) -> int:
    return len(talk.rows("SELECT seq FROM journal WHERE kind = 'z'"))


@pytest.mark.parametrize("away", [None, Interrupted()])
def test_how_it_stands_changes_nothing(sold: Talk, away: object) -> None:
    before = sold.done()
    went = driven(day(sold.sale), X, away)
    assert [type(step) for step in went.steps] == [Pick, Show]
    assert any("1.150" in line for line in went.last.lines)
    assert sold.done() == before


@pytest.mark.parametrize("away", [None, Interrupted()])
def test_closed_and_shown(sold: Talk, away: object) -> None:
    heard: list[object] = []
    sold.register.events.to(ShiftClosed, "test", lambda event: heard.append((event, zs(sold))))
    went = driven(day(sold.sale), "z", away)
    assert heard == [(ShiftClosed(1), 1)], "it is on disk before anybody hears of it"
    assert any("1.150" in line for line in went.last.lines)
    assert sold.register.session.shift_id == 2


def test_not_with_something_in_the_basket(sold: Talk) -> None:
    sold.rung(MILK)
    with pytest.raises(SaleError):
        driven(day(sold.sale), "z")
    driven(day(sold.sale), X, None)
    assert zs(sold) == 0


def test_left(sold: Talk) -> None:
    leaves_nothing(sold, day, "z")


def test_without_the_right(sold: Talk) -> None:
    not_allowed(sold, Right.SEE_SHIFT, day, X)
    not_allowed(sold, Right.CLOSE_SHIFT, day, "z")


def test_who_may_look_may_not_close_by_that(sold: Talk) -> None:
    sold.register.session.rights = EVERYTHING - {Right.CLOSE_SHIFT}
    driven(day(sold.sale), X, None)
    sold.register.session.rights = EVERYTHING - {Right.SEE_SHIFT}
    driven(day(sold.sale), "z", None)
    assert zs(sold) == 1
