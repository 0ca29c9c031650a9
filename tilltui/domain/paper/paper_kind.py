"""What a print job prints."""

from __future__ import annotations

import enum


class PaperKind(enum.StrEnum):
    """What a print job prints."""

    RECEIPT = "receipt"
    COPY = "copy"
    """A receipt or a Z once more; it says COPY."""
    GIFT = "gift"
    """A receipt without prices."""
    ORDER = "order"
    """For the kitchen."""
    Z = "z"
    LABEL = "label"
    """For the shelf."""
    NOTE = "note"
    """No record's: a test page, a card terminal's report."""
