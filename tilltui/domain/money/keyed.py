"""Quantities and percentages as people key and read them."""

from __future__ import annotations

import re

from tilltui.errors import N_, AmountError

QUANTITY_UNIT = 1000
"""One piece, one kilogram, one litre."""

MAX_QUANTITY = 99_999_999
"""Largest quantity of one line in thousandths (99,999.999)."""

RATE_UNIT = 100_000_000
"""A rate of 100 %."""

MAX_KEYED = 32
"""Most characters of a keyed number. A longer one is refused: a cut one would be another number."""

_PERCENT = RATE_UNIT // 100
_NUMBER = re.compile(r"(\+?)([0-9]+)(?:[.,]([0-9]+))?\Z")


def _digits(text: str, decimals: int) -> int | None:
    """``text`` times ten to the power of ``decimals``, or ``None`` where it is no such number."""
    match = _NUMBER.match(text) if len(text) <= MAX_KEYED else None
    if match is None or len(match[3] or "") > decimals:
        return None
    return int(match[2] + (match[3] or "").ljust(decimals, "0"))


def parse_quantity(text: str) -> int:
    """Read a quantity as keyed: ``3``, ``0,450`` or ``0.450``, up to three decimals.

    >>> parse_quantity("3"), parse_quantity("0,45")
    (3000, 450)

    Raises:
        AmountError: It is no number, has more decimals, is zero or too large.
    """
    value = _digits(text.strip(), 3)
    if value is None:
        raise AmountError(
            N_("'{text}' is not a quantity."),
            hint=N_("Key a number such as 3 or 0,450."),
            text=text.strip()[:MAX_KEYED],
        )
    return checked_quantity(value)


def checked_quantity(quantity: int) -> int:
    """Return ``quantity`` (thousandths) if it is one that can be sold.

    Raises:
        AmountError: It is zero, negative or beyond ``MAX_QUANTITY``.
    """
    if 0 < quantity <= MAX_QUANTITY:
        return quantity
    raise AmountError(
        N_("The quantity {text} cannot be sold."),
        hint=N_("Key a quantity between 0,001 and 99.999."),
        text=format_quantity(quantity),
    )


def format_quantity(quantity: int, decimal: str = ",") -> str:
    """Show a quantity, with decimals only where it has some.

    >>> format_quantity(3000), format_quantity(450), format_quantity(-1500)
    ('3', '0,450', '-1,500')
    """
    whole, rest = divmod(abs(quantity), QUANTITY_UNIT)
    sign = "-" if quantity < 0 else ""
    return f"{sign}{whole}{decimal}{rest:03d}" if rest else f"{sign}{whole}"


def parse_rate(text: str) -> int:
    """Read a percentage such as ``19``, ``19%`` or ``20,5 %``, up to six decimals.

    >>> parse_rate("20,5 %")
    20500000

    Raises:
        AmountError: It is no percentage between 0 and 1000.
    """
    value = _digits(text.strip().removesuffix("%").strip(), 6)
    if value is None or value > 10 * RATE_UNIT:
        raise AmountError(
            N_("'{text}' is not a percentage."),
            hint=N_("Key a number such as 10 or 12,5."),
            text=text.strip()[:MAX_KEYED],
        )
    return value


def format_rate(rate: int, decimal: str = ",") -> str:
    """Show a rate.

    >>> format_rate(19_000_000), format_rate(20_500_000)
    ('19%', '20,5%')
    """
    whole, rest = divmod(abs(rate), _PERCENT)
    digits = f"{rest:06d}".rstrip("0")
    sign = "-" if rate < 0 else ""
    return f"{sign}{whole}{decimal}{digits}%" if digits else f"{sign}{whole}%"
