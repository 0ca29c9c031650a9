"""Reads and closes a shift over years of sales: FOLDER."""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path

from tests.proofs.bench import shopping
from tilltui.domain.clock import now_ms
from tilltui.store.books import totals
from tilltui.store.file.store import Store


def main() -> None:
    """Print the time of an X, of a Z with everything that belongs to it, and of opening the database."""
    started = time.perf_counter()
    store = Store.open(Path(sys.argv[1]), "1", safe_disk_only=False, ballast_bytes=0)
    opened = time.perf_counter() - started
    times = []
    for _ in range(50):
        started = time.perf_counter()
        report = totals.x_report(store.reader, now_ms(), (1, "Ana"), day=shopping.DAY, offset_min=-180)
        times.append(time.perf_counter() - started)
    started = time.perf_counter()
    store.run(lambda c: totals.close_shift(c, now_ms(), (1, "Ana"), day=shopping.DAY, offset_min=-180))
    closed = time.perf_counter() - started
    store.close()
    print(
        json.dumps(
            {
                "x_ms": statistics.median(times) * 1000,
                "z_ms": closed * 1000,
                "open_ms": opened * 1000,
                "rows": len(report.totals),
            }
        )
    )


if __name__ == "__main__":
    main()
