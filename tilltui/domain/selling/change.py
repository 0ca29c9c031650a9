"""What of a sale was changed before it closed, for the trail in its record."""

from __future__ import annotations

import enum

from tilltui.domain.frozen import frozen


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


@frozen
class Change:
    """A step that the journal keeps: of a line or the basket, or a payment that was taken back.

    Attributes:
        what: A ``ChangeKind``.
        line: Number of the line, 0 for the basket.
        before: Value before, as text of an integer or words.
        after: Value after.
        operator: Who did it.
        approved_by: Who allowed it, where somebody had to.
        at_ms: UTC milliseconds.
    """

    what: str
    line: int
    before: str
    after: str
    operator: str = ""
    approved_by: str = ""
    at_ms: int = 0
