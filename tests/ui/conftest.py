"""Fixtures of the screens' tests."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.ui.cashier import Bench, Cashier, open_till
from tilltui import i18n
from tilltui.i18n import set_language


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """English words and UTC, and the language as it was afterwards."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    before = i18n.language()
    set_language("en")
    yield
    set_language(before)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """A small corner shop."""
    return Bench(tmp_path / "data")


@pytest.fixture
async def cashier(bench: Bench) -> AsyncIterator[Cashier]:
    """A cashier at an open till of 80x24."""
    async with open_till(bench) as cashier:
        yield cashier
