"""Peewee on the store's own connections."""

from __future__ import annotations

from typing import Any

from playhouse.apsw_ext import APSWDatabase

from tilltui.store.file.bound import bound, is_bound
from tilltui.store.file.engine import Connection


class StoreDatabase(APSWDatabase):  # type: ignore[misc]
    """The writing connection inside work, a reading one everywhere else.

    Work runs in a transaction already: models are used in it as they are, without ``atomic``.
    """

    def cursor(self, named_cursor: str | None = None) -> Any:
        """A cursor of the connection that belongs to this thread now."""
        return self.connection().cursor()

    def connection(self) -> Connection:
        """The connection that belongs to this thread now.

        Raises:
            StoreError: No store is open.
        """
        return bound().connection

    def is_closed(self) -> bool:
        """Never once a store is open: the store opens and closes its connections itself."""
        return not is_bound()
