"""Hostile texts through every way in, looked at on every way out; ``scripts/injection`` sends 100,000."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest
from rich.segment import Segment
from rich.style import Style

from tests.proofs.injection import main as injection
from tests.proofs.injection import ways_out
from tests.proofs.injection.ways_out import Obeyed
from tests.support.shop import durable_folder
from tilltui import i18n
from tilltui.domain.paper.elements import Barcode, Cut, Element, Text
from tilltui.i18n import set_language
from tilltui.ui.widgets import cells
from tilltui_drivers.printers import profiles
from tilltui_drivers.printers.codepage import CodePage

COUNT = 2000
"""Texts of the short version."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = durable_folder(tmp_path) / "till"
    folder.mkdir()
    return folder


@pytest.fixture(autouse=True)
def _language() -> Any:
    before = i18n.language()
    yield
    set_language(before)


def test_nothing_is_obeyed_whatever_comes_in(folder: Path) -> None:
    report = injection.attack(COUNT, 11, folder)
    quarter = COUNT // 4
    ways = report.ways
    for way in ("names by product lists", "codes by scans", "texts by keys", "texts kept with sales"):
        assert ways[way] == quarter
    assert ways["imported products rung"] + ways["refused rows"] >= quarter * 0.98
    assert ways["imported products rung"] > quarter * 0.8
    assert ways["papers"] >= 6 * quarter // 6
    assert ways["records, each sent twice"] > quarter // 6
    assert ways["strips of the screen"] > COUNT
    assert ways["lines of the log"] > 3


@pytest.mark.parametrize(
    ("broken", "where"),
    [
        ("tilltui.services.goods.product_list.exporting.guard", "out.csv"),
        ("tilltui.log.escape", "till.log"),
        ("tilltui.ui.widgets.cells.plain", "f6"),
    ],
)
def test_a_net_that_is_gone_is_found(
    folder: Path, monkeypatch: pytest.MonkeyPatch, broken: str, where: str
) -> None:
    cells.fit.cache_clear()
    monkeypatch.setattr(broken, lambda text: text)
    with pytest.raises(Obeyed, match=where):
        injection.attack(240, 12, folder)
    cells.fit.cache_clear()


def test_a_printer_that_would_obey_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    profile = profiles.resolve("generic-80")
    paper: list[Element] = [
        Text(left="Leche", right="$990", bold=True),
        Barcode("1-000001"),
        Text(center="a" * 300),
        Cut(),
    ]
    assert ways_out.check_paper(paper, profile) > 300
    monkeypatch.setattr(CodePage, "printable", lambda self, text: text)
    evil = [*paper, Text(left="\x1bp\x00\x19\xfa")]
    assert ways_out.check_paper(evil, profile) > 300, "the last gate alone is enough"
    monkeypatch.setattr(CodePage, "encode", lambda self, text: text.encode("cp858", "replace"))
    for payload in ("\x1bp\x00\x19\xfa", "\x10\x14\x01", "\n", "\x1b!\x08", "\x7f"):
        with pytest.raises(Obeyed):
            ways_out.check_paper([*paper, Text(left=f"x{payload}x")], profile)


@pytest.mark.parametrize(
    "segment",
    [
        Segment("a\x1b[2J"),
        Segment("\u202eb"),
        Segment("x", Style(link="http://x")),
        Segment("x", Style(meta={"@click": "app.quit"})),
    ],
)
def test_a_strip_that_a_terminal_would_obey_is_found(segment: Segment) -> None:
    assert ways_out.check_strips([[Segment("Leche [/foo]", Style(bold=True))]], "here") == 1
    with pytest.raises(Obeyed, match="here"):
        ways_out.check_strips([[segment]], "here")


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "a\x1b[2Jb", "\u202eb", "\uff1d1"])
def test_a_cell_that_a_spreadsheet_would_run_is_found(tmp_path: Path, cell: str) -> None:
    path = tmp_path / "out.csv"
    path.write_text("sku;name\r\n1;'=1+1\r\n", "utf-8-sig", newline="")
    assert ways_out.check_csv(path, ";") == 2
    path.write_text(f"sku;name\r\n1;{cell}\r\n", "utf-8-sig", newline="")
    with pytest.raises(Obeyed):
        ways_out.check_csv(path, ";")


def test_a_workbook_with_a_formula_is_found(tmp_path: Path) -> None:
    for content, good in (("<v>1</v>", True), ("<f>1+1</f>", False)):
        path = tmp_path / f"{good}.xlsx"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("xl/worksheets/sheet1.xml", content)
        if good:
            assert ways_out.check_xlsx(path) == len(content)
        else:
            with pytest.raises(Obeyed):
                ways_out.check_xlsx(path)


@pytest.mark.parametrize(
    "line", [b'{"a":"b"}', b'{"a":\n"b"}\n', b'{"a":["\\u001b[2J"]}\n', b'{"\\u202e":1}\n', b'{"a":"\x1b"}\n']
)
def test_a_record_that_is_not_clean_is_found(line: bytes) -> None:
    ways_out.check_record('{"a":["Ñandú",1,null]}\n'.encode(), "record")
    with pytest.raises(Obeyed):
        ways_out.check_record(line, "record")


@pytest.mark.parametrize("line", ["forged", "2026-11-21T14:32:00.000Z INFO x\x1b[2J", "    \u202e"])
def test_a_log_line_that_is_forged_is_found(tmp_path: Path, line: str) -> None:
    path = tmp_path / "till.log"
    good = "# tilltui\n2026-11-21T14:32:00.000Z WARNING MainThread x: y\n    traceback\n"
    path.write_text(good, "utf-8")
    assert ways_out.check_log(path) == 4
    path.write_text(f"{good}{line}\n", "utf-8")
    with pytest.raises(Obeyed):
        ways_out.check_log(path)


def test_a_command_that_says_it_is_found() -> None:
    assert ways_out.check_words("100 rows\r  \rdone\n", "import") == 4
    with pytest.raises(Obeyed):
        ways_out.check_words("line 3: \x1b[2J", "import")
