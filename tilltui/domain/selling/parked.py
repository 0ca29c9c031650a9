"""A sale that was put aside, as the list shows it."""

from __future__ import annotations

from tilltui.domain.frozen import frozen
from tilltui.domain.selling.parking import WaitsFor


@frozen
class Parked:
    """A parked basket in the list.

    Attributes:
        id: Row.
        name: As the cashier called it; may be empty.
        saved_ms: When it was parked.
        operator_id: Who parked it.
        lines: How many lines it has.
        subtotal: Sum of its lines.
        waits_for: What it waits for.
    """

    id: int
    name: str
    saved_ms: int
    operator_id: int
    lines: int
    subtotal: int
    waits_for: WaitsFor
