"""What there is to pick: a value of its own, so that a screen can offer it before the list is loaded."""

from __future__ import annotations

from tilltui.domain.frozen import frozen


@frozen
class Choice:
    """One thing to pick.

    Attributes:
        label: What it is.
        detail: Something beside it, at the right edge: a price, a time.
        value: What the screen makes of it; not shown.
        enabled: Whether it can be picked.
    """

    label: str
    detail: str = ""
    value: object = None
    enabled: bool = True
