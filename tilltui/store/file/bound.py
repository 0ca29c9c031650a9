"""The store that is open in this process, for the models.

Kept apart from them so that opening a store does not import Peewee: 59 M instructions and 3.7 MiB that a till
needs at the first back-office screen and not before.
"""

from __future__ import annotations

from typing import Protocol

from tilltui.errors import N_, StoreError
from tilltui.store.file.engine import Connection


class OpenStore(Protocol):
    """What the models need of a store."""

    @property
    def connection(self) -> Connection:
        """The connection that belongs to this thread now."""


_open: list[OpenStore] = []


def bind(store: OpenStore) -> None:
    """Have the models read and write this store from now on."""
    _open[:] = [store]


def is_bound() -> bool:
    """Whether a store was opened."""
    return bool(_open)


def bound() -> OpenStore:
    """The store that was opened last.

    Raises:
        StoreError: None was.
    """
    if not _open:
        raise StoreError(N_("The sales file is closed."), hint=N_("Start the till again."))
    return _open[0]
