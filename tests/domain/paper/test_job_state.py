"""Every print job waits, is being sent, or has ended."""

from __future__ import annotations

import pytest

from tilltui.domain.paper.job_state import JobState
from tilltui.ports import Delivered


@pytest.mark.parametrize("state", JobState)
def test_a_job_waits_is_sent_or_has_ended(state: JobState) -> None:
    assert state.waits + (state is JobState.SENDING) + state.ended == 1


@pytest.mark.parametrize(
    ("state", "is_open", "printed"),
    [
        ("queued", True, False),
        ("blocked", True, False),
        ("sending", True, False),
        ("confirmed", False, True),
        ("sent_unconfirmed", False, True),
        ("uncertain", True, False),
        ("cancelled", False, False),
    ],
)
def test_who_has_still_to_do_something(state: str, is_open: bool, printed: bool) -> None:
    found = JobState(state)
    assert (found.open, found.printed) == (is_open, printed)


def test_what_a_printer_says_is_a_state() -> None:
    assert all(JobState(outcome).printed for outcome in Delivered)
