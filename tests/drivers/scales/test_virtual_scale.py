from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tilltui.ports import DeviceState, Weighing, WeightRead
from tilltui_drivers.contract.bench import TillEar
from tilltui_drivers.virtual.scales.scale import VirtualScale, VirtualScaleSettings


@pytest.fixture
def scale(tmp_path: Path, till: TillEar) -> Iterator[VirtualScale]:
    scale = VirtualScale("deli", VirtualScaleSettings(tmp_path / "plate", by_itself=False, settle_ms=250))
    scale.start(till.emit)
    till.until(DeviceState.READY)
    yield scale
    scale.stop()


def states(till: TillEar, until: Weighing) -> list[Weighing]:
    seen: list[Weighing] = []
    till.next(WeightRead, lambda event: seen.append(event.weight.state) or event.weight.state is until)  # type: ignore[func-returns-value]
    return seen


def test_what_is_put_comes_to_rest(scale: VirtualScale, till: TillEar) -> None:
    scale.watch(True)
    assert states(till, Weighing.ZERO) == [Weighing.ZERO]
    scale.put(450)
    assert states(till, Weighing.STABLE) == [Weighing.MOTION, Weighing.STABLE]
    scale.put(16_000)
    states(till, Weighing.OVER)
    scale.put(-5)
    states(till, Weighing.UNDER)
    scale.zero()
    states(till, Weighing.ZERO)


def test_tare(scale: VirtualScale, till: TillEar) -> None:
    scale.put(250)
    scale.watch(True)
    states(till, Weighing.STABLE)
    scale.tare(None)
    states(till, Weighing.ZERO)
    scale.put(1000)
    event = till.next(WeightRead, lambda event: event.weight.state is Weighing.STABLE)
    assert (event.weight.grams, event.weight.tare) == (750, 250)


def test_grams_through_the_named_pipe(scale: VirtualScale, till: TillEar, tmp_path: Path) -> None:
    scale.watch(True)
    (tmp_path / "plate").write_bytes(b"nonsense\n" * 50 + b"450\n")
    event = till.next(WeightRead, lambda event: event.weight.state is Weighing.STABLE)
    assert event.weight.grams == 450


def test_by_itself_something_else_lies_there_each_time(till: TillEar) -> None:
    scale = VirtualScale("deli", VirtualScaleSettings(settle_ms=0))
    scale.start(till.emit)
    weights = []
    for _ in range(3):
        scale.watch(True)
        event = till.next(WeightRead, lambda event: event.weight.state is Weighing.STABLE)
        weights.append(event.weight.grams)
        scale.watch(False)
    assert len(set(weights)) == 3
    scale.stop()
    scale.stop()
