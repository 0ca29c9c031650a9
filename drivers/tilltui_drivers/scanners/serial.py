"""Scanners on a serial line: RS-232, USB-COM (CDC-ACM) and Bluetooth SPP."""

from __future__ import annotations

import logging
import os
import threading
import time
from dataclasses import field
from typing import ClassVar, Literal

from tilltui.domain.frozen import frozen
from tilltui.errors import DeviceBusy, DeviceOffline
from tilltui.ports import DeviceChanged, DeviceState, Emit, Scanner, TransportLost
from tilltui_drivers.scanners.framer import Framer, Framing
from tilltui_drivers.scanners.listening import emit_frames, listen
from tilltui_drivers.supervisor import keep_running
from tilltui_drivers.transport.serial_port import Line, SerialTransport

log = logging.getLogger(__name__)

BACK_OFF = (1.0, 2.0, 5.0)
"""Seconds between attempts to open the port; the last one is repeated."""

WATCH = 0.5
"""Seconds between looks at a missing path, so that a scanner plugged in again works at once."""


@frozen
class SerialSettings:
    """Settings of a ``[scanner.NAME]`` with ``driver = "serial"``."""

    port: str
    """Device path, best ``/dev/serial/by-id/...``: the same wherever the scanner is plugged in."""
    baudrate: int = field(default=9600, metadata={"min": 50, "max": 4_000_000})
    """Bits a second; a USB-COM scanner takes any."""
    bytesize: int = field(default=8, metadata={"min": 7, "max": 8})
    """Data bits, 7 or 8."""
    parity: Literal["N", "E", "O"] = "N"
    """``N`` none, ``E`` even, ``O`` odd."""
    stopbits: int = field(default=1, metadata={"min": 1, "max": 2})
    """Stop bits, 1 or 2."""
    strip_prefix: str = ""
    """Text that the scanner puts before every code."""
    strip_suffix: str = ""
    """Text that the scanner puts behind every code, besides CR, LF, TAB or ETX."""
    gs_substitutes: str = ""
    """What the scanner sends for the GS1 separator, if not GS itself: for example ``| ~ <GS>``."""
    idle_ms: int = field(default=60, metadata={"min": 0, "max": 5000})
    """Milliseconds of silence that end a code where the scanner sends no CR, LF, TAB or ETX; 0: never."""
    bad_beep: str = ""
    """What makes the scanner beep for a code that the till does not know; CR is added. Magellan: ``S334``."""


class SerialScanner(Scanner):
    """One scanner, one daemon thread; unplugged or missing, it is looked for until ``stop``."""

    Settings: ClassVar[type[SerialSettings]] = SerialSettings

    def __init__(self, name: str, settings: SerialSettings) -> None:
        self.name = name
        self._settings = settings
        self._framing = Framing(
            settings.strip_prefix, settings.strip_suffix, settings.gs_substitutes, settings.idle_ms
        )
        self._stop = threading.Event()
        self._beep = threading.Event()
        self._said: tuple[DeviceState, str] | None = None
        self._transport: SerialTransport | None = None
        self._thread: threading.Thread | None = None

    def start(self, emit: Emit) -> None:
        """Begin to look for the scanner and to read it; returns at once."""
        if self._thread is not None and self._thread.is_alive():
            return
        self._stop = threading.Event()
        self._said = None
        self._transport = SerialTransport(self._line(), device=self.name)
        self._thread = threading.Thread(
            target=self._run,
            args=(self._transport, emit, self._stop),
            name=f"scanner-{self.name}",
            daemon=True,
        )
        self._thread.start()

    def stop(self, timeout: float = 2.0) -> None:
        """Stop reading within ``timeout`` seconds; may be called twice."""
        self._stop.set()
        if self._transport is not None:
            self._transport.cancel()
        if self._thread is not None:
            self._thread.join(timeout)

    def feedback(self, ok: bool) -> None:
        """Make the scanner beep for an unknown code, where ``bad_beep`` says how; best effort."""
        if not ok and self._settings.bad_beep and self._transport is not None:
            self._beep.set()
            self._transport.cancel()

    def read(self, limit: int, deadline: float) -> bytes:
        """Read for ``listen``, on the scanner's thread; woken for a beep it sends it first.

        Raises:
            TransportLost: The scanner is gone.
        """
        assert self._transport is not None
        if self._beep.is_set():
            self._beep.clear()
            self._transport.write(self._settings.bad_beep.encode() + b"\r", time.monotonic() + 0.2)
        return self._transport.read(limit, deadline)

    def _line(self) -> Line:
        s = self._settings
        return Line(s.port, s.baudrate, s.bytesize, s.parity, s.stopbits)

    def _run(self, transport: SerialTransport, emit: Emit, stop: threading.Event) -> None:
        try:
            keep_running(
                f"scanner {self.name}",
                lambda: self._keep_listening(transport, emit, stop),
                stop,
                lambda: self._say(emit, DeviceState.FAILED, "error", "the scanner's thread stumbled"),
            )
        finally:
            transport.dispose()

    def _keep_listening(self, transport: SerialTransport, emit: Emit, stop: threading.Event) -> None:
        failures = 0
        going_on = self._say(emit, DeviceState.CONNECTING)
        while going_on and not stop.is_set():
            try:
                transport.open(time.monotonic() + 1.0)
                failures = 0
                going_on = self._say(emit, DeviceState.READY) and self._listen(transport, emit, stop)
            except (DeviceOffline, DeviceBusy) as error:
                going_on = self._say(emit, DeviceState.FAILED, str(error.fields["reason"]), str(error))
            except TransportLost as error:
                going_on = self._say(emit, DeviceState.FAILED, "unplugged", str(error))
            finally:
                transport.close()
            if going_on:
                self._pause(BACK_OFF[min(failures, len(BACK_OFF) - 1)], stop)
                failures += 1

    def _listen(self, transport: SerialTransport, emit: Emit, stop: threading.Event) -> bool:
        framer = Framer(self._framing)
        try:
            return listen(self, framer, self.name, emit, stop)
        except TransportLost:
            emit_frames(framer.abandon(time.monotonic()), self.name, emit)
            raise

    def _pause(self, seconds: float, stop: threading.Event) -> None:
        """Wait before the next attempt, but only until a path that was missing is there."""
        until = time.monotonic() + seconds
        missing = not os.path.exists(self._settings.port)
        while (left := until - time.monotonic()) > 0 and not stop.wait(min(WATCH, left)):
            exists = os.path.exists(self._settings.port)
            if missing and exists:
                return
            missing = not exists

    def _say(self, emit: Emit, state: DeviceState, reason: str = "", detail: str = "") -> bool:
        """Emit a change of state, not its repetition; ``False``: the till is closing."""
        if self._said == (state, reason):
            return True
        self._said = (state, reason)
        log.info("scanner %s: %s %s %s", self.name, state, reason, detail)
        return emit(DeviceChanged("scanner", self.name, state, reason, detail))
