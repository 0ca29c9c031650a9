"""Products that labels may be wanted of."""

from __future__ import annotations

from tilltui.domain.frozen import frozen


@frozen
class Offer:
    """Products that labels may be wanted of.

    Attributes:
        count: How many there are.
        category: Their category as it is written; ``None``: all of them.
        since_ms: Changed since then, UTC milliseconds; 0: whenever.
    """

    count: int
    category: str | None = None
    since_ms: int = 0
