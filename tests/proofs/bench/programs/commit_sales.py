"""Closes sales one after the other, as the till does: FOLDER COUNT."""

from __future__ import annotations

import gc
import json
import statistics
import sys
import time
from pathlib import Path

from tests.proofs.bench import shopping
from tilltui.store.file.store import Store

WARM = 20


def main() -> None:
    """Print CPU and wall time a sale, and by how much the database grew."""
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    store = Store.open(folder, "1", safe_disk_only=False, ballast_bytes=0)
    closings = list(shopping.closings(WARM + count))
    # As the till does after its start: the collector is not to walk hundreds of sales that no till holds.
    gc.collect()
    gc.freeze()
    for closing in closings[:WARM]:
        store.close_sale(closing, printer="receipt").result()
    pages = "PRAGMA page_count"
    size = next(store.reader.execute(pages))[0]
    walls, used = [], time.process_time()
    for closing in closings[WARM:]:
        started = time.perf_counter()
        store.close_sale(closing, printer="receipt").result()
        walls.append(time.perf_counter() - started)
    used = time.process_time() - used
    grown = (next(store.reader.execute(pages))[0] - size) * 4096
    store.close()
    print(
        json.dumps(
            {
                "cpu_ms": used / max(1, count) * 1000,
                "p50_ms": statistics.median(walls) * 1000 if walls else 0,
                "bytes": grown / max(1, count),
            }
        )
    )


if __name__ == "__main__":
    main()
