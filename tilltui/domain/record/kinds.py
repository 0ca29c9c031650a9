"""The kinds of record that a journal has."""

from __future__ import annotations

import enum


class RecordKind(enum.StrEnum):
    """What a record tells of."""

    SALE = "sale"
    RETURN = "return"
    """A sale in which goods of an earlier one come back."""
    ENROL = "enrol"
    """The till's first record."""
    EPOCH = "epoch"
    """The database is a copy of what another was."""
    CLOCK = "clock"
    """The clock was set back."""
    Z = "z"
    """A shift was closed."""
    DRAWER = "drawer"
    """The drawer was opened without a sale."""
    IMPORT = "import"
    """A product list came in."""
    PIN = "pin"
    """An operator's PIN was set or taken away."""
    CARD = "card"
    """Money moved on a card without a sale, or somebody had to be asked how an attempt ended."""


SALES = (RecordKind.SALE, RecordKind.RETURN)
"""Kinds of record that are sales."""
