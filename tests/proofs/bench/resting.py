"""Memory and processor of a till that waits for a customer, and memory after it has printed."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.proofs.bench import cache, process, shopping, till
from tests.proofs.bench.figure import Figure
from tests.proofs.bench.options import Options
from tests.proofs.bench.serial_line import SerialLine
from tests.proofs.bench.terminal import Terminal
from tilltui.store.file.engine import open_reader
from tilltui.store.file.store import DATABASE

ENTER = b"\r"


def measure(options: Options) -> Iterator[Figure]:
    """The demo till and one with a scanner and an ESC/POS printer."""
    with TemporaryDirectory() as folder:
        yield from _demo(Path(folder), options)
    with TemporaryDirectory() as folder, closing(SerialLine()) as line:
        yield from _shop(Path(folder), line)


def _demo(home: Path, options: Options) -> Iterator[Figure]:
    """The demo shop: virtual scanner, printer and drawer, upload into a folder."""
    with till.open_terminal(till.command(), home) as terminal:
        terminal.listen(2)
        seen = process.memory(terminal.pid)
        yield Figure("rest", "memory of the demo till, RSS", seen.rss, "MiB", 48, "smaps_rollup, one process")
        yield Figure(
            "rest", "memory of the demo till, PSS", seen.pss, "MiB", None, "smaps_rollup, one process"
        )
        seconds = 5 if options.quick else 10
        terminal.listen(_to_next_minute(seconds))
        before = process.cpu_seconds(terminal.pid)
        written = terminal.listen(seconds)
        used = (process.cpu_seconds(terminal.pid) - before) / seconds * 1000
        how = f"{seconds} s without a customer"
        yield Figure("rest", "idle processor time a second", used, "ms", 2, f"schedstat, all threads, {how}")
        yield Figure("rest", "idle, to the terminal", written, "bytes", 0, how)
        database = next(home.rglob(DATABASE))
        scanner = database.parent / "scanner"
        with scanner.open("wb", buffering=0) as pipe:
            pipe.write(_a_code(database).encode() + b"\r")
        _sell(terminal, database)
        seen = process.memory(terminal.pid)
        yield Figure(
            "rest",
            "the same after a printed sale, RSS",
            seen.rss,
            "MiB",
            None,
            "the virtual device draws a picture",
        )


def _shop(home: Path, line: SerialLine) -> Iterator[Figure]:
    """Serial scanner, ESC/POS printer into a file, 10,000 products."""
    source = cache.cached("products-10000", lambda store: shopping.fill_catalogue(store, 10_000))
    data = cache.copied(source, home / "data")
    extra = till.PRINTER.format(path=home / "paper")
    with till.open_terminal(till.command(till.settings(home, data, line.path, extra)), home) as terminal:
        terminal.listen(1)
        seen = process.memory(terminal.pid)
        yield Figure(
            "rest", "memory of a shop's till, RSS", seen.rss, "MiB", 48, "serial scanner, ESC/POS printer"
        )
        line.scan(shopping.code(7))
        _sell(terminal, data / DATABASE)
        seen = process.memory(terminal.pid)
        size = os.path.getsize(home / "paper")
        how = f"{size} bytes of ESC/POS printed"
        yield Figure("rest", "the same after a printed sale, RSS", seen.rss, "MiB", 48, how)


def _to_next_minute(seconds: float) -> float:
    """How long to wait so that the clock's own repaint, once a minute, does not fall into the measurement."""
    left = 60 - time.time() % 60
    return left + 1 if left < seconds + 2 else 0


def _a_code(database: Path) -> str:
    with closing(open_reader(database)) as connection:
        query = """SELECT b.code FROM barcode b JOIN product p ON p.id = b.product_id
         WHERE p.unit = 'u' AND p.price > 0"""
        return str(next(connection.execute(query))[0])


def _sell(terminal: Terminal, database: Path) -> None:
    """Take exact cash for what was scanned, and wait until the receipt is printed."""
    terminal.settle(0.3)
    terminal.key(ENTER)
    terminal.listen(0.5)  # an Enter within 300 ms of a scan is the scanner's own
    terminal.key(ENTER)
    terminal.listen(0.5)
    terminal.key(ENTER)
    with closing(open_reader(database)) as connection:
        for _ in range(100):
            terminal.listen(0.1)
            row = next(connection.execute("SELECT state FROM print_job"), None)
            if row is not None and row[0] in ("confirmed", "sent_unconfirmed"):
                terminal.listen(0.5)
                return
    raise TimeoutError(f"No receipt was printed: {row}, {terminal.screen()}")
