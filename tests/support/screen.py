"""A terminal with the real program in it: a pseudo-terminal whose screen a test reads and waits for."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyte

KEYS = {
    "enter": "\r", "escape": "\x1b", "tab": "\t", "backspace": "\x7f", "delete": "\x1b[3~",
    "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D", "home": "\x1b[H", "end": "\x1b[F",
    "f1": "\x1bOP", "f2": "\x1bOQ", "f3": "\x1bOR", "f4": "\x1bOS", "f5": "\x1b[15~", "f6": "\x1b[17~",
    "f7": "\x1b[18~", "f8": "\x1b[19~", "f9": "\x1b[20~", "f10": "\x1b[21~", "f11": "\x1b[23~",
    "f12": "\x1b[24~",
}  # fmt: skip
"""What xterm sends for a key (terminfo entry ``xterm-256color``)."""

# Private modes and queries, which pyte takes for text; and the beginning of one at the end of a read.
_PRIVATE = re.compile(rb"\x1b\[[<=>?][0-9;:]*[ -/]*[@-~]")
_UNFINISHED = re.compile(rb"\x1b(?:\[[<=>?]?[0-9;:]*[ -/]*)?\Z")

Condition = str | Callable[[str], object]
"""A text that stands on the screen, or a function of the screen's text that says yes."""


class NotSeen(AssertionError):
    """The screen never showed what was waited for; the message has the screen."""


class Terminal:
    """A program on a screen of its own.

    Attributes:
        process: The program.

    Args:
        argv: The program and its arguments.
        env: Its whole environment; ``TERM`` and the size are set here.
        cwd: Its working folder.
        columns: Width of the screen.
        rows: Height of the screen.
    """

    def __init__(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str],
        cwd: Path,
        columns: int = 80,
        rows: int = 24,
    ) -> None:
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._changed = threading.Condition()
        self._text = ""
        self._rest = b""
        self._last_output = time.monotonic()
        self._closed = False
        self._wake_read, self._wake_write = os.pipe()
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        surroundings = {k: v for k, v in env.items() if k not in ("COLUMNS", "LINES", "COLORTERM")}
        self.process = subprocess.Popen(
            list(argv),
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=cwd,
            env={**surroundings, "TERM": "xterm-256color"},
            start_new_session=True,
        )
        os.close(slave)
        self._reader = threading.Thread(target=self._read, name="terminal", daemon=True)
        self._reader.start()

    def _read(self) -> None:
        while True:
            ready = select.select([self._master, self._wake_read], [], [])[0]
            if self._master not in ready:
                break
            try:
                data = os.read(self._master, 65536)
            except OSError:
                break
            if not data:
                break
            with self._changed:
                self._take(data)
                self._changed.notify_all()
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _take(self, data: bytes) -> None:
        data = self._rest + data
        half = _UNFINISHED.search(data)
        cut = half.start() if half else len(data)
        self._rest = data[cut:]
        self._stream.feed(_PRIVATE.sub(b"", data[:cut]))
        self._text = "\n".join(line.rstrip() for line in self._screen.display)
        self._last_output = time.monotonic()

    @property
    def text(self) -> str:
        """The screen as lines without the blanks at their ends."""
        with self._changed:
            return self._text

    @property
    def words(self) -> str:
        """Everything on the screen as one run of words, where lines that the terminal broke are whole."""
        with self._changed:
            return " ".join("".join(self._screen.display).split())

    def wait_for(self, condition: Condition, timeout: float = 10.0) -> str:
        """Wait until the screen shows something.

        Returns:
            The screen's text at that moment.

        Raises:
            NotSeen: It did not in time, or the program ended before.
        """
        deadline = time.monotonic() + timeout
        with self._changed:
            while not _holds(condition, self._text):
                left = deadline - time.monotonic()
                if left <= 0 or self._closed:
                    why = "the program ended" if self._closed else f"not within {timeout:g} s"
                    what = condition if isinstance(condition, str) else getattr(condition, "__name__", "?")
                    raise NotSeen(f"{what!r}: {why}; the screen was\n{self._text}")
                self._changed.wait(left)
            return self._text

    def shows(self, condition: Condition, within: float) -> bool:
        """Whether the screen shows something within some seconds."""
        try:
            self.wait_for(condition, within)
        except NotSeen:
            return False
        return True

    def wait_quiet(self, seconds: float, timeout: float = 10.0) -> str:
        """Wait until nothing was painted for some seconds, and give the screen's text."""
        deadline = time.monotonic() + timeout
        with self._changed:
            while (still := self._last_output + seconds - time.monotonic()) > 0:
                if time.monotonic() > deadline:
                    raise NotSeen(f"the screen was never quiet; it was\n{self._text}")
                self._changed.wait(still)
            return self._text

    def type(self, text: str) -> None:
        """Type characters."""
        self._send(text.encode())

    def press(self, *names: str) -> None:
        """Press keys by name: ``f10``, ``enter``, ``escape``, or a single character."""
        for name in names:
            self._send(KEYS.get(name, name).encode())

    def _send(self, data: bytes) -> None:
        while data:
            data = data[os.write(self._master, data) :]

    def wait_end(self, timeout: float = 10.0) -> int:
        """Wait until the program has ended and its last words are on the screen; its exit code."""
        code = self.process.wait(timeout)
        with self._changed:
            if not self._changed.wait_for(lambda: self._closed, timeout):
                raise NotSeen("the terminal of the ended program stayed open")
        return code

    def kill(self) -> None:
        """Kill it as the kernel does: no handler runs."""
        if self.process.poll() is None:
            os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def close(self) -> None:
        """Kill what is left and let go of the terminal."""
        self.kill()
        os.write(self._wake_write, b"x")
        self._reader.join(5)
        for fd in (self._master, self._wake_read, self._wake_write):
            os.close(fd)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _holds(condition: Condition, text: str) -> bool:
    return condition in text if isinstance(condition, str) else bool(condition(text))
