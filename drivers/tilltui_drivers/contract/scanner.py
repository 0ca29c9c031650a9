"""What every scanner driver must do."""

from __future__ import annotations

import contextlib
import time
import unicodedata

from tilltui.ports import BarcodeScanned, DeviceState, Scanner
from tilltui_drivers.contract.bench import ScannerBench, TillEar
from tilltui_drivers.contract.device import AT_ONCE, DeviceContract, PlugContract

GS = "\x1d"
"""Group separator, which a GS1 code keeps."""

UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories that ``domain.text.clean`` drops."""

MAX_CODE = 4096
"""Most characters of a code."""


class ScannerContract(DeviceContract):
    """Codes come whole, in order, once each, and as text that is safe to show."""

    def test_a_code_arrives(self, ready: Scanner, bench: ScannerBench, till: TillEar) -> None:
        """With its source, its bytes and the time of reading."""
        began = time.monotonic()
        bench.scan("7801234567894")
        event = till.next(BarcodeScanned)
        assert (event.text, event.source) == ("7801234567894", bench.name)
        assert event.raw
        assert began <= event.at <= time.monotonic()

    def test_a_hundred_codes_arrive_in_order(
        self, ready: Scanner, bench: ScannerBench, till: TillEar
    ) -> None:
        """None is lost, none is doubled, none overtakes another."""
        sent = [f"78{number:06}A" for number in range(100)]
        got = []
        for code in sent:
            bench.scan(code)
            got.append(till.next(BarcodeScanned).text)
        assert got == sent
        assert not [event for event in till.taken() if isinstance(event, BarcodeScanned)]

    def test_the_same_code_twice_is_two(self, ready: Scanner, bench: ScannerBench, till: TillEar) -> None:
        """Two equal bottles are two scans."""
        for _ in range(2):
            bench.scan("96385074")
            assert till.next(BarcodeScanned).text == "96385074"

    def test_noise_is_survived(self, ready: Scanner, bench: ScannerBench, till: TillEar) -> None:
        """Whatever comes, what reaches the till is legible and bounded, and the next code is right."""
        bench.noise()
        bench.scan("7801234567894")
        till.next(BarcodeScanned, lambda event: self._safe(event) and event.text.endswith("7801234567894"))
        bench.scan("96385074")
        assert till.next(BarcodeScanned).text == "96385074"

    def test_feedback_never_waits_nor_raises(self, bench: ScannerBench, device: Scanner) -> None:
        """Not before ``start``, not without a device, not after ``stop``."""
        began = time.monotonic()
        device.feedback(True)
        device.feedback(False)
        assert time.monotonic() - began < AT_ONCE
        device.stop()
        device.feedback(False)

    def test_a_closing_till_is_left_alone(self, ready: Scanner, bench: ScannerBench, till: TillEar) -> None:
        """Once ``emit`` says ``False`` no further code is handed over."""
        till.closing = True
        bench.scan("7801234567894")
        till.next(BarcodeScanned)
        with contextlib.suppress(OSError):  # the driver may have let its line go by now
            bench.scan("96385074")
        ready.stop()
        assert not [event for event in till.taken() if isinstance(event, BarcodeScanned)]

    @staticmethod
    def _safe(event: BarcodeScanned) -> bool:
        assert 0 < len(event.text) <= MAX_CODE
        unsafe = [c for c in event.text if c != GS and unicodedata.category(c) in UNSAFE]
        assert not unsafe
        return True


class CableScannerContract(PlugContract, ScannerContract):
    """A scanner on a cable."""

    def test_half_a_code_is_no_code(self, ready: Scanner, bench: ScannerBench, till: TillEar) -> None:
        """Unplugged and plugged in again, nothing of an earlier code sticks to the next one."""
        bench.scan("7801234567894")
        assert till.next(BarcodeScanned).text == "7801234567894"
        bench.unplug()
        till.until(DeviceState.FAILED)
        bench.plug_in()
        till.until(DeviceState.READY)
        bench.scan("96385074")
        assert till.next(BarcodeScanned).text == "96385074"
