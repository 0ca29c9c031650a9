"""Customer displays on a serial line: RS-232 or USB-COM."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from tilltui.ports import CustomerDisplay, DeviceState, Emit
from tilltui_drivers.displays.dialects import DIALECTS, Commands
from tilltui_drivers.displays.letters import Letters, Page
from tilltui_drivers.transport.serial.port import Line, SerialTransport
from tilltui_drivers.transport.serial.worker import SerialWorker

log = logging.getLogger(__name__)

LEAST_GAP = 0.2
"""Seconds between two texts: five a second are more than anybody reads."""

SLICE = 1.0
"""Longest wait in seconds; a display whose cable was pulled is noticed at once all the same."""

WRITE = 0.5
"""Seconds that a line is given to take one text."""


@dataclass(frozen=True, slots=True)
class SerialDisplaySettings:
    """Settings of a ``[display.NAME]`` with ``driver = "serial"``."""

    port: str
    """Device path, best ``/dev/serial/by-id/...``: the same wherever the display is plugged in."""
    commands: Commands = "epson"
    """Command set that the display is switched to: epson, cd5220, aedex, logic or utc."""
    codepage: Page = ""
    """Code page of an epson display, as cp858; empty: letters without accents, which every one has."""
    baudrate: int = field(default=9600, metadata={"min": 50, "max": 4_000_000})
    """Bits a second."""
    parity: Literal["N", "E", "O"] = "N"
    """``N`` none, ``E`` even, ``O`` odd."""


class SerialDisplay(CustomerDisplay):
    """One display, one daemon thread; the latest text wins, and is shown again after the cable was out."""

    Settings: ClassVar[type[SerialDisplaySettings]] = SerialDisplaySettings

    def __init__(self, name: str, settings: SerialDisplaySettings) -> None:
        self.name = name
        self._dialect = DIALECTS[settings.commands]
        self._page = settings.codepage if settings.codepage in dict(self._dialect.pages) else ""
        self._letters = Letters(self._page)
        self._lock = threading.Lock()
        self._wanted = self._dialect.blank()
        self._fresh = False
        self._sent_at = float("-inf")
        line = Line(settings.port, settings.baudrate, parity=settings.parity)
        self._worker = SerialWorker("display", name, line, self._serve, lambda: None)

    def start(self, emit: Emit) -> None:
        """Begin to look for the display; returns at once."""
        self._worker.start(emit)

    def stop(self, timeout: float = 2.0) -> None:
        """Write the latest text, if the line takes it at once, and stop; may be called twice."""
        self._worker.stop(timeout)

    def look_again(self) -> None:
        """End the wait before the next attempt to open its port; from any thread."""
        self._worker.look_again()

    def show(self, upper: str, lower: str) -> None:
        """Show two lines, each cut to 20 characters; from any thread, returns at once."""
        self._want(self._dialect.frame(upper, lower, self._letters))

    def clear(self) -> None:
        """Show nothing."""
        self._want(self._dialect.blank())

    def _want(self, data: bytes) -> None:
        with self._lock:
            if data == self._wanted:
                return
            self._wanted, self._fresh = data, True
        self._worker.wake()

    # -- on the display's thread -----------------------------------------------------------------------

    def _serve(self, transport: SerialTransport) -> None:
        self._worker.say(DeviceState.READY)
        self._write(transport, self._dialect.reset + self._dialect.opening(self._page), WRITE)
        self._fresh = True
        while not self._worker.stopping:
            now = time.monotonic()
            due = self._sent_at + LEAST_GAP if self._fresh else now + SLICE
            if self._fresh and now >= due:
                self._send(transport, WRITE)
                continue
            # Nothing is expected from a display; what comes is read only to notice a cable that goes.
            transport.read(256, due)
        if self._fresh:
            self._send(transport, 0.0)

    def _send(self, transport: SerialTransport, seconds: float) -> None:
        with self._lock:
            data, self._fresh = self._wanted, False
        self._sent_at = time.monotonic()
        self._write(transport, data, seconds)

    def _write(self, transport: SerialTransport, data: bytes, seconds: float) -> None:
        if transport.write(data, time.monotonic() + seconds) < len(data):
            log.info("display %s: its line takes no more bytes", self.name)
