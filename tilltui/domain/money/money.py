"""Money, quantity and rates as integers, with every rounding named.

Money is an ``int`` in minor units of its currency (CLP has none, EUR two decimals, KWD three), a quantity
an ``int`` in thousandths, a rate an ``int`` in hundred-millionths (19 % is 19_000_000). ``Decimal`` and
``float`` never enter: line work on integers is about twenty times cheaper, and exact.

This is the one door to all of it: ``rounding``, ``keyed`` and ``currency`` stand behind.
"""

from __future__ import annotations

from tilltui.domain.money.currency import MAX_AMOUNT, Currency, checked
from tilltui.domain.money.keyed import (
    MAX_QUANTITY,
    QUANTITY_UNIT,
    RATE_UNIT,
    checked_quantity,
    format_quantity,
    format_rate,
    parse_quantity,
    parse_rate,
)
from tilltui.domain.money.rounding import Rounding, allocate, divide

__all__ = [
    "MAX_AMOUNT",
    "MAX_QUANTITY",
    "QUANTITY_UNIT",
    "RATE_UNIT",
    "Currency",
    "Rounding",
    "allocate",
    "checked",
    "checked_quantity",
    "divide",
    "extend",
    "format_quantity",
    "format_rate",
    "parse_quantity",
    "parse_rate",
]


def extend(quantity: int, unit_price: int, mode: Rounding = Rounding.HALF_UP) -> int:
    """Price of a quantity in minor units: thousandths times price, rounded.

    >>> extend(450, 1990)
    896
    """
    return checked(divide(quantity * unit_price, QUANTITY_UNIT, mode))
