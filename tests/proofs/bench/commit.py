"""The durable transaction of a sale: ten lines, two payments, journal record, totals and print job."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.proofs.bench import cache, history
from tests.proofs.bench.children import child
from tests.proofs.bench.figure import Figure
from tests.proofs.bench.options import Options
from tilltui.store.file.store import Store

ROUNDS = 9
"""As often as the look-ups: a shared processor's clock was seen to halve from one round to the next."""


def _nothing(store: Store) -> None:
    """Leave a new database as it is."""


def measure(options: Options) -> Iterator[Figure]:
    """Sales into a new database and into one with years of them."""
    count = 200 if options.quick else 500
    empty = cache.cached("empty", _nothing)
    years, lines = history.folder(options), history.lines(options)
    with TemporaryDirectory(dir=years.parent) as folder:
        home = Path(folder)
        small, large = cache.copied(empty, home / "small"), cache.copied(years, home / "large")
        # In turn, and the best of each: other work on the machine only ever adds.
        few, many = [], []
        for _ in range(ROUNDS):
            few.append(child("commit_sales", small, count))
            many.append(child("commit_sales", large, count))
        cpu, big = (min(run["cpu_ms"] for run in runs) for runs in (few, many))
        how = f"process_time of {count} sales, best of {ROUNDS} in turn"
        yield Figure("commit", "sale commit, CPU", cpu, "ms", 0.5, how)
        yield Figure(
            "commit", "sale commit, wall p50", min(r["p50_ms"] for r in few), "ms", None, "this disk"
        )
        yield Figure("commit", f"sale commit, CPU, {lines:,} lines kept", big, "ms", None, how)
        slower = max(0.0, (big / cpu - 1) * 100)
        yield Figure("commit", f"slower with {lines:,} lines kept", slower, "%", 15, "the two above")
        yield Figure("commit", "database growth a sale", few[-1]["bytes"], "bytes", None, "page_count")
        yield from _syncs(home / "small", count, home)


def _syncs(folder: Path, count: int, home: Path) -> Iterator[Figure]:
    """Syncs that sales alone make: a run with them less a run without."""
    if not shutil.which("strace"):
        yield Figure("commit", "fdatasync a sale", None, "calls", 1.1, "strace is not installed")
        return
    calls = []
    for sales in (0, count):
        report = home / "strace"
        strace = ("strace", "-f", "-qq", "-o", str(report), "-e", "trace=fsync,fdatasync")
        child("commit_sales", folder, sales, before=strace)
        calls.append(len(re.findall(r"\bf(?:data)?sync\(", report.read_text(encoding="utf-8"))))
    how = f"strace of {count} sales, checkpoints included"
    yield Figure("commit", "fdatasync a sale", (calls[1] - calls[0]) / count, "calls", 1.1, how)
