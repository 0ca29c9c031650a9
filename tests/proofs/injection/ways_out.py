"""What leaves a till, against what a terminal, a printer, a spreadsheet or a reader of lines would obey."""

from __future__ import annotations

import csv
import json
import re
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from rich.segment import Segment

from tests.proofs.injection.strings import harmless
from tilltui.domain.paper.elements import Element, Text
from tilltui.domain.paper.layout import Line, lay_out
from tilltui_drivers.printers.codepage import CodePage
from tilltui_drivers.printers.encoder import encode
from tilltui_drivers.printers.profiles import Profile

FORMULA = re.compile("[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]")
"""What a cell must not begin with (OWASP ASVS 5.0, 1.2.10)."""

NEVER_PRINTED = (b"\x1bp", b"\x10", b"\x1c", b"\x1b@", b"\x7f")
"""Drawer kicks, real-time commands, two-byte modes and resets: no receipt has one."""


class Obeyed(AssertionError):
    """Something of a text would be obeyed where it came out."""


def check(holds: object, where: str, what: object) -> None:
    """Raise unless it holds.

    Raises:
        Obeyed: It does not.
    """
    if not holds:
        raise Obeyed(f"{where}: {what!r:.400}")


def check_strips(strips: Iterable[Iterable[Segment]], where: str) -> int:
    """Look at what goes to the terminal; gives how many lines."""
    count = 0
    for strip in strips:
        count += 1
        for text, style, _control in strip:
            check(harmless(text), where, text)
            check(style is None or not (style.link or style.meta), where, style)
    return count


def check_paper(elements: Sequence[Element], profile: Profile) -> int:
    """Encode a paper, and compare its commands with those of one that says ``x`` in every place.

    Whatever the texts say, the bytes below 0x20 are those of the same layout without them: the line feeds and
    the commands that the encoder writes. Gives how many bytes there were.
    """
    data = encode(elements, profile)
    plain: list[Any] = []
    for item in lay_out(elements, profile.columns, CodePage(profile.codepage).printable):
        if isinstance(item, Line):
            plain.append(Text(left="x" * len(item.text), bold=item.bold, size=item.size))
        else:
            plain.append(item)
    innocent = encode(plain, profile)
    check(_commands(data) == _commands(innocent), "paper", data)
    check(len(data) == len(innocent), "paper", data)
    for command in NEVER_PRINTED:
        check(command not in data, "paper", data)
    return len(data)


def _commands(data: bytes) -> bytes:
    return bytes(byte for byte in data if byte < 0x20 or byte == 0x7F)


def check_csv(path: Path, delimiter: str) -> int:
    """Look at a list for spreadsheets; gives how many rows, the heading counted."""
    data = path.read_bytes()
    check(not _commands(data.replace(b"\r\n", b"")), path.name, _commands(data.replace(b"\r\n", b"")))
    count = 0
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.reader(file, delimiter=delimiter):
            count += 1
            for cell in row:
                check(harmless(cell) and not FORMULA.match(cell), path.name, cell)
    return count


def check_xlsx(path: Path) -> int:
    """Look at a workbook: no formula, no link, nothing outside of XML's characters; gives how many bytes."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            check(name.startswith(("xl/", "docProps/", "_rels/", "[Content_Types]")), path.name, name)
        data = archive.read("xl/worksheets/sheet1.xml")
    for tag in (b"<f>", b"<f ", b"<hyperlink", b"<!ENTITY"):
        check(tag not in data, path.name, tag)
    check(harmless(data.decode().replace("\n", "").replace("\t", "")), path.name, "control character")
    return len(data)


def check_record(line: bytes, where: str) -> None:
    """Look at a record as it travels: one line of JSON, and no value in it that is not clean text."""
    check(line.endswith(b"\n") and not _commands(line[:-1]), where, line)
    _check_values(json.loads(line), where)


def _check_values(value: object, where: str) -> None:
    if isinstance(value, dict):
        for name, inner in value.items():
            check(harmless(name), where, name)
            _check_values(inner, where)
    elif isinstance(value, list):
        for inner in value:
            _check_values(inner, where)
    elif isinstance(value, str):
        check(harmless(value), where, value)


def check_log(path: Path) -> int:
    """Look at a log: every line is one that the log began, or a traceback's; gives how many lines."""
    count = 0
    for line in path.read_bytes().decode("utf-8").split("\n"):
        count += 1
        check(harmless(line), path.name, line)
        check(not line or re.match(r"# |    |\d{4}-\d\d-\d\dT[\d:.]+Z [A-Z]+ ", line), path.name, line)
    return count


def check_words(text: str, where: str) -> int:
    """Look at what a command says on the terminal; gives how many lines."""
    lines = text.replace("\r", "\n").split("\n")
    for line in lines:
        check(harmless(line.replace("\x1b[K", "")), where, line)
    return len(lines)
