"""What a run was asked for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """Options of a run.

    Attributes:
        quick: Smaller databases and fewer rounds: minutes instead of a quarter of an hour.
    """

    quick: bool = False
