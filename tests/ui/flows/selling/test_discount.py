"""Discounts: where, then how much."""

from __future__ import annotations

import pytest

from tests.support.flows import MILK, YERBA, Talk, driven, leaves_nothing, not_allowed
from tilltui.domain.people.rights import Right
from tilltui.errors import AmountError, SaleError
from tilltui.ui.flows.selling.discount import discount, keyed_discount
from tilltui.ui.flows.steps import Ask, Pick


def test_on_the_chosen_line(talk: Talk) -> None:
    talk.rung(YERBA, MILK)
    went = driven(discount(talk.sale), "line", {"discount": "10%"})
    assert talk.lines == [("Yerba mate 500 g", 1000, 3490), ("Leche entera 1 L", 1000, 1035)]
    assert talk.face.numbers == [(2,)]
    assert isinstance(went.last, Ask)
    assert went.last.title == "Leche entera 1 L"


def test_on_everything(talk: Talk) -> None:
    talk.rung(YERBA, MILK)
    driven(discount(talk.sale), "sale", {"discount": "640"})
    assert talk.total == 4000
    assert talk.face.numbers == [()]


def test_what_is_keyed_already_stands_in_the_form(talk: Talk) -> None:
    talk.rung(MILK).state.buffer.text = "150"
    went = driven(discount(talk.sale), "line", {})
    assert went.last.questions[0].value == "150"
    assert talk.state.buffer.text == ""
    assert talk.total == 1000


def test_a_line_that_was_taken_back_is_not_offered(talk: Talk) -> None:
    talk.rung(YERBA, MILK).register.selling.correcting.void(2)
    pick = driven(discount(talk.sale), None).last
    assert isinstance(pick, Pick)
    assert [choice.value for choice in pick.choices] == ["sale"]


def test_it_is_the_line_that_was_chosen_when_it_began(talk: Talk) -> None:
    talk.rung(YERBA, MILK)
    flow = discount(talk.sale)
    flow.send(None)
    talk.face.chosen = 0
    ask = flow.send("line")
    assert isinstance(ask, Ask)
    ask.take({"discount": "150"})
    flow.close()
    assert talk.lines[1][2] == 1000


def test_what_is_refused_keeps_the_form(talk: Talk) -> None:
    talk.rung(MILK)
    before = talk.total
    went = driven(
        discount(talk.sale), "line", {"discount": "200%"}, {"discount": "x"}, {"discount": "99999"}, None
    )
    assert [type(error) for error in went.refused] == [AmountError] * 3
    assert talk.total == before
    driven(discount(talk.sale), "line", {"discount": "200%"}, {"discount": "50%"})
    assert talk.total == 575


def test_nothing_to_discount(talk: Talk) -> None:
    with pytest.raises(SaleError, match="nothing to discount"):
        driven(discount(talk.sale))


def test_left_at_each_step(talk: Talk) -> None:
    leaves_nothing(talk.rung(MILK), discount, "line", {"discount": "10%"})
    leaves_nothing(talk, discount, "sale", {"discount": "10%"})


@pytest.mark.parametrize("where", ["line", "sale"])
def test_without_the_right(talk: Talk, where: str) -> None:
    not_allowed(talk.rung(MILK), Right.DISCOUNT, discount, where, {"discount": "10%"}, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10%", (10_000_000, 0)),
        (" 12,5% ", (12_500_000, 0)),
        ("500", (0, 500)),
        ("1.500", (0, 1500)),
        ("", (0, 0)),
    ],
)
def test_what_can_be_keyed(talk: Talk, text: str, expected: tuple[int, int]) -> None:
    assert keyed_discount(talk.sale.money, text) == expected
