"""What holds for everything that has a thread of its own: scanners, scales, displays."""

from __future__ import annotations

import inspect
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest

from tilltui.ports import ABILITIES, DeviceState
from tilltui.ports.abilities import members
from tilltui_drivers.contract.bench import Bench, TillEar, eventually

AT_ONCE = 0.5
"""Seconds for what must not block: ``start`` and every call on the user-interface thread."""

STOPPED = 2.5
"""Seconds for ``stop``, which may take two."""


def check_abilities(driver: object) -> None:
    """What a driver can do besides its port it can do whole (``tilltui.ports.abilities``).

    Raises:
        AssertionError: It has a part of an ability.
        TypeError: A method of one takes other arguments.
    """
    own = dict(inspect.getmembers_static(driver))
    for ability in ABILITIES:
        there = [name for name in members(ability) if name in own]
        assert not there or isinstance(driver, ability), f"{there} of {ability.__name__}, and not the rest"
        for name in there:
            asked = vars(ability)[name]
            if not isinstance(asked, property):
                takes = list(inspect.signature(asked).parameters)[1:]
                inspect.signature(own[name]).bind(driver, *takes)


class BenchTests:
    """Makes a bench for each test; subclass a contract and set ``bench_class``."""

    bench_class: ClassVar[type[Any]]

    @pytest.fixture
    def bench(self, tmp_path: Path) -> Iterator[Any]:
        """A new bench, cleared away afterwards."""
        bench = self.bench_class(tmp_path)
        yield bench
        bench.close()


class DeviceContract(BenchTests):
    """Start, stop, threads, silence. The virtual device is plugged in before the driver starts."""

    @pytest.fixture
    def till(self) -> TillEar:
        """A till that listens."""
        return TillEar()

    @pytest.fixture
    def device(self, bench: Bench) -> Iterator[Any]:
        """The driver under test, stopped afterwards."""
        device = bench.driver()
        yield device
        device.stop()

    @pytest.fixture
    def ready(self, bench: Bench, device: Any, till: TillEar) -> Any:
        """The driver, started, with its virtual device plugged in and found."""
        bench.plug_in()
        device.start(till.emit)
        till.until(DeviceState.READY)
        return device

    def test_it_says_what_it_is(self, bench: Bench, device: Any) -> None:
        """Kind, name and settings class are those of its section in till.toml; no ability is half there."""
        assert (device.kind, device.name) == (bench.kind, bench.name)
        assert isinstance(device.Settings, type)
        check_abilities(device)

    def test_it_gets_ready(self, bench: Bench, device: Any, till: TillEar) -> None:
        """A plugged-in device is ready, under its own name, and ``start`` waits for nothing."""
        bench.plug_in()
        began = time.monotonic()
        device.start(till.emit)
        assert time.monotonic() - began < AT_ONCE
        event = till.until(DeviceState.READY)
        assert (event.kind, event.device) == (bench.kind, bench.name)

    def test_stop_before_start_and_twice(self, device: Any) -> None:
        """Stopping what does not run is nothing."""
        device.stop()
        device.stop()

    def test_stop_is_quick_and_ends_its_threads(self, ready: Any, bench: Bench) -> None:
        """Within two seconds nothing of it runs any more."""
        began = time.monotonic()
        ready.stop()
        assert time.monotonic() - began < STOPPED
        ready.stop()
        assert eventually(lambda: not _threads_of(bench))

    def test_start_again(self, ready: Any, till: TillEar) -> None:
        """What was stopped can be started again."""
        ready.stop()
        till.taken()
        ready.start(till.emit)
        till.until(DeviceState.READY)

    def test_started_twice_it_is_one(self, ready: Any, bench: Bench, till: TillEar) -> None:
        """A second ``start`` changes nothing."""
        threads = _threads_of(bench)
        ready.start(till.emit)
        assert _threads_of(bench) == threads

    def test_its_threads_are_named_daemons(
        self, bench: Bench, device: Any, till: TillEar, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Each thread says in a log whose it is, and keeps no process alive; a bench's are virtual-..."""
        started: list[threading.Thread] = []
        start = threading.Thread.start

        def noting(thread: threading.Thread) -> None:
            started.append(thread)
            start(thread)

        bench.plug_in()
        monkeypatch.setattr(threading.Thread, "start", noting)
        device.start(till.emit)
        till.until(DeviceState.READY)
        mine = [thread for thread in started if not thread.name.startswith("virtual-")]
        assert all(thread.daemon and bench.name in thread.name for thread in mine), mine

    def test_it_writes_nothing_on_the_screen(
        self, capfd: pytest.CaptureFixture[str], ready: Any, bench: Bench
    ) -> None:
        """The screen is the till's: nothing on stdout or stderr, whatever happens."""
        bench.unplug()
        ready.stop()
        assert capfd.readouterr() == ("", "")

    def test_it_leaves_no_descriptor_open(self, bench: Bench, till: TillEar) -> None:
        """Plugging in and out for years must not use the machine up."""
        counts = []
        for _ in range(4):
            device = bench.driver()
            bench.plug_in()
            device.start(till.emit)
            till.until(DeviceState.READY)
            device.stop()
            bench.unplug()
            del device
            counts.append(len(os.listdir("/proc/self/fd")))
        # The first round may load what stays; from then on nothing may grow.
        assert counts[-1] <= counts[1], counts


class PlugContract:
    """What holds for a device on a cable; mix it in where the driver can notice that it is unplugged."""

    def test_a_missing_device_is_said_not_raised(self, bench: Bench, device: Any, till: TillEar) -> None:
        """Without the device ``start`` raises nothing; an event says so in words, and ``stop`` is quick."""
        device.start(till.emit)
        event = till.until(DeviceState.FAILED)
        assert (event.kind, event.device) == (bench.kind, bench.name)
        assert event.reason
        assert event.detail
        began = time.monotonic()
        device.stop()
        assert time.monotonic() - began < STOPPED

    def test_it_is_found_when_it_comes(self, bench: Bench, device: Any, till: TillEar) -> None:
        """A device that is plugged in later works without a restart."""
        device.start(till.emit)
        till.until(DeviceState.FAILED)
        bench.plug_in()
        till.until(DeviceState.READY)

    def test_unplugged_and_back(self, ready: Any, bench: Bench, till: TillEar) -> None:
        """Twice, because the second time something may still hold the first."""
        for _ in range(2):
            bench.unplug()
            till.until(DeviceState.FAILED)
            bench.plug_in()
            till.until(DeviceState.READY)

    def test_it_does_not_repeat_itself(self, bench: Bench, device: Any, till: TillEar) -> None:
        """The same trouble is said once, not at every attempt: the status line would never rest."""
        device.start(till.emit)
        till.until(DeviceState.FAILED)
        threading.Event().wait(1.5)
        assert not till.taken()


def _threads_of(bench: Bench) -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if bench.name in thread.name}
