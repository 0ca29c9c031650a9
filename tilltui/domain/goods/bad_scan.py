"""Why a code was not rung, as it is kept for the shopkeeper to look at."""

from __future__ import annotations

import enum


class BadScan(enum.StrEnum):
    """Why a code was not rung."""

    UNKNOWN = "unknown"
    """No product has it."""
    LOCKED = "locked"
    """The till was locked."""
