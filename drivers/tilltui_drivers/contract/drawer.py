"""What every cash drawer driver must do."""

from __future__ import annotations

import contextlib
import os
import time

import pytest

from tilltui.errors import DeviceError
from tilltui.ports import Drawer, TellsIfOpen
from tilltui_drivers.contract.bench import DrawerBench, SwitchedDrawerBench, eventually
from tilltui_drivers.contract.device import BenchTests, check_abilities

OPEN_SECONDS = 3.5
"""``ports.Drawer.open`` has three."""


class DrawerContract(BenchTests):
    """Fired once, never late."""

    @pytest.fixture
    def drawer(self, bench: DrawerBench) -> Drawer:
        """The driver under test."""
        drawer: Drawer = bench.driver()
        return drawer

    def test_it_says_what_it_is(self, bench: DrawerBench, drawer: Drawer) -> None:
        """Kind, name and settings class; no ability is half there."""
        assert (drawer.kind, drawer.name) == (bench.kind, bench.name)
        assert isinstance(drawer.Settings, type)
        check_abilities(drawer)

    def test_it_opens_once(self, bench: DrawerBench, drawer: Drawer) -> None:
        """Each call is one pulse."""
        bench.plug_in()
        for number in (1, 2):
            drawer.open()
            assert eventually(lambda number=number: bench.opened() == number)  # type: ignore[misc]

    def test_without_it_an_error_and_nothing_later(self, bench: DrawerBench, drawer: Drawer) -> None:
        """A drawer that opens when it is plugged in again would stand open unwatched."""
        began = time.monotonic()
        with pytest.raises(DeviceError) as caught:
            drawer.open()
        assert time.monotonic() - began < OPEN_SECONDS
        assert caught.value.hint
        bench.plug_in()
        drawer.open()
        assert eventually(lambda: bench.opened() == 1)

    def test_it_writes_nothing_on_the_screen(
        self, capfd: pytest.CaptureFixture[str], bench: DrawerBench, drawer: Drawer
    ) -> None:
        """The screen is the till's."""
        with pytest.raises(DeviceError):
            drawer.open()
        bench.plug_in()
        drawer.open()
        assert capfd.readouterr() == ("", "")

    def test_it_leaves_no_descriptor_open(self, bench: DrawerBench, drawer: Drawer) -> None:
        """A drawer that opens for years must not use the machine up."""
        bench.plug_in()
        drawer.open()  # the first pulse may load what stays
        before = len(os.listdir("/proc/self/fd"))
        for number in range(2, 8):
            drawer.open()
            assert eventually(lambda number=number: bench.opened() == number)  # type: ignore[misc]
        # A virtual device may close its own end a moment later.
        assert eventually(lambda: len(os.listdir("/proc/self/fd")) <= before)


class SwitchedDrawerContract(DrawerContract):
    """A drawer that is told to be open or shut by a switch (``TellsIfOpen``)."""

    def test_it_tells_how_it_stands(self, bench: SwitchedDrawerBench, drawer: Drawer) -> None:
        """Each time that it is asked, and asking fires nothing."""
        assert isinstance(drawer, TellsIfOpen)
        assert drawer.warn_after >= 0
        bench.plug_in()
        for open_ in (False, True, False, True):
            bench.stand(open_=open_)
            assert drawer.is_open() is open_
        assert bench.opened() == 0

    def test_without_it_nobody_knows(self, bench: SwitchedDrawerBench, drawer: Drawer) -> None:
        """What cannot be asked is said to be neither open nor shut: by an error, or by ``None``."""
        assert isinstance(drawer, TellsIfOpen)
        with contextlib.suppress(DeviceError):
            assert drawer.is_open() is None
        bench.plug_in()
        assert drawer.is_open() is False
