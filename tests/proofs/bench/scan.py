"""From a scan on a serial line to the row and the total on the terminal.

The till is the real one: serial scanner, lookup among 100,000 products, the basket saved behind. A scan is
painted when its row's name has been written and the terminal has been still for a while; the time is that of
the last byte, so a total painted a frame later counts.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from tests.proofs.bench import cache, printer_trouble, shopping, till
from tests.proofs.bench.counting import NO_COUNTER, Counter, counter
from tests.proofs.bench.figure import Figure
from tests.proofs.bench.options import Options
from tests.proofs.bench.serial_line import SerialLine
from tests.proofs.bench.terminal import Terminal
from tilltui.domain.clock import now_ms
from tilltui.store.file.store import DATABASE, Store
from tilltui.store.selling import baskets

LINES = (1, 50, 300)
QUIET = 0.05
"""Seconds without a byte after which a scan is painted: three frames of Textual."""
WARM, COUNTED = 3, 7
"""Scans before and in the count of instructions; together less than half a page, so that none is turned."""

Command = Callable[[Path, str, int], list[str]]
"""Makes a command line of a data folder, a port and how many lines the basket begins with."""


@dataclass(frozen=True, slots=True)
class Painted:
    """One scan: milliseconds to the last byte, and how many bytes."""

    ms: float
    bytes: int


def real(folder: Path, port: str, lines: int) -> list[str]:
    """The till itself; the basket is one that was open when it stopped."""
    data = folder / "data"
    store = Store.open(data, "1", safe_disk_only=False, ballast_bytes=0)
    try:
        made = shopping.basket(0, lines)
        store.run(lambda c: baskets.save(c, 1, made, made.lines, operator_id=1, now_ms=now_ms()))
    finally:
        store.close()
    return till.command(till.settings(folder, data, port))


def other(name: str) -> Command:
    """A program to compare with."""
    return lambda folder, port, lines: till.program(name, str(folder / "data" / DATABASE), port, str(lines))


@contextmanager
def running(
    make: Command, lines: int, how: Counter | None = None
) -> Iterator[tuple[Terminal, SerialLine, Path]]:
    """A program with a basket in hand, still, its message dismissed; and where its count will be."""
    source = cache.cached("products-100000", lambda store: shopping.fill_catalogue(store, 100_000))
    with TemporaryDirectory() as folder:
        home = Path(folder)
        cache.copied(source, home / "data")
        line = SerialLine()
        report = home / "count"
        argv = make(home, line.path, lines)
        argv = how.in_part(argv, report) if how else argv
        slow = how.slow if how else 1
        terminal = till.open_terminal(argv, home, slow=slow)
        try:
            terminal.key(b"\x1b")  # the warning that the basket was left open
            terminal.settle(0.3 if slow == 1 else 3)
            yield terminal, line, report
        finally:
            terminal.close()
            line.close()


def scan(terminal: Terminal, line: SerialLine, number: int, *, slow: int = 1) -> Painted:
    """Scan one product and wait until it is painted."""
    before, started = len(terminal.output), monotonic()
    line.scan(shopping.code(number))
    # The first word alone: an unchanged cell in the middle of a name may be skipped.
    terminal.wait_for(shopping.product(number).name.split()[0], since=before, seconds=10.0 * slow)
    last = terminal.settle(QUIET * (10 if slow > 1 else 1))
    return Painted((last - started) * 1000, len(terminal.output) - before)


def timed(make: Command, lines: int, scans: int) -> list[Painted]:
    """Scans after a warm-up, each painted before the next."""
    with running(make, lines) as (terminal, line, _):
        seen = [scan(terminal, line, 1000 + number) for number in range(WARM + scans)]
        if make is real:
            last = shopping.product(1000 + WARM + scans - 1)
            if not any(last.name in row for row in terminal.screen()):
                raise ValueError(f"The last row is not on the screen: {last.name}, {terminal.screen()}")
    return seen[WARM:]


def instructions(make: Command, lines: int) -> float | None:
    """Millions of instructions a scan, all threads together."""
    how = counter()
    if how is None:
        return None
    with running(make, lines, how) as (terminal, line, report):
        for number in range(WARM):
            scan(terminal, line, 1000 + number, slow=how.slow)
        with how.counting(terminal.pid, report):
            for number in range(WARM, WARM + COUNTED):
                scan(terminal, line, 1000 + number, slow=how.slow)
        terminal.close()
        return how.read(report) / COUNTED / 1e6


def measure(options: Options) -> Iterator[Figure]:
    """Scans at 1, 50 and 300 lines, with a printer in trouble, beside a DataTable and bare Python."""
    scans = 20 if options.quick else 60
    control = {lines: timed(other("raw_till"), lines, scans) for lines in LINES}
    ours = {lines: timed(real, lines, scans) for lines in LINES}
    for lines in LINES:
        yield from _walls(lines, ours[lines], control[lines])
    yield from printer_trouble.measure(options)
    yield from _counts(options)
    rival = timed(other("datatable_till"), 50, max(10, scans // 3))
    ms, size = _median(rival)
    yield Figure("scan", "DataTable at 50 lines, p50", ms, "ms", None, "same harness, same run")
    yield Figure("scan", "DataTable at 50 lines", size, "bytes", None, "median")


def _walls(lines: int, ours: Sequence[Painted], control: Sequence[Painted]) -> Iterator[Figure]:
    floor, size = _median(control)
    ms, plain = _median(ours)
    worst = _percentile([p.ms for p in ours]) - _percentile([p.ms for p in control])
    how = f"{len(ours)} scans less the raw control's {floor:.2f} ms"
    yield Figure("scan", f"scan to paint, p50, {lines} lines", ms - floor, "ms", 5, how)
    yield Figure("scan", f"scan to paint, p99, {lines} lines", worst, "ms", 16.7, how)
    yield Figure(
        "scan", f"to the terminal a scan, {lines} lines", plain, "bytes", 512, f"median; raw {size:.0f}"
    )
    page = max(p.bytes for p in ours)
    yield Figure("scan", f"to the terminal when the page turns, {lines} lines", page, "bytes", 4096, "most")


def _counts(options: Options) -> Iterator[Figure]:
    sizes = LINES[:2] if options.quick else LINES
    seen = {lines: instructions(real, lines) for lines in sizes}
    how = counter()
    said = f"{how.name}, all threads, mean of {COUNTED} scans, no page turned" if how else NO_COUNTER
    for lines, count in seen.items():
        yield Figure("scan", f"a scan, {lines} lines", count, "M instructions", 6, said)
    counts = [count for count in seen.values() if count is not None]
    spread = (max(counts) / min(counts) - 1) * 100 if counts else None
    yield Figure(
        "scan", f"a scan, 1 to {sizes[-1]} lines", spread, "%", 10, "most instructions against fewest"
    )
    if not options.quick:
        rival, floor = instructions(other("datatable_till"), 50), instructions(other("raw_till"), 50)
        yield Figure("scan", "DataTable at 50 lines", rival, "M instructions", None, said)
        yield Figure("scan", "bare Python at 50 lines", floor, "M instructions", None, said)


def _median(seen: Sequence[Painted]) -> tuple[float, float]:
    return statistics.median(p.ms for p in seen), statistics.median(p.bytes for p in seen)


def _percentile(values: Sequence[float], share: float = 0.99) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]
