"""The contract as anyone runs it, and that a bad driver does not pass."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tilltui_drivers.contract.bench import Bench
from tilltui_drivers.contract.choose import CONTRACTS, bench_at, contract_for
from tilltui_drivers.contract.printer import PrinterContract

ROOT = Path(__file__).resolve().parents[2]

BAD = """
import threading, time
from dataclasses import dataclass
from tilltui.ports import BarcodeScanned, DeviceChanged, DeviceState, Scanner
from tilltui_drivers.contract.bench import ScannerBench
from tilltui_drivers.contract.scanner import ScannerContract

class BadScanner(Scanner):
    @dataclass(frozen=True)
    class Settings:
        pass

    def __init__(self, name, settings):
        self.name = name

    def start(self, emit):
        print("here I am")
        self.emit = emit
        threading.Thread(target=lambda: emit(DeviceChanged("scanner", self.name, DeviceState.READY))).start()
        time.sleep(0.6)

    def stop(self, timeout=2.0):
        raise RuntimeError("not started")

class BadBench(ScannerBench):
    contract = ScannerContract

    def driver(self):
        self.made = BadScanner(self.name, BadScanner.Settings())
        return self.made

    def plug_in(self):
        pass

    def unplug(self):
        pass

    def scan(self, text):
        self.made.emit(BarcodeScanned(text.lower() + chr(27), self.name))

    def noise(self):
        pass
"""


def contract(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tilltui_drivers.pytest_plugin", *arguments]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'drivers'}:{folder}"}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=180, check=False
    )


def test_a_good_bench_passes(tmp_path: Path) -> None:
    ran = contract(tmp_path, "--driver", "tests.support.paper_benches:PrinterDrawerBench")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "5 passed" in ran.stdout


def test_a_bad_driver_does_not(tmp_path: Path) -> None:
    (tmp_path / "bad_driver.py").write_text(BAD, "utf-8")
    broken = ("it_gets_ready", "stop_before", "named_daemons", "writes_nothing", "a_code_arrives")
    ran = contract(tmp_path, "--driver", "bad_driver:BadBench", "-k", " or ".join(broken))
    assert ran.returncode == 1, ran.stdout + ran.stderr
    failed = [line for line in ran.stdout.splitlines() if line.startswith("FAILED")]
    assert [name for name in broken if not any(name in line for line in failed)] == []


@pytest.mark.parametrize(
    "target", ["nothing", "no.such:Bench", "os:path", "tilltui_drivers.contract.bench:None"]
)
def test_what_is_no_bench_is_said(tmp_path: Path, target: str) -> None:
    with pytest.raises(ValueError, match=r"Bench|module:Class"):
        bench_at(target)


def test_wrong_usage_is_said_in_one_line(tmp_path: Path) -> None:
    ran = contract(tmp_path, "--driver", "no.such:Bench")
    assert ran.returncode == 4
    assert "expected module:Class" in ran.stderr


def test_each_kind_has_its_contract_and_a_bench_may_narrow_it() -> None:
    assert set(CONTRACTS) == {"scanner", "printer", "drawer", "scale", "display", "terminal"}
    kind = type("Narrow", (Bench,), {"kind": "printer", "contract": PrinterContract})
    assert contract_for(kind).__mro__[1] is PrinterContract
    assert contract_for(kind).__name__ == "TestNarrow"
    with pytest.raises(ValueError, match="expected one of scanner, printer"):
        contract_for(type("None_", (Bench,), {}))
