"""What a printer driver needs of a transport beyond ``ports.Transport``."""

from __future__ import annotations

import os
import select
import time
from typing import ClassVar

from tilltui.ports import Transport, TransportLost


class PrinterPipe(Transport):
    """A byte pipe to a printer that can say whether its bytes have left this machine."""

    answers: ClassVar[bool] = True
    """Whether anything can come back at all."""

    def drain(self, deadline: float) -> bool:
        """Wait until the other side has taken every byte; ``False`` when it has not by the deadline."""
        return True

    def identity(self) -> str:
        """Name the unit at the other end, the same after a restart; empty: it cannot be told."""
        return ""

    def reason(self) -> str:
        """Ask the cable why the printer does not print (``paper``, ``error``); empty: it says nothing."""
        return ""


def left(deadline: float) -> float:
    """Seconds until ``deadline``, never negative."""
    return max(0.0, deadline - time.monotonic())


class DescriptorPipe(PrinterPipe):
    """A pipe over a non-blocking file descriptor: poll, write what fits, poll again."""

    _fd: int = -1

    def write(self, data: bytes, deadline: float) -> int:
        """Write what fits before the deadline.

        Raises:
            TransportLost: The other side went away; ``sent`` bytes of ``data`` had been taken.
        """
        sent = 0
        while sent < len(data) and self._ready(select.POLLOUT, deadline, sent):
            try:
                sent += os.write(self._fd, data[sent:])
            except (BlockingIOError, InterruptedError):
                continue
            except OSError as error:
                raise TransportLost(str(error), sent) from error
        return sent

    def read(self, limit: int, deadline: float) -> bytes:
        """Read what is there, or what comes before the deadline.

        Raises:
            TransportLost: The other side went away.
        """
        while self._ready(select.POLLIN, deadline, 0):
            try:
                data = os.read(self._fd, limit)
            except (BlockingIOError, InterruptedError):
                continue
            except OSError as error:
                raise TransportLost(str(error)) from error
            if not data:
                raise TransportLost("the other side closed the line")
            return data
        return b""

    def _ready(self, event: int, deadline: float, sent: int) -> bool:
        if self._fd < 0:
            raise TransportLost("it is not open", sent)
        poll = select.poll()
        poll.register(self._fd, event)
        found = poll.poll(left(deadline) * 1000)
        if not found:
            return False
        flags = found[0][1]
        if flags & event:
            return True
        raise TransportLost("the cable was unplugged", sent)

    def close(self) -> None:
        """Close without waiting."""
        if self._fd >= 0:
            fd, self._fd = self._fd, -1
            os.close(fd)
