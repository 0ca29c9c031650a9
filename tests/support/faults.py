"""A disk that fails on purpose: the n-th operation of one kind, once or from then on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import apsw

OPERATIONS = ("write", "sync", "truncate", "open", "read", "delete")
"""What can fail."""


class Faults(apsw.VFS):
    """A VFS that counts operations on the database's files and fails where it is told.

    Attributes:
        counts: Operations since ``arm``.
        fired: How many failed since ``arm``.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name, "")
        self.name = name
        self.counts = dict.fromkeys(OPERATIONS, 0)
        self.fired = 0
        self._operation = ""
        self._at = 0
        self._sticky = False
        self._error: type[apsw.Error] = apsw.IOError

    def arm(self, operation: str, at: int, *, sticky: bool, error: type[apsw.Error] = apsw.IOError) -> None:
        """Fail the ``at``-th operation (from 1), or that and all later ones."""
        self.counts = dict.fromkeys(OPERATIONS, 0)
        self.fired = 0
        self._operation, self._at, self._sticky, self._error = operation, at, sticky, error

    def heal(self) -> None:
        """Fail no more, and count anew."""
        self.arm("", 0, sticky=False)

    def meet(self, operation: str) -> None:
        """Count an operation and raise if it is to fail."""
        self.counts[operation] += 1
        count = self.counts[operation]
        if operation == self._operation and (count == self._at or (self._sticky and count > self._at)):
            self.fired += 1
            raise self._error(f"{operation} failed on purpose")

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:
        """Open a file that fails on purpose."""
        self.meet("open")
        return _File(self, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:
        """Delete a file."""
        if Path(filename).exists():
            self.meet("delete")
        super().xDelete(filename, syncdir)


class _File(apsw.VFSFile):
    def __init__(self, faults: Faults, name: Any, flags: list[int]) -> None:
        super().__init__("", name, flags)
        self._faults = faults

    def xRead(self, amount: int, offset: int) -> bytes:
        self._faults.meet("read")
        return super().xRead(amount, offset)

    def xWrite(self, data: bytes, offset: int) -> None:
        try:
            self._faults.meet("write")
        except apsw.Error:
            # A failed write may have written a part.
            super().xWrite(bytes(data)[: len(data) // 2], offset)
            raise
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:
        self._faults.meet("truncate")
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:
        self._faults.meet("sync")
        super().xSync(flags)
