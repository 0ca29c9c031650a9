"""What the till knows of each device, by the device's own identity and not by its name in the settings."""

from __future__ import annotations

import logging
from concurrent.futures import Future

from tilltui.domain.clock import now_ms
from tilltui.store.file.engine import Connection
from tilltui.store.file.store import Store

log = logging.getLogger(__name__)

MAX_VALUE = 200
"""Most characters that are kept of a value: it may come from the device."""


def recall(connection: Connection, identity: str) -> dict[str, str]:
    """Everything known of a device, by key; empty for an unknown one."""
    query = "SELECT key, value FROM device_memory WHERE identity = ?"
    return {str(key): str(value) for key, value in connection.execute(query, (identity,))}


def remember(connection: Connection, identity: str, key: str, value: str, now_ms: int) -> None:
    """Know something of a device from now on. Runs in the caller's transaction."""
    connection.execute(
        """INSERT INTO device_memory VALUES (?,?,?,?) ON CONFLICT DO UPDATE SET
         value = excluded.value, updated_ms = excluded.updated_ms""",
        (identity[:MAX_VALUE], key, value[:MAX_VALUE], now_ms),
    )


def forget(connection: Connection, identity: str) -> int:
    """Forget a device; how many things were known of it. Runs in the caller's transaction."""
    connection.execute("DELETE FROM device_memory WHERE identity = ?", (identity[:MAX_VALUE],))
    return connection.changes()


class DeviceMemory:
    """The memory as a driver sees it; from any thread.

    Args:
        store: Where it is kept.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def recall(self, identity: str) -> dict[str, str]:
        """Everything known of a device."""
        return recall(self._store.reader, identity[:MAX_VALUE])

    def remember(self, identity: str, key: str, value: str) -> None:
        """Know something from now on; without waiting, since it can be found out again."""
        at = now_ms()
        self._behind(
            self._store.submit(lambda c: remember(c, identity, key, value, at), durable=False), identity
        )

    def forget(self, identity: str) -> None:
        """Forget a device; without waiting."""
        self._behind(self._store.submit(lambda c: forget(c, identity), durable=False), identity)

    def _behind(self, done: Future[int] | Future[None], identity: str) -> None:
        def told(future: Future[int] | Future[None]) -> None:
            error = future.exception()
            if error is not None:
                log.warning("The memory of device %s was not written: %s", identity, error)

        done.add_done_callback(told)
