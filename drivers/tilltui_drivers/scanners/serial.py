"""Scanners on a serial line: RS-232, USB-COM (CDC-ACM) and Bluetooth SPP."""

from __future__ import annotations

import threading
import time
from dataclasses import field
from typing import ClassVar, Literal

from tilltui.domain.frozen import frozen
from tilltui_drivers.scanners.code_settings import ANY_CODE, CodeSettings
from tilltui_drivers.scanners.reading import FileScanner
from tilltui_drivers.transport.serial.port import Line, SerialTransport

OPEN_SECONDS = 1.0
"""Most time for opening the port, which in truth does not wait."""

BEEP_SECONDS = 0.2
"""Most time for sending a beep: a scanner that takes no data must not delay the next code."""


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
    codes: CodeSettings = field(default=ANY_CODE, metadata={"flat": True})
    idle_ms: int = field(default=60, metadata={"min": 0, "max": 5000})
    """Milliseconds of silence that end a code where the scanner sends no CR, LF, TAB or ETX; 0: never."""
    bad_beep: str = ""
    """What makes the scanner beep for a code that the till does not know; CR is added. Magellan: ``S334``."""


class SerialScanner(FileScanner):
    """One serial line."""

    Settings: ClassVar[type[SerialSettings]] = SerialSettings

    def __init__(self, name: str, settings: SerialSettings) -> None:
        framing = settings.codes.framing(settings.idle_ms)
        super().__init__(name, settings.port, framing, settings.codes.rules())
        self._settings = settings
        self._line: BeepingLine | None = None

    def make_file(self) -> BeepingLine:
        """Make the line of the settings' port."""
        s = self._settings
        line = Line(s.port, s.baudrate, s.bytesize, s.parity, s.stopbits)
        self._line = BeepingLine(SerialTransport(line, device=self.name), s.bad_beep)
        return self._line

    def feedback(self, ok: bool) -> None:
        """Make the scanner beep for an unknown code, where ``bad_beep`` says how; best effort."""
        if not ok and self._settings.bad_beep and self._line is not None:
            self._line.beep()


class BeepingLine:
    """A serial line as a device file; whoever asks for a beep wakes the reading thread, which sends it."""

    def __init__(self, transport: SerialTransport, bad_beep: str) -> None:
        self._transport = transport
        self._bad_beep = bad_beep
        self._asked = threading.Event()

    def open(self) -> None:
        """Open and set up the line; raises as ``SerialTransport.open`` does."""
        self._asked.clear()  # what was asked for before the scanner was lost is of no use any more
        self._transport.open(time.monotonic() + OPEN_SECONDS)

    def read(self, limit: int, deadline: float) -> bytes:
        """Read what is there, ``b""`` at the deadline or when cancelled; a beep that is due goes first.

        Raises:
            TransportLost: The scanner is gone.
        """
        if self._asked.is_set():
            self._asked.clear()
            self._transport.write(self._bad_beep.encode() + b"\r", time.monotonic() + BEEP_SECONDS)
        return self._transport.read(limit, deadline)

    def beep(self) -> None:
        """Have the scanner beep for an unknown code; from any thread."""
        self._asked.set()
        self._transport.cancel()

    def cancel(self) -> None:
        """End the ``read`` that is going on; from any thread."""
        self._transport.cancel()

    def close(self) -> None:
        """Let the line go; it can be opened again."""
        self._transport.close()

    def dispose(self) -> None:
        """Let the line go for good."""
        self._transport.dispose()
