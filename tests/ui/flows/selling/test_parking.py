"""Parking this sale, recalling one, giving one up."""

from __future__ import annotations

import pytest

from tests.support.flows import MILK, NOW, YERBA, Labelled, Start, Talk, driven, leaves_nothing, not_allowed
from tests.support.registers import settle
from tilltui.domain.people.rights import Right
from tilltui.errors import SaleError
from tilltui.services.events import BasketParked
from tilltui.ui.flows.selling.parking import abandon, park, park_name
from tilltui.ui.flows.steps import Pick
from tilltui.ui.sale.state import Mode


@pytest.fixture
def heard(talk: Talk) -> list[object]:
    heard: list[object] = []
    talk.register.events.to(BasketParked, "test", heard.append)
    return heard


def parked(talk: Talk) -> list[str]:
    """Names of the parked sales."""
    return sorted(talk.register.selling.parking.parked_names())


def put_aside(talk: Talk, *names: str) -> None:
    """Park a sale of milk under each name."""
    for name in names:
        talk.rung(MILK).register.selling.parking.park(name)
    settle(talk.till.store)


def test_a_sale_is_put_aside_at_once(talk: Talk, heard: list[object]) -> None:
    talk.rung(MILK).state.mode = Mode.PAY
    assert driven(park(talk.sale)).steps == []
    assert talk.lines == []
    assert talk.state.mode is Mode.SELL
    assert parked(talk) == [""]
    assert heard == [BasketParked()]


def test_under_what_was_keyed(talk: Talk) -> None:
    talk.rung(MILK).state.buffer.text = "12"
    driven(park(talk.sale))
    assert parked(talk) == ["12"]
    assert talk.state.buffer.text == ""


def test_the_only_parked_one_comes_back_without_a_question(talk: Talk, heard: list[object]) -> None:
    put_aside(talk, "Ana")
    talk.state.mode = Mode.DONE
    assert driven(park(talk.sale)).steps == []
    assert talk.lines == [("Leche entera 1 L", 1000, 1150)]
    assert talk.state.mode is Mode.SELL
    assert parked(talk) == []
    assert heard == [BasketParked()]


def test_of_several_one_is_picked(talk: Talk) -> None:
    put_aside(talk, "Ana", "", "Luz")
    went = driven(park(talk.sale), Labelled("Luz"))
    assert isinstance(went.last, Pick)
    assert sorted(choice.label for choice in went.last.choices) == [
        "Ana (1 line)",
        "Luz (1 line)",
        "without a name (1 line)",
    ]
    assert all(choice.detail.startswith("$1.150") for choice in went.last.choices)
    assert talk.lines == [("Leche entera 1 L", 1000, 1150)]
    assert parked(talk) == ["", "Ana"]


def test_how_long_ago_is_by_the_clock(talk: Talk) -> None:
    put_aside(talk, "Ana", "Luz")
    talk.till.store.run(
        lambda connection: connection.execute(f"UPDATE basket SET saved_ms = {NOW - 300_000}")
    )
    went = driven(park(talk.sale), None)
    assert {choice.detail for choice in went.last.choices} == {"$1.150  5 min"}


def test_none_is_parked(talk: Talk) -> None:
    with pytest.raises(SaleError, match="No sale is parked"):
        driven(park(talk.sale))


def test_under_a_name(talk: Talk, heard: list[object]) -> None:
    driven(park_name(talk.rung(MILK).sale), {"name": " Sra.\x1b Ñandú "})
    assert parked(talk) == ["Sra. Ñandú"]
    assert talk.lines == []
    assert heard == [BasketParked()]


def test_the_name_that_it_has_stands_in_the_form(talk: Talk) -> None:
    put_aside(talk, "Ana")
    driven(park(talk.sale))
    assert driven(park_name(talk.sale), None).last.questions[0].value == "Ana"


def test_what_is_paid_in_part_cannot_be_put_aside(talk: Talk) -> None:
    talk.rung(MILK).register.paying.pay_cash(100)
    before = talk.done()
    with pytest.raises(SaleError):
        driven(park(talk.sale))
    went = driven(park_name(talk.sale), {"name": "Ana"}, None)
    assert len(went.refused) == 1
    assert talk.done() == before


# Giving up


def test_given_up_after_asking(talk: Talk) -> None:
    went = driven(abandon(talk.rung(MILK, YERBA).sale), True)
    assert [choice.label for choice in went.last.choices] == ["No, go on selling", "Yes, take back 2 lines"]
    assert talk.rows("SELECT total FROM sale") == [(0,)]
    assert talk.rows("SELECT count(*) FROM payment") == [(0,)]
    assert talk.lines == []
    assert talk.state.mode is Mode.DONE


def test_no_is_no(talk: Talk) -> None:
    before = talk.rung(MILK).done()
    driven(abandon(talk.sale), False)
    assert talk.done() == before
    assert talk.state.mode is Mode.SELL


def test_what_is_paid_in_part_is_not_given_up(talk: Talk) -> None:
    talk.rung(MILK).register.paying.pay_cash(100)
    before = talk.done()
    with pytest.raises(SaleError):
        driven(abandon(talk.sale), True)
    assert talk.done() == before


# Left, and without the right


def test_left(talk: Talk) -> None:
    put_aside(talk, "Ana", "Luz")
    leaves_nothing(talk, park, "of no matter")
    talk.rung(MILK)
    leaves_nothing(talk, park_name, {"name": "Eva"})
    leaves_nothing(talk, abandon, True)


@pytest.mark.parametrize(
    ("right", "start", "answers"),
    [
        (Right.SELL, park, ()),
        (Right.SELL, park_name, ({"name": "x"}, None)),
        (Right.ABANDON, abandon, (True,)),
    ],
)
def test_without_the_right(talk: Talk, right: Right, start: Start, answers: tuple[object, ...]) -> None:
    not_allowed(talk.rung(MILK), right, start, *answers)


def test_no_recall_without_the_right(talk: Talk) -> None:
    put_aside(talk, "Ana")
    not_allowed(talk, Right.SELL, park)
