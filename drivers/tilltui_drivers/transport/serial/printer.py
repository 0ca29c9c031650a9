"""Printers on a serial cable or a USB-to-serial adapter."""

from __future__ import annotations

import contextlib
import errno
import termios
import threading
import time

import serial

from tilltui.errors import N_, DeviceBusy, DeviceOffline

from ..exclusive import let_others_in, shut_out_others
from ..pipe import DescriptorPipe, left

FLOWS = ("none", "xonxoff", "rtscts", "dsrdtr")
"""How a printer may say that its buffer is full."""

_ERRORS = (serial.SerialException, OSError, termios.error, TypeError, ValueError)
"""What pyserial lets out; ``termios.error`` is no ``OSError``."""


class SerialPrinterTransport(DescriptorPipe):
    """A serial line, opened for us alone, whose writes never block.

    pyserial sets the line up; bytes go through the descriptor with poll, because pyserial's own non-blocking
    write spins while the line is busy and its timeout does not say how many bytes were taken.

    Args:
        path: ``/dev/serial/by-id/...`` as a rule.
        baudrate: Bits a second.
        flow: One of ``FLOWS``.
        device: The shop's own name of the printer, for messages.
    """

    def __init__(self, path: str, baudrate: int = 9600, flow: str = "none", device: str = "") -> None:
        self.path = path
        self.baudrate = baudrate
        self.flow = flow
        self.device = device
        self._port: serial.Serial | None = None

    def identity(self) -> str:
        """Name the unit by where it is plugged in: it does not tell its number."""
        return f"serial:{self.path}"

    def open(self, deadline: float) -> None:
        """Open and set up the line; old replies in the buffer are dropped.

        Raises:
            DeviceOffline: There is no such line, or it may not be opened.
            DeviceBusy: Another program holds it.
        """
        self.close()
        port = serial.Serial(baudrate=self.baudrate, timeout=0, write_timeout=0, exclusive=True)
        port.port = self.path
        port.xonxoff, port.rtscts = self.flow == "xonxoff", self.flow == "rtscts"
        port.dsrdtr = self.flow == "dsrdtr"
        try:
            port.open()
            # The lock of exclusive=True binds only programs that ask for it; this one binds all but root.
            shut_out_others(port.fileno())
            port.reset_input_buffer()
        except _ERRORS as error:
            with contextlib.suppress(*_ERRORS):
                port.close()
            raise self._cannot_open(error) from error
        self._port, self._fd = port, port.fileno()

    def _cannot_open(self, error: BaseException) -> DeviceOffline | DeviceBusy:
        if (isinstance(error, OSError) and error.errno in (errno.EBUSY, errno.EAGAIN)) or "lock" in str(
            error
        ):
            return DeviceBusy(
                N_("Printer {device} on {path} is held by another program."),
                device=self.device,
                hint=N_("Close the other program."),
                path=self.path,
            )
        return DeviceOffline(
            N_("Printer {device} on {path} cannot be opened: {why}."),
            device=self.device,
            hint=N_("Check that its cable is plugged in."),
            path=self.path,
            why=str(error),
        )

    def drain(self, deadline: float) -> bool:
        """Wait until the line's buffer is empty."""
        waiter = threading.Event()
        while self._port is not None:
            try:
                if self._port.out_waiting == 0:
                    return True
            except _ERRORS:
                return False
            if time.monotonic() >= deadline:
                return False
            waiter.wait(min(0.02, left(deadline)))
        return False

    def close(self) -> None:
        """Close at once: unsent bytes are dropped, or the kernel would wait up to 30 s for them."""
        if self._port is None:
            return
        port, self._port, self._fd = self._port, None, -1
        with contextlib.suppress(*_ERRORS):
            if port.out_waiting:
                port.reset_output_buffer()
        with contextlib.suppress(*_ERRORS):
            let_others_in(port.fileno())
        with contextlib.suppress(*_ERRORS):
            port.close()
