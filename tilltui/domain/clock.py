"""The wall clock: times for people and records; order and identity never depend on it."""

from __future__ import annotations

import time
from collections.abc import Callable

Clock = Callable[[], int]
"""Gives the wall clock as UTC milliseconds since 1970; a test gives one that stands."""


def now_ms() -> int:
    """The machine's wall clock, UTC milliseconds since 1970; a Pi's may jump, for it has no battery."""
    return time.time_ns() // 1_000_000
