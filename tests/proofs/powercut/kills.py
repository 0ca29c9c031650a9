"""``scripts/kills``: kill selling tills and print what was left, as a table."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context

from tests.support import store_kills as kills

PART = 100
"""Kills after which it is said how far it is."""


def main() -> int:
    """Kill tills; 1 when anything was lost or doubled."""
    parser = argparse.ArgumentParser(prog="scripts/kills", description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    args = parser.parse_args()
    begun = time.monotonic()
    found: Counter[str] = Counter()
    # Processes: a thread that starts a till has, between fork and exec, the lock of the other thread's till.
    with ProcessPoolExecutor(args.workers, mp_context=get_context("spawn")) as pool:
        parts = [
            pool.submit(kills.run, min(PART, args.count - first), args.seed * 1_000_000 + first)
            for first in range(0, args.count, PART)
        ]
        for part in as_completed(parts):
            found.update(part.result())
            print(f"\r{found['kills']:,} of {args.count:,} kills", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    killed, sales, unsaid = (found.pop(name) for name in ("kills", "sales", "unsaid"))
    print("| kills | sales | committed but not said | lost, doubled or damaged | seconds |")
    print("|---|---|---|---|---|")
    print(f"| {killed:,} | {sales:,} | {unsaid:,} | {found.total():,} | {time.monotonic() - begun:.0f} |")
    for fault, count in found.items():
        print(f"{count} x {fault}", file=sys.stderr)
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
