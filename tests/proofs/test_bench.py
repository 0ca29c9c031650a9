"""The benchmark itself: its table, verdicts and page, and the figures that hold on any machine."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.proofs.bench import cache, runner, shopping, till
from tests.proofs.bench.counting import counter
from tests.proofs.bench.figure import Figure, number, table
from tests.proofs.bench.serial_line import SerialLine
from tests.proofs.bench.terminal import Terminal
from tilltui.store.file.engine import open_reader
from tilltui.store.file.store import DATABASE
from tilltui.store.goods import catalogue

ROOT = Path(__file__).resolve().parents[2]

GOOD = Figure("scan", "a scan", 3.0, "ms", 5.0, "by hand")
BAD = Figure("scan", "a slow scan", 7.0, "ms", 5.0, "by hand")
TOLD = Figure("start", "start", 400.0, "ms", None, "median")
UNSEEN = Figure("start", "instructions", None, "M instructions", 1200.0, "no counter")


def test_a_figure_knows_its_budget() -> None:
    assert [f.verdict for f in (GOOD, BAD, TOLD, UNSEEN)] == ["pass", "FAIL", "", "not measured"]
    edge = Figure("scan", "edge", 5.0, "ms", 5.0)
    assert edge.verdict == "pass"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.01234, "0.0123"), (3.456, "3.46"), (999.4, "999"), (1234.5, "1234"), (0, "0"), (None, "-")],
)
def test_numbers_have_three_digits_that_count(value: float | None, text: str) -> None:
    assert number(value) == text


def test_the_table_is_markdown_with_a_row_a_figure() -> None:
    rows = table([GOOD, BAD, TOLD, UNSEEN]).splitlines()
    assert len(rows) == 2 + 4
    assert {row.count("|") for row in rows} == {6}
    assert rows[2] == "| a scan | 3 ms | <= 5 ms | pass | by hand |"
    assert rows[5] == "| instructions | - | <= 1200 M instructions | not measured | no counter |"


@pytest.mark.parametrize(("figures", "code"), [([GOOD, TOLD, UNSEEN], 0), ([GOOD, BAD], 1)])
def test_a_broken_budget_ends_with_1(
    figures: list[Figure],
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = tmp_path / "performance.md"
    page.write_text(f"before\n{runner.BEGIN}\nold\n{runner.END}\nafter\n", encoding="utf-8")
    monkeypatch.setattr(runner, "PAGE", page)
    monkeypatch.setattr(runner, "MEASUREMENTS", {"scan": "scan"})
    monkeypatch.setattr(runner, "_measurement", lambda module: lambda options: iter(figures))
    assert runner.main(["--json"]) == code
    said = capsys.readouterr()
    told = json.loads(said.out)
    assert [figure["verdict"] for figure in told["figures"]] == [figure.verdict for figure in figures]
    assert ("a slow scan" in said.err.splitlines()[-1]) == (code == 1)
    text = page.read_text(encoding="utf-8")
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "old" not in text
    assert "### Scan to paint" in text


def test_a_part_of_the_measurements_leaves_the_page_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = tmp_path / "performance.md"
    page.write_text("as it was", encoding="utf-8")
    monkeypatch.setattr(runner, "PAGE", page)
    monkeypatch.setattr(runner, "_measurement", lambda module: lambda options: iter([GOOD]))
    assert runner.main(["--only", "scan"]) == 0
    assert runner.main(["--quick"]) == 0
    assert page.read_text(encoding="utf-8") == "as it was"


def test_the_page_names_every_measurement_and_no_machine() -> None:
    text = runner.PAGE.read_text(encoding="utf-8")
    generated = text.partition(runner.BEGIN)[2].partition(runner.END)[0]
    assert "Measured on 20" in generated
    for title in runner.TITLES.values():
        assert f"### {title}" in generated
    assert set(runner.TITLES) == set(runner.MEASUREMENTS)
    assert not re.search(r"/(?:home|root|tmp|work|Users)/", generated)


def test_the_command_refuses_an_unknown_measurement() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/bench", "--only", "speed"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 2
    assert "lookup" in done.stderr


# The harness itself, on a small shop


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return cache.cached("small", lambda store: shopping.fill_catalogue(store, 300))


def test_what_is_cached_is_made_once(small: Path) -> None:
    def again(store: object) -> None:
        raise AssertionError("made twice")

    assert cache.cached("small", again) == small
    reader = open_reader(small / DATABASE)
    assert catalogue.count(reader) == 300
    product = catalogue.by_code(reader, shopping.code(7))
    reader.close()
    assert product is not None
    assert product.name == shopping.product(7).name


def test_sales_of_the_benchmark_hold_against_the_rules() -> None:
    made = list(shopping.closings(3))
    assert [len(closing.checked().basket.lines) for closing in made] == [10, 10, 10]
    assert all(len(closing.settlement.payments) == 2 for closing in made)


@pytest.fixture
def line() -> Iterator[SerialLine]:
    line = SerialLine()
    yield line
    line.close()


def test_a_scan_on_a_serial_line_is_painted_in_few_bytes(
    small: Path, tmp_path: Path, line: SerialLine
) -> None:
    config = till.settings(tmp_path, cache.copied(small, tmp_path / "data"), line.path)
    with till.open_terminal(till.command(config), tmp_path) as terminal:
        sizes = []
        for number_ in range(6):
            before = len(terminal.output)
            line.scan(shopping.code(number_))
            terminal.wait_for(shopping.product(number_).name.split()[0], since=before, seconds=30)
            terminal.settle(0.3)
            sizes.append(len(terminal.output) - before)
        screen = terminal.screen()
    for number_ in range(6):
        assert sum(shopping.product(number_).name in row for row in screen) == 1
    # Twice the budget, so that only a repaint of the whole basket or screen fails here.
    assert sorted(sizes)[3] <= 1024


def test_a_program_that_ends_is_said_with_its_words(tmp_path: Path) -> None:
    argv = [sys.executable, "-c", "print('no such till')"]
    with (
        Terminal(argv, till.environment(tmp_path)) as terminal,
        pytest.raises(EOFError, match="no such till"),
    ):
        terminal.wait_for("F12", seconds=30)


def test_instructions_are_counted(tmp_path: Path) -> None:
    how = counter()
    if how is None:
        assert not (shutil.which("valgrind") and shutil.which("callgrind_control"))
        return
    report = tmp_path / "count"
    counts = []
    for rounds in (0, 200_000):
        argv = [sys.executable, "-S", "-c", f"for _ in range({rounds}): pass"]
        subprocess.run(how.from_start(argv, report), check=True, capture_output=True, timeout=120)
        counts.append(how.read(report))
    assert 1_000_000 < counts[1] - counts[0] < 100_000_000
    report.write_text("nothing", encoding="ascii")
    with pytest.raises(ValueError, match="count of instructions"):
        how.read(report)
