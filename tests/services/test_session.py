"""Who may do what: rights, what is lent for one call, and the words in which it is refused."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.registers import ANA
from tilltui import i18n
from tilltui.domain.people.operator import Operator
from tilltui.domain.people.rights import EVERYTHING, WORDS, Right
from tilltui.i18n import explain, set_language
from tilltui.services.session import COMMANDS, NotAllowed, Session, command

ROSA, EVA = Operator(7, "Rosa"), Operator(8, "Eva")
"""Who lends."""


@pytest.fixture(autouse=True)
def _language() -> Iterator[None]:
    before = i18n.language()
    set_language("en")
    yield
    set_language(before)


class Room:
    """A room with a command that says who lent its right, and one that does another inside."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.done: list[Operator | None] = []

    @command(Right.VOID)
    def void(self, *, twice: bool = False) -> Operator | None:
        """Say whose word it is."""
        if twice:
            with self.session.lent(Right.PRICE, EVA):
                self.price()
        self.done.append(self.session.approver)
        return self.session.approver

    @command(Right.PRICE)
    def price(self) -> None:
        """Say whose word it is."""
        self.done.append(self.session.approver)


for _name in ("Room.void", "Room.price"):
    del COMMANDS[_name]  # no commands of the register


@pytest.mark.parametrize("right", list(Right))
def test_who_has_every_right_but_one_is_refused_that_one(right: Right) -> None:
    session = Session(ANA, "1", EVERYTHING - {right})
    for each in Right:
        assert session.may(each) is (each is not right)
        if each is not right:
            session.check(each)
    with pytest.raises(NotAllowed) as refused:
        session.check(right)
    assert refused.value.right is right


def test_who_has_nothing_may_do_nothing_and_is_not_asked_for_the_way_in() -> None:
    session = Session(ANA, "1", frozenset())
    assert not any(session.may(right) for right in Right)
    assert (session.operator, session.till, session.approver) == (ANA, "1", None)


def test_a_session_has_every_right_until_somebody_says_otherwise() -> None:
    assert Session(ANA, "1").rights == EVERYTHING == frozenset(Right)


@pytest.mark.parametrize("right", list(Right))
def test_every_right_has_words_in_which_it_is_refused(right: Right) -> None:
    words = explain(NotAllowed(right))
    assert words.title == "Not allowed"
    assert words.text == f"You may not do this: {WORDS[right]}."
    assert words.hint == "Call somebody who may."
    assert WORDS[right] == WORDS[right].strip()
    assert WORDS[right][0].islower()
    assert WORDS[right][-1] not in ".!"


def test_no_two_rights_read_alike_and_none_is_left_out() -> None:
    assert set(WORDS) == set(Right)
    assert len(set(WORDS.values())) == len(Right)


def test_a_lent_right_is_there_for_what_is_inside_and_no_other() -> None:
    session = Session(ANA, "1", frozenset({Right.SELL}))
    room = Room(session)
    with pytest.raises(NotAllowed):
        room.void()
    with session.lent(Right.VOID, ROSA):
        assert session.approver is ROSA
        assert session.may(Right.VOID)
        assert session.may(Right.SELL)
        assert not session.may(Right.PRICE)
        assert room.void() == ROSA
        with pytest.raises(NotAllowed):
            room.price()
    assert session.approver is None
    with pytest.raises(NotAllowed):
        room.void()
    assert room.done == [ROSA]


def test_what_was_lent_before_is_lent_again_afterwards() -> None:
    session = Session(ANA, "1", frozenset())
    room = Room(session)
    with session.lent(Right.VOID, ROSA):
        assert room.void(twice=True) == ROSA
        assert not session.may(Right.PRICE)
    assert room.done == [EVA, ROSA]
    assert session.approver is None


def test_a_right_is_given_back_after_an_error() -> None:
    session = Session(ANA, "1", frozenset())
    with pytest.raises(ZeroDivisionError), session.lent(Right.VOID, ROSA):
        raise ZeroDivisionError
    assert (session.may(Right.VOID), session.approver) == (False, None)


def test_a_right_that_one_has_is_asked_of_nobody() -> None:
    session = Session(ANA, "1")
    assert Room(session).void() is None
    # Lending what somebody has is no harm: it says who looked on.
    with session.lent(Right.VOID, ROSA):
        assert Room(session).void() == ROSA


def test_the_right_is_asked_before_anything_else() -> None:
    room = Room(Session(ANA, "1", frozenset()))
    with pytest.raises(NotAllowed):
        room.void("an argument that it does not take")  # type: ignore[call-arg,arg-type]
    assert room.done == []


def test_a_command_keeps_its_name_and_its_sentence() -> None:
    assert Room.void.__doc__ == "Say whose word it is."
    assert Room.void.__name__ == "void"
