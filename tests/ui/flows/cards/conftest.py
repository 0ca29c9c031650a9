"""A till with card terminals that do what a test says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.flows import Talk, a_talk
from tests.ui.card_terminal import ScriptedTerminal
from tilltui_drivers.terminals.manual import ManualSettings, ManualTerminal


@pytest.fixture
def terminal() -> ScriptedTerminal:
    """A terminal that waits for its steps."""
    return ScriptedTerminal()


@pytest.fixture
def at_card(tmp_path: Path, terminal: ScriptedTerminal) -> Iterator[Talk]:
    """A till with that terminal."""
    with a_talk(tmp_path / "card", devices={("terminal", "card"): terminal}, printer="receipt") as talk:
        talk.till.till.start_devices(lambda event: True, lambda status: None, lambda event: None)
        yield talk


@pytest.fixture
def by_hand(tmp_path: Path) -> Iterator[Talk]:
    """A till with a terminal that stands by itself, and a second one."""
    fitted = {("terminal", name): ManualTerminal(name, ManualSettings()) for name in ("bank", "other")}
    with a_talk(tmp_path / "hand", devices=fitted) as talk:
        talk.till.till.start_devices(lambda event: True, lambda status: None, lambda event: None)
        yield talk
