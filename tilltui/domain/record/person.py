"""Whom a record names."""

from __future__ import annotations

from tilltui.domain.frozen import frozen


@frozen
class Person:
    """An operator or a customer, as a record keeps them: ``[id, name]``.

    Attributes:
        id: Their row.
        name: As it was then; may be empty.
    """

    id: int
    name: str
