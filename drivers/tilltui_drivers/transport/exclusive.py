"""Keeps the programs that ask for no lock off a serial line: the kernel refuses them, all but root's."""

from __future__ import annotations

import fcntl
import os
import termios

PTY_MAJORS = range(136, 144)
"""Device numbers of the ends of pseudo terminals that are opened (Linux ``admin-guide/devices.txt``)."""


def shut_out_others(fd: int) -> None:
    """Have the kernel refuse everybody else who opens the line of ``fd``.

    A pseudo terminal (``socat``, a twin) is left as it is. A serial line forgets the lock with the last
    descriptor, however its program ended; a pseudo terminal keeps it as long as its other end is open, and a
    till that was killed could not open its own scanner again.

    Raises:
        OSError: The line is gone, or knows no such lock.
    """
    if os.major(os.fstat(fd).st_rdev) not in PTY_MAJORS:
        fcntl.ioctl(fd, termios.TIOCEXCL)


def let_others_in(fd: int) -> None:
    """Take ``shut_out_others`` back: another program that has the line open would keep the lock alive.

    Raises:
        OSError: The line is gone.
    """
    fcntl.ioctl(fd, termios.TIOCNXCL)
