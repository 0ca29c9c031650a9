"""What keeps a device's thread alive: an error that nobody foresaw is logged, and the work begins again."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Protocol

log = logging.getLogger(__name__)

PAUSES = (0.5, 1.0, 2.0, 5.0, 30.0)
"""Seconds before the work begins again; the last one is repeated."""

CALM = 60.0
"""Seconds of good work after which an error counts as the first one."""


class Wakes(Protocol):
    """What a thread waits with."""

    def wake(self) -> None:
        """End the wait."""


def end(thread: threading.Thread | None, stop: threading.Event, wakes: Wakes | None, timeout: float) -> None:
    """Have a device's thread end, and wait for it; may be called twice.

    Args:
        thread: The thread; ``None``: it was never started.
        stop: What it looks at.
        wakes: What it waits with.
        timeout: Seconds to wait for it.
    """
    stop.set()
    if wakes is not None:
        wakes.wake()
    if thread is not None:
        thread.join(timeout)


def keep_running(
    name: str,
    work: Callable[[], object],
    stop: threading.Event,
    failed: Callable[[], object],
    pauses: tuple[float, ...] = PAUSES,
) -> None:
    """Do ``work`` on this thread until it returns; whatever it raises, it is begun again.

    Args:
        name: What works, for the log.
        work: Ends by itself once ``stop`` is set; called at least once.
        stop: Ends the pause between two times, too.
        failed: Tells the till; what it raises is logged as well.
        pauses: Seconds between two times.
    """
    failures = 0
    while True:
        begun = time.monotonic()
        try:
            work()
            return
        except Exception:
            log.exception("%s stumbled; it begins again", name)
        try:
            failed()
        except Exception:
            log.exception("%s could not say that it stumbled", name)
        failures = 0 if time.monotonic() - begun >= CALM else failures
        if stop.wait(pauses[min(failures, len(pauses) - 1)]):
            return
        failures += 1
