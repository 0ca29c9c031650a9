"""The journal as an uploader's worker sees it."""

from __future__ import annotations

from collections.abc import Sequence

from tilltui.domain.clock import now_ms
from tilltui.domain.frozen import frozen
from tilltui.ports import OutboxRecord
from tilltui.store.books import journal
from tilltui.store.file.store import Store
from tilltui.store.upload import outbox


@frozen
class Waiting:
    """What an uploader has still to send.

    Attributes:
        count: Records after the cursor.
        oldest_ms: When the oldest was made, UTC milliseconds; ``None`` when none waits.
    """

    count: int
    oldest_ms: int | None


class StoreOutbox:
    """``worker.Outbox`` on the store. Used on sync workers' threads."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def cursor(self, uploader: str) -> int:
        """Number of the last acknowledged record."""
        return outbox.cursor(self._store.reader, uploader)

    def pending(self, uploader: str, limit: int) -> list[OutboxRecord]:
        """Records after the cursor, oldest first."""
        return outbox.pending(self._store.reader, uploader, limit)

    def following(self, seq: int, limit: int) -> list[OutboxRecord]:
        """Records after that number, oldest first."""
        return journal.records(self._store.reader, seq, limit)

    def acknowledge(self, uploader: str, upto_seq: int, parked: Sequence[tuple[int, str, str]]) -> None:
        """Move the cursor forward; returns once that is durable."""
        self._store.run(
            lambda connection: outbox.acknowledge(connection, uploader, upto_seq, parked, now_ms())
        )

    def parked_before(self, uploader: str) -> tuple[int, int]:
        """Records that were parked and wait for a person, and the forks among them."""
        return outbox.parked(self._store.reader, uploader)

    def backlog(self, uploader: str) -> Waiting:
        """How much waits and since when."""
        return Waiting(*outbox.backlog(self._store.reader, uploader))
