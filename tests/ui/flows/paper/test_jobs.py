"""Papers that wait for their printer, or of which nobody knows whether they came out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.flows import (
    MILK,
    Labelled,
    Talk,
    a_talk,
    driven,
    leaves_nothing,
    not_allowed,
    with_printer,
)
from tilltui.domain.paper.job_state import JobState
from tilltui.domain.people.rights import Right
from tilltui.ui.flows.paper.jobs import jobs

PAPER = Labelled("1-000001")


@pytest.fixture
def waiting(tmp_path: Path) -> Iterator[Talk]:
    """A receipt waits."""
    with a_talk(tmp_path / "waiting", printer="receipt") as talk:
        talk.sold(MILK)
        yield talk


@pytest.fixture
def uncertain(waiting: Talk) -> Talk:
    """Nobody knows whether it came out."""
    set_state(waiting, JobState.UNCERTAIN)
    return waiting


def set_state(talk: Talk, state: JobState, reason: str = "") -> None:
    ((job,),) = talk.rows("SELECT id FROM print_job")
    talk.till.spool.set_state(job, state, reason=reason)


def papers(talk: Talk) -> list[tuple[object, ...]]:
    return talk.rows("SELECT kind, copy_no, state FROM print_job ORDER BY id")


def test_nothing_waits(talk: Talk) -> None:
    assert driven(jobs(talk.sale)).steps == []
    assert talk.said == ["Nothing waits for the printer."]


def test_tried_again(waiting: Talk) -> None:
    worker = with_printer(waiting)
    went = driven(jobs(waiting.sale), PAPER, "retry")
    assert went.last.title == "Printing: 1-000001"
    assert worker.asked == [("retry", 1)]


def test_taken_back(waiting: Talk) -> None:
    driven(jobs(waiting.sale), PAPER, "cancel")
    assert papers(waiting) == [("receipt", 0, "cancelled")]
    assert waiting.said == []


def test_taken_back_too_late(waiting: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting.till.devices, "cancel_paper", lambda job: False)
    driven(jobs(waiting.sale), PAPER, "cancel")
    assert waiting.said == ["It is being printed already."]


def test_what_is_being_printed_cannot_be_taken_back(waiting: Talk) -> None:
    set_state(waiting, JobState.SENDING)
    went = driven(jobs(waiting.sale), PAPER, "leave")
    assert [choice.value for choice in went.last.choices if not choice.enabled] == ["cancel"]


@pytest.mark.parametrize(
    ("state", "label"),
    [
        (JobState.QUEUED, "1-000001 waits"),
        (JobState.BLOCKED, "1-000001 waits for the printer"),
        (JobState.SENDING, "1-000001 is being printed"),
        (JobState.UNCERTAIN, "1-000001 perhaps not printed"),
    ],
)
def test_how_it_stands(waiting: Talk, state: JobState, label: str) -> None:
    set_state(waiting, state, "paper")
    went = driven(jobs(waiting.sale), None)
    assert [(choice.label, choice.detail) for choice in went.last.choices] == [(label, "no paper")]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("yes", [("receipt", 0, "confirmed")]),
        ("no", [("receipt", 0, "cancelled"), ("copy", 1, "queued")]),
        ("leave", [("receipt", 0, "uncertain")]),
    ],
)
def test_did_it_come_out(uncertain: Talk, said: str, expected: list[tuple[object, ...]]) -> None:
    went = driven(jobs(uncertain.sale), PAPER, said)
    assert went.last.title == "Did 1-000001 come out?"
    assert papers(uncertain) == expected


def test_of_what_is_no_receipt_there_is_no_copy(uncertain: Talk) -> None:
    query = "UPDATE print_job SET seq = NULL, kind = 'note'"
    uncertain.till.store.run(lambda connection: connection.execute(query))
    went = driven(jobs(uncertain.sale), PAPER, None)
    assert [choice.value for choice in went.last.choices if not choice.enabled] == ["no"]


def test_left(waiting: Talk) -> None:
    leaves_nothing(waiting, jobs, PAPER, "cancel")
    set_state(waiting, JobState.UNCERTAIN)
    leaves_nothing(waiting, jobs, PAPER, "no")


def test_without_the_right(waiting: Talk) -> None:
    not_allowed(waiting, Right.DEVICES, jobs)
