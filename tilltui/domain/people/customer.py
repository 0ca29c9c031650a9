"""Who buys."""

from __future__ import annotations

from tilltui.domain.frozen import frozen


@frozen
class Customer:
    """Who buys.

    Attributes:
        id: Row.
        name: As printed.
        tax_id: Tax number.
    """

    id: int
    name: str
    tax_id: str
