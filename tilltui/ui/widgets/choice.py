"""What there is to pick: a value of its own, offered before the list is loaded."""

from __future__ import annotations

from typing import Generic, TypeVar

from tilltui.domain.frozen import frozen

T = TypeVar("T")


@frozen
class Choice(Generic[T]):
    """One thing to pick.

    Attributes:
        label: What it is.
        value: What is answered when it is picked; not shown.
        detail: Something beside it, at the right edge: a price, a time.
        enabled: Whether it can be picked.
    """

    label: str
    value: T
    detail: str = ""
    enabled: bool = True
