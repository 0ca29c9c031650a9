"""Our printers, drawers and card terminals keep the contract that everybody's must."""

from __future__ import annotations

from tests.support.drawer_benches import GpioBench, SerialDrawerBench
from tests.support.paper_benches import (
    NetworkPrinterBench,
    PrinterDrawerBench,
    TransbankBench,
    VirtualPrinterBench,
    ZvtBench,
)
from tilltui_drivers.contract.drawer import DrawerContract, SwitchedDrawerContract
from tilltui_drivers.contract.printer import CablePrinterContract, PrinterContract
from tilltui_drivers.contract.terminal import TerminalContract


class TestEscposPrinter(CablePrinterContract):
    bench_class = NetworkPrinterBench


class TestVirtualPrinter(PrinterContract):
    bench_class = VirtualPrinterBench


class TestPrinterDrawer(DrawerContract):
    bench_class = PrinterDrawerBench


class TestSerialDrawer(SwitchedDrawerContract):
    bench_class = SerialDrawerBench


class TestGpioDrawer(SwitchedDrawerContract):
    bench_class = GpioBench


class TestTransbank(TerminalContract):
    bench_class = TransbankBench


class TestZvt(TerminalContract):
    bench_class = ZvtBench
