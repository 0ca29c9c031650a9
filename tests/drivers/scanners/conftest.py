"""What tests of scanners on a bench share; each file has a ``bench`` of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tilltui.ports import DeviceState, Scanner
from tilltui_drivers.contract.bench import ScannerBench, TillEar


@pytest.fixture
def started(bench: ScannerBench, till: TillEar) -> Iterator[Scanner]:
    """The bench's scanner, plugged in and ready; stopped afterwards."""
    scanner: Scanner = bench.driver()
    bench.plug_in()
    scanner.start(till.emit)
    till.until(DeviceState.READY)
    yield scanner
    scanner.stop()
