"""One process writes: a lock file says which."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Self

from tilltui.errors import N_, StoreError


class TillLock:
    """Holds ``till.lock`` while it is open; the kernel lets go when the process dies, however it dies."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "till.lock"
        self._fd = -1

    def acquire(self, who: str) -> Self:
        """Take the lock.

        Args:
            who: What this process is, for the other's message: ``till``, ``import``.

        Raises:
            StoreError: Another process holds it; the message says which.
        """
        fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(fd, 100).decode("utf-8", "replace").strip() or "?"
            os.close(fd)
            raise StoreError(
                N_("Another program is using this till's data: {holder}."),
                hint=N_("Close it first, or wait until it is done."),
                holder=holder,
            ) from None
        except OSError:
            os.close(fd)
            raise
        self._fd = fd
        os.ftruncate(fd, 0)
        os.pwrite(fd, f"{who}, process {os.getpid()}\n".encode(), 0)
        return self

    def release(self) -> None:
        """Let go; may be called twice."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
