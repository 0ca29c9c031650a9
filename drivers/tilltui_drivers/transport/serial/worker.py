"""One daemon thread that holds a serial line open; unplugged or missing, it is looked for until stopped."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable

from tilltui.errors import DeviceBusy, DeviceOffline
from tilltui.ports import DeviceChanged, DeviceEvent, DeviceState, Emit, TransportLost
from tilltui_drivers.supervisor import keep_running
from tilltui_drivers.transport.serial.port import Line, SerialTransport

log = logging.getLogger(__name__)

BACK_OFF = (1.0, 2.0, 5.0)
"""Seconds between attempts to open the port; the last one is repeated."""

WATCH = 0.5
"""Seconds between looks at a missing path, so that a device plugged in again works at once."""


class SerialWorker:
    """The thread of a device on a serial line.

    Args:
        kind: Section of the settings: ``scale``, ``display``.
        name: The shop's own name of the device.
        line: Where and how to open it.
        serve: Called on the thread with the open line until it returns; raises ``TransportLost``.
        away: Called on the thread whenever the line is not open: after each failure and each ``wake``.
    """

    def __init__(
        self,
        kind: str,
        name: str,
        line: Line,
        serve: Callable[[SerialTransport], None],
        away: Callable[[], None],
    ) -> None:
        self.kind = kind
        self.name = name
        self._line = line
        self._serve = serve
        self._away = away
        self._emit: Emit = lambda event: True
        self._stop = threading.Event()
        self._nudged = threading.Event()
        self._look = threading.Event()
        self._said: tuple[DeviceState, str] | None = None
        self._transport: SerialTransport | None = None
        self._thread: threading.Thread | None = None

    @property
    def stopping(self) -> bool:
        """Whether the thread was told to end, or the till is closing."""
        return self._stop.is_set()

    def start(self, emit: Emit) -> None:
        """Begin to look for the device; returns at once."""
        if self._thread is not None and self._thread.is_alive():
            return
        self._emit = emit
        self._stop = threading.Event()
        self._said = None
        self._transport = SerialTransport(self._line, device=self.name)
        self._thread = threading.Thread(
            target=self._run, args=(self._transport,), name=f"{self.kind}-{self.name}", daemon=True
        )
        self._thread.start()

    def stop(self, timeout: float) -> None:
        """Stop within ``timeout`` seconds; may be called twice."""
        self._stop.set()
        self.wake()
        if self._thread is not None:
            self._thread.join(timeout)

    def wake(self) -> None:
        """End the wait that is going on, in ``serve`` or for the device to come back; from any thread."""
        self._nudged.set()
        if self._transport is not None:
            self._transport.cancel()

    def look_again(self) -> None:
        """End the wait before the next attempt to open the port; from any thread."""
        self._look.set()
        self._nudged.set()

    def rest(self, seconds: float) -> None:
        """Do nothing on the thread for so long, or until ``wake``."""
        if self._nudged.wait(seconds):
            self._nudged.clear()

    def tell(self, event: DeviceEvent) -> None:
        """Hand an event to the till; when it is closing, the thread ends."""
        if not self._emit(event):
            self._stop.set()

    def say(self, state: DeviceState, reason: str = "", detail: str = "") -> None:
        """Tell a change of state, not its repetition."""
        if self._said == (state, reason):
            return
        self._said = (state, reason)
        log.info("%s %s: %s %s %s", self.kind, self.name, state, reason, detail)
        self.tell(DeviceChanged(self.kind, self.name, state, reason, detail))

    def _run(self, transport: SerialTransport) -> None:
        try:
            keep_running(
                f"{self.kind} {self.name}", lambda: self._keep_open(transport), self._stop, self._stumbled
            )
        finally:
            transport.dispose()

    def _stumbled(self) -> None:
        self.say(DeviceState.FAILED, "error", "the device's thread stumbled")
        self._away()

    def _keep_open(self, transport: SerialTransport) -> None:
        failures = 0
        self.say(DeviceState.CONNECTING)
        while not self.stopping:
            self._look.clear()
            try:
                transport.open(time.monotonic() + 1.0)
                failures = 0
                self._serve(transport)
            except (DeviceOffline, DeviceBusy) as error:
                self.say(DeviceState.FAILED, str(error.fields["reason"]), str(error))
            except TransportLost as error:
                self.say(DeviceState.FAILED, "unplugged", str(error))
            finally:
                transport.close()
            if not self.stopping:
                self._pause(BACK_OFF[min(failures, len(BACK_OFF) - 1)])
                failures += 1

    def _pause(self, seconds: float) -> None:
        """Wait before the next attempt, but only until ``look_again`` or until a missing path is there."""
        until = time.monotonic() + seconds
        missing = not os.path.exists(self._line.port)
        self._away()
        while not (self.stopping or self._look.is_set()) and (left := until - time.monotonic()) > 0:
            if self._nudged.wait(min(WATCH, left)):
                self._nudged.clear()
                self._away()
            exists = os.path.exists(self._line.port)
            if missing and exists:
                return
            missing = not exists
