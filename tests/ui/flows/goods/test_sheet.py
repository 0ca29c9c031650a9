"""F7: everything about a product; an unknown code is added to the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.flows import (
    MILK,
    UNKNOWN,
    YERBA,
    Talk,
    a_talk,
    driven,
    leaves_nothing,
    not_allowed,
    with_printer,
)
from tilltui.domain.people.rights import EVERYTHING, Right
from tilltui.errors import SaleError
from tilltui.services.selling.lines import UnknownCode
from tilltui.services.session import NotAllowed
from tilltui.ui.flows.goods.sheet import product_sheet
from tilltui.ui.flows.steps import Ask, ShowSheet
from tilltui.ui.sale.state import Mode, Shown

NEW = {"name": "Queso", "price": "2500"}


@pytest.fixture
def printing(tmp_path: Path) -> Iterator[Talk]:
    """A till whose printer is set up."""
    with a_talk(tmp_path / "printing", printer="receipt") as talk:
        with_printer(talk)
        yield talk


def unknown(talk: Talk, quantity: int | None = None) -> Talk:
    """Scan what nobody knows."""
    with pytest.raises(UnknownCode) as error:
        talk.register.selling.ringing.scan(UNKNOWN)
    talk.state.errors.append(Shown(error.value, UNKNOWN, quantity))
    return talk


def name_of(step: object) -> str:
    assert isinstance(step, ShowSheet)
    return step.view.name


def test_of_the_chosen_item(talk: Talk) -> None:
    went = driven(product_sheet(talk.rung(MILK, YERBA).sale), None)
    assert name_of(went.last) == "Yerba mate 500 g"
    assert went.last.labels is False


def test_of_what_is_keyed(talk: Talk) -> None:
    talk.rung(YERBA).state.buffer.text = MILK
    assert name_of(driven(product_sheet(talk.sale), None).last) == "Leche entera 1 L"
    assert talk.state.buffer.text == ""


@pytest.mark.parametrize("keyed", ["", UNKNOWN])
def test_of_nothing(talk: Talk, keyed: str) -> None:
    talk.state.buffer.text = keyed
    with pytest.raises(SaleError, match="No item is chosen"):
        driven(product_sheet(talk.sale))


def test_of_what_has_no_product(talk: Talk) -> None:
    talk.register.selling.ringing.ring_open("Bolsa", 100)
    with pytest.raises(SaleError, match="No item is chosen"):
        driven(product_sheet(talk.sale))


def test_its_labels(printing: Talk) -> None:
    answers = ("labels", {"count": "x"}, {"count": "0"}, {"count": "3"})
    went = driven(product_sheet(printing.rung(MILK).sale), *answers)
    assert len(went.refused) == 2
    assert printing.rows("SELECT kind FROM print_job") == [("label",)]


# Unknown


def test_added_and_rung(talk: Talk) -> None:
    went = driven(product_sheet(unknown(talk).sale), {"name": ""}, {"name": "Queso", "price": "x"}, NEW)
    assert isinstance(went.last, Ask)
    assert [one.name for one in went.last.questions] == ["name", "price", "tax", "category"]
    assert len(went.refused) == 2
    assert talk.lines == [("Queso", 1000, 2500)]
    assert talk.product(UNKNOWN).name == "Queso"
    assert talk.said == []


@pytest.mark.parametrize(("keyed", "scanned", "rung"), [(None, 3000, 3000), (2000, 3000, 2000)])
def test_with_the_quantity_that_was_keyed(talk: Talk, keyed: int | None, scanned: int, rung: int) -> None:
    unknown(talk, scanned).state.buffer.pending = keyed
    talk.state.mode = Mode.DONE
    driven(product_sheet(talk.sale), NEW)
    assert talk.lines == [("Queso", rung, 2500 * rung // 1000)]
    assert talk.state.mode is Mode.SELL


def test_a_tax_that_there_is_not_keeps_the_form(talk: Talk) -> None:
    went = driven(product_sheet(unknown(talk).sale), {**NEW, "tax": "none such"}, None)
    assert len(went.refused) == 1
    assert len(talk.said) == 1, "the unknown code waits still"


def test_only_the_message_that_is_shown_is_put_away(talk: Talk) -> None:
    unknown(talk).face.say("another", level="warning")
    driven(product_sheet(talk.sale), NEW)
    assert talk.said == ["another"]


# Left, and without the right


def test_left(printing: Talk) -> None:
    leaves_nothing(printing.rung(MILK), product_sheet, "labels", {"count": "1"})
    leaves_nothing(unknown(printing), product_sheet, NEW)
    assert len(printing.said) == 1


def test_without_the_right(printing: Talk) -> None:
    not_allowed(printing.rung(MILK), Right.LABELS, product_sheet, "labels", {}, None)
    printing.state.buffer.text = MILK
    not_allowed(printing, Right.SELL, product_sheet)
    not_allowed(unknown(printing), Right.ADD_PRODUCT, product_sheet, NEW, None)


def test_who_may_add_and_not_sell_rings_nothing(talk: Talk) -> None:
    unknown(talk).register.session.rights = EVERYTHING - {Right.SELL}
    with pytest.raises(NotAllowed):
        driven(product_sheet(talk.sale), NEW)
    assert talk.lines == []
    assert talk.product(UNKNOWN).name == "Queso"
