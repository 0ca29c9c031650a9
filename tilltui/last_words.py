"""Sends what the program has said last, before Python does it at its end: what fails there ends with 120."""

from __future__ import annotations

import errno
import os
import stat
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO


def send() -> OSError | None:
    """Empty the buffers of stdout and stderr; what is not taken is dropped, for Python would try it again.

    Returns:
        Why something is lost that somebody would have read, else ``None``.
    """
    lost = None
    for stream in (sys.stdout, sys.stderr):
        if stream is None:  # it was closed already when the program started
            continue
        try:
            stream.flush()
        except OSError as error:
            if not _terminal_gone(stream, error):
                lost = lost or error
            _drop(stream)
    return lost


def _terminal_gone(stream: TextIO, error: OSError) -> bool:
    """Whether nobody is there any more to read it; ``isatty`` says no of a terminal that has hung up."""
    return error.errno == errno.EIO and stat.S_ISCHR(os.fstat(stream.fileno()).st_mode)


def _drop(stream: TextIO) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
