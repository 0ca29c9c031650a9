"""Notices that the terminal is gone: a closed window, a pulled network cable of a remote one.

Textual's input thread would then read an ended file for ever and burn a core.
"""

from __future__ import annotations

import select
import signal
import sys
from asyncio import AbstractEventLoop
from collections.abc import Callable

SIGNALS = (signal.SIGHUP, signal.SIGTERM)
"""What the system sends when the terminal closes, and when the machine goes down."""


def on_signals(loop: AbstractEventLoop, leave: Callable[[], object]) -> None:
    """Call ``leave`` on the loop when one of ``SIGNALS`` comes; an open sale is kept on disk anyway."""
    for number in SIGNALS:
        loop.add_signal_handler(number, leave)


def terminal_gone() -> bool:
    """Whether the terminal at the standard input has hung up; never blocks."""
    poll = select.poll()
    poll.register(sys.__stdin__.fileno() if sys.__stdin__ is not None else 0, select.POLLIN)
    return any(event & (select.POLLHUP | select.POLLERR | select.POLLNVAL) for _fd, event in poll.poll(0))
