"""Fixtures of the conversations' tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.flows import Talk, a_talk


@pytest.fixture
def talk(tmp_path: Path) -> Iterator[Talk]:
    """A till without a screen and without devices."""
    with a_talk(tmp_path / "talk") as talk:
        yield talk
        assert talk.till.failed == []
