"""Random days of a receipt printer, several at a time, and a table of how their jobs ended."""

from __future__ import annotations

import argparse
import logging
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from tests.support.printer_schedules import Schedule


def main() -> int:
    """Run the schedules; 1 if a job was lost, doubled or ended as it should not have."""
    parser = argparse.ArgumentParser(prog="scripts/printer-faults", description=__doc__)
    parser.add_argument("--count", type=int, default=1000, help="how many days (default: 1000)")
    parser.add_argument("--first", type=int, default=0, help="number of the first day")
    parser.add_argument("--at-once", type=int, default=4, help="days at the same time (default: 4)")
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    begun, total, wrong = time.monotonic(), Counter[str](), 0

    def live(seed: int) -> tuple[Schedule, Counter[str]]:
        schedule = Schedule(seed)
        return schedule, schedule.run()

    with ThreadPoolExecutor(options.at_once) as pool:
        for schedule, ends in pool.map(live, range(options.first, options.first + options.count)):
            total += ends
            if schedule.wrong:
                wrong += 1
                kinds = ", ".join(one.kind for one in schedule.rounds)
                print(f"day {schedule.seed} ({schedule.profile}; {kinds}): {schedule.wrong}", flush=True)
    for name, count in sorted(total.items()):
        print(f"{count:6}  {name}")
    seconds = time.monotonic() - begun
    print(f"{options.count} days, {sum(total.values())} jobs, {wrong} days wrong, {seconds:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
