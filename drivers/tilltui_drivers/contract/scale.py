"""What every scale driver must do."""

from __future__ import annotations

import threading
import time

from tilltui.ports import DeviceState, Scale, Weighing, WeightRead
from tilltui_drivers.contract.bench import ScaleBench, TillEar
from tilltui_drivers.contract.device import AT_ONCE, DeviceContract, PlugContract

MOST_A_SECOND = 10
"""Most readings that ``ports.Scale.watch`` allows."""


class ScaleContract(PlugContract, DeviceContract):
    """Weights are whole grams, stable ones say so, and nobody waits for the scale."""

    def test_a_weight_arrives(self, ready: Scale, bench: ScaleBench, till: TillEar) -> None:
        """To the gram, from this scale, and stable."""
        bench.put(755)
        ready.watch(True)
        event = till.next(WeightRead, lambda event: event.weight.state is Weighing.STABLE)
        assert (event.device, event.weight.grams) == (bench.name, 755)
        assert type(event.weight.grams) is int

    def test_it_follows(self, ready: Scale, bench: ScaleBench, till: TillEar) -> None:
        """Another weight is another reading."""
        ready.watch(True)
        for grams in (250, 1000, 5):
            bench.put(grams)
            till.next(WeightRead, lambda event, grams=grams: _rests_at(event, grams))  # type: ignore[misc]

    def test_not_watched_it_is_silent(self, ready: Scale, bench: ScaleBench, till: TillEar) -> None:
        """Weights come only while somebody looks."""
        ready.watch(True)
        bench.put(300)
        till.next(WeightRead, lambda event: _rests_at(event, 300))
        ready.watch(False)
        threading.Event().wait(1.0)  # what was under way when it was switched off
        till.taken()
        bench.put(400)
        threading.Event().wait(1.0)
        assert not [event for event in till.taken() if isinstance(event, WeightRead)]

    def test_it_does_not_flood(self, ready: Scale, bench: ScaleBench, till: TillEar) -> None:
        """At most ten readings a second reach the till."""
        ready.watch(True)
        bench.put(300)
        till.next(WeightRead)
        till.taken()
        threading.Event().wait(2.0)
        readings = [event for event in till.taken() if isinstance(event, WeightRead)]
        assert len(readings) <= 2 * MOST_A_SECOND + 2

    def test_noise_is_survived(self, ready: Scale, bench: ScaleBench, till: TillEar) -> None:
        """Nonsense never is a stable weight, and the next good answer counts."""
        ready.watch(True)
        bench.put(300)
        till.next(WeightRead, lambda event: _rests_at(event, 300))
        till.taken()
        bench.noise()
        bench.put(450)
        seen: list[WeightRead] = []
        till.next(WeightRead, lambda event: seen.append(event) or _rests_at(event, 450))  # type: ignore[func-returns-value]
        stable = {event.weight.grams for event in seen if event.weight.state is Weighing.STABLE}
        assert stable <= {300, 450}

    def test_no_call_waits_or_raises_without_it(
        self, bench: ScaleBench, device: Scale, till: TillEar
    ) -> None:
        """The screen calls them, whatever the state."""
        device.start(till.emit)
        till.until(DeviceState.FAILED)
        began = time.monotonic()
        device.watch(True)
        device.zero()
        device.tare(None)
        device.tare(12)
        device.tare(0)
        device.watch(False)
        assert time.monotonic() - began < AT_ONCE


def _rests_at(event: WeightRead, grams: int) -> bool:
    return event.weight.state is Weighing.STABLE and event.weight.grams == grams
