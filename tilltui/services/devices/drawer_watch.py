"""Says when a cash drawer is left open, where a switch is wired that tells."""

from __future__ import annotations

import logging
import threading
import time

from tilltui.errors import DeviceError
from tilltui.ports import DeviceChanged, DeviceState, Emit, TellsIfOpen

log = logging.getLogger(__name__)

POLL = 2.0
"""Seconds between two looks at the switch."""

MOST = 60.0
"""Longest time between two looks at one that fails in ways that nobody foresaw."""

NO_TROUBLE = 3
"""Failed looks in a row after which a switch is no longer asked until the drawer opens again."""


class DrawerWatch:
    """Watches one drawer from each opening until it is closed, on a thread that lives as long.

    Args:
        drawer: The drawer.
        emit: Told ``left_open`` once ``after`` seconds have gone by, and that it is well once it is closed.
        after: Seconds that it may stand open; 0: it is not watched.
        poll: Seconds between two looks.
    """

    def __init__(self, drawer: TellsIfOpen, emit: Emit, after: float, poll: float = POLL) -> None:
        self._drawer = drawer
        self._emit = emit
        self._after = after
        self._poll = poll
        self._stop = threading.Event()
        self._state = threading.Lock()
        self._opened_at = 0.0
        self._watching = False
        self._said = False

    def opened(self) -> None:
        """The drawer was fired just now; returns at once. From any thread."""
        if not self._after or self._stop.is_set():
            return
        with self._state:
            self._opened_at = time.monotonic()
            if self._watching:
                return
            self._watching = True
        threading.Thread(target=self._run, name=f"drawer-watch-{self._drawer.name}", daemon=True).start()

    def stop(self) -> None:
        """Watch no more; may be called twice."""
        self._stop.set()

    def _run(self) -> None:
        pause = self._poll
        while not self._stop.wait(pause):
            try:
                if not self._look():
                    return
                pause = self._poll
            except Exception:  # the top of the thread: a driver may raise anything
                log.exception("The watch on drawer %s stumbled; it goes on", self._drawer.name)
                pause = min(2 * pause, MOST)

    def _look(self) -> bool:
        """Look once; whether to look again."""
        still_open = self._ask()
        with self._state:
            open_for = time.monotonic() - self._opened_at
            # Fired less than one look ago: the switch may not have moved yet.
            if not still_open and open_for >= self._poll:
                self._watching = False
        if still_open and not self._said and open_for >= self._after:
            self._said = True
            log.warning("Drawer %s stands open for %d s", self._drawer.name, open_for)
            self._tell(DeviceState.DEGRADED, "left_open", f"open for {open_for:.0f} s")
        elif not still_open and self._said:
            self._said = False
            log.info("Drawer %s was closed", self._drawer.name)
            self._tell(DeviceState.READY)
        return self._watching

    def _ask(self) -> bool:
        """Whether it stands open, as far as anybody can tell."""
        for left in reversed(range(NO_TROUBLE)):
            try:
                return bool(self._drawer.is_open())
            except DeviceError as error:
                log.info("Drawer %s: %s", self._drawer.name, error)
                if not left or self._stop.wait(self._poll):
                    break
        return False

    def _tell(self, state: DeviceState, reason: str = "", detail: str = "") -> None:
        if not self._emit(DeviceChanged("drawer", self._drawer.name, state, reason, detail)):
            self._stop.set()
