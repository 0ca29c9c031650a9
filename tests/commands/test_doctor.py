from __future__ import annotations

import json
import os
import select
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.benches import SerialBench, UdpBench
from tests.support.paper_benches import NetworkPrinterBench
from tests.support.sysfs_tree import FakeMachine
from tilltui import plugins
from tilltui.cli import main
from tilltui.store.file.lock import TillLock
from tilltui_drivers.discovery.listing import look

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeMachine:
    """The command sees this machine instead of the one it runs on."""
    machine = FakeMachine(tmp_path / "machine")
    real = plugins.tool
    monkeypatch.setattr(
        plugins, "tool", lambda name: (lambda: look(machine.roots)) if name == "discovery" else real(name)
    )
    return machine


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Writes the settings and runs the command; gives exit code and output."""

    def run(devices: str, *arguments: str) -> tuple[int, str]:
        file = tmp_path / "till.toml"
        head = f'[shop]\nname = "X"\nlanguage = "en"\n[till]\ndata_dir = "{tmp_path / "data"}"\n'
        file.write_text(head + devices, "utf-8")
        code = main(["doctor", "--config", str(file), *arguments])
        captured = capsys.readouterr()
        return code, captured.out + captured.err

    return run


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[NetworkPrinterBench]:
    bench = NetworkPrinterBench(tmp_path)
    bench.plug_in()
    yield bench
    bench.close()


def sections(port: int) -> str:
    return (
        f'[printer.receipt]\ndriver = "escpos"\nhost = "127.0.0.1"\nport = {port}\n'
        '[drawer.main]\ndriver = "printer"\nprinter = "receipt"\n'
    )


def test_all_is_well(machine: FakeMachine, printer: NetworkPrinterBench, run: Run) -> None:
    code, words = run(sections(printer.port))
    assert code == 0, words
    assert "Nothing is plugged in" in words
    assert "[printer.receipt] escpos: well" in words
    assert "[drawer.main] printer: not asked" in words


def test_trouble_is_said_with_what_to_do_and_what_to_add(
    machine: FakeMachine, run: Run, tmp_path: Path
) -> None:
    machine.tty(
        "ttyACM0", machine.usb("1-1", "0c2e", "1", product="Evil\x1b[2J", serial="A"), by_id="usb-Scanner"
    )
    code, words = run('[scanner.front]\ndriver = "serial"\nport = "/dev/serial/by-id/usb-Gone"\n')
    assert code == 1
    assert "[scanner.front] serial: TROUBLE" in words
    assert "Check its cable, and its section in till.toml." in words
    assert "Evil[2J (perhaps Honeywell or Metrologic scanner)" in words
    assert "[scanner.front2]" in words
    assert f'port = "{machine.roots.dev}/serial/by-id/usb-Scanner"' in words
    assert not (tmp_path / "data").exists()


def test_json_says_the_same(machine: FakeMachine, printer: NetworkPrinterBench, run: Run) -> None:
    machine.printer("lp0", machine.usb("1-1", "04b8", "0e15"), "MFG:EPSON;CMD:ESC/POS;MDL:TM-T20II;")
    code, words = run(sections(printer.port) + '[uploder.x]\ndriver = "folder"\n', "--json")
    said = json.loads(words)
    assert code == 1
    assert [device["answer"] for device in said["devices"]] == ["well", "not_asked"]
    assert said["problems"][0]["hint"]
    assert said["plugged_in"][0]["name"] == "EPSON TM-T20II"
    assert said["advice"][0]["lines"][0] == "[printer.receipt2]"


def test_a_running_till_keeps_its_devices(
    machine: FakeMachine, printer: NetworkPrinterBench, run: Run, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    till = TillLock(tmp_path / "data").acquire("till")
    code, words = run(sections(printer.port))
    assert code == 0
    assert "The till is running (till, process" in words
    code, words = run(sections(printer.port), "printer")
    assert code == 1
    assert "Close the till first." in words
    till.release()
    assert printer.virtual is not None
    assert printer.virtual.connections == 0


def test_the_test_page_and_the_drawer(printer: NetworkPrinterBench, run: Run) -> None:
    code, words = run(sections(printer.port), "printer", "receipt")
    assert code == 0, words
    assert "confirmed by the printer" in words
    assert any("EscposPrinter" in line for line in printer.printed())
    assert printer.kicks() == 0  # nobody said yes
    code, words = run(sections(printer.port), "drawer", "--yes", "--json")
    assert code == 0
    assert '"good": true' in words
    assert printer.virtual is not None
    assert printer.virtual.wait_for(lambda virtual: virtual.paper.kicks == [2])


def test_a_drawer_is_not_fired_unasked(printer: NetworkPrinterBench, run: Run) -> None:
    assert run(sections(printer.port), "drawer")[0] == 1
    assert printer.kicks() == 0


def test_scan_anything(tmp_path: Path, run: Run) -> None:
    bench = UdpBench(tmp_path)
    stop = threading.Event()

    def scan() -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
            while not stop.wait(0.1):
                for code in (b"]E07801234567894", b"]C101078012345678991000\x1d10LOT7", b"]E07801234567890"):
                    line.sendto(code, ("127.0.0.1", bench.port))
                stop.wait(10)

    scanner = threading.Thread(target=scan, name="somebody-scanning")
    scanner.start()
    section = f'[scanner.phone]\ndriver = "network"\nport = {bench.port}\n'
    code, words = run(section, "scanner", "--seconds", "1.5")
    stop.set()
    scanner.join()
    assert code == 0, words
    assert "Ready. Scan anything now" in words
    assert "Read: 7801234567894 (13 characters, kind ]E0)" in words
    assert "Taken as ean13, looked up as" in words
    assert "The till refuses it:" in words
    assert "<GS>10LOT7" in words


def test_nothing_scanned_is_a_no(tmp_path: Path, run: Run) -> None:
    bench = SerialBench(tmp_path)
    bench.plug_in()
    section = f'[scanner.front]\ndriver = "serial"\nport = "{tmp_path}/scanner"\n'
    code, words = run(section, "scanner", "front", "--seconds", "0.3")
    bench.close()
    assert code == 1
    assert "Nothing was scanned." in words


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("scale",), "Which scale?"),
        (("printer", "kitchen"), "There are: receipt."),
    ],
)
def test_a_device_that_is_not_there(run: Run, arguments: tuple[str, ...], words: str) -> None:
    code, said = run(sections(9), *arguments)
    assert code == 1
    assert words in said


def test_without_settings_it_still_lists(
    machine: FakeMachine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tilltui.commands.doctor.find", lambda _config: None)
    machine.tty("ttyACM0", machine.usb("1-1", "0c2e", "1", serial="A"), by_id="usb-Scanner")
    assert main(["doctor"]) == 0
    words = capsys.readouterr().out
    assert "[scanner.front]" in words
    assert "tilltui init" in words
    assert main(["doctor", "scanner"]) == 1


def test_the_count_of_devices_is_shown_on_a_terminal(tmp_path: Path) -> None:
    file = tmp_path / "till.toml"
    file.write_text('[shop]\nname = "X"\nlanguage = "en"\n[terminal.card]\ndriver = "manual"\n', "utf-8")
    master, slave = os.openpty()
    ran = subprocess.Popen(
        [sys.executable, "-m", "tilltui", "doctor", "--config", str(file)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'drivers'}"},
        stdout=subprocess.DEVNULL,
        stderr=slave,
    )
    os.close(slave)
    assert select.select([master], [], [], 60)[0]
    assert b"1 of 1 devices asked" in os.read(master, 1000)
    assert ran.wait(60) == 0
    os.close(master)
