"""What every customer display driver must do."""

from __future__ import annotations

import time

from tilltui.ports import CustomerDisplay, DeviceState
from tilltui_drivers.contract.bench import DisplayBench, TillEar, eventually
from tilltui_drivers.contract.device import AT_ONCE, DeviceContract, PlugContract


class DisplayContract(PlugContract, DeviceContract):
    """Two lines, the latest wins, nobody waits."""

    def test_it_shows_two_lines(self, ready: CustomerDisplay, bench: DisplayBench) -> None:
        """As they are."""
        ready.show("Leche 1 l", "TOTAL 1200")
        assert eventually(lambda: bench.shown() == ("Leche 1 l", "TOTAL 1200")), bench.shown()

    def test_it_cuts_at_twenty(self, ready: CustomerDisplay, bench: DisplayBench) -> None:
        """A long line does not run into the other."""
        ready.show("abcdefghijklmnopqrstuvwxyz", "0123456789" * 5)
        assert eventually(lambda: bench.shown() == ("abcdefghijklmnopqrst", "01234567890123456789"))

    def test_it_clears(self, ready: CustomerDisplay, bench: DisplayBench) -> None:
        """Nothing of the last customer stays."""
        ready.show("one", "two")
        assert eventually(lambda: bench.shown() == ("one", "two"))
        ready.clear()
        assert eventually(lambda: bench.shown() == ("", ""))

    def test_the_latest_wins(self, ready: CustomerDisplay, bench: DisplayBench) -> None:
        """A thousand calls wait for nothing, and in the end the last text stands there."""
        began = time.monotonic()
        for number in range(1000):
            ready.show(f"item {number}", f"total {number}")
        assert time.monotonic() - began < 2 * AT_ONCE
        assert eventually(lambda: bench.shown() == ("item 999", "total 999")), bench.shown()

    def test_text_is_no_command(self, ready: CustomerDisplay, bench: DisplayBench) -> None:
        """A product's name must not reset or program the display."""
        ready.show("a\x1b@\x0cb\x1f\x01", "\x1bQAc\r\nd")
        ready.show("good", "day")
        assert eventually(lambda: bench.shown() == ("good", "day")), bench.shown()
        ready.show("x\x0cy", "z")
        assert eventually(lambda: bench.shown()[1] == "z")
        assert bench.shown()[0].startswith("x")

    def test_back_again_it_shows_what_it_should(
        self, ready: CustomerDisplay, bench: DisplayBench, till: TillEar
    ) -> None:
        """What was shown while it was unplugged stands there once it is back."""
        bench.unplug()
        ready.show("while", "away")
        till.until(DeviceState.FAILED)
        bench.plug_in()
        till.until(DeviceState.READY)
        assert eventually(lambda: bench.shown() == ("while", "away")), bench.shown()

    def test_no_call_waits_or_raises_without_it(self, device: CustomerDisplay, till: TillEar) -> None:
        """The sale goes on."""
        device.show("before", "start")
        device.start(till.emit)
        till.until(DeviceState.FAILED)
        began = time.monotonic()
        for _ in range(100):
            device.show("nobody", "sees it")
        device.clear()
        assert time.monotonic() - began < AT_ONCE
