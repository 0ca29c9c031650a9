"""The scripted sale of the demo shop comes through the register, as every other sale."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.registers import a_till, settle
from tilltui import headless, i18n, wiring
from tilltui.domain.people.rights import EVERYTHING, Right
from tilltui.errors import SaleError
from tilltui.i18n import set_language
from tilltui.services.events import SaleClosed
from tilltui.services.flow import through
from tilltui.services.session import NotAllowed
from tilltui.services.till import Till
from tilltui.store.audit.check import audit


@pytest.fixture
def till(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Till]:
    """The demo shop, in folders of its own."""
    for kind in ("DATA", "CONFIG", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind.lower()))
    before = i18n.language()
    made = wiring.make_till(None)
    yield made
    made.close()
    set_language(before)


def test_the_demo_sells_as_a_cashier_does(till: Till) -> None:
    heard: list[SaleClosed] = []
    register, out = till.register, io.StringIO()
    register.events.to(SaleClosed, "test", heard.append)
    assert headless.play(till, out) == 0
    assert len(heard) == 1
    body = heard[0].accepted.body
    assert [row[0] for row in body["payments"]] == ["card", "cash"]
    assert body["operator"] == [1, "Ana"]
    assert [row[0] for row in body["trail"]] == ["void", "discount"]
    assert body["shift"] == register.session.shift_id == 1
    assert heard[0].accepted.number in out.getvalue()
    assert list(audit(register.sale.store.reader)) == []
    assert not register.sale.basket


def test_what_was_left_in_the_basket_is_parked_and_not_sold(till: Till) -> None:
    register = till.register
    register.selling.ringing.ring_open("Pan", 700)
    settle(register.sale.store)
    assert headless.play(till, io.StringIO()) == 0
    found = through(register.selling.parking.parked())
    assert [bool(row.name) for row in found] == [True]
    through(register.selling.parking.recall(found[0].id))
    assert register.sale.totals.total == 700


@pytest.mark.parametrize("right", [Right.SELL, Right.VOID, Right.DISCOUNT])
def test_the_script_may_not_do_what_its_operator_may_not(till: Till, right: Right) -> None:
    till.register.session.rights = EVERYTHING - {right}
    with pytest.raises(NotAllowed) as refused:
        headless.play(till, io.StringIO())
    assert refused.value.right is right
    settle(till.register.sale.store)
    assert list(till.register.sale.store.reader.execute("SELECT id FROM sale")) == []


def test_a_real_shop_sells_nothing_by_itself(tmp_path: Path) -> None:
    with a_till(tmp_path) as till:
        with pytest.raises(SaleError, match="needs a terminal"):
            headless.play(till.till, io.StringIO())
        assert not till.register.sale.basket
