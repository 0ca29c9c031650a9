"""Our scanners keep the contract that everybody's must."""

from __future__ import annotations

from tests.support.benches import EvdevBench, SerialBench, TcpBench, UdpBench, VirtualBench
from tests.support.hid_scanner import HidBench
from tilltui_drivers.contract.scanner import CableScannerContract, ScannerContract


class TestSerialScanner(CableScannerContract):
    bench_class = SerialBench


class TestEvdevScanner(CableScannerContract):
    bench_class = EvdevBench


class TestHidPosScanner(CableScannerContract):
    bench_class = HidBench


class TestVirtualScanner(ScannerContract):
    bench_class = VirtualBench


class TestUdpScanner(ScannerContract):
    bench_class = UdpBench


class TestTcpScanner(ScannerContract):
    bench_class = TcpBench
