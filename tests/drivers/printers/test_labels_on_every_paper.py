"""Shelf labels on every model and paper: the words to the letter, and the code read again."""

from __future__ import annotations

import io

import pytest
import zxingcpp
from PIL import Image as Pillow

from tilltui.domain.countries.known import COUNTRIES
from tilltui.domain.paper.labels import LabelOf, labels
from tilltui_drivers.printers import profiles
from tilltui_drivers.printers.encoder import encode
from tilltui_drivers.printers.profiles import Profile, resolve
from tilltui_drivers.virtual.printers.paper import CutRow, Interpreter, Paper
from tilltui_drivers.virtual.printers.picture import png

CLP = COUNTRIES["CL"].currency
SHOP = "Almacén Ñuñoa"
PRODUCTS = [
    LabelOf("1001", "Leche entera 1 l", 1190, codes=("7801234567894",)),
    LabelOf("1002", "Chicle", 100, codes=("96385074",)),
    LabelOf("1003", "Café «Ñandú» molido extra fino para máquina", 12_990, codes=("0012345678905",)),
    LabelOf("QUESO-7", "Queso mantecoso", 9990, "kg"),
    LabelOf("1005", 'Clavo 2"', 20, codes=("17801234567891",)),
]
CODES = {
    ("EAN-13", "7801234567894"),
    ("EAN-8", "96385074"),
    ("EAN-13", "0012345678905"),
    ("Code 128", "QUESO-7"),
    ("Code 128", "17801234567891"),
}
EVERY = [(name, int(width)) for name in profiles.names() for width in profiles._table(name)["paper"]]


def printed(products: list[LabelOf], profile: Profile) -> Paper:
    virtual = Interpreter(max(profile.dots, profile.columns * 12), kanji=profile.kanji)
    start = b"\x1b\x40" + (b"\x1c\x2e" if profile.kanji else b"") + b"\x1b\x74" + bytes([profile.slot])
    paper = labels(products, SHOP, CLP, cuts=profile.cutter != "none")
    assert virtual.feed(start + encode(paper, profile)) == b""
    return virtual.paper


def read(paper: Paper, profile: Profile) -> set[tuple[str, str]]:
    picture = Pillow.open(io.BytesIO(png(paper, profile.dots)))
    # The reader tells a UPC-A from its EAN-13, as many scanners do.
    return {
        ("EAN-13", f"0{code.text}") if str(code.format) == "UPC-A" else (str(code.format), code.text)
        for code in zxingcpp.read_barcodes(picture)
    }


@pytest.mark.parametrize(("name", "width"), EVERY)
def test_every_label_is_read_again(name: str, width: int) -> None:
    profile = resolve(name, width_mm=width)
    found: set[tuple[str, str]] = set()
    for product in PRODUCTS:
        paper = printed([product], profile)
        assert paper.unknown == []
        assert all(len(line) <= profile.columns for line in paper.lines)
        whole = " ".join(" ".join(paper.lines).split())
        assert product.name.replace("«", '"').replace("»", '"') in whole.replace("«", '"').replace("»", '"')
        assert CLP.format(product.price) in whole
        assert product.sku in whole
        assert SHOP in whole
        found |= read(paper, profile)
    assert found == (CODES if profile.barcode else set())


@pytest.mark.parametrize(("name", "width"), EVERY)
def test_a_strip_of_labels_is_cut_or_has_lines_to_tear_along(name: str, width: int) -> None:
    profile = resolve(name, width_mm=width)
    paper = printed(PRODUCTS, profile)
    lines = [line for line in paper.lines if line and set(line) == {"-"}]
    cuts = sum(isinstance(row, CutRow) for row in paper.rows)
    assert (cuts, len(lines)) == ((0, len(PRODUCTS) - 1) if profile.cutter == "none" else (len(PRODUCTS), 0))


@pytest.mark.parametrize("name", ["\x1b@\x1bp\x00\x19\xfa", "[b]x[/b]", "a\x10\x14\x01\x00\x01", "😀" * 40])
def test_no_name_is_a_command(name: str) -> None:
    profile = resolve("generic-58")
    paper = printed([LabelOf(name, name, 1, codes=(name,))], profile)
    assert (paper.kicks, paper.unknown) == ([], [])
