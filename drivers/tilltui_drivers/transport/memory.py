"""A pipe in memory that fails on demand, for tests of everything above it."""

from __future__ import annotations

import threading
from collections.abc import Callable

from tilltui.errors import N_, DeviceOffline
from tilltui.ports import TransportLost

from .pipe import PrinterPipe, left

Answer = Callable[[bytes], bytes]
"""What the printer says to the bytes that it just received."""


def _silence(_: bytes) -> bytes:
    return b""


class MemoryTransport(PrinterPipe):
    """Keeps what is written and answers with what ``answer`` returns.

    Attributes:
        written: Every byte that was taken.
        opened: How often it was opened.

    Args:
        answer: Called with each taken chunk.
        refuse: Opening fails.
        lose_after: The line dies once so many bytes were taken in all; ``None``: never.
        stuck_after: So many bytes are taken in all and no more, until ``release``.
        at_a_time: Most bytes that one write takes; 0: all.
    """

    def __init__(
        self,
        answer: Answer = _silence,
        *,
        refuse: bool = False,
        lose_after: int | None = None,
        stuck_after: int | None = None,
        at_a_time: int = 0,
    ) -> None:
        self.written = bytearray()
        self.opened = 0
        self._answer = answer
        self._refuse = refuse
        self._lose_after = lose_after
        self._stuck_after = stuck_after
        self._at_a_time = at_a_time
        self._inbox = bytearray()
        self._moved = threading.Condition()

    def open(self, deadline: float) -> None:
        """Open, or refuse.

        Raises:
            DeviceOffline: ``refuse`` was asked for.
        """
        self.opened += 1
        if self._refuse:
            raise DeviceOffline(
                N_("Printer {device} does not answer."),
                hint=N_("Look at its cable and its power."),
                device="memory",
            )

    def write(self, data: bytes, deadline: float) -> int:
        """Take bytes as the faults allow.

        Raises:
            TransportLost: ``lose_after`` was reached.
        """
        with self._moved:
            if self._room() == 0:
                self._moved.wait_for(lambda: self._room() > 0, left(deadline))
            taken = data[: min(self._room(), self._at_a_time or len(data))]
            if self._lose_after is not None and len(self.written) + len(taken) >= self._lose_after:
                taken = taken[: max(0, self._lose_after - len(self.written))]
                self.written += taken
                raise TransportLost("the line died", len(taken))
            self.written += taken
            self._inbox += self._answer(bytes(taken))
            self._moved.notify_all()
            return len(taken)

    def _room(self) -> int:
        return 1 << 30 if self._stuck_after is None else max(0, self._stuck_after - len(self.written))

    def read(self, limit: int, deadline: float) -> bytes:
        """Give what was answered."""
        with self._moved:
            self._moved.wait_for(lambda: bool(self._inbox), left(deadline))
            data = bytes(self._inbox[:limit])
            del self._inbox[:limit]
            return data

    def push(self, data: bytes) -> None:
        """Let the printer say something by itself; from any thread."""
        with self._moved:
            self._inbox += data
            self._moved.notify_all()

    def release(self) -> None:
        """Let a stuck line go on; from any thread."""
        with self._moved:
            self._stuck_after = None
            self._moved.notify_all()

    def close(self) -> None:
        """Forget what was not read."""
        with self._moved:
            self._inbox.clear()
