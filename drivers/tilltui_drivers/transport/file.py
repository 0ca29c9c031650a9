"""Printing into a file, or a device that only listens."""

from __future__ import annotations

import os
import stat

from tilltui.errors import N_, DeviceOffline

from .pipe import DescriptorPipe


class FileTransport(DescriptorPipe):
    """Appends to ``path``; a new file is readable by its owner alone. Nothing ever comes back.

    Args:
        path: File, or device such as ``/dev/lp0``.
        device: The shop's own name of the printer, for messages.
    """

    answers = False

    def __init__(self, path: str, device: str = "") -> None:
        self.path = path
        self.device = device

    def open(self, deadline: float) -> None:
        """Open for appending.

        Raises:
            DeviceOffline: It cannot be created or written.
        """
        self.close()
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
        try:
            self._fd = os.open(self.path, flags, 0o600)
        except OSError as error:
            raise DeviceOffline(
                N_("Printer {device} cannot write to {path}: {why}."),
                device=self.device,
                hint=N_("Check the folder and who may write there."),
                path=self.path,
                why=os.strerror(error.errno or 0),
            ) from error

    def read(self, limit: int, deadline: float) -> bytes:
        """Give nothing, at once."""
        return b""

    def drain(self, deadline: float) -> bool:
        """Put a regular file on the disk."""
        if self._fd < 0:
            return False
        if stat.S_ISREG(os.fstat(self._fd).st_mode):
            os.fsync(self._fd)
        return True
