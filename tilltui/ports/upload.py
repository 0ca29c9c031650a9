"""Head office: what goes up, and what was said about it."""

from __future__ import annotations

import enum
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from tilltui.domain.frozen import frozen


class Verdict(enum.StrEnum):
    """What head office said about one record."""

    ACCEPTED = "accepted"
    """Stored durably, now or earlier."""
    HELD = "held"
    """Stored durably, but not understood there yet."""
    REFUSED = "refused"
    """Not stored and never will be as it is: a person must look."""
    FORK = "fork"
    """The same till, epoch and number is there with another hash."""


@frozen
class OutboxRecord:
    """One record of the journal on its way out.

    Attributes:
        till: Number of the till.
        epoch: Random 64-bit number as 16 hexadecimal digits, new for every enrolled, restored or cloned
            database.
        seq: Number of the record, without gaps in an epoch's till.
        uuid: Public identity (UUIDv7).
        kind: ``sale``, ``z``, ``drawer``, ``import``, ...
        created_ms: UTC milliseconds since 1970.
        body: Canonical JSON, UTF-8.
        prev_hash: Hash of the record before, 64 hexadecimal digits.
        hash: Hash of this record, 64 hexadecimal digits.
    """

    till: str
    epoch: str
    seq: int
    uuid: str
    kind: str
    created_ms: int
    body: bytes
    prev_hash: str
    hash: str


@frozen
class Outcome:
    """What happened to one record."""

    seq: int
    verdict: Verdict
    reason: str = ""


class Uploader(ABC):
    """Sends journal records to somewhere durable. Runs on the sync worker's thread and may block.

    ``ACCEPTED`` and ``HELD`` may only be said when the receiver has the record on durable storage: the
    till forgets nothing before.
    """

    kind: ClassVar[str] = "uploader"
    Settings: ClassVar[type[Any]]
    name: str

    @abstractmethod
    def open(self) -> None:
        """Prepare; raises ``UploadUnavailable`` or ``UploadDenied``."""

    @abstractmethod
    def send(self, batch: Sequence[OutboxRecord]) -> list[Outcome]:
        """Send records, oldest first, and give one outcome for each.

        Sending the same record again must have no further effect.

        Raises:
            UploadUnavailable: Nothing is known of the batch; it will be sent again, unchanged.
            UploadDenied: The till is not welcome.
        """

    @abstractmethod
    def close(self) -> None:
        """Let go; may be called twice."""

    def fetch(self, since: str) -> Iterable[Mapping[str, Any]]:
        """What comes down from head office after ``since``; nothing unless the uploader overrides it."""
        return ()
