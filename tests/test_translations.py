"""The catalogue's reader against the standard library's, which reads everything at once."""

from __future__ import annotations

import gettext
import struct
from pathlib import Path

import pytest

from tilltui.i18n import DOMAIN, LANGUAGES, LOCALE_DIR
from tilltui.translations import Catalogue

FILES = [LOCALE_DIR / code / "LC_MESSAGES" / f"{DOMAIN}.mo" for code in LANGUAGES if code != "en"]

HEAD = "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=3; plural=n%10==1 ? 0 : n ? 1 : 2;\n"


def compiled(messages: dict[str, str]) -> bytes:
    """An MO file, written by the GNU gettext manual."""
    pairs = sorted((key.encode(), value.encode()) for key, value in messages.items())
    count = len(pairs)
    tables, texts, at = b"", b"", 28 + 16 * count
    for column in (0, 1):
        for pair in pairs:
            tables += struct.pack("<2I", len(pair[column]), at + len(texts))
            texts += pair[column] + b"\0"
    return struct.pack("<7I", 0x950412DE, 0, count, 28, 28 + 8 * count, 0, 0) + tables + texts


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.parts[-3]))
def test_every_message_is_what_the_standard_library_reads(file: Path) -> None:
    with file.open("rb") as stream:
        standard = gettext.GNUTranslations(stream)
    ours = Catalogue(file)
    keys = list(vars(standard)["_catalog"])
    assert len(keys) > 1000
    for key in keys:
        message = key if isinstance(key, str) else key[0]
        if message:
            # Without a count it is the form for one, which Python 3.11.2 (Debian 12) does not look for.
            plain = isinstance(key, str)
            expected = standard.gettext(message) if plain else standard.ngettext(message, "x", 1)
            assert ours.gettext(message) == expected
        for count in (0, 1, 2, 21, 1_000_000):
            if not isinstance(key, str):
                assert ours.ngettext(message, "x", count) == standard.ngettext(message, "x", count)


def test_what_is_missing_is_said_in_english(tmp_path: Path) -> None:
    file = tmp_path / "x.mo"
    file.write_bytes(compiled({"": HEAD, "Cash": "Efectivo", "b": "", "a file\0files": "uno\0dos\0tres"}))
    catalogue = Catalogue(file)
    said = [catalogue.gettext(message) for message in ("Cash", "Cas", "Cashier", "~", "b", "a file")]
    assert said == ["Efectivo", "Cas", "Cashier", "~", "b", "uno"]
    assert [catalogue.ngettext("a file", "files", count) for count in (11, 5, 0)] == ["uno", "dos", "tres"]
    assert [catalogue.ngettext("one dog", "dogs", count) for count in (1, 2)] == ["one dog", "dogs"]


@pytest.mark.parametrize(
    "data",
    [b"", b"x" * 40, compiled({"": "Content-Type: text/plain; charset=latin-1\n"}), compiled({"a": "b"})],
    ids=["empty", "no catalogue", "latin", "no header"],
)
def test_what_is_no_catalogue_is_refused(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "x.mo"
    file.write_bytes(data)
    with pytest.raises(ValueError, match=r"Failed to read x\.mo: expected"):
        Catalogue(file)
