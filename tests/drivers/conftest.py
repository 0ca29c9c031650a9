"""What tests of drivers share."""

from __future__ import annotations

import pytest

from tilltui_drivers.contract.bench import TillEar


@pytest.fixture
def till() -> TillEar:
    """A till that listens."""
    return TillEar()
