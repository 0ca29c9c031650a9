"""Correcting: quantity, price and void of the chosen line, notes."""

from __future__ import annotations

import pytest

from tests.support.flows import MILK, YERBA, Start, Talk, driven, leaves_nothing, not_allowed
from tilltui.domain.people.rights import EVERYTHING, Right
from tilltui.errors import AmountError, SaleError
from tilltui.services.session import NotAllowed
from tilltui.ui.flows.selling.correcting import (
    edit,
    line_note,
    note,
    quantity_of_line,
    times,
    void_line,
)
from tilltui.ui.sale.state import Mode


@pytest.fixture
def two(talk: Talk) -> Talk:
    """Yerba and milk are in the basket; milk is chosen."""
    return talk.rung(YERBA, MILK)


NEEDS_LINE = [edit, void_line, line_note, lambda sale: quantity_of_line(sale, "5")]


@pytest.mark.parametrize("start", NEEDS_LINE)
def test_without_a_line(talk: Talk, start: Start) -> None:
    with pytest.raises(SaleError, match="No line is chosen"):
        driven(start(talk.sale))


# Quantity first


def test_a_quantity_waits_for_the_next_item_and_is_forgotten_later(talk: Talk) -> None:
    talk.state.buffer.text = "3"
    driven(times(talk.sale))
    assert talk.state.buffer.pending == 3000
    assert talk.face.shown == ["quantity for ten seconds"]


def test_without_a_number_the_chosen_line_is_set(talk: Talk) -> None:
    talk.state.mode = Mode.DONE
    driven(times(talk.sale))
    assert talk.state.buffer.setting
    assert talk.state.mode is Mode.SELL
    assert "quantity for ten seconds" not in talk.face.shown


def test_what_is_no_quantity_stays_keyed(talk: Talk) -> None:
    talk.state.buffer.text = MILK
    with pytest.raises(AmountError):
        driven(times(talk.sale))
    assert talk.state.buffer.text == MILK
    assert talk.state.buffer.pending is None


@pytest.mark.parametrize(("text", "pending"), [("5", None), ("", 5000)])
def test_the_chosen_line_is_set(two: Talk, text: str, pending: int | None) -> None:
    two.state.buffer.pending = pending
    driven(quantity_of_line(two.sale, text))
    assert two.lines[1] == ("Leche entera 1 L", 5000, 5750)
    assert two.face.numbers == [(2,)]
    assert two.state.buffer.pending is None


def test_the_keyed_quantity_goes_before_a_pending_one(two: Talk) -> None:
    two.state.buffer.pending = 7000
    driven(quantity_of_line(two.sale, "5"))
    assert two.lines[1][1] == 5000
    assert two.state.buffer.pending == 7000


@pytest.mark.parametrize("text", ["0", "x", "1,5", "99999999"])
def test_a_quantity_that_cannot_be(two: Talk, text: str) -> None:
    before = two.done()
    with pytest.raises((AmountError, SaleError)):
        driven(quantity_of_line(two.sale, text))
    assert two.done() == before


# The form


def test_quantity_and_price_in_one_form(two: Talk) -> None:
    went = driven(edit(two.sale), {"quantity": "2", "price": "900"})
    assert went.last.title == "Leche entera 1 L"
    assert [(question.name, question.value) for question in went.last.questions] == [
        ("quantity", "1"),
        ("price", "1.150"),
    ]
    assert two.lines[1] == ("Leche entera 1 L", 2000, 1800)
    assert two.face.numbers == [(2,)]


def test_what_is_keyed_already_is_the_quantity(two: Talk) -> None:
    two.state.buffer.text = "4"
    assert driven(edit(two.sale)).steps == []
    assert two.lines[1][1] == 4000
    assert two.state.buffer.text == ""


@pytest.mark.parametrize(
    "refused",
    [
        {"quantity": "1,5"},
        {"quantity": "0"},
        {"price": "x"},
        {"quantity": "3", "price": "x"},
        {"quantity": "x", "price": "900"},
    ],
)
def test_what_is_refused_leaves_no_half_of_itself(two: Talk, refused: dict[str, str]) -> None:
    before = two.done()
    assert len(driven(edit(two.sale), refused, None).refused) == 1
    assert two.done() == before
    driven(edit(two.sale), refused, {"quantity": "2"})
    assert two.lines[1] == ("Leche entera 1 L", 2000, 2300)


def test_a_price_needs_its_right_and_a_quantity_does_not(two: Talk) -> None:
    two.register.session.rights = EVERYTHING - {Right.PRICE}
    went = driven(edit(two.sale), {"price": "1"}, {"quantity": "2"})
    assert [type(error) for error in went.refused] == [NotAllowed]
    assert two.lines[1] == ("Leche entera 1 L", 2000, 2300)


# Void and notes


def test_the_chosen_line_is_taken_back(two: Talk) -> None:
    two.face.chosen = 0
    driven(void_line(two.sale))
    assert two.lines == [("Leche entera 1 L", 1000, 1150)]
    assert two.face.numbers == [()]
    with pytest.raises(SaleError):
        driven(void_line(two.sale))


def test_a_note_on_the_sale(two: Talk) -> None:
    driven(note(two.sale), {"note": "para  Ana\x1b"})
    assert two.sale.basket.note == "para Ana"
    assert driven(note(two.sale), None).last.questions[0].value == "para Ana"


def test_a_note_on_the_sale_that_begins(talk: Talk) -> None:
    talk.state.mode = Mode.DONE
    driven(note(talk.sale), {"note": "para Ana"})
    assert talk.state.mode is Mode.SELL
    assert talk.sale.basket.note == "para Ana"


def test_a_note_on_the_line(two: Talk) -> None:
    two.face.chosen = 0
    driven(line_note(two.sale), {"note": "frágil"})
    assert [line.note for line in two.sale.basket.lines] == ["frágil", ""]
    assert two.face.numbers == [(1,)]
    assert driven(line_note(two.sale), None).last.questions[0].value == "frágil"


@pytest.mark.parametrize(
    ("start", "keyed"),
    [(edit, {"quantity": "2", "price": "1"}), (note, {"note": "x"}), (line_note, {"note": "x"})],
)
def test_left(two: Talk, start: Start, keyed: dict[str, str]) -> None:
    leaves_nothing(two, start, keyed)
    assert two.face.numbers == []


@pytest.mark.parametrize(
    ("right", "start", "answers"),
    [
        (Right.SELL, edit, ({"quantity": "2"}, None)),
        (Right.PRICE, edit, ({"price": "1"}, None)),
        (Right.PRICE, edit, ({"quantity": "2", "price": "1"}, None)),
        (Right.SELL, lambda sale: quantity_of_line(sale, "5"), ()),
        (Right.VOID, void_line, ()),
        (Right.SELL, note, ({"note": "x"}, None)),
        (Right.SELL, line_note, ({"note": "x"}, None)),
    ],
)
def test_without_the_right(two: Talk, right: Right, start: Start, answers: tuple[object, ...]) -> None:
    not_allowed(two, right, start, *answers)
    assert two.face.numbers == []
