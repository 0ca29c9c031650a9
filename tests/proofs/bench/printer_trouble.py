"""Scans to paint while the receipt printer is in trouble: each of its bad days, with a receipt under way.

A scan is painted when its row's name has been written. Unlike the scans of a till at rest it is not timed to
the last byte: what a printer's worker says meanwhile may be written behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from tests.proofs.bench import cache, shopping, till
from tests.proofs.bench.figure import Figure
from tests.proofs.bench.options import Options
from tests.proofs.bench.serial_line import SerialLine
from tests.proofs.bench.terminal import Terminal
from tilltui.store.file.engine import Connection, open_reader
from tilltui.store.file.store import DATABASE
from tilltui_drivers.virtual.printers.printer_device import Faults, VirtualPrinterDevice

PRINTER = """
[printer.receipt]
driver = "escpos"
transport = "network"
host = "127.0.0.1"
port = {port}
profile = "TM-T20II"
stall_timeout = 1.5
fence_timeout = 1.5
"""

F10 = b"\x1b[21~"
QUIET = 0.02
"""Seconds without a byte before the next scan."""


class Printer:
    """A printer at one port that gets into each trouble and out of it."""

    def __init__(self) -> None:
        self.virtual = VirtualPrinterDevice()
        self.port = self.virtual.serve_tcp()

    def troubles(self) -> dict[str, Callable[[], object]]:
        """What begins each trouble, by its name; each is begun just before a receipt comes."""
        return {
            "well": lambda: None,
            "paper out before": lambda: self.virtual.set_paper(out=True),
            "paper out in mid-job": lambda: self._faults(bytes_per_second=600),
            "cover": lambda: self.virtual.set_cover(is_open=True),
            "cutter": lambda: self.virtual.set_knife(jammed=True),
            "near end": lambda: self.virtual.set_paper(low=True),
            "cable": lambda: self._faults(cut_after=len(self.virtual.received) + 300),
            "power": lambda: self._faults(bytes_per_second=600),
            "mute": lambda: self._faults(mute=True),
            "slow": lambda: self._faults(bytes_per_second=1000),
            "garbage": lambda: self._faults(garbage=True),
            "closes": lambda: self._faults(close_after=len(self.virtual.received) + 300),
            "deaf": lambda: self._faults(deaf=True),
        }

    def later(self, trouble: str) -> None:
        """What happens while the receipt is under way."""
        if trouble == "paper out in mid-job":
            self.virtual.set_paper(out=True)
        elif trouble == "power":
            self.virtual.power_off()

    def mend(self) -> None:
        """Put everything right, as a person at the printer does."""
        self.virtual.close()
        self.virtual = VirtualPrinterDevice()
        self.virtual.serve_tcp(port=self.port)

    def close(self) -> None:
        """Switch it off."""
        self.virtual.close()

    def _faults(self, **faults: int) -> None:
        self.virtual.faults = Faults(**faults)  # type: ignore[arg-type]


def measure(options: Options) -> Iterator[Figure]:
    """Scans over each trouble in turn; none of them may be lost."""
    each = 10 if options.quick else 40
    source = cache.cached("products-10000", lambda store: shopping.fill_catalogue(store, 10_000))
    with TemporaryDirectory() as folder, closing(SerialLine()) as line, closing(Printer()) as printer:
        home = Path(folder)
        data = cache.copied(source, home / "data")
        config = till.settings(home, data, line.path, PRINTER.format(port=printer.port))
        with (
            till.open_terminal(till.command(config), home) as terminal,
            closing(open_reader(data / DATABASE)) as kept,
        ):
            seen = [ms for batch in _rounds(terminal, line, printer, kept, each) for ms in batch]
            ends = dict(kept.execute("SELECT state, count(*) FROM print_job GROUP BY state"))
        with till.open_terminal(till.program("raw_till", str(data / DATABASE), line.path, "1"), home) as raw:
            control = [_scan(raw, line, number) for number in range(len(seen))]
    how = (
        f"{len(seen)} scans, {len(printer.troubles())} days, less the raw control's; receipts: {_said(ends)}"
    )
    for name, share, budget in (("p50", 0.5, 5), ("p99", 0.99, 16.7)):
        what = f"scan to paint with a printer in trouble, {name}"
        yield Figure("scan", what, _share(seen, share) - _share(control, share), "ms", budget, how)


def _rounds(
    terminal: Terminal, line: SerialLine, printer: Printer, kept: Connection, each: int
) -> Iterator[list[float]]:
    """Milliseconds of the scans of each trouble; at the end everything that was scanned is sold."""
    number = 0
    for sales, (trouble, begin) in enumerate(printer.troubles().items(), 1):
        _scan(terminal, line, number)
        number += 1
        begin()
        _sell(terminal, kept, sales)
        batch = []
        for at in range(each):
            if at == each // 4:
                printer.later(trouble)
            batch.append(_scan(terminal, line, number))
            number += 1
        yield batch
        printer.mend()
        _wait(
            terminal,
            kept,
            "SELECT count(*) FROM print_job WHERE state IN ('queued', 'blocked', 'sending')",
            0,
        )
    _sell(terminal, kept, sales + 1)
    (sold,) = next(kept.execute("SELECT sum(quantity) / 1000 FROM sale_line"))
    if sold != number:
        raise ValueError(f"{number} were scanned and {sold} sold: {terminal.screen()}")


def _scan(terminal: Terminal, line: SerialLine, number: int) -> float:
    before, started = len(terminal.output), monotonic()
    line.scan(shopping.code(number))
    painted = terminal.wait_for(shopping.product(number).name.split()[0], since=before, seconds=10)
    terminal.settle(QUIET)
    return (painted - started) * 1000


def _sell(terminal: Terminal, kept: Connection, sales: int) -> None:
    """Take exact cash for what was scanned, and wait until the sale is on disk, not for its receipt."""
    terminal.settle(0.3)
    for _ in range(2):
        terminal.key(F10)
        terminal.listen(0.3)
    _wait(terminal, kept, "SELECT count(*) FROM sale", sales)


def _wait(terminal: Terminal, kept: Connection, query: str, count: int) -> None:
    """Wait until a query counts so many, for longer than a printer's worker ever pauses."""
    deadline = monotonic() + 60
    while next(kept.execute(query))[0] != count:
        if monotonic() > deadline:
            raise TimeoutError(f"{query} is not {count}: {terminal.screen()}")
        terminal.listen(0.05)


def _said(ends: dict[str, int]) -> str:
    return ", ".join(f"{count} {state}" for state, count in sorted(ends.items()))


def _share(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]
