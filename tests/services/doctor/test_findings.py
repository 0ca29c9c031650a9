from __future__ import annotations

import io
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from tests.support.benches import UdpBench
from tests.support.paper_benches import NetworkPrinterBench
from tests.support.sysfs_tree import FakeMachine
from tilltui import plugins
from tilltui.config.load import driver_settings, read
from tilltui.config.problems import Problems
from tilltui.config.schema import Config, DeviceSection, Shop
from tilltui.domain.paper.elements import PDF417, QR, Barcode, Cut, Text
from tilltui.errors import DeviceBlocked, DeviceOffline
from tilltui.services.doctor import findings
from tilltui.services.doctor.advice import advise
from tilltui.services.doctor.findings import Answer
from tilltui.services.paper.trial_page import STAMP, page
from tilltui.store.file.lock import TillLock
from tilltui_drivers.discovery.listing import look
from tilltui_drivers.printers.escpos import EscposPrinter
from tilltui_drivers.virtual.printers.paper import Interpreter
from tilltui_drivers.virtual.printers.picture import png
from tilltui_drivers.virtual.printers.printer_device import Faults


@pytest.fixture
def machine(tmp_path: Path) -> FakeMachine:
    return FakeMachine(tmp_path)


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[NetworkPrinterBench]:
    bench = NetworkPrinterBench(tmp_path)
    yield bench
    bench.close()


def config(*devices: DeviceSection) -> Config:
    return Config(shop=Shop(name="X"), devices=devices)


def network_printer(port: int, **more: object) -> DeviceSection:
    return DeviceSection("printer", "receipt", "escpos", {"host": "127.0.0.1", "port": port, **more})


def test_asking_a_printer_prints_nothing(printer: NetworkPrinterBench) -> None:
    printer.plug_in()
    for _ in range(2):
        findings.ask_printer(printer.driver())
    assert printer.virtual is not None
    assert printer.virtual.connections == 2
    assert printer.printed() == []
    assert printer.virtual.paper.commands.count("text") == 0
    assert printer.kicks() == 0


def test_a_printer_without_paper_says_so(printer: NetworkPrinterBench) -> None:
    printer.plug_in()
    assert printer.virtual is not None
    printer.virtual.set_paper(out=True)
    with pytest.raises(DeviceBlocked, match="paper"):
        findings.ask_printer(printer.driver())


def test_every_device_is_checked_at_once_and_told(printer: NetworkPrinterBench, tmp_path: Path) -> None:
    printer.plug_in()
    sections = (
        network_printer(printer.port),
        DeviceSection("scanner", "front", "serial", {"port": str(tmp_path / "none")}),
        DeviceSection("scanner", "phone", "network", {"port": UdpBench(tmp_path).port}),
        DeviceSection("drawer", "main", "printer", {"printer": "receipt"}),
        DeviceSection("scanner", "typo", "serail", {}),
        DeviceSection("scanner", "wrong", "serial", {"prot": "x"}),
        DeviceSection("terminal", "card", "manual", {}),
    )
    told: list[str] = []
    checked = findings.check(
        config(*sections),
        str(tmp_path / "till.toml"),
        asking=True,
        done=lambda c: told.append(c.section.name),
    )
    assert [one.section for one in checked] == list(sections)
    assert sorted(told) == sorted(section.name for section in sections)
    answers = {one.section.name: one.answer for one in checked}
    assert answers == {
        "receipt": Answer.WELL,
        "front": Answer.TROUBLE,
        "phone": Answer.WELL,
        "main": Answer.NOT_ASKED,
        "typo": Answer.TROUBLE,
        "wrong": Answer.TROUBLE,
        "card": Answer.NOT_ASKED,
    }
    words = {one.section.name: str(one.error) for one in checked if one.error}
    assert str(tmp_path / "none") in words["front"]
    assert "serail" in words["typo"]
    assert "prot" in words["wrong"]
    assert all(one.error.hint for one in checked if one.error)


def test_while_the_till_runs_nothing_is_opened(printer: NetworkPrinterBench) -> None:
    printer.plug_in()
    [checked] = findings.check(config(network_printer(printer.port)), "till.toml", asking=False)
    assert checked.answer is Answer.NOT_ASKED
    assert printer.virtual is not None
    assert printer.virtual.connections == 0


def test_a_mute_device_is_given_up_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings, "PROBE_SECONDS", 0.2)
    bench = NetworkPrinterBench(tmp_path)
    bench._faults = Faults(mute=True)
    bench.plug_in()
    section = network_printer(bench.port, fence="pid", status_timeout=30.0, fence_timeout=30.0)
    [checked] = findings.check(config(section), "till.toml", asking=True)
    assert checked.answer is Answer.TROUBLE
    assert isinstance(checked.error, DeviceOffline)
    assert "within 0.2 seconds" in str(checked.error)
    bench.close()


def test_a_drivers_own_question_comes_first() -> None:
    class Terminal:
        def probe(self) -> None:
            raise DeviceOffline("asked")

        def mark(self) -> str:
            raise AssertionError

    ask = findings.question("terminal", Terminal())
    assert ask is not None
    with pytest.raises(DeviceOffline, match="asked"):
        ask()
    assert findings.question("terminal", object()) is None
    assert findings.question("drawer", object()) is None


def test_a_driver_that_breaks_is_said_in_words(
    monkeypatch: pytest.MonkeyPatch, printer: NetworkPrinterBench
) -> None:
    monkeypatch.setattr(EscposPrinter, "deliver", lambda *_a, **_k: 1 / 0)
    [checked] = findings.check(config(network_printer(printer.port)), "till.toml", asking=True)
    assert "ZeroDivisionError" in str(checked.error)


def test_the_tills_lock_is_held_and_respected(tmp_path: Path) -> None:
    with findings.alone(tmp_path / "nothing") as holder:
        assert holder == ""
    assert not (tmp_path / "nothing").exists()
    with findings.alone(tmp_path) as holder:
        assert holder == ""
    assert not (tmp_path / "till.lock").exists()  # nothing is made that another user could not use
    till = TillLock(tmp_path).acquire("till")
    with findings.alone(tmp_path) as holder:
        assert holder.startswith("till, process")
    till.release()
    with findings.alone(tmp_path) as holder:
        assert holder == ""
        with findings.alone(tmp_path) as second:
            assert second.startswith("doctor, process")


@pytest.fixture
def full(machine: FakeMachine) -> FakeMachine:
    machine.tty("ttyACM0", machine.usb("1-1", "0c2e", "0caa", serial="A"), by_id="usb-Honeywell")
    machine.tty("ttyUSB0", machine.usb("1-2", "1a86", "7523"), by_id='usb-"odd"\\name')
    machine.printer("lp0", machine.usb("1-3", "04b8", "0e15"), "MFG:EPSON;CMD:ESC/POS;MDL:TM-T20II;")
    machine.printer("lp1", machine.usb("1-4", "0a5f", "0001"), "MFG:Zebra;CMD:ZPL;MDL:GK420;")
    machine.printer("lp2", machine.usb("1-5", "dead", "beef"), "MFG:Some;MDL:Thing;")
    machine.keys("event3", "Scanner", machine.usb("1-6", "05e0", "1200"), by_id="usb-Symbol-event-kbd")
    machine.keys("event4", "Keyboard", machine.usb("1-7", "04d9", "1702"))
    machine.tty("ttyS0", kind="4")
    return machine


def test_advice_is_what_the_till_takes(
    full: FakeMachine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = look(full.roots)
    advice = advise(found, {}, None)
    assert [Path(one.path).name for one in advice] == [
        "usb-Honeywell", 'usb-"odd"\\name', "lp0", "lp2", "usb-Symbol-event-kbd",
    ]  # fmt: skip
    assert [one.sure for one in advice] == [True, False, True, False, True]
    lines = "\n".join(line.removeprefix("#") for one in advice for line in one.lines)
    file = tmp_path / "till.toml"
    file.write_text(f'[shop]\nname = "X"\n{lines}\n', "utf-8")
    reading = read(file)
    assert reading.config is not None
    assert not list(reading.problems)
    problems = Problems(str(file))
    for section in reading.config.devices:
        settings = driver_settings(section, plugins.load(section.kind, section.driver).Settings, problems)
        assert settings is not None, [str(p.error) for p in problems]
    assert tomllib.loads(lines)["printer"]["receipt"]["profile"] == "TM-T20II"


def test_what_is_set_up_needs_no_advice_and_names_are_not_used_twice(full: FakeMachine) -> None:
    found = look(full.roots)
    # Named by its device file, not by its stable name: it is the same device.
    scanner = DeviceSection("scanner", "front", "serial", {"port": str(full.roots.dev / "ttyACM0")})
    settings = config(scanner)
    used = findings.configured(found, settings)
    assert list(used.values()) == [scanner]
    advice = advise(found, used, settings)
    assert "usb-Honeywell" not in json.dumps([one.lines for one in advice])
    headings = [one.lines[0].removeprefix("#") for one in advice]
    assert headings == ["[scanner.front2]", "[printer.receipt]", "[printer.receipt2]", "[scanner.front3]"]


@pytest.mark.parametrize("profile", ["generic-80", "generic-58"])
def test_the_test_page_shows_everything_and_can_be_printed(
    profile: str, printer: NetworkPrinterBench
) -> None:
    printer.plug_in()
    driver = EscposPrinter(
        "bench", EscposPrinter.Settings(host="127.0.0.1", port=printer.port, profile=profile)
    )
    elements = page(driver)
    assert {Barcode, QR, PDF417, Cut} <= {type(element) for element in elements}
    ruler = next(e.left for e in elements if isinstance(e, Text) and e.left.startswith("1234567890"))
    assert len(ruler) == driver.columns
    assert (
        len([e for e in elements if isinstance(e, Text) and e.left[2:3] == " " and e.left[1:2] == "0"]) == 8
    )
    paper = Interpreter(driver.profile.dots, kanji=driver.profile.kanji)
    assert paper.feed(b"\x1b\x40" + driver.preamble(talks=False) + driver.render(elements)) == b""
    assert paper.paper.unknown == []
    table = {line[:2]: line[3:] for line in paper.paper.lines if re.fullmatch("[8-9A-F]0 .+", line)}
    for first in range(0x80, 0x100, 0x10):
        letters = bytes(range(first, first + 0x10)).decode("cp858")
        assert table[f"{first:02X}"] == "".join(c if c.isprintable() else " " for c in letters).rstrip()
    picture = Image.open(io.BytesIO(png(paper.paper, driver.profile.dots)))
    seen: dict[str, bytes] = {}
    for top in range(0, picture.height, 100):  # one after the other, as a person points a scanner
        part = picture.crop((0, top, picture.width, top + 400))
        seen.update((str(code.format), code.bytes) for code in zxingcpp.read_barcodes(part))
    assert seen == {
        "EAN-13": b"7801234567894",
        "EAN-8": b"96385074",
        "Code 128": b"1-000042",
        "QR Code": b"https://example.com/receipt/42",
        "PDF417": STAMP.encode("latin-1"),
    }
