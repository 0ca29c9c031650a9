"""Byte pipes to printers."""

from __future__ import annotations

from abc import ABC, abstractmethod


class Transport(ABC):
    """A byte pipe to a printer. Used by one thread at a time; every call ends by its deadline.

    ``deadline`` is a ``time.monotonic()`` value. Errors: ``DeviceOffline`` when it cannot be opened,
    ``DeviceBusy`` when somebody else holds it, ``TransportLost`` once it was open.
    """

    @abstractmethod
    def open(self, deadline: float) -> None:
        """Connect."""

    @abstractmethod
    def write(self, data: bytes, deadline: float) -> int:
        """Write what fits before the deadline; returns how many bytes were taken, possibly 0."""

    @abstractmethod
    def read(self, limit: int, deadline: float) -> bytes:
        """Read at most ``limit`` bytes; ``b""`` when nothing came before the deadline."""

    @abstractmethod
    def close(self) -> None:
        """Disconnect without waiting; may be called twice."""


class TransportLost(Exception):
    """The other side went away.

    Attributes:
        sent: Bytes of the current write that had been taken.
    """

    def __init__(self, why: str, sent: int = 0) -> None:
        super().__init__(why)
        self.sent = sent
