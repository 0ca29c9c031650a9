"""Random and half-right bytes for everything that reads what comes from outside."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence

from tests.proofs.fuzz.documents import DOCUMENTS
from tests.proofs.fuzz.streams import STREAMS
from tests.proofs.fuzz.target import run

TARGETS = {target.name: target for target in (*STREAMS, *DOCUMENTS)}
"""By the name for ``--only``."""


def main(argv: Sequence[str] | None = None) -> int:
    """Feed them; 1 if an error left one, one grew, or one gave something else for other pieces."""
    parser = argparse.ArgumentParser(prog="scripts/fuzz", description=__doc__)
    parser.add_argument("--bytes", type=int, default=1_000_000, help="for each reader (default: 1000000)")
    parser.add_argument("--seed", type=int, default=0, help="another number, other bytes (default: 0)")
    parser.add_argument("--only", action="append", choices=TARGETS, metavar="NAME", help=", ".join(TARGETS))
    options = parser.parse_args(argv)
    names = options.only or TARGETS
    logging.disable(logging.CRITICAL)
    try:
        failures = sum([_fares(name, options.bytes, options.seed) for name in names])
    finally:
        logging.disable(logging.NOTSET)
    print(f"{len(names)} readers, {failures} failed")
    return 1 if failures else 0


def _fares(name: str, count: int, seed: int) -> bool:
    """Feed one and say how it fared; whether it failed."""
    seen = run(TARGETS[name], count, seed)
    verdict = "FAIL" if seen.failure else "pass"
    print(
        f"{verdict}  {name:<18}{seen.eaten:>9} bytes, {seen.results:>7} results,"
        f" {seen.refused:>6} refused, {seen.growth / 1024:>6.1f} KiB more, {seen.seconds:5.1f} s"
        f"  {seen.failure}",
        flush=True,
    )
    return bool(seen.failure)


if __name__ == "__main__":
    sys.exit(main())
