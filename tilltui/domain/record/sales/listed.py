"""A closed sale in the list of receipts."""

from __future__ import annotations

from tilltui.domain.frozen import frozen


@frozen
class ListedSale:
    """A sale in the list of receipts.

    Attributes:
        seq: Its record in the journal.
        id: Its number at the till.
        total: Minor units.
        closed_ms: UTC milliseconds.
    """

    seq: int
    id: int
    total: int
    closed_ms: int
