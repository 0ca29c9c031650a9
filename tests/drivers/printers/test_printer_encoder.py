"""Golden bytes, and what the virtual device reads out of them."""

import io
import subprocess
import sys

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Pillow

from tilltui.domain.paper.elements import PDF417, QR, Barcode, Cut, Element, Feed, Image, Rule, Text
from tilltui_drivers.printers import graphics, profiles
from tilltui_drivers.printers.encoder import _QR_BYTES_AT_M, PLAIN, encode
from tilltui_drivers.printers.profiles import Profile, resolve
from tilltui_drivers.virtual.printers.paper import CodeRow, Interpreter, Paper, RasterRow, TextRow
from tilltui_drivers.virtual.printers.picture import draw, png

WIDE = resolve("generic-80")
NARROW = resolve("POS-58")
EPSON = resolve("TM-T20II")


def read(elements: list[Element], profile: Profile = WIDE) -> Paper:
    virtual = Interpreter(profile.dots)
    rest = virtual.feed(b"\x1b\x40\x1b\x74" + bytes([profile.slot]) + encode(elements, profile))
    assert rest == b""
    return virtual.paper


def codes(paper: Paper, dots: int) -> dict[str, bytes]:
    picture = Pillow.open(io.BytesIO(png(paper, dots)))
    return {str(found.format): found.bytes for found in zxingcpp.read_barcodes(picture)}


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        (Text("Leche ñ"), b"Leche \xa4\n"),
        (Text("a", bold=True), b"\x1b\x21\x08a\n\x1b\x21\x00"),
        (Text("a", size=2), b"\x1b\x21\x30a\n\x1b\x21\x00"),
        (Text("a", bold=True, size=2), b"\x1b\x21\x38a\n\x1b\x21\x00"),
        (Text(), b"\n"),
        (Feed(3), b"\n\n\n"),
        (Rule("-"), b"-" * 48 + b"\n"),
        (Cut(), b"\x1b\x64\x05\x1d\x56\x01"),
        (
            Barcode("T1-7"),
            b"\x1ba\x01\x1dh\x40\x1dw\x03\x1df\x00\x1dH\x02\x1dkI\x06{BT1-7\x1ba\x00",
        ),
        (
            Barcode("a{b", text=False),
            b"\x1ba\x01\x1dh\x40\x1dw\x03\x1df\x00\x1dH\x00\x1dkI\x06{Ba{{b\x1ba\x00",
        ),
        (
            Barcode("9638507", "ean8"),
            b"\x1ba\x01\x1dh\x40\x1dw\x03\x1df\x00\x1dH\x02\x1dkD\x0896385074\x1ba\x00",
        ),
        (
            Barcode("400638133393", "ean13"),
            b"\x1ba\x01\x1dh\x40\x1dw\x03\x1df\x00\x1dH\x02\x1dkC\x0d4006381333931\x1ba\x00",
        ),
        (
            QR("hi", 4),
            b"\x1ba\x01\x1d(k\x04\x001A2\x00\x1d(k\x03\x001C\x04\x1d(k\x03\x001E1"
            b"\x1d(k\x05\x001P0hi\x1d(k\x03\x001Q0\x1ba\x00",
        ),
        (Image(8, 2, b"\x80\x01"), b"\x1dv0\x00\x25\x00\x02\x00" + b"\0" * 35 + b"\x08\x00"),
    ],
)
def test_golden(element: Element, expected: bytes) -> None:
    got = encode([element], WIDE)
    if isinstance(element, Image):
        # 8 dots in the middle of 576: 284 white ones before, rows padded to 37 bytes.
        row = b"\0" * 35
        expected = b"\x1dv0\x00\x25\x00\x02\x00" + row + b"\x08\x00" + row + b"\x00\x10"
    assert got == PLAIN + expected


def test_a_cut_fits_the_model() -> None:
    assert encode([Cut()], EPSON) == PLAIN + b"\x1d\x56\x42\x00"
    assert encode([Cut()], NARROW) == PLAIN + b"\x1b\x64\x04"


def test_bold_lines_are_red_on_a_ribbon_of_two_colours_alone() -> None:
    lines: list[Element] = [
        Text("plain"),
        Text("urgent", bold=True),
        Text("big", bold=True, size=2),
        Text("end"),
    ]
    for profile in map(resolve, profiles.names()):
        red = [
            row.cells[0].red for row in read(lines, profile).rows if isinstance(row, TextRow) and row.cells
        ]
        assert red == ([False, True, True, False] if profile.name == "TM-U220" else [False] * 4)
    assert encode([], resolve("TM-U220")).endswith(b"\x1b\x72\x00")  # whatever colour a job before left


@pytest.mark.parametrize("profile", [WIDE, NARROW, EPSON])
@pytest.mark.parametrize("page", ["cp858", "cp1252"])
def test_spanish_is_exact_on_paper(profile: Profile, page: str) -> None:
    profile = resolve(profile.name, codepage=page)
    lines = ["¿Ñandú? ¡Pingüino! çÇ", "ÁÉÍÓÚÜ áéíóúü ºª", "€ ¢ ãõ ÃÕ â ê ô À"]
    assert read([Text(line) for line in lines], profile).lines == lines


def test_plain_receipt_does_not_load_escpos_or_pillow() -> None:
    program = (
        "import sys; from tilltui_drivers.printers import escpos, encoder, profiles;"
        "from tilltui.domain.paper.elements import *;"
        "encoder.encode([Text('a'), QR('b'), Barcode('c'), Cut()], profiles.resolve('POS-58'));"
        "sys.exit(bool({'escpos', 'PIL', 'zxingcpp', 'serial', 'yaml'} & set(sys.modules)))"
    )
    path = {"PYTHONPATH": "drivers:."}
    assert subprocess.run([sys.executable, "-c", program], env=path, check=False).returncode == 0


def test_loading_escpos_leaves_screen_logging_and_temporary_files_alone(tmp_path_factory) -> None:  # type: ignore[no-untyped-def]
    scratch, cache = tmp_path_factory.mktemp("tmp"), tmp_path_factory.mktemp("cache")
    program = (
        "import logging; from tilltui_drivers.printers import encoder, profiles;"
        "from tilltui.domain.paper.elements import *;"
        "encoder.encode([Image(8, 1, b'x'), PDF417(b'y'), QR('z\\n')], profiles.resolve('POS-58'));"
        "assert [type(h).__name__ for h in logging.getLogger().handlers] == ['NullHandler']"
    )
    where = {"PYTHONPATH": "drivers:.", "TMPDIR": str(scratch), "XDG_CACHE_HOME": str(cache)}
    done = subprocess.run([sys.executable, "-c", program], env=where, check=False, capture_output=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert list(scratch.iterdir()) == []
    private = cache / "tilltui" / "escpos"
    assert private.stat().st_mode & 0o777 == 0o700
    assert [path.suffix for path in private.iterdir()] == [".pickle"]


@pytest.mark.parametrize("profile", [WIDE, NARROW, EPSON])
def test_codes_can_be_read_again_from_the_paper(profile: Profile) -> None:
    stamp = "<TED version='1.0'><DD>áé</DD></TED>".encode("latin-1") * 8 + b"\x10\x04\x01"
    elements: list[Element] = [
        Barcode("T1-000123"),
        Feed(2),
        Barcode("4006381333931", "ean13"),
        Feed(2),
        QR("https://ejemplo.cl/ñ?x=1"),
        Feed(2),
        PDF417(stamp),
        Cut(),
    ]
    paper = read(elements, profile)
    assert paper.unknown == []
    assert codes(paper, profile.dots) == {
        "Code 128": b"T1-000123",
        "EAN-13": b"4006381333931",
        "QR Code": "https://ejemplo.cl/ñ?x=1".encode(),
        "PDF417": stamp,
    }


@pytest.mark.parametrize("data", ["line\nbreak", "x" * 1037, "MATMSG:\x1d;"])
def test_qr_that_could_hold_commands_is_drawn_instead(data: str) -> None:
    paper = read([QR(data, 3)])
    assert {type(row) for row in paper.rows} == {RasterRow}
    assert codes(paper, WIDE.dots) == {"QR Code": data.encode()}


@pytest.mark.parametrize("name", ["generic-80", "POS-58"])
@pytest.mark.parametrize("data", ["https://ejemplo.cl/ñ?x=1", "a" * 600])
def test_qr_on_a_printer_that_makes_none_is_drawn(name: str, data: str) -> None:
    profile = resolve(name, qr="raster")
    paper = read([QR(data)], profile)
    assert {type(row) for row in paper.rows} == {RasterRow}
    assert paper.unknown == []
    assert codes(paper, profile.dots) == {"QR Code": data.encode()}


def test_qr_by_the_printer_itself_where_the_shop_says_so() -> None:
    (row,) = read([QR("x")], resolve("TM-U220", qr="native")).rows
    assert isinstance(row, CodeRow)
    assert (row.kind, row.data) == ("qr", b"x")


@pytest.mark.parametrize("profile", [WIDE, NARROW])
def test_a_pdf417_that_fits_no_paper_is_text(profile: Profile) -> None:
    paper = read([PDF417(b"Ab1;~\xf1" * 400)], profile)
    assert {type(row).__name__ for row in paper.rows} == {"TextRow"}
    assert "".join(paper.lines).startswith("Ab1;~ñ" * 5)


@pytest.mark.parametrize(
    "item", [Barcode("96385075", "ean8"), Barcode("9638507x", "ean8"), Barcode("1", "ean8")]
)
def test_what_is_no_ean_8_is_code_128(item: Barcode) -> None:
    (row,) = [row for row in read([item]).rows if isinstance(row, CodeRow)]
    assert (row.kind, row.data.decode()) == ("code128", item.data)


def test_qr_modules_shrink_to_the_paper() -> None:
    for length in (10, 300, 1000, 2331):
        (row,) = [row for row in read([QR("a" * length, 16)], NARROW).rows if isinstance(row, CodeRow)]
        version = next(v for v, room in enumerate(_QR_BYTES_AT_M, 1) if length <= room)
        assert row.module * (4 * version + 25) <= NARROW.dots or row.module == 1
    assert read([QR("a" * 2332)], NARROW).lines[0] == "a" * 32


def test_capacity_table_is_the_standards() -> None:
    for version in (1, 7, 20, 40):
        for length, wanted in (
            (_QR_BYTES_AT_M[version - 1], version),
            (_QR_BYTES_AT_M[version - 1] + 1, version + 1),
        ):
            if wanted <= 40:
                assert graphics.qr_picture("a" * length, 1, 600).width == 4 * wanted + 17 + 8


@pytest.mark.parametrize(
    ("data", "kinds"),
    [
        ("ABCDEFGHIJK", ["code128"]),
        ("ABCDEFGHIJKLMNOPQRST", ["qr"]),
        ("01234567890123456789", ["code128"]),
        ("1604" * 5, ["qr"]),
    ],
)
def test_long_bar_codes_on_narrow_paper(data: str, kinds: list[str]) -> None:
    paper = read([Barcode(data)], NARROW)
    rows = [row for row in paper.rows if isinstance(row, CodeRow)]
    assert [row.kind for row in rows] == kinds
    assert [row.data.decode() for row in rows] == [data]
    assert paper.unknown == []


@pytest.mark.parametrize(
    "element", [Barcode("ñandú"), Barcode("4006381333932x", "ean13"), QR("x"), PDF417(b"x")]
)
def test_what_an_impact_printer_cannot_draw_is_text_or_nothing(element: Element) -> None:
    profile = resolve("TM-U220")
    paper = read([element], profile)
    assert paper.unknown == []
    assert all(type(row).__name__ == "TextRow" for row in paper.rows)


def test_wrong_check_digit_falls_back_to_code_128() -> None:
    (row,) = [row for row in read([Barcode("4006381333932", "ean13")]).rows if isinstance(row, CodeRow)]
    assert (row.kind, row.data) == ("code128", b"4006381333932")


def test_a_picture_is_what_it_was() -> None:
    bits = bytes(range(256)) * 3
    paper = read([Image(64, 96, bits)])
    drawn = draw(paper, WIDE.dots)
    left = 24 + (WIDE.dots - 64) // 2
    again = drawn.crop((left, 24, left + 64, 24 + 96)).point(lambda v: 255 - v).convert("1").tobytes()
    changed = sum(bin(a ^ b).count("1") for a, b in zip(bits, again, strict=True))
    assert changed <= 3, "at most the nudged pixels differ"


@pytest.mark.parametrize("dots", [384, 420, 512, 576, 640])
@pytest.mark.parametrize("height", [1, 42, 47, 48, 49, 95, 96, 100, 333])
@pytest.mark.parametrize("drawn", [False, True])
def test_no_command_of_a_picture_is_more_than_a_cheap_printer_can_receive(
    dots: int, height: int, drawn: bool
) -> None:
    stride = (dots + 7) // 8
    bits = b"\xaa" * (stride * height)
    picture = graphics.from_bits(dots, height, bits)
    image = Image(dots, height, bits)
    got = graphics.raster(picture, dots) if drawn else graphics.image_bytes(image, dots)
    rows = 0
    while got:
        assert got[:4] == b"\x1dv0\x00"
        across, part = got[4] + 256 * got[5], got[6] + 256 * got[7]
        assert across * part <= 3072
        assert part % 48
        rows, got = rows + part, got[8 + across * part :]
    assert height <= rows <= height + 1


def test_a_picture_wider_than_the_paper_shrinks() -> None:
    paper = read([Image(1152, 10, b"\xaa" * 144 * 10)])
    assert [(row.width, row.height) for row in paper.rows if isinstance(row, RasterRow)] == [(576, 5)]


def test_a_picture_of_wrong_size_is_refused() -> None:
    with pytest.raises(ValueError, match="expected 4 bytes, got 3"):
        encode([Image(16, 2, b"abc")], WIDE)


@given(st.binary(max_size=400).map(lambda noise: noise.replace(b"\xff", b"\x10\x04\x10\x14\x10\x05")))
def test_no_raster_spells_a_real_time_command(noise: bytes) -> None:
    width = 8
    if noise:
        payload = encode([Image(width, len(noise), noise)], NARROW)
        assert not any(command in payload for command in (b"\x10\x04", b"\x10\x05", b"\x10\x14"))


EVIL = st.text(
    st.one_of(st.characters(), st.sampled_from("\x00\x04\x05\x07\x10\x14\x1b\x1c\x1d\x7f@pV!(k{B\n\r\t1204")),
    max_size=40,
)


@settings(max_examples=300)
@given(EVIL, EVIL, EVIL, st.sampled_from([WIDE, NARROW, EPSON]))
def test_no_data_is_ever_a_command(name: str, code: str, link: str, profile: Profile) -> None:
    elements: list[Element] = [Text(name, name, code, bold=True, size=2), Rule(name), Barcode(code), QR(link)]
    payload = encode(elements, profile)
    virtual = Interpreter(profile.dots)
    assert virtual.feed(b"\x1b\x40\x1b\x74\x13" + payload) == b""
    assert virtual.paper.kicks == []
    assert virtual.paper.unknown == []
    assert set(virtual.paper.commands) <= ALLOWED
    assert not any(command in payload for command in (b"\x10\x04", b"\x10\x05", b"\x10\x14", b"\x1b\x40"))


ALLOWED = {
    *("text", "ESC @", "ESC t", "ESC !", "ESC E", "ESC a"),
    *("GS h", "GS w", "GS f", "GS H", "GS k", "GS ( k", "GS v"),
}


def test_ten_thousand_hostile_names_fire_no_drawer() -> None:
    import random

    pool = random.Random(20)
    alphabet = [chr(n) for n in range(0x250)] + [
        "\u1b70",
        "\u0370",
        "\x1bp\x00\x19\xfa",
        "\x10\x14\x01\x00\x01",
        "\x1b@",
    ]
    elements: list[Element] = [
        Text("".join(pool.choices(alphabet, k=pool.randrange(1, 30))), right="1") for _ in range(10_000)
    ]
    paper = read(elements, resolve("POS-58", codepage="cp1252"))
    assert paper.kicks == []
    assert paper.unknown == []
    assert set(paper.commands) == {"text", "ESC @", "ESC t", "ESC !", "ESC E", "ESC a"}
    assert paper.cuts == 0
