"""A store a test, on any file system and with a small ballast."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import selling
from tilltui.domain.clock import now_ms
from tilltui.store.file.store import Store
from tilltui.store.goods import catalogue


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "till"


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    opened = selling.open_store(folder)
    opened.run(lambda connection: catalogue.put(connection, selling.products(1, 60), now_ms()))
    yield opened
    opened.close()
