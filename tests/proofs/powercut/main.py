"""``scripts/powercut``: cut the power of a recorded day at the till and print what was left, as a table."""

from __future__ import annotations

import argparse
import sys
import time

from tests.support import powercut


def main() -> int:
    """Run every mode; 1 when a sale was lost, or when the harness did not see the controls lose any."""
    parser = argparse.ArgumentParser(prog="scripts/powercut", description=__doc__)
    parser.add_argument("--states", type=int, default=10_000, help="cuts of the till's own settings")
    parser.add_argument("--control-states", type=int, default=500, help="cuts of each other setting")
    parser.add_argument("--sales", type=int, default=200, help="sales in the recorded day")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    args = parser.parse_args()
    print("| settings | cuts | whole | sales lost | most lost at once | damaged | seconds |")
    print("|---|---|---|---|---|---|---|", flush=True)
    failed = False
    for mode in powercut.MODES:
        states = args.states if mode is powercut.MODES[0] else args.control_states
        begun = time.monotonic()
        found = powercut.run(mode, states, sales=args.sales, seed=args.seed, workers=args.workers)
        took = time.monotonic() - begun
        damaged = sum(count for verdict, count in found.items() if verdict.startswith("corrupt"))
        print(
            f"| {mode.name} | {states:,} | {found['ok']:,} | {found['lost']:,} | {found['most lost']} "
            f"| {damaged:,} | {took:.0f} |",
            flush=True,
        )
        failed |= (found["ok"] != states) if mode.safe else not found["lost"]
        for verdict, count in found.items():
            if mode.safe and verdict.startswith("corrupt"):
                print(f"{count} x {verdict}", file=sys.stderr)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
