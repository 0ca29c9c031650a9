"""Runs the measurements and writes ``docs/performance.md``."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence

from tests.proofs.bench.figure import Figure, number, table
from tests.proofs.bench.machine import machine
from tests.proofs.bench.options import Options
from tests.proofs.bench.till import ROOT

MEASUREMENTS = {
    "scan": "scan",
    "start": "start",
    "rest": "resting",
    "devices": "eight_devices",
    "commit": "commit",
    "lookup": "lookup",
    "reports": "reports",
    "drain": "drain",
    "import": "importing",
}
"""Names for ``--only``, and the module that measures each."""

TITLES = {
    "scan": "Scan to paint",
    "start": "Start",
    "rest": "Memory and rest",
    "devices": "Eight devices",
    "commit": "Sale commit",
    "lookup": "Look-up and search",
    "reports": "Reports",
    "drain": "Upload",
    "import": "Import",
}

PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"
"""What stands between these lines of the page is written by ``scripts/bench``."""


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="scripts/bench", description="Measure the till against its budgets.")
    made.add_argument(
        "--only", action="append", choices=MEASUREMENTS, metavar="NAME", help=", ".join(MEASUREMENTS)
    )
    made.add_argument(
        "--quick", action="store_true", help="smaller databases, fewer rounds; the page is not written"
    )
    made.add_argument("--json", action="store_true", help="print the figures as JSON")
    return made


def main(argv: Sequence[str] | None = None) -> int:
    """Measure; 1 when a budget is broken, else 0."""
    arguments = parser().parse_args(argv)
    options = Options(arguments.quick)
    figures: list[Figure] = []
    where = machine()
    for name in arguments.only or MEASUREMENTS:
        for figure in _measurement(MEASUREMENTS[name])(options):
            figures.append(figure)
            _tell(figure)
    if not arguments.quick and not arguments.only:
        write_page(where, figures)
    if arguments.json:
        print(json.dumps({"machine": where, "figures": [figure.data() for figure in figures]}, indent=1))
    broken = [figure.what for figure in figures if figure.verdict == "FAIL"]
    if broken:
        print(
            f"{len(broken)} of {len(figures)} figures break their budget: {'; '.join(broken)}",
            file=sys.stderr,
        )
    return 1 if broken else 0


def _measurement(module: str) -> Callable[[Options], Iterator[Figure]]:
    measure: Callable[[Options], Iterator[Figure]] = importlib.import_module(
        f"tests.proofs.bench.{module}"
    ).measure
    return measure


def _tell(figure: Figure) -> None:
    budget = f" (<= {number(figure.budget)})" if figure.budget is not None else ""
    seen = f"{number(figure.seen)} {figure.unit}{budget}"
    print(f"{figure.verdict or '-':<13}{figure.what}: {seen}; {figure.how}", file=sys.stderr, flush=True)


def write_page(where: str, figures: Sequence[Figure]) -> None:
    """Put the tables between the marks of the page."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n{page(where, figures)}{END}{after}", encoding="utf-8")


def page(where: str, figures: Sequence[Figure]) -> str:
    """The generated part of the page."""
    parts = [f"\nMeasured on {time.strftime('%Y-%m-%d')}: {where}.\n"]
    for name, title in TITLES.items():
        group = [figure for figure in figures if figure.group == name]
        if group:
            parts.append(f"\n### {title}\n\n{table(group)}")
    return "".join(parts) + "\n"
