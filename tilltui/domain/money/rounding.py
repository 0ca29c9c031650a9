"""Whole numbers out of fractions: every rounding has a name, every split adds up."""

from __future__ import annotations

import enum
from collections.abc import Sequence


class Rounding(enum.StrEnum):
    """How a fraction becomes whole. Symmetric about zero, so that a return mirrors its sale."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    HALF_DOWN = "half_down"
    DOWN = "down"
    """Toward zero; in favour of the customer when cash is paid (Peru, Ley 29571 art. 44)."""


def divide(numerator: int, denominator: int, mode: Rounding = Rounding.HALF_UP) -> int:
    """Divide and round to a whole number.

    >>> [divide(5, 10, m) for m in Rounding], divide(-5, 10)
    ([1, 0, 0, 0], -1)
    """
    negative = (numerator < 0) != (denominator < 0)
    whole, rest = divmod(abs(numerator), abs(denominator))
    twice = rest * 2 - abs(denominator)
    if mode is Rounding.DOWN:
        up = False
    elif twice:
        up = twice > 0
    else:
        up = mode is Rounding.HALF_UP or (mode is Rounding.HALF_EVEN and whole % 2 == 1)
    whole += up
    return -whole if negative else whole


def allocate(total: int, weights: Sequence[int]) -> list[int]:
    """Split ``total`` in proportion to ``weights`` so that the parts add up to it (largest remainder).

    >>> allocate(100, [1, 1, 1])
    [34, 33, 33]

    Args:
        total: Amount to split, either sign.
        weights: Not negative; with only zeros the first part takes all.
    """
    if not weights:
        return []
    whole = sum(weights)
    if whole == 0:
        return [total] + [0] * (len(weights) - 1)
    size = abs(total)
    parts = [size * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(size * weights[i] % whole), i))
    for i in order[: size - sum(parts)]:
        parts[i] += 1
    return [-part for part in parts] if total < 0 else parts
