"""The whole till on a terminal of its own: it sleeps between customers, resizes, is suspended."""

from __future__ import annotations

import errno
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyte
import pytest

from tilltui.ui.shell.driver import CYAN_FOR_DIM, GREY_FOR_DIM

PATIENCE = 20.0
"""Seconds after which the till has not said what it should."""

WATCHED = 3
"""Seconds in which an idle till is watched."""

SETTINGS = """[shop]
name = "Almacén Rosita"
address = "Av. Matta 1234, Santiago"
language = "en"
[till]
id = "1"
data_dir = "{folder}/data"
"""


class Terminal:
    """A till in a process and what it shows."""

    def __init__(self, folder: Path, term: str = "linux") -> None:
        (folder / "till.toml").write_text(SETTINGS.format(folder=folder), "utf-8")
        self.ours, theirs = pty.openpty()
        self.screen = pyte.Screen(80, 24)
        self.stream = pyte.ByteStream(self.screen)
        self.written = bytearray()
        self._size(theirs, 80, 24)
        environ = os.environ | {"TERM": term, "PYTHONPATH": os.pathsep.join(sys.path), "LANG": "C.UTF-8"}
        # As a shell or a test runner with readline hands them down: the terminal itself knows better.
        environ |= {"ESCDELAY": "25", "COLUMNS": "80", "LINES": "24"}
        command = [sys.executable, "-m", "tilltui", "--config", str(folder / "till.toml")]
        self.till = subprocess.Popen(
            command, stdin=theirs, stdout=theirs, stderr=theirs, env=environ, start_new_session=True
        )
        os.close(theirs)

    def _size(self, descriptor: int, columns: int, rows: int) -> None:
        fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def resize(self, columns: int, rows: int) -> None:
        """Another size, as when a window is pulled."""
        self.screen.resize(rows, columns)
        self._size(self.ours, columns, rows)
        self.till.send_signal(signal.SIGWINCH)

    def read(self, seconds: float) -> int:
        """Take what the till writes for so long, or until it writes; bytes."""
        if not select.select([self.ours], [], [], seconds)[0]:
            return 0
        try:
            data = os.read(self.ours, 65536)
        except OSError as error:  # how a terminal says that nobody has its other end open any more
            if error.errno != errno.EIO:
                raise
            return 0
        self.stream.feed(data)
        self.written += data
        return len(data)

    def await_text(self, text: str, *, there: bool = True) -> None:
        """Wait until a text is on the screen, or no more."""
        deadline = time.monotonic() + PATIENCE
        while (text in "\n".join(self.screen.display)) is not there:
            assert time.monotonic() < deadline, "\n".join(self.screen.display)
            self.read(1)

    def await_quiet(self) -> None:
        """Wait until nothing has been written for a second."""
        deadline = time.monotonic() + PATIENCE
        while self.read(1):
            assert time.monotonic() < deadline

    def switches(self) -> dict[str, int]:
        """How often each thread lay down to sleep, by name and number."""
        counted = {}
        for task in Path(f"/proc/{self.till.pid}/task").iterdir():
            status = (task / "status").read_text("utf-8")
            name = status.split("\n", 1)[0].split("\t")[1]
            counted[f"{name} {task.name}"] = int(status.split("\nvoluntary_ctxt_switches:")[1].split()[0])
        return counted

    def state(self) -> str:
        """What the process does: ``S`` sleeps, ``T`` is suspended."""
        return Path(f"/proc/{self.till.pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split()[0]


@contextmanager
def a_till(folder: Path, term: str = "linux") -> Iterator[Terminal]:
    """A till that stands open, with a basket that waits for its first item."""
    terminal = Terminal(folder, term)
    try:
        terminal.await_text("no devices set up")
        terminal.await_quiet()
        yield terminal
    finally:
        terminal.till.kill()
        terminal.till.wait(10)
        os.close(terminal.ours)


def woken(terminal: Terminal) -> dict[str, int]:
    """How often each thread was woken while nobody touched the till."""
    left = 60 - time.time() % 60
    if left < WATCHED + 2:  # the clock on the screen moves once a minute
        terminal.read(left + 1)
        terminal.await_quiet()
    before = terminal.switches()
    written = terminal.read(WATCHED)
    after = terminal.switches()
    return {name: count - before.get(name, 0) for name, count in after.items()} | {"written": written}


def test_an_idle_till_sleeps(tmp_path: Path) -> None:
    with a_till(tmp_path) as terminal:
        # What the start still has to do may fall into the first; Textual's own driver alone would be woken
        # thirty times in each.
        seen = [woken(terminal) for _ in range(3)]
        assert min(sum(one.values()) for one in seen) <= WATCHED, seen


def test_keys_size_and_suspension(tmp_path: Path) -> None:
    with a_till(tmp_path) as terminal:
        os.write(terminal.ours, b"\x1b[[A")
        terminal.await_text("Esc")
        terminal.await_quiet()
        help_screen = "\n".join(terminal.screen.display)
        os.write(terminal.ours, b"\x1b")
        terminal.await_text(help_screen.split("\n")[2], there=False)
        terminal.resize(120, 30)
        terminal.await_text("F12")
        deadline = time.monotonic() + PATIENCE
        while not terminal.screen.display[29].strip():
            assert time.monotonic() < deadline, "\n".join(terminal.screen.display)
            terminal.read(1)
        terminal.await_quiet()
        terminal.till.send_signal(signal.SIGTSTP)
        while terminal.state() != "T":
            assert time.monotonic() < deadline, terminal.state()
            terminal.read(0.05)
        terminal.read(0.1)
        terminal.screen.reset()
        terminal.till.send_signal(signal.SIGCONT)
        terminal.await_text("F12")
        terminal.await_quiet()
        os.write(terminal.ours, b"780")
        terminal.await_text("780")
        terminal.till.send_signal(signal.SIGTERM)
        assert terminal.till.wait(PATIENCE) == 0


@pytest.mark.parametrize(("term", "times"), [("linux", 1), ("xterm-256color", 0)])
def test_dim_text_has_a_colour_of_its_own_on_the_console_only(tmp_path: Path, term: str, times: int) -> None:
    with a_till(tmp_path, term) as terminal:
        assert terminal.written.count(CYAN_FOR_DIM.encode()) == times
        assert GREY_FOR_DIM.encode() not in terminal.written
        terminal.till.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        while terminal.read(0.05) or terminal.till.poll() is None:
            assert time.monotonic() < deadline
        assert terminal.written.count(GREY_FOR_DIM.encode()) == times
