"""The demo shop in a pipe: one sale from scan to paper and head office, said line by line."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.program import environment
from tests.support.shop import ROOT, TestShop, durable_folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return durable_folder(tmp_path)


def start(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the program without a terminal, as ``tilltui | cat`` does."""
    return subprocess.run(
        [sys.executable, "-m", "tilltui", *arguments],
        env=environment(home), cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip


def fields(output: str) -> list[str]:
    """Paths that the output names."""
    return re.findall(r"(/\S+)", output)


def test_the_demo_sells_prints_and_says_where_everything_is(home: Path) -> None:
    for number in (1, 2):
        done = start(home)
        assert done.returncode == 0, done.stdout + done.stderr
        assert done.stderr == ""
        packed = done.stdout.replace(" ", "")
        # Large letters are spaced out.
        assert "AlmacénRosita" in packed
        assert "TOTAL" in packed
        assert f"1-{number:06d}" in done.stdout
        assert "\x1b" not in done.stdout
        paths = [Path(text) for text in fields(done.stdout)]
        assert len(paths) == 3
        assert all(path.exists() and home in path.parents for path in paths), paths
        office = next(path for path in paths if path.name == "head-office")
        sent = [json.loads(file.read_text()) for file in sorted(office.rglob("*.json"))]
        assert [record["body"]["number"] for record in sent if record["kind"] == "sale"] == [
            f"1-{n:06d}" for n in range(1, number + 1)
        ]
        receipts = next(path for path in paths if path.name == "receipts")
        assert len([file for file in receipts.rglob("*") if file.is_file()]) >= number


def test_a_real_shop_does_not_sell_by_itself(tmp_path: Path) -> None:
    shop = TestShop.make(tmp_path, scanner=False, office=False)
    try:
        done = start(shop.folder / "home", "--config", str(shop.write()))
    finally:
        shop.close()
    assert done.returncode == 1
    assert done.stdout == ""
    assert "terminal" in done.stderr


def test_every_command_says_what_it_does(home: Path) -> None:
    shown = start(home, "--help")
    assert shown.returncode == 0
    for name in re.findall(r"^ {4}(\w+) ", shown.stdout, re.MULTILINE):
        told = start(home, name, "--help")
        assert told.returncode == 0, told.stderr
        assert name in told.stdout
