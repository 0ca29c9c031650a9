"""As much of the Internet Printing Protocol as a raw job needs: requests written, answers read.

Source: RFC 8010 (encoding) and RFC 8011 (operations, states). An answer comes from a server that need not be
ours, so that every length in it is checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

PRINT_JOB, GET_JOB, GET_PRINTER = 0x0002, 0x0009, 0x000B
"""Operations (RFC 8011, 5.4.15)."""

PRINTER_STOPPED = 5
"""Value of ``printer-state``: idle 3, processing 4, stopped 5."""

JOB_CANCELED, JOB_ABORTED, JOB_COMPLETED = 7, 8, 9
"""Values of ``job-state``; lower ones are still on their way."""

_CHARSET, _LANGUAGE, _URI, _KEYWORD, _NAME, _MIME, _INTEGER = 0x47, 0x48, 0x45, 0x44, 0x42, 0x49, 0x21
_END = 0x03
_FIRST_VALUE = 0x10


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said.

    Attributes:
        status: Below 0x100 it did what was asked.
        values: Attributes by name: whole numbers, texts and truth values, in lists.
    """

    status: int
    values: Mapping[str, list[int | str | bool]] = field(default_factory=dict)

    def number(self, name: str) -> int:
        """First value of an attribute as a number; 0 where there is none."""
        value = next(iter(self.values.get(name, [])), 0)
        return value if isinstance(value, int) else 0

    def texts(self, name: str) -> list[str]:
        """Values of an attribute that are texts."""
        return [value for value in self.values.get(name, []) if isinstance(value, str)]


def request(
    operation: int,
    uri: str,
    *,
    job: int = 0,
    title: str = "",
    wanted: tuple[str, ...] = (),
    raw: bool = False,
) -> bytes:
    """Write a request about a printer; the document follows it.

    Args:
        operation: What is asked.
        uri: The printer's.
        job: Number of the job that is asked about; 0: none.
        title: Name of a new job.
        wanted: Attributes to be told.
        raw: The document goes to the printer as it is.
    """
    out = bytearray(b"\x01\x01" + operation.to_bytes(2, "big") + b"\x00\x00\x00\x01\x01")
    out += _text(_CHARSET, "attributes-charset", "utf-8")
    out += _text(_LANGUAGE, "attributes-natural-language", "en")
    out += _text(_URI, "printer-uri", uri)
    if job:
        out += _attribute(_INTEGER, "job-id", job.to_bytes(4, "big"))
    out += _text(_NAME, "requesting-user-name", "tilltui")
    if title:
        out += _text(_NAME, "job-name", title)
    if raw:
        out += _text(_MIME, "document-format", "application/vnd.cups-raw")
    for place, name in enumerate(wanted):
        out += _text(_KEYWORD, "" if place else "requested-attributes", name)
    return bytes(out) + bytes([_END])


def _text(tag: int, name: str, value: str) -> bytes:
    return _attribute(tag, name, value.encode())


def _attribute(tag: int, name: str, value: bytes) -> bytes:
    key = name.encode()
    return bytes([tag]) + len(key).to_bytes(2, "big") + key + len(value).to_bytes(2, "big") + value


def answer(data: bytes) -> Answer:
    """Read an answer.

    Raises:
        ValueError: It is none, or it ends in the middle.
    """
    if len(data) < 9:
        raise ValueError(f"Failed to read an IPP answer: expected at least 9 bytes, got {len(data)}.")
    values: dict[str, list[int | str | bool]] = {}
    place, name = 8, ""
    while True:
        tag = _take(data, place, 1)[0]
        place += 1
        if tag == _END:
            return Answer(int.from_bytes(data[2:4], "big"), values)
        if tag < _FIRST_VALUE:
            name = ""
            continue
        key, place = _counted(data, place)
        raw, place = _counted(data, place)
        name = key.decode("ascii", "replace") or name
        # A job's answer repeats no name that a printer's has; the first group to say it is believed.
        values.setdefault(name, []).append(_value(tag, raw))


def _counted(data: bytes, place: int) -> tuple[bytes, int]:
    length = int.from_bytes(_take(data, place, 2), "big")
    return _take(data, place + 2, length), place + 2 + length


def _take(data: bytes, place: int, length: int) -> bytes:
    if place + length > len(data):
        raise ValueError(f"Failed to read an IPP answer: it ends after {len(data)} bytes, in the middle.")
    return data[place : place + length]


def _value(tag: int, raw: bytes) -> int | str | bool:
    if tag in (_INTEGER, 0x23):
        return int.from_bytes(raw, "big", signed=True)
    if tag == 0x22:
        return raw != b"\x00"
    return raw.decode("utf-8", "replace")
