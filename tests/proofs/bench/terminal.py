"""A program in a terminal of its own: what it writes and when."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from types import TracebackType

COLUMNS, ROWS = 100, 30
"""Size of the terminal."""


class Terminal:
    """A child process on a pseudo-terminal.

    Attributes:
        pid: The child.
        started: ``time.monotonic()`` just before it was started.
        output: Everything it has written.
        written_at: When the last of it came.
    """

    def __init__(self, argv: Sequence[str], environment: Mapping[str, str]) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.output = bytearray()
        self.started = self.written_at = time.monotonic()
        self._child = subprocess.Popen(
            argv, stdin=slave, stdout=slave, stderr=slave, env=dict(environment), start_new_session=True
        )
        os.close(slave)
        self.pid = self._child.pid

    def __enter__(self) -> Terminal:
        """Stop the child when done."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the child."""
        self.close()

    def read(self, seconds: float) -> int:
        """Read what comes within ``seconds``; how many bytes, 0 for none."""
        ready, _, _ = select.select([self._master], [], [], max(0.0, seconds))
        if not ready:
            return 0
        try:
            data = os.read(self._master, 65536)
        except OSError:  # the child has closed its side (EIO)
            data = b""
        if not data:
            raise EOFError(f"The program ended: {self.text()[-2000:]}")
        self.written_at = time.monotonic()
        self.output += data
        return len(data)

    def wait_for(self, *texts: str, since: int = 0, seconds: float = 60.0) -> float:
        """Wait until every text stands in what was written after offset ``since``; the moment it did.

        Raises:
            TimeoutError: It did not come.
        """
        wanted = [text.encode() for text in texts]
        deadline = time.monotonic() + seconds
        while not all(text in self.output[since:] for text in wanted):
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"Waited for {texts}, got {self.text()[-2000:]}")
            self.read(left)
        return self.written_at

    def settle(self, quiet: float, *, most: float = 60.0) -> float:
        """Read until nothing has come for ``quiet`` seconds; when the last byte came."""
        deadline = time.monotonic() + most
        while self.read(quiet):
            if time.monotonic() > deadline:
                raise TimeoutError("The program never stops writing.")
        return self.written_at

    def listen(self, seconds: float) -> int:
        """Read for so long; how many bytes came."""
        before, deadline = len(self.output), time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            self.read(left)
        return len(self.output) - before

    def key(self, keys: bytes) -> None:
        """Press keys."""
        os.write(self._master, keys)

    def text(self) -> str:
        """What was written, as text."""
        return self.output.decode("utf-8", "replace")

    def screen(self) -> list[str]:
        """What stands on the screen now, row by row."""
        import pyte

        screen = pyte.Screen(COLUMNS, ROWS)
        pyte.ByteStream(screen).feed(bytes(self.output))
        return [str(row) for row in screen.display]

    def close(self) -> None:
        """Terminate the child, and wait for it."""
        if self._master >= 0:
            if self._child.poll() is None:
                os.killpg(self._child.pid, signal.SIGTERM)
                deadline = time.monotonic() + 20
                while self._child.poll() is None and time.monotonic() < deadline:
                    self._drain()
                if self._child.poll() is None:
                    os.killpg(self._child.pid, signal.SIGKILL)
            self._child.wait()
            os.close(self._master)
            self._master = -1

    def _drain(self) -> None:
        """Let a child end that still writes."""
        ready, _, _ = select.select([self._master], [], [], 0.02)
        if ready:
            try:
                os.read(self._master, 65536)
            except OSError:
                self._child.wait(20)
