"""Elements to ESC/POS bytes.

Text, rules, cuts, Code 128, EAN-13 and native QR codes are written here: they are a dozen commands, the bytes
are the same on every day, and python-escpos costs 1.8 G instructions and 16 MB to import, which a Pi would
pay before its first receipt. Pictures and raster codes go through it (``graphics``). A payload begins without
``ESC @``, which would switch off the status reports of the session that carries it.

Source of the commands: Epson ESC/POS command reference.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence

from tilltui.domain.paper.elements import PDF417, QR, Barcode, Cut, Element, Image
from tilltui.domain.paper.layout import Graphic, Line, lay_out

from . import graphics
from .codepage import CodePage
from .profiles import Profile

_log = logging.getLogger(__name__)

PLAIN = b"\x1b\x21\x00\x1b\x45\x00\x1b\x61\x00"
"""Font A, normal size, not bold, left: stated, because a payload does not reset the printer."""

_CENTER, _LEFT = b"\x1b\x61\x01", b"\x1b\x61\x00"
_RED, _BLACK = b"\x1b\x72\x01", b"\x1b\x72\x00"
_BAR_HEIGHT = 64
_QUIET = 20
"""Modules of white that a one-dimensional code needs at both ends together."""

_QR_BYTES_AT_M = (
    *(14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412, 450, 504, 560, 624, 666),
    *(711, 779, 857, 911, 997, 1059, 1125, 1190, 1264, 1370, 1452, 1538, 1628, 1722, 1809, 1911, 1989),
    *(2099, 2213, 2331),
)
"""Bytes that versions 1 to 40 hold at error correction M (ISO/IEC 18004, table 7)."""

_TEXT_INSTEAD = 300
"""Most characters of a code that are printed as text where the code itself cannot be."""


def encode(elements: Sequence[Element], profile: Profile) -> bytes:
    """Write the bytes of one job, from left margin to cut.

    What a printer cannot show is shown otherwise (a bar code as QR, a QR as text) rather than losing the
    receipt; that is logged.

    Raises:
        ValueError: An element is no element of a receipt (a picture whose bytes do not fit its size).
    """
    page = CodePage(profile.codepage)
    out = bytearray(PLAIN + _BLACK if profile.red else PLAIN)
    for item in lay_out(elements, profile.columns, page.printable):
        if isinstance(item, Line):
            out += _line(item, profile, page)
        else:
            out += _graphic(item, profile, page)
    return bytes(out)


def _line(line: Line, profile: Profile, page: CodePage) -> bytes:
    mode = (0x08 if line.bold else 0) | (0x30 if line.size == 2 else 0)
    data = page.encode(line.text) + b"\n"
    if line.bold and profile.red:
        data = _RED + data + _BLACK
    return b"\x1b\x21" + bytes([mode]) + data + b"\x1b\x21\x00" if mode else data


def _graphic(item: Graphic, profile: Profile, page: CodePage) -> bytes:
    if isinstance(item, Cut):
        return _cut(profile)
    if isinstance(item, Barcode):
        return _barcode(item, profile, page)
    if isinstance(item, QR):
        return _qr(item, profile, page)
    if not profile.raster:
        _log.warning("Printer profile %s prints no pictures: one left out", profile.name)
        return b""
    if isinstance(item, Image):
        return graphics.image_bytes(item, profile.dots)
    return _pdf417(item, profile, page)


def _cut(profile: Profile) -> bytes:
    if profile.cutter == "feed":
        return b"\x1d\x56\x42\x00"
    feed = b"\x1b\x64" + bytes([profile.tail])
    return feed + b"\x1d\x56\x01" if profile.cutter == "plain" else feed


def _text(data: str, profile: Profile, page: CodePage) -> bytes:
    """Print the content of a code as centred text."""
    from tilltui.domain.paper.elements import Text

    shown = [Text(center=data[:_TEXT_INSTEAD])]
    return b"".join(
        _line(item, profile, page)
        for item in lay_out(shown, profile.columns, page.printable)
        if isinstance(item, Line)
    )


def _barcode(item: Barcode, profile: Profile, page: CodePage) -> bytes:
    command = _ean(item.data, item.symbology)
    modules = 67 if item.symbology == "ean8" else 95
    if command is None:
        command, modules = _code128(item.data, (profile.dots // 2) - _QUIET)
    width = min(3, profile.dots // (modules + _QUIET)) if modules else 0
    if not profile.barcode or not command:
        _log.warning("A bar code cannot be made by profile %s: printed as text", profile.name)
        return _text(item.data, profile, page)
    if width < 2:
        _log.warning("A bar code of %d characters is too wide: printed as QR", len(item.data))
        return _qr(QR(item.data), profile, page) + (_text(item.data, profile, page) if item.text else b"")
    return (
        _CENTER
        + b"\x1d\x68"
        + bytes([_BAR_HEIGHT])
        + b"\x1d\x77"
        + bytes([width])
        + b"\x1d\x66\x00\x1d\x48"
        + (b"\x02" if item.text else b"\x00")
        + command
        + _LEFT
    )


_EAN = {"ean13": (13, b"\x1d\x6b\x43\x0d"), "ean8": (8, b"\x1d\x6b\x44\x08")}
"""Digits of each EAN, and the command that draws it: ``GS k`` 67 and 68."""


def _ean(data: str, symbology: str) -> bytes | None:
    """``GS k`` with its digits, or ``None`` for what is no EAN of that kind with its right check digit."""
    digits, command = _EAN.get(symbology, (0, b""))
    if not command or not re.fullmatch(rf"[0-9]{{{digits - 1},{digits}}}", data):
        return None
    body = data[: digits - 1]
    check = -sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(reversed(body))) % 10
    if len(data) == digits and int(data[-1]) != check:
        return None
    return command + body.encode("ascii") + str(check).encode("ascii")


def _code128(data: str, most: int) -> tuple[bytes, int]:
    """``GS k 73`` and its width in modules; empty for what Code 128 B lacks.

    Digits in pairs (set C) are used only where set B would be wider than ``most`` modules.
    """
    if not re.fullmatch(r"[ -~]+", data):
        return b"", 0
    content, symbols = b"{B" + data.encode("ascii").replace(b"{", b"{{"), len(data)
    if 11 * (symbols + 2) + 13 > most and len(data) % 2 == 0 and re.fullmatch(r"[0-9]+", data):
        pairs = bytes(int(data[place : place + 2]) for place in range(0, len(data), 2))
        # The pair 16 before 04, 05 or 20 spells a command that printers obey even inside data.
        if graphics.without_real_time(pairs) == pairs:
            content, symbols = b"{C" + pairs, len(pairs)
    if len(content) > 255:
        return b"", 0
    return b"\x1d\x6b\x49" + bytes([len(content)]) + content, 11 * (symbols + 2) + 13


def _qr(item: QR, profile: Profile, page: CodePage) -> bytes:
    data = item.data.encode("utf-8", "replace")
    module = max(1, min(item.size, 16))
    version = next((v for v, room in enumerate(_QR_BYTES_AT_M, 1) if len(data) <= room), 0)
    if not data or not version:
        _log.warning("A QR code of %d bytes cannot be made: printed as text", len(data))
        return _text(item.data, profile, page)
    length = len(data) + 3
    # Control characters are legal in a QR code, but a printer that does not know the command would obey them.
    harmless = (
        min(data) >= 0x20 and 0x7F not in data and (length & 0xFF, length >> 8) not in _REAL_TIME_LENGTHS
    )
    if profile.qr and harmless:
        fitted = max(1, min(module, profile.dots // (4 * version + 17 + 8)))
        return _native_qr(data, fitted)
    if not profile.raster:
        return _text(item.data, profile, page)
    try:
        picture = graphics.qr_picture(data.decode("utf-8"), module, profile.dots)
    except ValueError as error:
        _log.warning("QR code printed as text: %s", error)
        return _text(item.data, profile, page)
    return graphics.raster(picture, profile.dots)


_REAL_TIME_LENGTHS = ((0x10, 0x04), (0x10, 0x05), (0x10, 0x14))
"""Lengths whose two bytes would spell a real-time command."""


def _native_qr(data: bytes, module: int) -> bytes:
    """``GS ( k``: model 2, module width, error correction M, store, print."""
    store = (len(data) + 3).to_bytes(2, "little")
    return (
        _CENTER
        + b"\x1d\x28\x6b\x04\x00\x31\x41\x32\x00"
        + b"\x1d\x28\x6b\x03\x00\x31\x43"
        + bytes([module])
        + b"\x1d\x28\x6b\x03\x00\x31\x45\x31"
        + b"\x1d\x28\x6b"
        + store
        + b"\x31\x50\x30"
        + data
        + b"\x1d\x28\x6b\x03\x00\x31\x51\x30"
        + _LEFT
    )


def _pdf417(item: PDF417, profile: Profile, page: CodePage) -> bytes:
    try:
        picture = graphics.pdf417_picture(item.data, profile.dots)
    except ValueError as error:
        _log.warning("PDF417 printed as text: %s", error)
        return _text(item.data.decode("latin-1"), profile, page)
    return graphics.raster(picture, profile.dots)
