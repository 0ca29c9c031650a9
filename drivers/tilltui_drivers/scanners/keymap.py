"""From a keyboard's key events to the bytes that a scanner meant: pure, no I/O.

Source: Linux ``input-event-codes.h`` (key codes) and ``input.h`` (``struct input_event``); the US layout, to
which the scanner must be set whatever the machine's own layout is.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

NATIVE_SIZE = struct.calcsize("llHHi")
"""Bytes of a ``struct input_event`` of this machine: 24, or 16 where ``long`` has 32 bits."""

_RECORDS = {24: struct.Struct("=qqHHi"), 16: struct.Struct("=iiHHi")}
_EV_SYN, _EV_KEY = 0, 1
_SYN_DROPPED = 3
_SHIFTS, _CONTROLS, _ALTS = frozenset({42, 54}), frozenset({29, 97}), frozenset({56, 100})
_MODIFIERS = _SHIFTS | _CONTROLS | _ALTS
_CAPS = 58
_ENDS = {28: "\r", 96: "\r", 15: "\t"}
_KEYPAD = dict(
    zip((71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83, 55, 98, 121), "789-456+1230.*/,", strict=True)
)

BROKEN_OFF = "?\x02"
"""What stands for lost events: something, and the STX that makes the framer say that it broke off."""


def _us_layout() -> dict[int, tuple[str, str]]:
    """Key code to what it gives without and with shift."""
    rows = (
        (2, "1234567890-=", "!@#$%^&*()_+"),
        (16, "qwertyuiop[]", "QWERTYUIOP{}"),
        (30, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
        (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
        (57, " ", " "),
        (86, "<", ">"),
    )
    return {
        first + place: (plain, shifted)
        for first, plains, shifteds in rows
        for place, (plain, shifted) in enumerate(zip(plains, shifteds, strict=True))
    }


_US = _us_layout()


class KeyReader:
    """Takes the bytes of input events, in any pieces, and gives those of codes; Enter is CR, Tab is TAB.

    Control with ``]`` is GS, as scanners send it; Alt with digits of the keypad is the character of that
    number. When the kernel says that it dropped events, everything up to the next end is dropped too, and
    ``BROKEN_OFF`` stands for it: part of a code is never a code.
    """

    def __init__(self, size: int = NATIVE_SIZE) -> None:
        self._record = _RECORDS[size]
        self._rest = b""
        self._held: set[int] = set()
        self._caps = False
        self._number = ""
        self._lost = False

    def feed(self, data: bytes) -> bytes:
        """Take what was read; gives UTF-8."""
        data = self._rest + data
        whole = len(data) - len(data) % self._record.size
        self._rest = data[whole:]
        return "".join(self._texts(data[:whole])).encode()

    def _texts(self, data: bytes) -> Iterator[str]:
        for _seconds, _micros, kind, code, value in self._record.iter_unpack(data):
            if kind == _EV_SYN and code == _SYN_DROPPED:
                self._held.clear()
                self._number = ""
                if not self._lost:
                    self._lost = True
                    yield BROKEN_OFF
            elif kind == _EV_KEY:
                text = self._key(code, value)
                if not self._lost:
                    yield text
                elif text in ("\r", "\t"):
                    self._lost = False

    def _key(self, code: int, value: int) -> str:
        """One key event; ``value`` is 0 up, 1 down, 2 repeated by the kernel, which a scanner never means."""
        if value == 0:
            self._held.discard(code)
            return self._end_number() if code in _ALTS else ""
        if value != 1:
            return ""
        if code == _CAPS:
            self._caps = not self._caps
            return ""
        if code in _ENDS:
            return _ENDS[code]
        if code in _MODIFIERS:
            self._held.add(code)
        return self._character(code)

    def _character(self, code: int) -> str:
        if code in _KEYPAD:
            if self._held & _ALTS and _KEYPAD[code].isdigit():
                self._number = (self._number + _KEYPAD[code])[-4:]
                return ""
            return _KEYPAD[code]
        if code not in _US or self._held & _ALTS:
            return ""
        plain, shifted = _US[code]
        if self._held & _CONTROLS:
            # As on a terminal: Control takes the three upper bits of the letter off.
            return chr(ord(plain.upper()) & 0x1F) if plain.upper() in "ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]" else ""
        upper = bool(self._held & _SHIFTS) != (self._caps and plain.isalpha())
        return shifted if upper else plain

    def _end_number(self) -> str:
        """The character of Alt and a number below 256: of the PC's own table, or of Windows' after a 0."""
        number, self._number = self._number, ""
        if not number or not 0 < int(number) < 256:
            return ""
        table = "cp1252" if number[0] == "0" else "cp437"
        return bytes([int(number)]).decode(table, "replace")
