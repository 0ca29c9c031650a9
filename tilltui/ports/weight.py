"""What a scale says."""

from __future__ import annotations

import enum

from tilltui.domain.frozen import frozen


class Weighing(enum.StrEnum):
    """What a scale says of a weight."""

    STABLE = "stable"
    MOTION = "motion"
    """Still moving: wait."""
    OVER = "over"
    """More than it can carry."""
    UNDER = "under"
    """Below zero: something was taken off after the tare, or it wants to be set to zero."""
    ZERO = "zero"
    """Nothing on it, and stable."""
    SILENT = "silent"
    """It does not answer."""
    ERROR = "error"
    """It answers something else, or says that it is faulty."""


@frozen
class Weight:
    """One reading.

    Attributes:
        grams: Net weight in whole grams (thousandths of a kilogram); only a ``STABLE`` one may be sold.
        state: What the scale says of it.
        tare: Tare in grams that was taken off, 0 for none.
        at: ``time.monotonic()`` of the reading.
    """

    grams: int
    state: Weighing
    tare: int = 0
    at: float = 0.0
