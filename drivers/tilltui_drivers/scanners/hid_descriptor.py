"""From a HID report descriptor to where a bar code scanner's report has what: pure, no I/O.

Sources: Device Class Definition for HID 1.11, chapters 5 and 6.2.2 (items, and how fields follow one
another); HID Point of Sale Usage Tables 1.02, chapter 3 (the bar code scanner's page and its usages); HID
Usage Tables, generic desktop page (byte count).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tilltui.domain.frozen import frozen

MAX_DESCRIPTOR = 4096
"""Most bytes of a report descriptor; Linux has the same limit (``HID_MAX_DESCRIPTOR_SIZE``)."""

MAX_REPORT = 4096
"""Most bytes of a report that is read."""

MAX_USAGES = 1024
"""Most usages of one main item."""

MAX_FIELDS = 65_536
"""Most fields of all reports together; a descriptor that declares more is none of a scanner's."""

_PAGE = 0x8C0000
_SCANNERS = range(_PAGE + 0x01, _PAGE + 0x06)
_AIM = (_PAGE + 0xFB, _PAGE + 0xFC, _PAGE + 0xFD)
_DATA, _CONTINUED = _PAGE + 0xFE, _PAGE + 0xFF
_BYTE_COUNT = 0x01003B

_MAIN, _GLOBAL, _LOCAL = 0, 1, 2
_INPUT, _COLLECTION = 0x8, 0xA
_USAGE_PAGE, _REPORT_SIZE, _REPORT_ID, _REPORT_COUNT, _PUSH, _POP = 0x0, 0x7, 0x8, 0x9, 0xA, 0xB
_USAGE, _USAGE_MINIMUM, _USAGE_MAXIMUM = 0x0, 0x1, 0x2
_LONG_ITEM = 0xFE
_CONSTANT = 0x01
_APPLICATION = 0x01


@frozen
class Place:
    """Where a value stands in a report.

    Attributes:
        bit: Bits before it, the byte of the report's number included.
        bits: How many it has.
    """

    bit: int
    bits: int

    def read(self, report: bytes) -> int:
        """Its value; 0 in a report that ends before it."""
        return int.from_bytes(report, "little") >> self.bit & ((1 << self.bits) - 1)


@frozen
class Layout:
    """The report in which a scanner sends a code, or a part of one.

    Attributes:
        number: The report's number, in its first byte; 0: its reports have none.
        data: Bytes before the code.
        room: Most bytes of code in one report.
        count: How many bytes of it are the code; ``None``: zeros follow it.
        aim: Where the three characters of the AIM identifier stand; empty: nowhere.
        continued: Not zero: the code goes on in the next report.
    """

    number: int
    data: int
    room: int
    count: Place | None = None
    aim: tuple[Place, ...] = ()
    continued: Place | None = None


USUAL = Layout(2, 5, 56, Place(8, 8), tuple(Place(8 * byte, 8) for byte in (2, 3, 4)), Place(8 * 63, 1))
"""What most scanners have, for one that calls itself a scanner without saying where the code stands.

Source: manual of the Access-IS LSR118, appendix B; Honeywell's and others' descriptors say the same.
"""


@dataclass(slots=True)
class _State:
    """What global and local items have set."""

    page: int = 0
    size: int = 0
    count: int = 0
    number: int = 0
    usages: list[int] = field(default_factory=list)
    minimum: int = 0

    def usage(self, value: int, length: int) -> int:
        """A usage with its page: an item of four bytes brings its own."""
        return value if length == 4 else self.page << 16 | value


def is_scanner(descriptor: bytes) -> bool:
    """Whether a device says in its descriptor that it is a bar code scanner, as a keyboard never does."""
    state = _State()
    for kind, tag, value, length in _items(descriptor):
        opens = (kind, tag, value) == (_MAIN, _COLLECTION, _APPLICATION)
        if opens and state.usages and state.usages[-1] in _SCANNERS:
            return True
        _apply(state, kind, tag, value, length)
    return False


def layout_of(descriptor: bytes) -> Layout | None:
    """The first input report with decoded data; ``None`` where the descriptor has none.

    Args:
        descriptor: As the device sent it; anything is survived, nothing is believed beyond its bounds.
    """
    places: dict[int, dict[int, list[Place]]] = {}
    ends: dict[int, int] = {}
    saved: list[tuple[int, int, int, int]] = []
    state, fields = _State(), 0
    for kind, tag, value, length in _items(descriptor):
        if (kind, tag) == (_MAIN, _INPUT):
            fields += state.count
            begin = ends.get(state.number, 8 if state.number else 0)
            ends[state.number] = end = begin + state.size * state.count
            if end > 8 * MAX_REPORT or fields > MAX_FIELDS:
                return None
            if not value & _CONSTANT and state.usages and state.size:
                _place(places.setdefault(state.number, {}), state, begin)
        elif (kind, tag) == (_GLOBAL, _PUSH) and len(saved) < 16:
            saved.append((state.page, state.size, state.count, state.number))
        elif (kind, tag) == (_GLOBAL, _POP) and saved:
            state.page, state.size, state.count, state.number = saved.pop()
        _apply(state, kind, tag, value, length)
    return next((made for number in places if (made := _layout(number, places[number]))), None)


def _items(descriptor: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Short items as kind, tag, value and length of the value; a half one at the end is none."""
    at, descriptor = 0, descriptor[:MAX_DESCRIPTOR]
    while at < len(descriptor):
        prefix = descriptor[at]
        if prefix == _LONG_ITEM:
            at += 3 + (descriptor[at + 1] if at + 1 < len(descriptor) else 0)
            continue
        length = (0, 1, 2, 4)[prefix & 3]
        value = descriptor[at + 1 : at + 1 + length]
        at += 1 + length
        if len(value) == length:
            yield prefix >> 2 & 3, prefix >> 4, int.from_bytes(value, "little"), length


def _apply(state: _State, kind: int, tag: int, value: int, length: int) -> None:
    """What an item changes; a main item ends what the local ones before it have set."""
    if kind == _MAIN:
        state.usages, state.minimum = [], 0
    elif kind == _GLOBAL:
        name = {_USAGE_PAGE: "page", _REPORT_SIZE: "size", _REPORT_ID: "number", _REPORT_COUNT: "count"}
        if tag in name:
            setattr(state, name[tag], value)
    elif kind == _LOCAL and tag == _USAGE and len(state.usages) < MAX_USAGES:
        state.usages.append(state.usage(value, length))
    elif kind == _LOCAL and tag == _USAGE_MINIMUM:
        state.minimum = state.usage(value, length)
    elif kind == _LOCAL and tag == _USAGE_MAXIMUM and len(state.usages) < MAX_USAGES:
        last = state.usage(value, length)
        state.usages.extend(range(state.minimum, min(last + 1, state.minimum + MAX_USAGES)))


def _place(found: dict[int, list[Place]], state: _State, begin: int) -> None:
    """Note where each field of an input item stands; the last usage is that of all fields that are left."""
    for at in range(state.count):
        usage = state.usages[min(at, len(state.usages) - 1)]
        if usage in (_DATA, _CONTINUED, _BYTE_COUNT, *_AIM):
            found.setdefault(usage, []).append(Place(begin + at * state.size, state.size))


def _layout(number: int, places: dict[int, list[Place]]) -> Layout | None:
    """A report's layout, if it carries whole bytes of code that follow one another."""
    data = places.get(_DATA, [])
    if not data or any(place.bits != 8 or place.bit != data[0].bit + 8 * n for n, place in enumerate(data)):
        return None
    if data[0].bit % 8:
        return None
    aim = tuple(places[usage][0] for usage in _AIM if usage in places)
    return Layout(
        number,
        data[0].bit // 8,
        len(data),
        places.get(_BYTE_COUNT, [None])[0],
        aim if len(aim) == 3 and all(place.bits == 8 for place in aim) else (),
        places.get(_CONTINUED, [None])[0],
    )
