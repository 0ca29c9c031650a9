"""The last receipts: seen again, printed again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.flows import MILK, YERBA, Labelled, Talk, a_talk, driven, leaves_nothing, not_allowed
from tilltui.domain.people.rights import EVERYTHING, Right
from tilltui.services.events import PaperQueued
from tilltui.services.session import NotAllowed
from tilltui.ui.flows.paper.receipts import receipts
from tilltui.ui.flows.steps import Pick, Show


@pytest.fixture
def sold(tmp_path: Path) -> Iterator[Talk]:
    """Two sales, and a printer that is set up."""
    with a_talk(tmp_path / "sold", printer="receipt") as talk:
        talk.sold(MILK)
        talk.sold(YERBA)
        yield talk


def jobs(talk: Talk) -> list[str]:
    return [kind for (kind,) in talk.rows("SELECT kind FROM print_job ORDER BY id")][2:]


def test_there_are_none_yet(talk: Talk) -> None:
    assert driven(receipts(talk.sale)).steps == []
    assert talk.said == ["There are no sales yet."]


def test_one_is_seen(sold: Talk) -> None:
    went = driven(receipts(sold.sale), Labelled("1-000001"), "see", None)
    assert [type(step) for step in went.steps] == [Pick, Pick, Show]
    assert [choice.detail for choice in went.steps[0].choices] == ["$3.490", "$1.150"]  # type: ignore[attr-defined]
    assert any("Leche entera" in line for line in went.last.lines)
    assert jobs(sold) == []


@pytest.mark.parametrize("what", ["copy", "gift"])
def test_one_is_printed_again(sold: Talk, what: str) -> None:
    heard: list[object] = []
    sold.register.events.to(PaperQueued, "test", lambda event: heard.append((event, jobs(sold))))
    driven(receipts(sold.sale), Labelled("1-000002"), what)
    assert heard == [(PaperQueued("receipt"), [what])], "it is queued before anybody hears of it"


@pytest.mark.parametrize("what", ["copy", "gift"])
def test_without_a_printer_it_is_said(talk: Talk, what: str) -> None:
    talk.sold(MILK)
    driven(receipts(talk.sale), Labelled("1-"), what)
    assert talk.said == ["No printer is set up."]
    driven(receipts(talk.sale), Labelled("1-"), "see", None)


def test_left_at_each_step(sold: Talk) -> None:
    for what in ("see", "copy"):
        leaves_nothing(sold, receipts, Labelled("1-000001"), what)


def test_without_the_right(sold: Talk) -> None:
    not_allowed(sold, Right.RECEIPTS, receipts)


@pytest.mark.parametrize("what", ["see", "copy", "gift"])
def test_a_right_that_went_meanwhile(sold: Talk, what: str) -> None:
    flow = receipts(sold.sale)
    pick = flow.send(None)
    assert isinstance(pick, Pick)
    flow.send(pick.choices[0].value)
    sold.register.session.rights = EVERYTHING - {Right.RECEIPTS}
    with pytest.raises(NotAllowed):
        flow.send(what)
    assert jobs(sold) == []
