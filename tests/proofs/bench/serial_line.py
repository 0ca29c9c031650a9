"""A scanner on a serial line: a pseudo-terminal that the till opens like any serial port."""

from __future__ import annotations

import os
import pty
import tty


class SerialLine:
    """One end is the scanner's, the other has a path like a serial port's.

    Attributes:
        path: What to set as the scanner's port.
    """

    def __init__(self) -> None:
        self._master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        self.path = os.ttyname(self._slave)

    def scan(self, code: str) -> None:
        """Send a code as a scanner does, with CR behind it."""
        os.write(self._master, code.encode("ascii") + b"\r")

    def close(self) -> None:
        """Unplug."""
        os.close(self._master)
        os.close(self._slave)
