"""From the command to a usable screen."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.proofs.bench import cache, shopping, till
from tests.proofs.bench.counting import NO_COUNTER, counter
from tests.proofs.bench.figure import Figure
from tests.proofs.bench.options import Options
from tests.proofs.bench.serial_line import SerialLine
from tests.proofs.bench.terminal import Terminal

SPLASH = "Tilltui"
PAGE = "<!doctype html><title>till</title>"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def measure(options: Options) -> Iterator[Figure]:
    """The till, bare Textual and a browser in turn, several rounds."""
    size = 10_000 if options.quick else 100_000
    source = cache.cached(f"products-{size}", lambda store: shopping.fill_catalogue(store, size))
    with TemporaryDirectory() as folder, closing(SerialLine()) as line:
        home = Path(folder)
        ours = till.command(till.settings(home, cache.copied(source, home / "data"), line.path))
        bare = till.program("bare_textual")
        yield from _walls(ours, bare, home, 3 if options.quick else 7)
        yield from _counts(ours, bare, home)


def _walls(ours: list[str], bare: list[str], home: Path, rounds: int) -> Iterator[Figure]:
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    runs: dict[str, Callable[[], float]] = {
        "splash": lambda: _until(ours, home, SPLASH),
        "till": lambda: _until(ours, home, till.READY),
        "bare": lambda: _until(bare, home, till.READY),
    }
    if browser:
        runs["browser"] = lambda: _browser(browser, home)
    for run in runs.values():  # once for the disk's cache and the browser's profile
        run()
    seen: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            seen[name].append(run())
    wall = {name: statistics.median(times) for name, times in seen.items()}
    how = f"median of {rounds} rounds in turn"
    yield Figure("start", "start to the splash", wall["splash"], "ms", None, how)
    yield Figure("start", "start to a usable screen", wall["till"], "ms", None, how)
    yield Figure("start", "bare Textual, start to its screen", wall["bare"], "ms", None, how)
    if browser:
        yield Figure("start", "headless Chromium with an empty page", wall["browser"], "ms", None, how)
        ratio = wall["till"] / wall["browser"]
        yield Figure("start", "start against headless Chromium", ratio, "x", 0.6, "the same rounds")
    else:
        yield Figure("start", "start against headless Chromium", None, "x", 0.6, "Chromium is not installed")


def _counts(ours: list[str], bare: list[str], home: Path) -> Iterator[Figure]:
    how = counter()
    if how is None:
        yield Figure("start", "start to a usable screen", None, "M instructions", 1200, NO_COUNTER)
        return
    for what, argv, budget in (("the till", ours, 1200), ("bare Textual", bare, None)):
        report = home / "count"
        with Terminal(how.from_start(argv, report), till.environment(home)) as terminal:
            terminal.wait_for(till.READY, seconds=30.0 * how.slow)
        count = how.read(report) / 1e6
        yield Figure("start", f"{what}, start to its screen", count, "M instructions", budget, how.name)


def _until(argv: list[str], home: Path, text: str) -> float:
    """Milliseconds from the command to ``text`` on the terminal."""
    with Terminal(argv, till.environment(home)) as terminal:
        return (terminal.wait_for(text, seconds=60) - terminal.started) * 1000


def _browser(program: str, home: Path) -> float:
    """Milliseconds until a headless browser has drawn an empty page and ended."""
    page = home / "page.html"
    page.write_text(PAGE, encoding="ascii")
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    argv = [program, "--headless", *root, "--disable-gpu", "--no-first-run"]
    argv += [f"--user-data-dir={home / 'profile'}", f"--screenshot={home / 'page.png'}", page.as_uri()]
    started = time.monotonic()
    subprocess.run(argv, capture_output=True, check=True, timeout=120)
    return (time.monotonic() - started) * 1000
