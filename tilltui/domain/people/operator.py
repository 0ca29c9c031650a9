"""Who sells."""

from __future__ import annotations

from tilltui.domain.frozen import frozen


@frozen
class Operator:
    """Who sells."""

    id: int
    name: str
