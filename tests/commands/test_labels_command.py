"""``tilltui labels`` as a shopkeeper meets it."""

from __future__ import annotations

import io
import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image as Pillow

from tilltui import cli
from tilltui.domain.goods.product import NewProduct
from tilltui.store.file.lock import TillLock
from tilltui.store.file.store import Store
from tilltui.store.goods import catalogue
from tilltui.store.paper import jobs
from tilltui_drivers.virtual.printers.paper import CutRow
from tilltui_drivers.virtual.printers.printer_device import VirtualPrinterDevice

MARCH, APRIL = 1_772_000_000_000, 1_775_500_000_000
PRODUCTS = {
    MARCH: [
        NewProduct("1", "Leche", 1190, "general", category="Lácteos", codes=("7801234567894",)),
        NewProduct("2", "Queso", 9990, "general", "kg", category="Lácteos", codes=("2112345",)),
        NewProduct("3", "Viejo", 1, "general", category="Lácteos", active=False),
    ],
    APRIL: [NewProduct("4", "Pan", 990, "general", "kg", category="Panadería")],
}


@pytest.fixture
def virtual() -> Iterator[VirtualPrinterDevice]:
    printer = VirtualPrinterDevice()
    yield printer
    printer.close()


@pytest.fixture
def port(virtual: VirtualPrinterDevice) -> int:
    return virtual.serve_tcp()


@pytest.fixture
def config(tmp_path: Path, port: int, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tilltui.store.file.store.check_filesystem", lambda path: None)
    data = tmp_path / "data"
    store = Store.open(data, "1", safe_disk_only=False, ballast_bytes=4096)
    for when, products in PRODUCTS.items():
        store.run(lambda c, rows=products, at=when: catalogue.put(c, rows, at))  # type: ignore[misc]
    store.close()
    path = tmp_path / "till.toml"
    path.write_text(
        f'[shop]\nname = "Rosita"\nlanguage = "en"\n[till]\ndata_dir = {json.dumps(str(data))}\n'
        '[printer.receipt]\ndriver = "escpos"\nhost = "192.0.2.1"\n'
        f'[printer.shelf]\ndriver = "escpos"\nhost = "127.0.0.1"\nport = {port}\nlabels = true\n'
    )
    return path


def labels(config: Path, *args: object) -> int:
    return cli.main(["labels", "--config", str(config), *map(str, args)])


def test_labels_come_out_on_the_printer_for_labels(
    config: Path, virtual: VirtualPrinterDevice, capsys: pytest.CaptureFixture[str]
) -> None:
    assert labels(config, "--category", "lacteos", "--copies", 2) == 0
    assert capsys.readouterr().out == "4 labels\n"
    assert [line.strip() for line in virtual.paper.lines if "/ kg" in line or "$" in line] == [
        *("$1.190", "$1.190", "$9.990 / kg", "$9.990 / kg")
    ]
    assert sum(isinstance(row, CutRow) for row in virtual.paper.rows) == 4
    assert not any("Viejo" in line for line in virtual.paper.lines)


@pytest.mark.parametrize(
    ("args", "names"),
    [
        (("--sku", "2"), ["Queso"]),
        # A product is named by its barcode too, and comes once.
        (("--sku", "7801234567894", "--sku", "1"), ["Leche"]),
        (("--changed-since", "2026-04-01"), ["Pan"]),
        (("--changed-since", "2026-01-01", "--category", "LÁCTEOS"), ["Leche", "Queso"]),
        (("--sku", "4", "--category", "Lácteos"), ["Pan", "Leche", "Queso"]),
        (("--all",), ["Leche", "Queso", "Pan"]),
    ],
)
def test_who_gets_a_label(
    config: Path, args: tuple[str, ...], names: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert labels(config, *args, "--dry-run") == 0
    out = capsys.readouterr().out
    assert re.findall("L e c h e|Q u e s o|P a n", out) == [" ".join(name) for name in names]
    assert out.endswith("1 label\n" if len(names) == 1 else f"{len(names)} labels\n")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ((), "--category or --changed-since"),
        (("--sku", "nosuch\x1b[2J"), "no product nosuch[2J"),
        (("--category", "Frutas"), "No product has the category Frutas"),
        (("--all", "--copies", "0"), "from 1 to 99, got 0"),
        (("--all", "--copies", "100"), "from 1 to 99, got 100"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    config: Path,
    args: tuple[str, ...],
    words: str,
    virtual: VirtualPrinterDevice,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert labels(config, *args) == 1
    assert words in capsys.readouterr().err
    assert virtual.paper.lines == []


def test_nothing_changed_is_no(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert labels(config, "--changed-since", "2030-01-01") == 1
    assert "no labels to print" in capsys.readouterr().out


def test_a_running_till_is_not_disturbed_but_labels_can_be_looked_at(
    config: Path, tmp_path: Path, virtual: VirtualPrinterDevice, capsys: pytest.CaptureFixture[str]
) -> None:
    lock = TillLock(tmp_path / "data")
    lock.acquire("till")
    try:
        assert labels(config, "--all") == 1
        assert "till" in capsys.readouterr().err
        assert labels(config, "--all", "--dry-run") == 0
        assert labels(config, "--sku", "1", "--preview", tmp_path / "seen") == 0
    finally:
        lock.release()
    picture = Pillow.open(io.BytesIO((tmp_path / "seen" / "label-000001.png").read_bytes()))
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == ["7801234567894"]
    assert virtual.paper.lines == []


def test_a_printer_that_is_off_leaves_the_labels_to_the_till(
    config: Path, tmp_path: Path, virtual: VirtualPrinterDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    virtual.close()
    waits = threading.Event()
    said: list[str] = []

    def tell(text: str) -> None:
        said.append(text)
        if "Ctrl+C" in text:
            waits.set()
            raise KeyboardInterrupt

    monkeypatch.setattr("builtins.print", lambda text="", **_: tell(text))
    assert labels(config, "--all") == 1
    assert waits.is_set()
    assert "the till prints it when it is open again" in said[-1]
    store = Store.open(tmp_path / "data", "1", safe_disk_only=False, ballast_bytes=4096)
    try:
        row = jobs.next_job(store.reader, "shelf")
        assert row is not None
        assert (row.kind, row.title, row.state) == ("label", "Leche – Pan", "queued")
    finally:
        store.close()


def test_a_printer_with_wrong_settings_is_said(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config.write_text(config.read_text().replace("labels = true", 'labels = true\nprofile = "nosuch"'))
    assert labels(config, "--all") == 1
    assert "There is no printer profile nosuch" in capsys.readouterr().err
    assert labels(config, "--all", "--preview", config.parent / "x") == 1
    assert "There is no printer profile nosuch" in capsys.readouterr().err
