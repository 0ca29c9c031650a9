"""What every paper of a shop has in common: its head, its dates, and how text is kept short."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import UTC, datetime, timedelta

from tilltui.domain.frozen import frozen
from tilltui.domain.paper.elements import Element, Text
from tilltui.domain.paying.tenders import TENDERS
from tilltui.domain.text import MAX_NAME

_BUILT_IN: Mapping[str, str] = {tender.key: tender.words for tender in TENDERS}

Say = Callable[[str], str]
"""Translates a marked English message into the shop's language."""


@frozen
class ReceiptHead:
    """What stands on top and at the foot of a shop's papers.

    Attributes:
        name: The shop's name.
        address: One line.
        tax_id: Tax number; empty: no line.
        tax_label: What the tax number is called, such as ``RUT``.
        phone: Empty: no line.
        footer: Lines at the foot.
        date_format: Pattern of ``strftime`` for a date with its time.
        tenders: What each tender is called, by its key.
    """

    name: str
    address: str = ""
    tax_id: str = ""
    tax_label: str = ""
    phone: str = ""
    footer: tuple[str, ...] = ()
    date_format: str = "%d-%m-%Y %H:%M"
    tenders: Mapping[str, str] = field(default_factory=lambda: _BUILT_IN)

    def tender(self, key: str, say: Say) -> str:
        """What a tender is called on paper; one that the shop no longer has by its key."""
        words = self.tenders.get(key)
        return say(words) if words is not None else cap(key)


def cap(text: object, limit: int = MAX_NAME) -> str:
    """Text of at most ``limit`` characters: a row that slipped in long must not empty the roll."""
    return str(text)[:limit]


def local_time(ms: int, offset_min: int, pattern: str) -> str:
    """Show a moment as the shop's clock showed it.

    >>> local_time(1_700_000_000_000, -180, "%d-%m-%Y %H:%M")
    '14-11-2023 19:13'

    Args:
        ms: UTC milliseconds since 1970.
        offset_min: Minutes east of UTC at that moment.
        pattern: For ``strftime``.
    """
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms, minutes=offset_min)
    return moment.strftime(pattern)


def heading(head: ReceiptHead) -> list[Element]:
    """The shop's name, address, telephone and tax number, centred."""
    tax_id = f"{head.tax_label} {head.tax_id}".strip() if head.tax_id else ""
    lines = [Text(center=cap(line)) for line in (head.address, head.phone, tax_id) if line]
    return [Text(center=cap(head.name), bold=True, size=2), *lines]
