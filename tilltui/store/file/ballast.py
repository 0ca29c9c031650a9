"""Room kept on the disk, so that the open sale can still close when everything else is full."""

from __future__ import annotations

import os
from pathlib import Path

BALLAST_BYTES = 64 * 1024 * 1024
"""Size of the ballast file."""

LOW_BYTES = 3 * BALLAST_BYTES
"""Below this much free room the till says so."""


class Ballast:
    """A file that is given up when the disk is full and made again when there is room."""

    def __init__(self, folder: Path, size: int = BALLAST_BYTES) -> None:
        self.path = folder / "ballast"
        self.size = size

    @property
    def held(self) -> bool:
        """Whether the room is still kept."""
        try:
            return self.path.stat().st_size >= self.size
        except FileNotFoundError:
            return False

    def free_bytes(self) -> int:
        """Room on the disk for a program that is not root, without the ballast."""
        stat = os.statvfs(self.path.parent)
        return stat.f_bavail * stat.f_frsize

    def low(self) -> bool:
        """Whether the disk is nearly full."""
        return not self.held or self.free_bytes() < min(LOW_BYTES, 3 * self.size)

    def hold(self) -> bool:
        """Keep the room, if there is some to keep.

        Returns:
            Whether it is kept now.
        """
        if self.held:
            return True
        if self.free_bytes() < 2 * self.size:
            return False
        fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.posix_fallocate(fd, 0, self.size)
            os.fsync(fd)
        except OSError:
            self.path.unlink(missing_ok=True)
            return False
        finally:
            os.close(fd)
        return True

    def release(self) -> bool:
        """Give the room up.

        Returns:
            Whether there was any.
        """
        if not self.path.exists():
            return False
        self.path.unlink()
        # The file system hands freed blocks out again once the unlink is in its journal.
        fd = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)
        return True
