"""Choosing who buys: by name or tax number; somebody new is added."""

from __future__ import annotations

import pytest

from tests.support.flows import MILK, Labelled, Talk, driven, leaves_nothing, not_allowed
from tilltui.domain.people.rights import EVERYTHING, Right
from tilltui.errors import SaleError
from tilltui.services.flow import through
from tilltui.services.session import NotAllowed
from tilltui.ui.flows.people.customer import customer
from tilltui.ui.flows.steps import Ask, Pick
from tilltui.ui.sale.state import Mode

NEW = {"name": "María Soto"}


@pytest.fixture
def known(talk: Talk) -> Talk:
    """Two customers of a name, and one of another."""
    for name, number in (("Ana Rojas", "1-9"), ("Ana Díaz", "2-7"), ("Luz Paz", "3-5")):
        through(talk.register.people.customers.add(name, tax_id=number))
    return talk.rung(MILK)


def chosen(talk: Talk) -> str:
    return talk.sale.basket.customer


@pytest.mark.parametrize("text", ["Luz", "3-5"])
def test_the_only_one_that_is_found_is_chosen(known: Talk, text: str) -> None:
    went = driven(customer(known.sale), {"name": text})
    assert [type(step) for step in went.steps] == [Ask]
    assert chosen(known) == "Luz Paz"
    assert known.face.shown[-1] == "paid"


def test_of_several_one_is_picked(known: Talk) -> None:
    went = driven(customer(known.sale), {"name": "Ana"}, Labelled("Ana Díaz"))
    assert isinstance(went.last, Pick)
    assert [choice.label for choice in went.last.choices][-1] == "New customer: Ana"
    assert chosen(known) == "Ana Díaz"
    assert driven(customer(known.sale), None).last.questions[0].value == "Ana Díaz"


def test_an_empty_answer_takes_the_customer_away(known: Talk) -> None:
    driven(customer(known.sale), {"name": "Luz"})
    driven(customer(known.sale), {"name": "  "})
    assert chosen(known) == ""
    assert known.sale.basket.customer_id is None


def test_somebody_new(talk: Talk) -> None:
    talk.state.mode = Mode.DONE
    went = driven(customer(talk.sale), {"name": "María"}, "new", {"name": " "}, {**NEW, "phone": "555"})
    assert [question.name for question in went.last.questions] == ["name", "tax_id", "phone", "email"]
    assert went.last.questions[0].value == "María"
    assert len(went.refused) == 1
    assert isinstance(went.refused[0], SaleError)
    assert talk.rows("SELECT name, phone FROM customer") == [("María Soto", "555")]
    assert chosen(talk) == "María Soto"
    assert talk.state.mode is Mode.SELL


def test_a_number_goes_into_the_field_for_it(talk: Talk) -> None:
    went = driven(customer(talk.sale), {"name": "12.345"}, "new", None)
    assert [question.value for question in went.last.questions][:2] == ["", "12.345"]


def test_left_at_each_step(known: Talk) -> None:
    leaves_nothing(known, customer, {"name": "Ana"}, "new", NEW)
    assert chosen(known) == ""


def test_without_the_right(talk: Talk) -> None:
    not_allowed(talk.rung(MILK), Right.CUSTOMERS, customer, {"name": "Ana"}, None)


def test_who_may_add_and_not_sell_chooses_nobody(known: Talk) -> None:
    known.register.session.rights = EVERYTHING - {Right.SELL}
    with pytest.raises(NotAllowed):
        driven(customer(known.sale), {"name": "Luz"})
    assert chosen(known) == ""
