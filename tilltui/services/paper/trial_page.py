"""The printer's test page: whatever may be wrong with a printer is seen on it."""

from __future__ import annotations

from tilltui.domain.paper.elements import PDF417, QR, Barcode, Cut, Element, Feed, Rule, Text
from tilltui.ports import Printer

LETTERS = ("áéíóúüñ ÁÉÍÓÚÜÑ", "âãàçêõô ÂÃÀÇÊÕÔ", "äöß ÄÖ ¿? ¡! ºª ¢£¥ ½")
"""What Spanish, Portuguese and German need; whatever a page lacks is printed in its plainest form."""

STAMP = "Recibo 1-000042 del año 2026: ñandú, pingüino, corazón. " * 4
"""As much as a tax office's stamp has: a code of a few letters would be too flat to be read."""


def page(printer: Printer) -> list[Element]:
    """The test page for a printer of ``printer.columns`` columns; its code page, where it names one."""
    return [
        Text(center="Tilltui", bold=True, size=2),
        Text(center=f"{printer.name}: {type(printer).__name__}"),
        Rule(),
        *_ruler(printer.columns),
        Rule(),
        Text("bold", right="1.234", bold=True),
        Text("left", center="centre", right="right"),
        Text(" ".join(["A long name of a product that must wrap before its price"] * 2), right="99.999"),
        Text("double", right="9.99", size=2),
        Rule("="),
        *(Text(line) for line in LETTERS),
        Rule(),
        *_code_page(printer),
        Text(center="EAN-13"),
        Barcode("7801234567894", "ean13"),
        Text(center="EAN-8"),
        Barcode("96385074", "ean8"),
        Text(center="Code 128"),
        Barcode("1-000042", "code128"),
        Text(center="QR"),
        QR("https://example.com/receipt/42"),
        Text(center="PDF417"),
        Feed(1),
        PDF417(STAMP.encode("latin-1")),
        Feed(1),
        Text(center="--- cut here ---"),
        Cut(),
    ]


def _ruler(columns: int) -> list[Element]:
    """Columns counted: the last digit must stand at the edge of the paper, and nothing in a line below."""
    digits = "".join(str(n % 10) for n in range(1, columns + 1))
    tens = "".join(str(n // 10 % 10) if n % 10 == 0 else " " for n in range(1, columns + 1))
    return [Text(f"{columns} columns"), Text(tens.rstrip()), Text(digits)]


def _code_page(printer: Printer) -> list[Element]:
    """The upper half of the printer's code page, sixteen characters a line, each line with its number."""
    name = printer.paper_profile.codepage
    if not name:
        return []
    rows: list[Element] = [Text(f"Code page {name}")]
    for first in range(0x80, 0x100, 16):
        row = bytes(range(first, first + 16)).decode(name, "replace")
        rows.append(
            Text(f"{first:02X} " + "".join(c if c.isprintable() and c != "\ufffd" else " " for c in row))
        )
    return [*rows, Rule()]
