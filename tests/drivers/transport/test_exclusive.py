"""Whom the kernel keeps off a line: root too can see the lock, though it binds only the others."""

from __future__ import annotations

import fcntl
import os
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from tilltui_drivers.transport import exclusive
from tilltui_drivers.transport.serial.port import Line, SerialTransport
from tilltui_drivers.transport.serial.printer import SerialPrinterTransport

TIOCGEXCL = 0x80045440
"""Asks for the lock (``ioctl_tty(2)``); Python's ``termios`` does not have it."""

SerialLine = SerialTransport | SerialPrinterTransport


def scanner_line(path: str) -> SerialLine:
    return SerialTransport(Line(path))


@pytest.fixture
def pty() -> Iterator[int]:
    master, slave = os.openpty()
    yield slave
    os.close(slave)
    os.close(master)


def let_go(line: SerialLine) -> None:
    line.close()
    if isinstance(line, SerialTransport):
        line.dispose()


def locked(fd: int) -> bool:
    return bool(struct.unpack("i", fcntl.ioctl(fd, TIOCGEXCL, bytes(4)))[0])


KILLED = """
import os, signal, sys, time
from tilltui_drivers.transport.serial.port import Line, SerialTransport
from tilltui_drivers.transport.serial.printer import SerialPrinterTransport
lines = {"scanner": lambda path: SerialTransport(Line(path)), "printer": SerialPrinterTransport}
line = lines[sys.argv[1]](sys.argv[2])
line.open(time.monotonic() + 1)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize(("name", "make"), [("scanner", scanner_line), ("printer", SerialPrinterTransport)])
def test_a_pseudo_terminal_is_free_after_a_kill(
    name: str, make: Callable[[str], SerialLine], pty: int
) -> None:
    path = os.ttyname(pty)
    env = dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path))
    killed = subprocess.run([sys.executable, "-c", KILLED, name, path], env=env, timeout=60, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert not locked(pty)
    line = make(path)
    line.open(time.monotonic() + 1)
    let_go(line)


@pytest.mark.parametrize("make", [scanner_line, SerialPrinterTransport])
def test_a_serial_line_is_locked_while_it_is_open(
    make: Callable[[str], SerialLine], pty: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exclusive, "PTY_MAJORS", ())
    line = make(os.ttyname(pty))
    line.open(time.monotonic() + 1)
    assert locked(pty)
    let_go(line)
    assert not locked(pty)
