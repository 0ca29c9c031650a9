"""What of a sale can be changed before it closes, for the trail in its record."""

from __future__ import annotations

import enum


class ChangeKind(enum.StrEnum):
    """What was changed."""

    VOID = "void"
    QUANTITY = "quantity"
    PRICE = "price"
    DISCOUNT = "discount"
    NOTE = "note"
    PAYMENT = "payment"
    """A payment was taken back: tender and amount before, its number after."""
    CASH_FOR_CARD = "cash_for_card"
    """Money that came by card went back in cash: after says why."""
