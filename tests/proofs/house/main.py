"""Figures of the house: how large its objects, folders and files are, and which walls have holes."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.proofs.house.judge import MEASURES, judged
from tests.proofs.house.report import as_json, as_text
from tests.proofs.house.source import Tree

ROOT = Path(__file__).resolve().parents[3]


def main(argv: Sequence[str] | None = None) -> int:
    """Print the figures; 1 with ``--check`` if one is beyond its limit."""
    parser = argparse.ArgumentParser(prog="scripts/house", description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail if a figure is beyond its limit")
    parser.add_argument("--json", action="store_true", help="every figure and place, for a program")
    parser.add_argument("--all", action="store_true", help="every place, not the worst alone")
    parser.add_argument("--only", action="append", choices=MEASURES, metavar="KEY", help=", ".join(MEASURES))
    parser.add_argument("--root", type=Path, default=ROOT, help="folder of the sources (default: these)")
    options = parser.parse_args(argv)
    figures = judged(Tree(options.root), options.only)
    print(as_json(figures) if options.json else as_text(figures, everything=options.all))
    broken = [figure for figure in figures if figure.verdict == "BROKEN"]
    return 1 if options.check and broken else 0


if __name__ == "__main__":
    sys.exit(main())
