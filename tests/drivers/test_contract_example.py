"""The driver on docs/drivers.md is a driver: it loads by its entry point and keeps the contract."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest

from tilltui import plugins
from tilltui.config.load import driver_settings, read
from tilltui.config.problems import Problems

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "drivers.md").read_text("utf-8")


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The page's files in a folder."""
    driver, bench, tests = re.findall(r"^```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    (tmp_path / "relay_drawer.py").write_text(driver, "utf-8")
    (tmp_path / "relay_bench.py").write_text(bench, "utf-8")
    (tmp_path / "test_relay.py").write_text(tests, "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def pytest_in(folder: Path, *arguments: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tilltui_drivers.pytest_plugin", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'drivers'}:{folder}"},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def test_it_keeps_the_contract_by_the_command_on_the_page(example: Path) -> None:
    command = re.search(r"^pytest -p tilltui_drivers.pytest_plugin (.+)$", PAGE, re.MULTILINE)
    assert command
    assert "5 passed" in pytest_in(example, *command[1].split())


def test_it_keeps_the_contract_by_a_test_file(example: Path) -> None:
    assert "5 passed" in pytest_in(example, "test_relay.py")


def test_it_loads_by_its_entry_point_with_the_settings_on_the_page(
    example: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry, section = re.findall(r"^```text\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    name, value = re.findall(r'^(\w+) = "(.+)"$', entry, re.MULTILINE)[0]
    points = EntryPoints([EntryPoint(name, value, "tilltui.drawer")])
    monkeypatch.setattr("importlib.metadata.entry_points", lambda **which: points.select(**which))
    (example / "till.toml").write_text(f'[shop]\nname = "X"\n{section}', "utf-8")
    reading = read(example / "till.toml")
    assert reading.config is not None
    [drawer] = reading.config.of_kind("drawer")
    plugin = plugins.load("drawer", drawer.driver)
    problems = Problems("till.toml")
    settings = driver_settings(drawer, plugin.Settings, problems)
    assert not list(problems)
    assert plugin(drawer.name, settings).name == "main"


def test_it_is_short(example: Path) -> None:
    lines = (example / "relay_drawer.py").read_text("utf-8").splitlines()
    assert len([line for line in lines if line.strip()]) <= 30
