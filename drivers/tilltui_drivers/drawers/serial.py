"""A drawer on a serial line: it opens at a few bytes, and a line of the cable may tell whether it is open."""

from __future__ import annotations

import fcntl
import os
import re
import struct
import termios
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from tilltui.errors import N_, ConfigError, DeviceOffline
from tilltui.ports import Drawer, TransportLost
from tilltui_drivers.transport.pipe import PrinterPipe
from tilltui_drivers.transport.serial.printer import SerialPrinterTransport

OPEN_SECONDS = 2.5
"""Most time to open the line and send the bytes."""

MAX_BYTES = 16
"""Most bytes of a command."""

_LINES = {"cts": termios.TIOCM_CTS, "dsr": termios.TIOCM_DSR, "dcd": termios.TIOCM_CAR}

Signals = Callable[[str], int]
"""Reads the modem lines (``TIOCM_*`` bits) of a serial device."""


class SerialDrawer(Drawer):
    """Sends the opening bytes once, on a line opened for that and closed again.

    Args:
        name: The shop's own name of the drawer.
        settings: Its section of ``till.toml``.
        pipe: Line to use instead of the one that the settings name.
        signals: Reads the modem lines.

    Raises:
        ConfigError: The opening bytes are no bytes.
    """

    @dataclass(frozen=True, slots=True)
    class Settings:
        """``[drawer.NAME]`` with ``driver = "serial"``."""

        path: str
        """Device, as /dev/serial/by-id/..."""
        baudrate: int = field(default=9600, metadata={"min": 50, "max": 4_000_000})
        """Speed in bits a second."""
        command: str = "07"
        """Bytes that open it, in hexadecimal: "07" (BEL) for most, "1b 70 00 32 32" where it knows ESC p."""
        sensor: Literal["none", "cts", "dsr", "dcd"] = "none"
        """Line of the cable that its switch is wired to; none: it has no switch."""
        open_level: Literal["high", "low"] = "high"
        """Level of that line while the drawer stands open."""
        warn_after: int = field(default=60, metadata={"min": 0, "max": 3600})
        """Seconds that it may stand open until the screen says so; 0 for never. Needs a switch."""

    def __init__(
        self,
        name: str,
        settings: Settings,
        *,
        pipe: PrinterPipe | None = None,
        signals: Signals | None = None,
    ) -> None:
        self.name = name
        self.settings = settings
        self._command = _bytes(name, settings.command)
        self._pipe = pipe or SerialPrinterTransport(settings.path, settings.baudrate, "none", name)
        self._signals = signals or modem_lines

    def open(self) -> None:
        """Send the bytes once; what a line does not take is dropped, so that nothing opens later.

        Raises:
            DeviceError: The line cannot be opened, or took only some of the bytes.
        """
        deadline = time.monotonic() + OPEN_SECONDS
        try:
            self._pipe.open(deadline)
            taken = self._pipe.write(self._command, deadline)
            if taken < len(self._command) or not self._pipe.drain(deadline):
                raise self._refused("the line takes no data")
        except TransportLost as error:
            raise self._refused(str(error)) from error
        finally:
            self._pipe.close()

    @property
    def warn_after(self) -> float:
        """Seconds that it may stand open."""
        return self.settings.warn_after

    def is_open(self) -> bool | None:
        """Whether it stands open; ``None`` where no switch is wired.

        Raises:
            DeviceError: The line cannot be read.
        """
        if self.settings.sensor == "none":
            return None
        try:
            bits = self._signals(self.settings.path)
        except OSError as error:
            raise self._refused(error.strerror or str(error)) from error
        return bool(bits & _LINES[self.settings.sensor]) is (self.settings.open_level == "high")

    def _refused(self, why: str) -> DeviceOffline:
        return DeviceOffline(
            N_("The drawer {device} does not answer: {why}."),
            device=self.name,
            hint=N_("Check its cable, or open it with its key."),
            why=why,
        )


def modem_lines(path: str) -> int:
    """Read the modem lines of a serial device (ioctl ``TIOCMGET``) without changing them.

    Raises:
        OSError: It is not there, or has no such lines.
    """
    fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    try:
        bits: int = struct.unpack("i", fcntl.ioctl(fd, termios.TIOCMGET, struct.pack("i", 0)))[0]
        return bits
    finally:
        os.close(fd)


def _bytes(name: str, text: str) -> bytes:
    digits = re.sub(r"[\s,]|0x", "", text.lower())
    if re.fullmatch(r"(?:[0-9a-f]{2})+", digits) and len(digits) <= 2 * MAX_BYTES:
        return bytes.fromhex(digits)
    raise ConfigError(
        N_("The drawer {device} cannot be opened with “{command}”."),
        hint=N_("Give 1 to 16 bytes in hexadecimal, such as 07 or 1b 70 00 32 32."),
        device=name,
        command=text,
    )
