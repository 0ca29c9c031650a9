"""The shop's logo: a picture file of whatever kind becomes one bit a dot, as wide as the paper at most.

Pillow reads it, in the print worker and once a file and width: an old Pi pays a second for that import.
"""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path
from typing import TYPE_CHECKING

from tilltui.domain.paper.elements import Image
from tilltui.errors import N_, ConfigError

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

log = logging.getLogger(__name__)

MAX_BYTES = 4 * 1024 * 1024
"""Largest picture file."""

MAX_PIXELS = 16_000_000
"""Most pixels in it: a small file may claim to be a very large picture."""

MAX_ROWS = 400
"""Most rows on paper, 5 cm at 8 dots a millimetre: a logo must not empty the roll."""

CHECKED_DOTS = 576
"""Width for which a logo is made to be tried out: paper of 80 mm."""

FORMATS = ("PNG", "JPEG", "BMP", "GIF", "PPM", "TIFF", "WEBP")
"""Kinds of file that are read; the rest of Pillow's readers see no file of ours."""


def logo_of(setting: str, base: Path, data: Path) -> Logo | None:
    """Make the logo that ``[shop]`` names, if it names one.

    Args:
        setting: The file; a relative one starts from ``base``.
        base: Folder of the settings file.
        data: Data folder, for the cache.
    """
    return Logo(logo_file(setting, base), data / "cache") if setting else None


def logo_file(setting: str, base: Path) -> Path:
    """The file that ``[shop]`` names; a relative one starts from ``base``."""
    try:
        return base / Path(setting).expanduser()
    except RuntimeError:  # ~nobody has no home: there is no such file, and the receipts print without
        return base / setting


class Logo:
    """A picture file, read when it is first printed and again when it changed.

    Args:
        path: The file.
        cache: Folder for the picture as it was made for the paper; ``None``: it is kept in memory only.
    """

    def __init__(self, path: Path, cache: Path | None = None) -> None:
        self.path = path
        self._cache = cache
        self._made: dict[int, tuple[tuple[int, int], Image | None]] = {}

    def image(self, dots: int) -> Image | None:
        """The logo for paper of ``dots``; ``None`` (and a line in the log, once) where it cannot be made."""
        try:
            info = self.path.stat()
        except OSError as error:
            self._failed(dots, (0, 0), str(error))
            return None
        stamp = (info.st_mtime_ns, info.st_size)
        known = self._made.get(dots)
        if known is not None and known[0] == stamp:
            return known[1]
        try:
            image = self._read(dots)
        except ConfigError as error:
            self._failed(dots, stamp, str(error))
            return None
        self._made[dots] = (stamp, image)
        return image

    def check(self) -> None:
        """Read it as it would be printed, and keep nothing.

        Raises:
            ConfigError: It is not there, no picture, or too large a one.
        """
        one_bit(_bytes(self.path), CHECKED_DOTS, str(self.path))

    def _failed(self, dots: int, stamp: tuple[int, int], why: str) -> None:
        if self._made.get(dots) != (stamp, None):
            log.warning("Receipts have no logo: %s", why)
        self._made[dots] = (stamp, None)

    def _read(self, dots: int) -> Image:
        raw = _bytes(self.path)
        kept = self._kept(raw, dots)
        if kept is not None and kept.exists():
            image = _from_pbm(kept.read_bytes(), dots)
            if image is not None:
                return image
        image = one_bit(raw, dots, str(self.path))
        if kept is not None:
            try:
                kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                kept.write_bytes(b"P4\n%d %d\n" % (image.width, image.height) + image.bits)
            except OSError as error:
                log.info("The logo is made anew at each start: %s", error)
        return image

    def _kept(self, raw: bytes, dots: int) -> Path | None:
        if self._cache is None:
            return None
        return self._cache / f"logo-{hashlib.sha256(raw).hexdigest()[:16]}-{dots}.pbm"


def one_bit(raw: bytes, dots: int, name: str) -> Image:
    """Make a picture one bit deep and at most ``dots`` wide and ``MAX_ROWS`` high; 1 is black.

    Transparent is white; greys are dithered, so that a photograph prints too.

    Raises:
        ConfigError: It is no picture, or too large a one.
    """
    import io

    from PIL import Image as Pillow

    try:
        with Pillow.open(io.BytesIO(raw), formats=FORMATS) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise _refused(name, f"{opened.width} x {opened.height}")
            gray = _on_white(opened)
    except (OSError, ValueError, SyntaxError, Pillow.DecompressionBombError) as error:
        raise _refused(name, type(error).__name__) from error
    scale = min(1.0, dots / gray.width, MAX_ROWS / gray.height)
    if scale < 1.0:
        size = (max(1, int(gray.width * scale)), max(1, int(gray.height * scale)))
        gray = gray.resize(size, Pillow.Resampling.LANCZOS)
    return Image(gray.width, gray.height, gray.convert("1").tobytes("raw", "1;I"))


def _on_white(picture: Picture) -> Picture:
    from PIL import Image as Pillow

    solid = picture.convert("RGBA")
    page = Pillow.new("RGBA", solid.size, "white")
    page.alpha_composite(solid)
    return page.convert("L")


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _refused(str(path), error.strerror or str(error)) from error
    if len(raw) > MAX_BYTES:
        raise _refused(str(path), f"> {MAX_BYTES // 1024 // 1024} MiB")
    return raw


def _from_pbm(raw: bytes, dots: int) -> Image | None:
    """Read back what ``Logo`` kept; ``None`` for a file that was cut short or is not ours."""
    head, size, bits = (*raw.split(b"\n", 2), b"", b"")[:3]
    width, _, height = size.partition(b" ")
    if head != b"P4" or not (width.isdigit() and height.isdigit()) or len(size) > 12:
        return None
    image = Image(int(width), int(height), bits)
    fits = 0 < image.width <= dots and 0 < image.height <= MAX_ROWS
    return image if fits and len(bits) == (image.width + 7) // 8 * image.height else None


def _refused(name: str, why: str) -> ConfigError:
    return ConfigError(
        N_("The logo {path} cannot be used: {why}."),
        hint=N_("Give a PNG or JPEG picture of at most 4 MiB as logo under [shop]."),
        path=name,
        why=why,
    )
