"""``scripts/kills``: kill selling tills and print what was left, as a table."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from tests.support import store_kills as kills


def main() -> int:
    """Kill tills; 1 when anything was lost or doubled."""
    parser = argparse.ArgumentParser(prog="scripts/kills", description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    args = parser.parse_args()
    begun = time.monotonic()
    share = -(-args.count // args.workers)
    found: Counter[str] = Counter()
    with ThreadPoolExecutor(args.workers) as pool:
        for part in pool.map(lambda at: kills.run(share, args.seed * 1000 + at), range(args.workers)):
            found.update(part)
    killed, sales, unsaid = (found.pop(name) for name in ("kills", "sales", "unsaid"))
    print("| kills | sales | committed but not said | lost, doubled or damaged | seconds |")
    print("|---|---|---|---|---|")
    print(f"| {killed:,} | {sales:,} | {unsaid:,} | {found.total():,} | {time.monotonic() - begun:.0f} |")
    for fault, count in found.items():
        print(f"{count} x {fault}", file=sys.stderr)
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
