"""What the sums of a shift are of."""

from __future__ import annotations

import enum


class TotalKind(enum.StrEnum):
    """What a sum of a shift is of; the sum's key says which one."""

    SALE = "sale"
    RETURN = "return"
    APART = "apart"
    """What is no revenue, by its kind of line."""
    DISCOUNT = "discount"
    """By what it was given on: ``line`` or ``basket``."""
    PRICE = "price"
    """What a cashier's own prices took off."""
    VOID = "void"
    ROUNDING = "rounding"
    CHANGE = "change"
    TENDER = "tender"
    TAX = "tax"
    CATEGORY = "category"
