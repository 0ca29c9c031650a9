"""A whole receipt on every model and every paper: the text to the letter, and each code read again."""

from __future__ import annotations

import io
from typing import Any

import pytest
import zxingcpp
from PIL import Image as Pillow

from tests.support.records import sale_record
from tilltui.domain.countries.known import COUNTRIES
from tilltui.domain.paper.elements import PDF417, QR, Element, Feed, Image, Text
from tilltui.domain.paper.letterhead import ReceiptHead
from tilltui.domain.paper.sale_receipt import sale_receipt
from tilltui.domain.paper.slips import gift_receipt, order_slip
from tilltui_drivers.printers import profiles
from tilltui_drivers.printers.encoder import encode
from tilltui_drivers.printers.profiles import Profile, resolve
from tilltui_drivers.virtual.printers.paper import Interpreter, Paper
from tilltui_drivers.virtual.printers.picture import png

CLP = COUNTRIES["CL"].currency
HEAD = ReceiptHead("Ñuñoa", "Av. Grecia 1, Peñalolén", "76.192.083-9", "RUT", footer=("¡Gracias, vuelva!",))
STAMP = "<TED><RS>Pingüino Ltda. áéíóúñ</RS></TED>".encode("latin-1") * 4
LINK = "https://ejemplo.cl/ñ?folio=1"

BODY: dict[str, Any] = {
    "kind": "sale",
    "number": "1-000123",
    "closed_ms": 1_700_000_000_000,
    "offset_min": -180,
    "operator": [1, "Íñigo"],
    "note": "¿Envío? Sí",
    "lines": [
        {"no": 1, "name": "Piñón güero", "qty": 1000, "price": 1290, "amount": 1290, "tax": "general"},
        {"no": 2, "name": "Ají ÁÉÍÓÚÜ", "qty": 2500, "unit": "kg", "price": 1000, "amount": 2500, "tax": "x"},
    ],
    "subtotal": 3790,
    "discount": 0,
    "total": 3790,
    "net": 3185,
    "tax": 605,
    "taxes": [["general", "IVA", "IVA 19%", 190000, 3185, 605]],
    "payments": [["cash", 3790, 4000, 210, 0, ""]],
    "rounding": 0,
    "change": 210,
}
SALE = sale_record(**BODY)
TEXTS = [
    *("Av. Grecia 1, Peñalolén", "RUT 76.192.083-9", "Served by Íñigo", "Piñón güero", "Ají ÁÉÍÓÚÜ"),
    *("14-11-2023 19:13", "¡Gracias, vuelva!", "Note: ¿Envío? Sí"),
]
PRICES = [("Piñón güero", "1.290"), ("Ají ÁÉÍÓÚÜ", "2.500"), ("Change", "210")]

EVERY = [
    (name, width, page)
    for name in profiles.names()
    for width in profiles._table(name)["paper"]
    for page in profiles._table(name)["pages"]
    if page in ("cp858", "cp1252")
]


def same(text: str) -> str:
    return text


def printed(elements: list[Element], profile: Profile) -> Paper:
    # An impact printer's letters are narrower than the virtual device's.
    virtual = Interpreter(max(profile.dots, profile.columns * 12), kanji=profile.kanji)
    start = b"\x1b\x40" + (b"\x1c\x2e" if profile.kanji else b"") + b"\x1b\x74" + bytes([profile.slot])
    assert virtual.feed(start + encode(elements, profile)) == b""
    return virtual.paper


@pytest.mark.parametrize(("name", "width", "page"), EVERY)
def test_text_and_codes_are_what_they_were(name: str, width: str, page: str) -> None:
    profile = resolve(name, width_mm=int(width), codepage=page)
    logo = Image(64, 16, b"\xaa" * 128)
    fiscal: list[Element] = [Feed(2), PDF417(STAMP), Feed(2), QR(LINK, 4), Feed(2)]
    elements = [logo, *sale_receipt(SALE, HEAD, CLP, same, fiscal=fiscal)]
    paper = printed(elements, profile)
    lines = paper.lines
    assert paper.unknown == []
    assert all(len(line) <= profile.columns for line in lines)
    whole = "\n".join(line.strip() for line in lines)
    for text in TEXTS:
        assert text in whole
    for label, price in PRICES:
        assert any(line.startswith(label) and line.endswith(price) for line in lines), label
    found = {
        str(code.format): code.bytes
        for code in zxingcpp.read_barcodes(Pillow.open(io.BytesIO(png(paper, profile.dots))))
    }
    wanted = {"Code 128": b"1-000123"} if profile.barcode else {}
    if profile.qr or profile.raster:
        wanted["QR Code"] = LINK.encode()
    if profile.raster:
        wanted["PDF417"] = STAMP
    assert found == wanted
    if not profile.barcode:
        assert "1-000123" in whole


@pytest.mark.parametrize(("name", "width", "page"), [each for each in EVERY if each[2] == "cp858"])
def test_slips_and_gifts_fit_every_paper(name: str, width: str, page: str) -> None:
    profile = resolve(name, width_mm=int(width), codepage=page)
    order = printed(order_slip(SALE, HEAD, CLP, same), profile)
    gift = printed(gift_receipt(SALE, HEAD, CLP, same), profile)
    assert order.unknown == gift.unknown == []
    wrapped = "".join(order.lines).replace(" ", "")
    assert "1xPiñóngüero" in wrapped
    assert "2,500kgxAjíÁÉÍÓÚÜ" in wrapped
    assert not any("1.290" in line or "3.790" in line for line in [*order.lines, *gift.lines])
    assert any("Piñón güero" in line for line in gift.lines)


def test_every_line_of_text_wraps_instead_of_losing_a_letter() -> None:
    profile = resolve("POS-58")
    name = "ñ" * 100
    assert "".join(printed([Text(name, right="9.990")], profile).lines).count("ñ") == 100
