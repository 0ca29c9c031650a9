from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilltui import paths
from tilltui.config.load import Reading, find, load, read
from tilltui.config.problems import ConfigInvalid, Severity
from tilltui.config.schema import DeviceSection, Till
from tilltui.errors import ConfigError

SHOP = '[shop]\nname = "Almacén Rosita"\n'

FULL = """
[shop]
name = "Almacén Rosita"
address = \"\"\"
Av. Matta 1234
Santiago\"\"\"
tax_id = "76.192.083-9"
country = "CL"
language = "es"
footer = "¡Gracias!"

[till]
id = "caja-2"
data_dir = "/var/lib/tilltui"
theme = "16"
lock_minutes = 5

[barcodes]
templates = ["20IIIIIPPPPPC"]

[cash]
notes = [1000, 2000]

[keys]
search = "f5"
drawer = "ctrl+d"

[taxes]
general = [
    {name = "IVA 19%", code = "IVA", rate = "19%", from = 2003-10-01},
    {name = "IVA 18%", code = "IVA", rate = "18%", from = "1990-01-01"},
]
exempt = [{name = "Exento", rate = "0%", from = "1990-01-01"}]

[scanner.front]
driver = "serial"
port = "/dev/serial/by-id/usb-Honeywell"
baudrate = 9600

[printer.receipt]
driver = "escpos"
transport = "network"

[drawer.main]
driver = "printer"
printer = "receipt"

[uploader.head_office]
driver = "folder"
"""


def reading(tmp_path: Path, text: str | bytes) -> Reading:
    file = tmp_path / "till.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read(file)


def said(result: Reading) -> list[tuple[str, str, str]]:
    return [(p.severity.value, p.key, str(p.error)) for p in result.problems]


def test_a_full_file(tmp_path: Path) -> None:
    result = reading(tmp_path, FULL)
    assert said(result) == []
    config = result.config
    assert config is not None
    assert config.shop.name == "Almacén Rosita"
    assert config.shop.address == "Av. Matta 1234\nSantiago"
    assert config.till == Till(id="caja-2", data_dir="/var/lib/tilltui", theme="16", lock_minutes=5)
    assert config.barcodes.templates == ("20IIIIIPPPPPC",)
    assert config.cash.notes == (1000, 2000)
    assert dict(config.keys) == {"search": "f5", "drawer": "ctrl+d"}
    assert [(r.rate, r.since) for r in config.taxes["general"]] == [
        (Fraction(18, 100), date(1990, 1, 1)),
        (Fraction(19, 100), date(2003, 10, 1)),
    ]
    assert [device.key for device in config.devices] == [
        "scanner.front",
        "printer.receipt",
        "drawer.main",
        "uploader.head_office",
    ]
    [scanner] = config.of_kind("scanner")
    assert scanner == DeviceSection(
        "scanner", "front", "serial", {"port": "/dev/serial/by-id/usb-Honeywell", "baudrate": 9600}
    )


def test_the_least_file(tmp_path: Path) -> None:
    config = reading(tmp_path, SHOP).config
    assert config is not None
    assert config.till == Till()
    assert (config.devices, config.fiscal.driver, dict(config.taxes)) == ((), "none", {})


def test_a_windows_editor_may_have_written_it(tmp_path: Path) -> None:
    result = reading(tmp_path, b"\xef\xbb\xbf" + SHOP.replace("\n", "\r\n").encode())
    assert result.config is not None
    assert result.config.shop.name == "Almacén Rosita"


@pytest.mark.parametrize(
    ("text", "key", "message"),
    [
        ("", "shop.name", "shop.name is missing."),
        ('[shop]\nname = " "\n', "shop.name", "shop.name is empty."),
        ("shop = 1\n", "shop", "shop must be a section: [shop]."),
        (SHOP + 'tax_id = "76.192.083-8"\n', "shop.tax_id", "not a valid RUT: “76.192.083-8”"),
        (SHOP + 'country = "cl"\n', "shop.country", "two capital letters such as CL, got “cl”"),
        (SHOP + 'country = "XX"\n', "shop.country", "not one that the till knows: “XX”"),
        (SHOP + 'currency = "XXX"\n', "shop.currency", "not one that the till knows: “XXX”"),
        (SHOP + 'language = "fr"\n', "shop.language", "one of es, en, pt, got “fr”"),
        (SHOP + "nmae = 1\n", "shop.nmae", "There is no setting “shop.nmae”"),
        (SHOP + '[till]\nid = "a b"\n', "till.id", "1 to 16 letters, digits"),
        (SHOP + "[till]\nwedge_gap_ms = 0\n", "till.wedge_gap_ms", "from 5 to 500, got 0"),
        (SHOP + "[tlil]\n", "tlil", "There is no setting “tlil”"),
        (SHOP + "[cash]\nnotes = [0]\n", "cash.notes", "from 1 to 1000000000"),
        (SHOP + '[barcodes]\ntemplates = ["20PPPPP"]\n', "barcodes.templates", "20PPPPP"),
        (SHOP + '[taxes]\niva = "19%"\n', "taxes.iva", "must be a list of rates"),
        (SHOP + "[taxes]\niva = [1]\n", "taxes.iva", "must be a list of rates"),
        (
            SHOP + '[taxes]\niva = [{name="I", rate="x", from="2000-01-01"}]\n',
            "taxes.iva[0].rate",
            "such as “19%”",
        ),
        (
            SHOP
            + '[taxes]\niva = [{name="I",rate="1%",from=2000-01-01},{name="J",rate="2%",from=2000-01-01}]\n',
            "taxes.iva",
            "two rates of one tax from the same day",
        ),
        (
            SHOP
            + '[taxes]\niva = [{name="I",rate="1%",from=2000-01-01},'
            + '{name="J",rate="2%",from=2001-01-01,inclusive=false}]\n',
            "taxes.iva",
            "mixes prices with and without the tax",
        ),
        (SHOP + "[fiscal]\nx = 1\n", "fiscal.driver", "must name a driver"),
        ("[shop\n", "", "not written as TOML wants it"),
        (b'[shop]\nname = "caf\xe9"\n', "", "Line 2 of"),
        ("#" * (256 * 1024 + 1), "", "is larger than 262144 bytes"),
        (SHOP + "[till]\nlock_minutes = " + "9" * 5000, "", "not written as TOML wants it"),
        (SHOP + "[till]\nlock_minutes = 0x" + "f" * 5000, "till.lock_minutes", "from 0 to 240, got …"),
        ("a=" + "[" * 5000, "", "not written as TOML wants it"),
    ],
)
def test_what_keeps_the_till_from_opening(tmp_path: Path, text: str | bytes, key: str, message: str) -> None:
    result = reading(tmp_path, text)
    assert result.config is None
    [(severity, where, words)] = said(result)
    assert (severity, where) == ("error", key)
    assert message in words


@pytest.mark.parametrize(
    ("text", "key", "message"),
    [
        ("[printr.receipt]\ndriver = 'escpos'\n", "printr", "There is no setting “printr”"),
        ("[printer]\ndriver = 'escpos'\n", "printer.driver", "stands outside of a named section"),
        ("[printer.receipt]\nhost = 'x'\n", "printer.receipt.driver", "must name a driver"),
        ("[printer.'a b']\ndriver = 'escpos'\n", "printer.a b", "a name has 1 to 32 letters"),
        ("[drawer.main]\ndriver='printer'\nprinter='x'\n", "drawer.main.printer", "names the printer “x”"),
        ("[keys]\nsearch = 'F 5'\n", "keys.search", "an action and a key"),
        ("[keys]\na = 'f5'\nb = 'f5'\n", "keys.b", "The key “f5” is used twice"),
    ],
)
def test_what_the_till_opens_without(tmp_path: Path, text: str, key: str, message: str) -> None:
    result = reading(tmp_path, SHOP + text)
    assert result.config is not None
    [(severity, where, words)] = said(result)
    assert (severity, where) == ("warning", key)
    assert message in words


def test_all_problems_come_at_once(tmp_path: Path) -> None:
    result = reading(tmp_path, '[shop]\nnam = 1\n[till]\nid = 1\nbeep = "x"\n[printer.a]\n')
    assert {p.key for p in result.problems} == {
        "shop.nam",
        "shop.name",
        "till.id",
        "till.beep",
        "printer.a.driver",
    }
    assert len(result.problems.errors) == 4
    assert [p.severity for p in result.problems.warnings] == [Severity.WARNING]


def test_load_raises_with_every_problem(tmp_path: Path) -> None:
    file = tmp_path / "till.toml"
    file.write_text("[till]\nid = 1\n", "utf-8")
    with pytest.raises(ConfigInvalid, match="has 2 mistakes") as caught:
        load(file)
    assert len(caught.value.problems) == 2


def test_a_named_file_that_is_missing_is_no_demo(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No such file"):
        load(tmp_path / "missing.toml")


def test_a_foreign_tax_number_is_taken_as_it_is(tmp_path: Path) -> None:
    result = reading(tmp_path, SHOP + 'country = "PE"\ntax_id = "20100070970"\n')
    assert said(result) == []


def test_the_order_of_the_search(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    boot, user = tmp_path / "boot" / "till.toml", tmp_path / "config" / "till.toml"
    monkeypatch.setattr(paths, "config_dir", lambda: user.parent)
    environ = {"TILLTUI_CONFIG": "/named/till.toml"}
    assert find(None, {}, [boot]) is None
    user.parent.mkdir()
    user.write_text(SHOP, "utf-8")
    assert find(None, {}, [boot]) == user
    boot.parent.mkdir()
    boot.write_text(SHOP, "utf-8")
    assert find(None, {}, [boot]) == boot
    assert find(None, environ, [boot]) == Path("/named/till.toml")
    assert find(Path("mine.toml"), environ, [boot]) == Path("mine.toml")


_words = st.sampled_from(
    ["[shop]", "name", "=", '"x"', "\n", "[printer.a]", "driver", "[", "]", "1", "[[taxes.x]]"]
)


@given(st.lists(_words | st.text(max_size=4), max_size=25))
def test_any_text_is_read_or_named(tmp_path_factory: pytest.TempPathFactory, words: list[str]) -> None:
    file = tmp_path_factory.getbasetemp() / "any.toml"
    file.write_text(" ".join(words), "utf-8", errors="replace")
    result = read(file)
    assert (result.config is None) == bool(result.problems.errors)
