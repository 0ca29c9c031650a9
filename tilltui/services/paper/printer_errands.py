"""What a printer does beside its jobs: fires a drawer, tells its level, shows a text on a display behind it.

Asked from any thread, and served on the thread of the printer's worker alone, between two jobs. Nothing of it
is written down: a drawer must not open by itself later, and an old text is of no use.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from concurrent.futures import Future

from tilltui.domain.frozen import frozen
from tilltui.errors import N_, DeviceBusy, DeviceError
from tilltui.ports import PassesOn, Printer, TellsDrawerLevel

_log = logging.getLogger(__name__)

KICK_TTL = 10.0
"""Seconds after which a drawer kick is dropped: a drawer must not open by itself later."""

DISPLAY_GAP = 0.2
"""Seconds between two texts for the customer display behind a printer."""

DISPLAY_BACK_OFF = 5.0
"""Seconds without texts after one that could not be sent: a printer that is off is not asked all the time."""


@frozen
class _Kick:
    pin: int
    asked: float
    result: Future[None]


class PrinterErrands:
    """What waits for a printer and is no job.

    Args:
        printer: The driver; only the worker's thread calls it.
        signal: Guards what waits, and wakes the worker.
        stopping: The till closes: nothing more is taken.
    """

    def __init__(self, printer: Printer, signal: threading.Condition, stopping: threading.Event) -> None:
        self._printer = printer
        self._signal = signal
        self._stopping = stopping
        self._kicks: deque[_Kick] = deque()
        self._levels: deque[Future[bool | None]] = deque()
        self._text: bytes | None = None
        self._text_after = 0.0

    # -- from any thread -------------------------------------------------------------------------------

    def kick(self, pin: int) -> Future[None]:
        """Open the drawer once; see ``PrintWorker.kick``."""
        kick = _Kick(pin, time.monotonic(), Future())
        with self._signal:
            if self._stopping.is_set():
                kick.result.set_exception(self._not_kicked("the till is closing"))
                return kick.result
            self._kicks.append(kick)
            self._signal.notify_all()
        return kick.result

    def show(self, data: bytes) -> None:
        """Show ``data`` on the display behind the printer, in place of what waits."""
        with self._signal:
            self._text = data
            self._signal.notify_all()

    def level(self) -> Future[bool | None]:
        """Ask for the level of pin 3; see ``PrintWorker.drawer_level``."""
        level: Future[bool | None] = Future()
        with self._signal:
            if self._stopping.is_set() or not isinstance(self._printer, TellsDrawerLevel):
                level.set_result(None)
            else:
                self._levels.append(level)
        return level

    # -- on the worker's thread ------------------------------------------------------------------------

    @property
    def kicks_wait(self) -> bool:
        """Whether a drawer is to be opened."""
        return bool(self._kicks)

    def due(self, deadline: float) -> float:
        """The monotonic time until which there is nothing to show, ``deadline`` at the latest."""
        return deadline if self._text is None else min(deadline, self._text_after)

    def serve_kicks(self, may_wait: bool = False) -> None:
        """Send the kicks; ``may_wait``: those that a busy printer did not take stay."""
        while self._kicks:
            kick = self._kicks.popleft()
            if time.monotonic() - kick.asked > KICK_TTL:
                _log.warning("Drawer kick on %s dropped: too old", self._printer.name)
                kick.result.set_exception(self._not_kicked("the printer was busy for too long"))
                continue
            try:
                self._printer.kick(kick.pin)
            except DeviceError as error:
                if may_wait and isinstance(error, DeviceBusy):
                    self._kicks.appendleft(kick)
                    return
                _log.warning("Drawer kick on %s failed: %s", self._printer.name, error)
                kick.result.set_exception(error)
            except Exception as error:
                kick.result.set_exception(error)  # nobody waits for ever; the top of the thread logs it
                raise
            else:
                _log.info("Drawer kicked on %s, pin %d", self._printer.name, kick.pin)
                kick.result.set_result(None)

    def serve_levels(self) -> None:
        """Tell those who asked the level of pin 3."""
        while self._levels:
            level = self._levels.popleft()
            try:
                printer = self._printer
                level.set_result(printer.drawer_level() if isinstance(printer, TellsDrawerLevel) else None)
            except DeviceError as error:
                level.set_exception(error)
            except Exception as error:
                level.set_exception(error)  # nobody waits for ever; the top of the thread logs it
                raise

    def serve_display(self) -> None:
        """Send the latest text to the display behind the printer, if it is time to."""
        with self._signal:
            if self._text is None or time.monotonic() < self._text_after:
                return
            data, self._text = self._text, None
        if not isinstance(self._printer, PassesOn):
            return
        gap = DISPLAY_GAP
        try:
            self._printer.pass_on(data)
        except DeviceError as error:
            _log.info("Display behind %s: %s", self._printer.name, error)
            gap = DISPLAY_BACK_OFF
        self._text_after = time.monotonic() + gap

    def end(self) -> None:
        """Nobody who asked waits for ever: the worker has ended."""
        while self._kicks:
            self._kicks.popleft().result.set_exception(self._not_kicked("the till is closing"))
        while self._levels:
            self._levels.popleft().set_result(None)

    def _not_kicked(self, why: str) -> DeviceError:
        return DeviceError(
            N_("The drawer behind printer {device} was not opened: {why}."),
            device=self._printer.name,
            hint=N_("Open it with its key, or try again."),
            why=why,
        )
