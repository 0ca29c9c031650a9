"""Goods of an earlier sale that come back: the receipt's number, then its lines."""

from __future__ import annotations

import pytest

from tests.support.flows import MILK, YERBA, Labelled, Talk, driven, leaves_nothing, not_allowed
from tests.support.registers import close
from tilltui.domain.people.rights import Right
from tilltui.errors import SaleError
from tilltui.services.flow import Interrupted
from tilltui.services.returns.returnable import Returnable
from tilltui.services.session import NotAllowed
from tilltui.ui.flows.returns.goods_back import keyed_return, lines_of, void
from tilltui.ui.flows.steps import Ask, Pick
from tilltui.ui.sale.state import Mode

NUMBER = "1-000001"


@pytest.fixture
def sold(talk: Talk) -> Talk:
    """Milk and yerba were sold."""
    assert talk.sold(MILK, YERBA) == NUMBER
    return talk


def test_with_something_in_the_basket_a_line_is_taken_back(talk: Talk) -> None:
    assert driven(void(talk.rung(MILK).sale)).steps == []
    assert talk.lines == []
    assert len(talk.sale.basket.lines) == 2


def test_everything_comes_back_at_once(sold: Talk) -> None:
    sold.state.mode = Mode.DONE
    went = driven(void(sold.sale), {"number": NUMBER}, Labelled("Everything"))
    assert [type(step) for step in went.steps] == [Ask, Pick]
    assert went.steps[0].questions[0].value == "1-"  # type: ignore[attr-defined]
    assert [(choice.label, choice.detail) for choice in went.last.choices] == [
        ("Everything", "$4.640"),
        ("1 Leche entera 1 L", "$1.150"),
        ("1 Yerba mate 500 g", "$3.490"),
    ]
    assert [line[2] for line in sold.lines] == [-1150, -3490]
    assert sold.face.shown.count("rung") == 2
    assert sold.state.mode is Mode.SELL


def test_line_by_line_until_esc(sold: Talk) -> None:
    driven(lines_of(sold.sale, NUMBER), Labelled("1 Yerba"), None)
    assert [line[2] for line in sold.lines] == [-3490]


def test_line_by_line_until_nothing_is_left(sold: Talk) -> None:
    went = driven(lines_of(sold.sale, NUMBER), Labelled("1 Yerba"), Labelled("1 Leche"))
    assert len(went.steps) == 2
    assert [line[2] for line in sold.lines] == [-3490, -1150]


def test_a_scan_between_two_lines_keeps_the_first(sold: Talk) -> None:
    driven(lines_of(sold.sale, NUMBER), Labelled("1 Yerba"), Interrupted())
    assert [line[2] for line in sold.lines] == [-3490]
    assert sold.said == []


@pytest.mark.parametrize("number", ["", "x", "1-", "1-000009", "2-000001"])
def test_a_number_that_there_is_not_keeps_the_form(sold: Talk, number: str) -> None:
    before = sold.done()
    went = driven(keyed_return(sold.sale), {"number": number}, None)
    assert [isinstance(error, SaleError) for error in went.refused] == [True]
    assert sold.done() == before


def test_a_number_that_there_is_not_is_said(sold: Talk) -> None:
    with pytest.raises(SaleError):
        driven(lines_of(sold.sale, "1-000009"))


def test_what_has_all_come_back(sold: Talk) -> None:
    driven(lines_of(sold.sale, NUMBER), Labelled("Everything"))
    sold.register.paying.pay_cash()
    close(sold.register)
    with pytest.raises(SaleError, match="has come back"):
        driven(lines_of(sold.sale, NUMBER))
    assert len(driven(keyed_return(sold.sale), {"number": NUMBER}, None).refused) == 1


def test_of_before_a_restored_backup_it_is_said(sold: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    really = sold.register.returns.find

    def of_before(number: str) -> Returnable:
        found = really(number)
        return Returnable(found.number, found.lines, before_restore=True)

    monkeypatch.setattr(sold.register.returns, "find", of_before)
    driven(lines_of(sold.sale, NUMBER), None)
    assert [text[:40] for text in sold.said] == ["This sale is from before a backup was re"]
    assert sold.state.errors[0].level == "warning"


def test_left(sold: Talk) -> None:
    leaves_nothing(sold, keyed_return, {"number": NUMBER}, Labelled("Everything"))
    leaves_nothing(sold, lambda sale: lines_of(sale, NUMBER), Labelled("Everything"))


def test_without_the_right(sold: Talk) -> None:
    not_allowed(sold, Right.RETURN, keyed_return, {"number": NUMBER}, None)
    not_allowed(sold, Right.RETURN, void, {"number": NUMBER}, None)
    not_allowed(sold, Right.RETURN, lambda sale: lines_of(sale, NUMBER))
    not_allowed(sold.rung(MILK), Right.VOID, void)


def test_a_right_that_went_while_lines_were_offered(sold: Talk) -> None:
    flow = lines_of(sold.sale, NUMBER)
    pick = flow.send(None)
    assert isinstance(pick, Pick)
    before = sold.done()
    sold.register.session.rights = frozenset()
    with pytest.raises(NotAllowed):
        flow.send(pick.choices[0].value)
    assert sold.done() == before
