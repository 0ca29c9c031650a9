"""Shelf labels: of one product, of what changed, of a category."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.flows import (
    NOW,
    Labelled,
    Talk,
    a_talk,
    driven,
    leaves_nothing,
    not_allowed,
    talk_at,
    with_printer,
)
from tests.support.registers import a_till
from tilltui.domain.people.rights import Right
from tilltui.errors import SaleError
from tilltui.ui.flows.paper.labels import labels, labels_of, midnight


@pytest.fixture
def printing(tmp_path: Path) -> Iterator[Talk]:
    """A till with a printer, whose products changed long ago but one."""
    with a_talk(tmp_path / "printing", printer="receipt") as talk:
        with_printer(talk)
        query = f"UPDATE product SET updated_ms = {NOW - 3_600_000} WHERE sku = 'A1'"
        talk.till.store.run(lambda connection: connection.execute(query))
        yield talk


def jobs(talk: Talk) -> int:
    return len(talk.rows("SELECT id FROM print_job"))


def test_what_is_offered(printing: Talk) -> None:
    went = driven(labels(printing.sale), None)
    assert [(choice.label, choice.detail) for choice in went.last.choices] == [
        ("Changed today", "1"),
        ("Changed in the last 7 days", "1"),
        ("(no category)", "2"),
        ("Abarrotes", "1"),
        ("Lácteos", "1"),
    ]


def test_printed_after_asking_once_more(printing: Talk) -> None:
    went = driven(labels(printing.sale), Labelled("Lácteos"), True)
    assert went.last.title == "Lácteos"
    assert [choice.label for choice in went.last.choices] == ["No", "Yes, print 1 label"]
    assert jobs(printing) == 1


def test_no_is_no(printing: Talk) -> None:
    driven(labels(printing.sale), Labelled("Changed today"), False)
    assert jobs(printing) == 0


def test_there_are_no_products(tmp_path: Path) -> None:
    with a_till(tmp_path, printer="receipt") as till:
        talk = talk_at(till)
        assert driven(labels(talk.sale)).steps == []
        assert talk.said == ["There are no products yet."]


@pytest.mark.parametrize("count", ["", "0", "x", "-1", "²", "999"])
def test_how_many_of_one(printing: Talk, count: str) -> None:
    went = driven(labels_of(printing.sale, printing.product()), {"count": count}, {"count": "2"})
    assert [isinstance(error, SaleError) for error in went.refused] == [True]
    assert went.last.title == "Leche entera 1 L"
    assert jobs(printing) == 1


def test_a_printer_that_is_not_there_keeps_the_form(talk: Talk) -> None:
    assert len(driven(labels_of(talk.sale, talk.product()), {}, None).refused) == 1


def test_left(printing: Talk) -> None:
    leaves_nothing(printing, labels, Labelled("Lácteos"), True)
    leaves_nothing(printing, lambda sale: labels_of(sale, printing.product()), {"count": "1"})


def test_without_the_right(printing: Talk) -> None:
    not_allowed(printing, Right.LABELS, labels)
    product = printing.product()
    not_allowed(printing, Right.LABELS, lambda sale: labels_of(sale, product), {"count": "1"}, None)


@pytest.mark.parametrize(("days", "day"), [(0, 21), (7, 14), (21, 31)])
def test_midnight_is_that_of_the_machine(days: int, day: int) -> None:
    at = datetime.fromtimestamp(midnight(NOW, days) / 1000, UTC)
    assert (at.day, at.hour, at.minute) == (day, 0, 0)
