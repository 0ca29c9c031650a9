"""Benches of our printers, drawers and card terminals."""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar
from unittest import mock

from tilltui.services.doctor.trials import OwnSocket
from tilltui_drivers.contract.bench import DrawerBench, PrinterBench, TerminalBench
from tilltui_drivers.contract.printer import PrinterContract
from tilltui_drivers.drawers.printer import PrinterDrawer
from tilltui_drivers.printers.escpos import EscposPrinter
from tilltui_drivers.terminals.stx import Times
from tilltui_drivers.terminals.transbank.transbank import Transbank, TransbankSettings
from tilltui_drivers.terminals.zvt.link import ZvtTimes
from tilltui_drivers.terminals.zvt.zvt import Zvt, ZvtSettings
from tilltui_drivers.virtual.printers.printer import VirtualPrinter
from tilltui_drivers.virtual.printers.printer_device import Faults, VirtualPrinterDevice
from tilltui_drivers.virtual.terminals.bank import Fault
from tilltui_drivers.virtual.terminals.transbank_device import VirtualTransbank
from tilltui_drivers.virtual.terminals.zvt_device import VirtualZvt


class NetworkPrinterBench(PrinterBench):
    """An ESC/POS printer on TCP: unplugged, its port refuses."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.port = free_port()
        self.virtual: VirtualPrinterDevice | None = None
        self._faults = Faults()
        self._lines: list[str] = []
        self._kicks = 0

    def driver(self) -> EscposPrinter:
        return EscposPrinter(self.name, EscposPrinter.Settings(host="127.0.0.1", port=self.port))

    def plug_in(self) -> None:
        self.unplug()
        self.virtual = VirtualPrinterDevice(self._faults)
        self._faults = Faults()
        self.virtual.serve_tcp(port=self.port)

    def unplug(self) -> None:
        if self.virtual is not None:
            self.virtual.close()
            self._lines += self.virtual.paper.lines
            self._kicks += len(self.virtual.paper.kicks)
            self.virtual = None

    def close(self) -> None:
        self.unplug()

    def printed(self) -> list[str]:
        return self._lines + (list(self.virtual.paper.lines) if self.virtual is not None else [])

    def kicks(self) -> int:
        return self._kicks + (len(self.virtual.paper.kicks) if self.virtual is not None else 0)

    def cut_cable_after(self, count: int) -> None:
        self._faults = Faults(cut_after=count)
        self.plug_in()


class VirtualPrinterBench(PrinterBench):
    """A folder of receipts; unplugged, a file stands in its place."""

    contract = PrinterContract

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._paper = folder / "paper"
        self._paper.write_text("in the way")

    def driver(self) -> VirtualPrinter:
        return VirtualPrinter(self.name, VirtualPrinter.Settings(folder=str(self._paper), pictures=False))

    def plug_in(self) -> None:
        if self._paper.is_file():
            self._paper.unlink()

    def unplug(self) -> None:
        self._paper.rename(self.folder / "old")
        self._paper.write_text("in the way")

    def printed(self) -> list[str]:
        files = sorted(self.folder.glob("*/bench-*.txt"))
        return [line for file in files for line in file.read_text("utf-8").splitlines()]

    def kicks(self) -> int:
        log = self._paper / "drawer.log"
        return len(log.read_text("utf-8").splitlines()) if log.exists() else 0

    def cut_cable_after(self, count: int) -> None:
        raise NotImplementedError("it has no cable, and its contract does not ask for one")


class PrinterDrawerBench(DrawerBench):
    """A drawer behind a printer on the network."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._printer = NetworkPrinterBench(folder)

    def driver(self) -> PrinterDrawer:
        drawer = PrinterDrawer(self.name, PrinterDrawer.Settings(printer="receipt"))
        drawer.attach(OwnSocket(self._printer.driver()))
        return drawer

    def plug_in(self) -> None:
        self._printer.plug_in()

    def unplug(self) -> None:
        self._printer.unplug()

    def close(self) -> None:
        self._printer.close()

    def opened(self) -> int:
        return self._printer.kicks()


class _VirtualTerminalBench(TerminalBench):
    """What both terminals' benches share."""

    virtual_class: ClassVar[Any]

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.virtual: Any = None

    def plug_in(self) -> None:
        self.virtual = self.virtual_class()

    def unplug(self) -> None:
        self.virtual.close()
        self.virtual = None

    def close(self) -> None:
        if self.virtual is not None:
            self.unplug()

    def charged(self, ticket: str) -> list[int]:
        return _kept(entry.amount for entry in self.virtual.ledger.entries if entry.ticket == ticket)

    def decline(self) -> None:
        self.virtual.fault = Fault.DECLINE

    def die_after_charging(self) -> None:
        self.virtual.fault = Fault.DIES_AFTER

    def well_again(self) -> None:
        self.virtual.fault = Fault.NONE


class TransbankBench(_VirtualTerminalBench):
    """A terminal behind a link to a pseudo terminal."""

    virtual_class = VirtualTransbank

    def driver(self) -> Transbank:
        times = Times(write=0.5, ack=0.3, gap=0.1, answer=1.0, most=3.0)
        return Transbank(self.name, TransbankSettings(str(self.folder / "terminal")), times=times)

    def plug_in(self) -> None:
        super().plug_in()
        (self.folder / "terminal").symlink_to(self.virtual.path)
        assert stat.S_ISCHR(os.stat(self.folder / "terminal").st_mode)

    def unplug(self) -> None:
        (self.folder / "terminal").unlink()
        super().unplug()


class ZvtBench(_VirtualTerminalBench):
    """A terminal on TCP that keeps its port, and no tickets."""

    virtual_class = VirtualZvt

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.port = free_port()

    def driver(self) -> Zvt:
        times = ZvtTimes(connect=0.5, ack=0.3, answer=1.0, most=3.0)
        return Zvt(self.name, ZvtSettings("127.0.0.1", self.port), times=times)

    def plug_in(self) -> None:
        server = socket.create_server(("127.0.0.1", self.port))
        with mock.patch.object(socket, "create_server", return_value=server):
            super().plug_in()

    def charged(self, ticket: str) -> list[int]:
        return _kept(entry.amount for entry in self.virtual.ledger.entries)


def _kept(amounts: Iterable[int]) -> list[int]:
    """Charges that were not given back."""
    kept: list[int] = []
    for amount in amounts:
        if amount > 0:
            kept.append(amount)
        else:
            kept.remove(-amount)
    return kept


def free_port() -> int:
    """A TCP port on which nobody listens."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
