"""The bytes of each command set, and what the customer reads of them."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilltui_drivers.displays.dialects import DIALECTS, TO_DISPLAY, TO_PRINTER, Commands
from tilltui_drivers.displays.letters import Letters
from tilltui_drivers.virtual.displays.display_device import Interpreter

PLAIN = Letters("")
UP, LOW = b"Leche entera  $1.290", b"TOTAL         $1.290"


@pytest.mark.parametrize(
    ("commands", "expected"),
    [
        ("epson", b"\x1f\x24\x01\x01" + UP + b"\x1f\x24\x01\x02" + LOW),
        ("cd5220", b"\x1b\x51\x41" + UP + b"\x0d\x1b\x51\x42" + LOW + b"\x0d"),
        ("aedex", b"\x21\x23\x31" + UP + b"\x0d\x21\x23\x32" + LOW + b"\x0d"),
        ("logic", b"\x10\x00" + UP + b"\x10\x14" + LOW),
        ("utc", b"\x1b\x75\x41" + UP + b"\x0d\x1b\x75\x42" + LOW + b"\x0d"),
    ],
)
def test_the_bytes_of_the_manuals(commands: Commands, expected: bytes) -> None:
    assert DIALECTS[commands].frame(UP.decode(), LOW.decode(), PLAIN) == expected


@pytest.mark.parametrize(
    ("commands", "clear", "opening"),
    [
        ("epson", b"\x0c", b"\x1b\x40\x1f\x01\x1f\x43\x00"),
        ("cd5220", b"\x0c", b"\x1b\x40\x1b\x5f\x00"),
        ("aedex", b"!#1" + b" " * 20 + b"\r!#2" + b" " * 20 + b"\r", b"\x21\x23\x41\x0d"),
        ("logic", b"\x1e", b"\x1f\x11\x14"),
        ("utc", b"\x1b\x75\x41\x0d\x1b\x75\x42\x0d", b""),
    ],
)
def test_clear_and_opening(commands: Commands, clear: bytes, opening: bytes) -> None:
    dialect = DIALECTS[commands]
    assert dialect.blank() == clear
    assert dialect.reset + dialect.opening("") == opening


def test_a_code_page_is_chosen_by_its_number() -> None:
    assert DIALECTS["epson"].opening("cp858").endswith(b"\x1b\x74\x13")
    virtual = Interpreter("epson")
    virtual.feed(
        DIALECTS["epson"].opening("cp858") + DIALECTS["epson"].frame("Ñandú €", "", Letters("cp858"))
    )
    assert virtual.grid.lines[0].rstrip() == "Ñandú €"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Piña Ámbar ¡Oh! ¿Sí?", "Pina Ambar !Oh! ?Si?"),
        ("Coeur œuf – “x”", 'Coeur ouf - "x"'),
        ("お茶 café", "?? cafe"),
        ("a\x1b[2J\x00\x7f\u202eb", "a [2J  b"),
        ("x" * 10_000, "x" * 20),
        ("Precio… 1 €", "Precio. 1 E"),
        ("e\u0301e", "ee"),
        ("x" * 14 + "€19,99", "x" * 14 + "E19,99"),
    ],
)
def test_letters_without_accents(text: str, shown: str) -> None:
    assert PLAIN.cells(text, 20) == shown.encode().ljust(20)


@pytest.mark.parametrize("commands", list(DIALECTS))
def test_nothing_a_customer_is_called_does_anything_but_letters(commands: Commands) -> None:
    chance = random.Random(commands)
    virtual = Interpreter(commands)
    dialect = DIALECTS[commands]
    virtual.feed(dialect.reset + dialect.opening(""))
    for _ in range(3000):
        texts = [
            "".join(
                chance.choices("!#\x1b\x1f\x10\r\n\x0c$12AB\x02= aé\u202e\U0001f600", k=chance.randrange(40))
            )
            for _ in range(2)
        ]
        virtual.feed(dialect.frame(texts[0], texts[1], PLAIN))
        expected = tuple(PLAIN.cells(text, 20).decode() for text in texts)
        if commands == "aedex":
            expected = tuple(line.replace("!#", "!.") for line in expected)
        assert virtual.grid.lines == expected
        assert (virtual.unknown, virtual.grid.overflows, virtual.grid.mode) == ([], 0, "overwrite")


@given(
    commands=st.sampled_from(list(DIALECTS)),
    page=st.sampled_from(["", "cp437", "cp850", "cp858", "cp1252"]),
    upper=st.text(max_size=60),
    lower=st.text(max_size=60),
)
def test_every_line_has_twenty_cells(commands: Commands, page: str, upper: str, lower: str) -> None:
    dialect = DIALECTS[commands]
    frame = dialect.frame(upper, lower, Letters(page))
    assert len(frame) == 40 + len(dialect.upper + dialect.lower) + 2 * len(dialect.end)
    cells = Letters(page).cells(upper, 20)
    assert len(cells) == 20
    assert all(byte >= 0x20 and byte != 0x7F for byte in cells)


@given(st.lists(st.binary(max_size=100), max_size=10), st.sampled_from(list(DIALECTS)))
def test_the_virtual_printer_takes_any_bytes(pieces: list[bytes], commands: Commands) -> None:
    whole, split = Interpreter(commands), Interpreter(commands)
    whole.feed(b"".join(pieces))
    for piece in pieces:
        split.feed(piece)
    assert whole.grid.lines == split.grid.lines
    assert all(len(line) == 20 for line in whole.grid.lines)


def test_the_virtual_display_behind_a_printer_sees_only_what_is_passed_on() -> None:
    virtual = Interpreter("epson", behind_printer=True)
    virtual.feed(
        b"a receipt" + TO_DISPLAY + DIALECTS["epson"].frame("hello", "world", PLAIN) + TO_PRINTER + b"more"
    )
    assert [line.rstrip() for line in virtual.grid.lines] == ["hello", "world"]
    assert bytes(virtual.printed) == b"a receiptmore"
