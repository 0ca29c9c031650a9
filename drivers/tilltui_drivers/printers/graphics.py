"""Pictures and the codes that a printer cannot make itself, as raster bytes.

python-escpos (with Pillow) cuts pictures into ``GS v 0`` commands and zxing-cpp draws QR and PDF417. Both are
imported here, inside the functions: they cost 16 MB and a second or more on an old Pi, which a plain receipt
never pays.
"""

from __future__ import annotations

import logging
import os
import stat
import sys
import tempfile
import threading
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tilltui.domain.paper.elements import Image

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

_log = logging.getLogger(__name__)

FRAGMENT_ROWS = 100
"""Most rows a command: larger ones make some printers show the picture as text (python-escpos #631)."""

FRAGMENT_BYTES = 3072
"""Most bytes of picture a command: the cheap ones have 4 KiB to receive in, and some want a command whole."""

_BAD_MULTIPLE = 48
"""Fragments of a multiple of 48 rows come out as garbage on the POS-5890 (python-escpos #367)."""

_REAL_TIME = (b"\x10\x04", b"\x10\x05", b"\x10\x14")
"""Printers obey these even inside picture data (Epson, notes of DLE EOT and DLE DC4)."""

_importing = threading.Lock()


def from_bits(width: int, height: int, bits: bytes) -> Picture:
    """Read a one-bit picture (1 is black, rows padded to whole bytes).

    Raises:
        ValueError: There are not ``height`` rows of ``width`` pixels in ``bits``.
    """
    _stride(width, height, bits)
    from PIL import Image

    return Image.frombytes("1", (width, height), bits, "raw", "1;I")


@lru_cache(maxsize=8)
def image_bytes(image: Image, dots: int) -> bytes:
    """Turn a one-bit picture into ``GS v 0`` commands, in the middle of a line of ``dots``.

    Kept: a shop prints the same logo on every receipt. One that fits is cut here, without the library.

    Raises:
        ValueError: There are not ``height`` rows of ``width`` pixels in its bits.
    """
    width, height, bits = image.width, image.height, image.bits
    stride = _stride(width, height, bits)
    if width > dots:
        return raster(from_bits(width, height, bits), dots)
    wide = ((dots - width) // 2 + width + 7) // 8
    behind = wide * 8 - (dots - width) // 2 - width
    rows = [
        # Without the padding of the row, which need not be white, and moved to the middle.
        (int.from_bytes(bits[at : at + stride], "big") >> (-width % 8) << behind).to_bytes(wide, "big")
        for at in range(0, stride * height, stride)
    ]
    most = fragment_rows(wide)
    rest = len(rows) % most
    if rest and rest % _BAD_MULTIPLE == 0:
        rows.append(bytes(wide))
    across = wide.to_bytes(2, "little")
    out = bytearray()
    for at in range(0, len(rows), most):
        part = rows[at : at + most]
        head = b"\x1d\x76\x30\x00" + across + len(part).to_bytes(2, "little")
        out += head + without_real_time(b"".join(part))
    return bytes(out)


def fragment_rows(across: int) -> int:
    """Rows a command of a picture that is so many bytes wide."""
    rows = max(1, min(FRAGMENT_ROWS, FRAGMENT_BYTES // across))
    return rows - 1 if rows % _BAD_MULTIPLE == 0 else rows


def _stride(width: int, height: int, bits: bytes) -> int:
    """Bytes a row, once it is sure that the bits fit."""
    stride = (width + 7) // 8
    if width < 1 or height < 1 or len(bits) != stride * height:
        raise ValueError(
            f"Failed to read a picture of {width} x {height}: "
            f"expected {stride * height} bytes, got {len(bits)}."
        )
    return stride


def qr_picture(data: str, module: int, dots: int) -> Picture:
    """Draw a QR code of error correction M, modules of ``module`` dots or as wide as ``dots`` allow.

    Raises:
        ValueError: The data does not fit.
    """
    import zxingcpp

    # Without being told so it would write ñ in Latin-1, other than the printers, which get UTF-8.
    said = {} if data.isascii() else {"eci": "UTF-8"}
    code = zxingcpp.create_barcode(data, zxingcpp.BarcodeFormat.QRCode, ec_level="M", **said)
    side = _gray(code.to_image(scale=1)).width
    if side > dots:
        raise ValueError(f"Failed to draw a QR code: expected at most {dots} dots, got {side}.")
    return _gray(code.to_image(scale=max(1, min(module, dots // side))))


def pdf417_picture(data: bytes, dots: int) -> Picture:
    """Draw a PDF417 stamp of error correction 5, modules of 2 dots (0.25 mm), or 1 where it does not fit.

    Level 5 is what Chile's tax office asks of its stamp (SII, formato de documentos electrónicos).

    Raises:
        ValueError: The data does not fit.
    """
    import zxingcpp

    why = "too many bytes"
    for scale in (2, 1):
        columns = min(30, (dots // scale - 4 - 69) // 17)
        if columns < 1:
            continue
        try:
            code = zxingcpp.create_barcode(
                data, zxingcpp.BarcodeFormat.PDF417, ec_level="5", columns=str(columns)
            )
        except ValueError as error:
            why = str(error)
            continue
        picture = _gray(code.to_image(scale=scale))
        if picture.width <= dots:
            return picture
    raise ValueError(f"Failed to draw a PDF417 of {len(data)} bytes on {dots} dots: {why}.")


def raster(picture: Picture, dots: int) -> bytes:
    """Turn a picture into ``GS v 0`` commands, in the middle of a line of ``dots``, smaller if it must be."""
    from PIL import Image

    picture = picture.convert("L")
    if picture.width > dots:
        height = max(1, picture.height * dots // picture.width)
        picture = picture.resize((dots, height))
    left = (dots - picture.width) // 2
    width = (left + picture.width + 7) // 8 * 8
    most = fragment_rows(width // 8)
    rest = picture.height % most
    spare = 1 if rest and rest % _BAD_MULTIPLE == 0 else 0
    page = Image.new("L", (width, picture.height + spare), 255)
    page.paste(picture, (left, 0))
    black = page.point(lambda level: 255 if level >= 128 else 0).convert("1").tobytes("raw", "1;I")
    page = from_bits(width, page.height, without_real_time(black))
    dummy = _dummy()
    dummy.image(page, impl="bitImageRaster", fragment_height=most)
    return bytes(dummy.output)


def without_real_time(bits: bytes) -> bytes:
    """Nudge one pixel wherever picture data would spell a real-time command; nobody sees a dot of 1/8 mm."""
    nudged = bytearray(bits)
    for command in _REAL_TIME:
        place = nudged.find(command)
        while place >= 0:
            nudged[place] = 0x11
            place = nudged.find(command, place + 1)
    return bytes(nudged)


def _gray(image: Any) -> Picture:
    from PIL import Image

    return Image.fromarray(image)


def _dummy() -> Any:
    """Make a python-escpos ``Dummy``, a new one a picture: a used one remembers what a reset printer forgot.

    Its profile is one whose width is known to be at least ours: with an unknown width the library prints
    a remark to standard output, which is the till's screen.
    """
    with _importing:
        if "escpos.printer" not in sys.modules:
            _import_quietly()
    from escpos.printer import Dummy

    return Dummy(profile="CT-S651")


def _import_quietly() -> None:
    """Import python-escpos without what it does to a full-screen program.

    At import it calls ``logging.basicConfig`` (a handler that draws over the screen), parses 300 kB of YAML
    unless told where to keep a pickle of it, and leaves an empty temporary folder behind each time.
    """
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(logging.NullHandler())
    cache = private_cache()
    os.environ["ESCPOS_CAPABILITIES_PICKLE_DIR"] = str(cache)
    scratch = Path(tempfile.mkdtemp(prefix="import-", dir=cache))
    before, tempfile.tempdir = tempfile.tempdir, str(scratch)
    try:
        import escpos.printer  # noqa: F401
    finally:
        tempfile.tempdir = before
        for folder in scratch.iterdir():
            folder.rmdir()
        scratch.rmdir()


def private_cache() -> Path:
    """Find a folder that only this user can write: a pickle is read from there, which may run code."""
    from platformdirs import user_cache_path

    folder = user_cache_path("tilltui") / "escpos"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        info = folder.lstat()
        if stat.S_ISDIR(info.st_mode) and info.st_uid == os.getuid() and os.access(folder, os.W_OK):
            folder.chmod(0o700)
            return folder
    except OSError as error:
        _log.info("Cache folder %s cannot be used: %s", folder, error)
    return Path(tempfile.mkdtemp(prefix="tilltui-escpos-"))
