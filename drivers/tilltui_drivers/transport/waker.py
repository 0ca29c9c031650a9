"""A pipe that wakes a thread out of ``select``."""

from __future__ import annotations

import os
import select
import threading
import time


class Waker:
    """Waits for a file descriptor, until a deadline or until another thread says to stop waiting.

    ``wake`` may be called from any thread at any time, also after ``close``; the rest belongs to one thread.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._read, self._write = os.pipe()
        os.set_blocking(self._read, False)
        os.set_blocking(self._write, False)
        self._closed = False

    def wake(self) -> None:
        """End the wait that is going on, or else the next one, at once."""
        with self._lock:
            if self._closed:
                return
            try:
                os.write(self._write, b"!")
            except BlockingIOError:
                return  # the pipe is full of wake-ups: one is enough

    def wait_readable(self, fd: int, deadline: float) -> bool:
        """Wait until ``fd`` can be read (or has hung up).

        Args:
            fd: An open file descriptor.
            deadline: ``time.monotonic()`` value.

        Returns:
            Whether it can be read; ``False`` at the deadline and when woken.
        """
        timeout = max(0.0, deadline - time.monotonic())
        ready, _, _ = select.select([fd, self._read], [], [], timeout)
        if self._read in ready:
            os.read(self._read, 4096)
        return fd in ready

    def close(self) -> None:
        """Free the pipe; may be called twice."""
        with self._lock:
            if not self._closed:
                self._closed = True
                os.close(self._read)
                os.close(self._write)
