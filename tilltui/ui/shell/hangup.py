"""Closes the till in order when the system says that its terminal closes or that the machine goes down.

A terminal that is gone without a signal is noticed by ``driver.TillDriver``, which reads its end.
"""

from __future__ import annotations

import signal
from asyncio import AbstractEventLoop
from collections.abc import Callable

SIGNALS = (signal.SIGHUP, signal.SIGTERM)
"""What the system sends when the terminal closes, and when the machine goes down."""


def on_signals(loop: AbstractEventLoop, leave: Callable[[], object]) -> None:
    """Call ``leave`` on the loop when one of ``SIGNALS`` comes; an open sale is kept on disk anyway."""
    for number in SIGNALS:
        loop.add_signal_handler(number, leave)
