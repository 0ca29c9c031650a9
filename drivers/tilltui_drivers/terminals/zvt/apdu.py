"""ZVT's messages: two bytes of control field, a length, data made of fields (BMPs).

Source: VdTH, ECR Interface ZVT Protocol PA00P015, revision 13: "APDU structure", "Summary of utilised BMPs".
The length is one byte up to 254, else FF and two bytes, the low one first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

MAX_APDU = 16_384
"""Longest data of a message that is taken; no real one comes near it."""


@dataclass(frozen=True, slots=True)
class Apdu:
    """One message.

    Attributes:
        command: Both bytes of the control field, such as 0x040F.
        data: What follows the length.
    """

    command: int
    data: bytes = b""

    def encode(self) -> bytes:
        """The bytes that go over the line."""
        size = len(self.data)
        length = bytes((size,)) if size < 0xFF else b"\xff" + size.to_bytes(2, "little")
        return self.command.to_bytes(2, "big") + length + self.data


class Overlong(Exception):
    """A message that is longer than any can be: the stream cannot be trusted any more."""


class Cutter:
    """Cuts a stream into messages, whatever the split."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[Apdu]:
        """Take bytes and give the messages that they complete.

        Raises:
            Overlong: The length that a message announces cannot be.
        """
        self._buffer += data
        while (found := self._first()) is not None:
            yield found

    def _first(self) -> Apdu | None:
        buffer = self._buffer
        if len(buffer) < 3:
            return None
        start, size = 3, buffer[2]
        if size == 0xFF:
            if len(buffer) < 5:
                return None
            start, size = 5, int.from_bytes(buffer[3:5], "little")
            if size > MAX_APDU:
                buffer.clear()
                raise Overlong(f"a message of {size} bytes")
        if len(buffer) < start + size:
            return None
        apdu = Apdu(int.from_bytes(buffer[:2], "big"), bytes(buffer[start : start + size]))
        del buffer[: start + size]
        return apdu


def bcd(value: int, size: int) -> bytes:
    """A number as packed decimal digits.

    >>> bcd(1250, 6).hex()
    '000000001250'
    """
    return bytes.fromhex(f"{value:0{size * 2}d}")


def number(data: bytes) -> int | None:
    """A number of packed decimal digits; ``None`` where there are others."""
    digits = data.hex()
    return int(digits) if digits.isdecimal() else None


_FIXED = {
    0x01: 1, 0x02: 1, 0x03: 1, 0x04: 6, 0x05: 1, 0x0B: 3, 0x0C: 3, 0x0D: 2, 0x0E: 2, 0x17: 2, 0x19: 1,
    0x27: 1, 0x29: 4, 0x2A: 15, 0x37: 3, 0x3A: 2, 0x3B: 8, 0x3D: 3, 0x49: 2, 0x87: 2, 0x88: 3, 0x8A: 1,
    0x8C: 1, 0x9A: 103, 0xA0: 1, 0xAA: 3, 0xBA: 5, 0xD0: 1, 0xD1: 1, 0xD2: 1, 0xD3: 1, 0xEB: 8,
}  # fmt: skip
"""Bytes of the fields of a fixed length, by tag."""

_TWO_DIGITS = frozenset({0x22, 0x23, 0x2D, 0x4C, 0x8B, 0xA7, 0xF1, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6, 0xF7, 0xF8})
"""Fields with a length of two bytes FxFy (LLVAR)."""

_THREE_DIGITS = frozenset({0x24, 0x2E, 0x3C, 0x60, 0x9C})
"""Fields with a length of three bytes FxFyFz (LLLVAR)."""

_TLV = 0x06


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of a message.

    Attributes:
        values: By tag; the first where one comes twice.
        whole: Whether everything could be read: an unknown tag ends the reading, since its length is unknown.
    """

    values: dict[int, bytes] = field(default_factory=dict)
    whole: bool = True

    def number(self, tag: int) -> int | None:
        """A field of packed decimal digits."""
        data = self.values.get(tag)
        return number(data) if data is not None else None


def fields(data: bytes) -> Fields:
    """Read the fields of a message; never raises."""
    values: dict[int, bytes] = {}
    at = 0
    while at < len(data):
        tag, at = data[at], at + 1
        span = _span(tag, data, at)
        if span is None or span[1] > len(data):
            return Fields(values, whole=False)
        values.setdefault(tag, data[span[0] : span[1]])
        at = span[1]
    return Fields(values)


def _span(tag: int, data: bytes, at: int) -> tuple[int, int] | None:
    """Where the value of a field starts and ends."""
    if tag in _FIXED:
        return at, at + _FIXED[tag]
    if tag == _TLV:
        return _tlv_span(data, at)
    digits = 2 if tag in _TWO_DIGITS else 3 if tag in _THREE_DIGITS else 0
    if not digits or at + digits > len(data):
        return None
    size = 0
    for byte in data[at : at + digits]:
        if byte >> 4 != 0xF or byte & 0xF > 9:
            return None
        size = size * 10 + (byte & 0xF)
    return at + digits, at + digits + size


def _tlv_span(data: bytes, at: int) -> tuple[int, int] | None:
    """Length as in BER: one byte below 80, or 81 and one, or 82 and two."""
    if at >= len(data):
        return None
    first = data[at]
    if first < 0x80:
        return at + 1, at + 1 + first
    count = first & 0x7F
    if count not in (1, 2) or at + 1 + count > len(data):
        return None
    size = int.from_bytes(data[at + 1 : at + 1 + count], "big")
    return at + 1 + count, at + 1 + count + size


def tlvs(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The objects of a TLV container in order; stops at the first that cannot be. Never raises."""
    at = 0
    while at < len(data):
        tag, at = data[at], at + 1
        if tag & 0x1F == 0x1F:
            if at >= len(data):
                return
            tag, at = tag << 8 | data[at], at + 1
        span = _tlv_span(data, at)
        if span is None or span[1] > len(data):
            return
        yield tag, data[span[0] : span[1]]
        at = span[1]
