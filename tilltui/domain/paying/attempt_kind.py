"""What is attempted at a card terminal."""

from __future__ import annotations

import enum


class AttemptKind(enum.StrEnum):
    """Which way the money goes."""

    CHARGE = "charge"
    REFUND = "refund"
    """Of a charge, or of a part of it."""
