"""Paper as a picture: what a till roll would look like, for people and for bar code readers."""

from __future__ import annotations

import io
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from .paper import Cell, CodeRow, CutRow, Paper, RasterRow, TextRow

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

_CELL, _GLYPH_HEIGHT, _GAP = 12, 24, 6
_MARGIN = 24
_DASH = 8


def png(paper: Paper, dots: int) -> bytes:
    """Draw ``paper`` as a PNG of ``dots`` plus margins, one pixel a dot."""
    target = io.BytesIO()
    draw(paper, dots).save(target, "PNG")
    return target.getvalue()


def draw(paper: Paper, dots: int) -> Picture:
    """Draw ``paper`` as a grey picture."""
    from PIL import Image

    strips = [_strip(row, dots) for row in paper.rows]
    height = sum(strip.height for strip in strips) + 2 * _MARGIN
    page = Image.new("L", (dots + 2 * _MARGIN, height), 255)
    top = _MARGIN
    for strip in strips:
        page.paste(strip, (_MARGIN, top))
        top += strip.height
    return page


def _strip(row: TextRow | CodeRow | RasterRow | CutRow, dots: int) -> Picture:
    if isinstance(row, TextRow):
        return _text(row, dots)
    if isinstance(row, CutRow):
        return _cut(dots)
    if isinstance(row, RasterRow):
        return _placed(_raster(row), row.align, dots, 0)
    return _placed(_code(row), row.align, dots, _GAP)


def _placed(picture: Picture, align: int, dots: int, gap: int) -> Picture:
    from PIL import Image

    strip = Image.new("L", (dots, picture.height + gap), 255)
    strip.paste(picture, (max(0, dots - picture.width) * align // 2, 0))
    return strip


def _text(row: TextRow, dots: int) -> Picture:
    from PIL import Image

    tall = max((cell.tall for cell in row.cells), default=1)
    width = sum(cell.wide for cell in row.cells) * _CELL
    strip = Image.new("L", (dots, _GLYPH_HEIGHT * tall + _GAP), 255)
    left = max(0, dots - width) * row.align // 2
    for cell in row.cells:
        if cell.char != " ":
            strip.paste(_glyph(cell), (left, _GLYPH_HEIGHT * (tall - cell.tall)))
        left += cell.wide * _CELL
    return strip


@lru_cache(maxsize=512)
def _glyph(cell: Cell) -> Picture:
    """Draw one character in the 12 x 24 cell of font A, pressed into it where the letter is wide."""
    from PIL import Image, ImageChops

    glyph = _letter(cell.char).resize(
        (_CELL * cell.wide, _GLYPH_HEIGHT * cell.tall), Image.Resampling.LANCZOS
    )
    if not cell.bold:
        return glyph
    moved = Image.new("L", glyph.size, 255)
    moved.paste(glyph, (1, 0))
    return ImageChops.darker(glyph, moved)


def _letter(char: str) -> Picture:
    """Draw a character with the font that comes with Pillow, which has ASCII only.

    Accents are drawn onto their letter, Spanish opening signs are the closing ones upside down, and what is
    left comes from Pillow's older bitmap font, doubled.
    """
    from PIL import Image, ImageDraw, ImageFont

    parts = unicodedata.normalize("NFD", char)
    base, marks = parts[0], parts[1:]
    base = {"\u00bf": "?", "\u00a1": "!", "\u00a2": "c", "\u20ac": "C"}.get(base, base)
    if ord(base) > 0x7E or any(mark not in _STROKES for mark in marks):
        small = Image.new("L", (6, 12), 255)
        known = base if ord(base) < 0x100 else "?"
        ImageDraw.Draw(small).text((0, 0), known, font=ImageFont.load_default_imagefont(), fill=0)
        return small
    font = ImageFont.load_default(20)
    needed = max(1, round(font.getlength(base)))
    letter = Image.new("L", (max(needed, _CELL), _GLYPH_HEIGHT), 255)
    pen = ImageDraw.Draw(letter)
    pen.text(((letter.width - needed) // 2, 19), base, font=font, fill=0, anchor="ls")
    middle, top = letter.width // 2, 3 if base.isupper() else 6
    strokes = [stroke for mark in marks for stroke in _STROKES[mark]]
    if char in "\u00a2\u20ac":
        strokes, top = list(_STROKES[char]), 0
    for x1, y1, x2, y2 in strokes:
        pen.line((middle + x1, top + y1, middle + x2, top + y2), fill=0, width=2)
    return letter.rotate(180) if char in "\u00bf\u00a1" else letter


_STROKES: dict[str, tuple[tuple[int, int, int, int], ...]] = {
    "\u0300": ((-3, -3, 1, 0),),
    "\u0301": ((2, -3, -1, 0),),
    "\u0302": ((-3, 0, 0, -3), (0, -3, 3, 0)),
    "\u0303": ((-4, -1, -1, -3), (-1, -3, 1, -1), (1, -1, 4, -3)),
    "\u0308": ((-4, -2, -3, -2), (2, -2, 3, -2)),
    "\u030a": ((-1, -3, 1, -3), (-1, 0, 1, 0)),
    "\u0327": ((0, 16, -2, 19),),
    "\u00a2": ((0, 5, 0, 22),),
    "\u20ac": ((-7, 10, 2, 10), (-7, 14, 2, 14)),
}
"""Lines of each accent, from the middle of the letter's top."""


def _raster(row: RasterRow) -> Picture:
    from PIL import Image

    return Image.frombytes("1", (row.width, row.height), row.bits, "raw", "1;I").convert("L")


def _code(row: CodeRow) -> Picture:
    import zxingcpp

    formats: dict[str, Any] = {
        "qr": zxingcpp.BarcodeFormat.QRCode,
        "code128": zxingcpp.BarcodeFormat.Code128,
        "ean13": zxingcpp.BarcodeFormat.EAN13,
        "ean8": zxingcpp.BarcodeFormat.EAN8,
    }
    text = row.data.decode("utf-8", "replace")
    options = {"ec_level": "M"} if row.kind == "qr" else {}
    content = row.data if row.kind == "qr" else text
    code = zxingcpp.create_barcode(content, formats[row.kind], **options)
    if row.kind == "qr":
        return _gray(code.to_image(scale=row.module))
    return _bars(_gray(code.to_image(scale=1, add_quiet_zones=False)), row, text)


def _bars(pattern: Picture, row: CodeRow, text: str) -> Picture:
    from PIL import Image

    bars = pattern.crop((0, 0, pattern.width, 1)).resize(
        (pattern.width * row.module, row.height), Image.Resampling.NEAREST
    )
    if not row.readable:
        return bars
    below = _text(TextRow(tuple(Cell(char) for char in text), 1), max(bars.width, len(text) * _CELL))
    both = Image.new("L", (below.width, bars.height + below.height), 255)
    both.paste(bars, ((below.width - bars.width) // 2, 0))
    both.paste(below, (0, bars.height + 2))
    return both


def _gray(image: Any) -> Picture:
    from PIL import Image

    return Image.fromarray(image)


def _cut(dots: int) -> Picture:
    from PIL import Image, ImageDraw

    strip = Image.new("L", (dots, _GLYPH_HEIGHT), 255)
    pen = ImageDraw.Draw(strip)
    for left in range(0, dots, 2 * _DASH):
        pen.line((left, _GLYPH_HEIGHT // 2, left + _DASH, _GLYPH_HEIGHT // 2), fill=128)
    return strip
