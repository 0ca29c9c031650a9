"""What keys mean, record by record."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilltui_drivers.scanners.keymap import BROKEN_OFF, KeyReader

SHIFT, CONTROL, ALT, CAPS, ENTER, KEYPAD_ENTER, TAB = 42, 29, 56, 58, 28, 96, 15
KEYS = {
    **dict(zip("1234567890-=", range(2, 14), strict=True)),
    **dict(zip("qwertyuiop[]", range(16, 28), strict=True)),
    **dict(zip("asdfghjkl;'`", range(30, 42), strict=True)),
    **dict(zip("\\zxcvbnm,./", range(43, 54), strict=True)),
    " ": 57,
}
SHIFTED = dict(zip('!@#$%^&*()_+{}:"~|<>?', "1234567890-=[];'`\\,./", strict=True))


def event(kind: int, code: int, value: int, size: int = 24) -> bytes:
    return struct.pack("=qqHHi" if size == 24 else "=iiHHi", 7, 9, kind, code, value)


def press(*codes: int, size: int = 24) -> bytes:
    """Keys that go down in this order and up in the other, as a scanner's do, each with its SYN."""
    downs = [event(4, 4, 0x70000 + c, size) + event(1, c, 1, size) + event(0, 0, 0, size) for c in codes]
    ups = [event(1, c, 0, size) + event(0, 0, 0, size) for c in reversed(codes)]
    return b"".join(downs + ups)


def typed(text: str, size: int = 24) -> bytes:
    parts = []
    for char in text:
        if char == "\r":
            parts.append(press(ENTER, size=size))
        elif char in SHIFTED:
            parts.append(press(SHIFT, KEYS[SHIFTED[char]], size=size))
        elif char.isupper():
            parts.append(press(SHIFT, KEYS[char.lower()], size=size))
        else:
            parts.append(press(KEYS[char], size=size))
    return b"".join(parts)


LEGIBLE = "".join(chr(c) for c in range(32, 127))


@pytest.mark.parametrize("size", [24, 16])
def test_every_printable_character(size: int) -> None:
    assert KeyReader(size).feed(typed(LEGIBLE, size)) == LEGIBLE.encode()


@given(st.text(LEGIBLE + "\r", max_size=30), st.data())
def test_any_text_in_any_pieces(text: str, data: st.DataObject) -> None:
    reader, rest, got = KeyReader(24), typed(text), b""
    while rest:
        cut = data.draw(st.integers(1, 200))
        got += reader.feed(rest[:cut])
        rest = rest[cut:]
    assert got == text.encode()


def test_enter_keypad_enter_and_tab_end() -> None:
    assert KeyReader(24).feed(press(ENTER) + press(KEYPAD_ENTER) + press(TAB)) == b"\r\r\t"


def test_digits_of_the_keypad() -> None:
    codes = (82, 79, 80, 81, 75, 76, 77, 71, 72, 73, 83)
    assert KeyReader(24).feed(b"".join(press(code) for code in codes)) == b"0123456789."


def test_capitals_by_caps_lock() -> None:
    data = press(CAPS) + typed("ab1") + press(SHIFT, KEYS["c"]) + press(CAPS) + typed("d")
    assert KeyReader(24).feed(data) == b"AB1cd"


def test_control_bracket_is_the_group_separator() -> None:
    assert KeyReader(24).feed(press(CONTROL, KEYS["]"]) + press(CONTROL, KEYS["m"])) == b"\x1d\r"


def test_alt_and_numbers_of_the_keypad() -> None:
    zero, two, four, nine, six = 82, 80, 75, 73, 77
    tilde_n = event(1, ALT, 1) + press(zero) + press(two) + press(four) + press(79) + event(1, ALT, 0)
    beep = event(1, ALT, 1) + press(nine) + press(six) + event(1, ALT, 0)
    assert KeyReader(24).feed(tilde_n + beep) == "ñ`".encode()


def test_repeats_and_other_events_are_nothing() -> None:
    data = event(1, KEYS["a"], 1) + event(1, KEYS["a"], 2) * 20 + event(1, KEYS["a"], 0) + event(17, 1, 1)
    assert KeyReader(24).feed(data + event(1, 0x2FF, 1) + event(1, 183, 1)) == b"a"


def test_what_the_kernel_dropped_is_no_code() -> None:
    dropped = event(0, 3, 0)
    data = typed("78") + event(1, SHIFT, 1) + dropped + typed("99\r") + typed("42\r")
    assert KeyReader(24).feed(data) == b"78" + BROKEN_OFF.encode() + b"42\r"


@given(st.binary(max_size=2000), st.sampled_from([16, 24]))
def test_anything_at_all_is_survived(data: bytes, size: int) -> None:
    KeyReader(size).feed(data).decode()


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 130), st.integers(-1, 3)), max_size=200))
def test_any_events_are_survived(events: list[tuple[int, int, int]]) -> None:
    KeyReader(24).feed(b"".join(event(*one) for one in events)).decode()
