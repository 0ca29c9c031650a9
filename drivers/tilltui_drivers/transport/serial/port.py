"""A serial line as a ``Transport``: pyserial opens and sets it up, the reading and writing have deadlines.

pyserial's own read and write are not used: its ``write`` does not say how much was taken before a time-out,
and its time-outs can only be changed by setting the whole line up again.
"""

from __future__ import annotations

import contextlib
import errno
import os
import select
import termios
import time

import serial

from tilltui.domain.frozen import frozen
from tilltui.errors import N_, DeviceBusy, DeviceOffline
from tilltui.ports import Transport, TransportLost
from tilltui_drivers.transport.exclusive import let_others_in, shut_out_others
from tilltui_drivers.transport.waker import Waker

PORT_ERRORS = (OSError, termios.error, TypeError, ValueError)
"""What opening and using a port raises: ``SerialException`` is an ``OSError``, ``termios.error`` is not."""


@frozen
class Line:
    """Settings of a serial line.

    Attributes:
        port: Device path; ``/dev/serial/by-id/...`` stays the same wherever it is plugged in.
        baudrate: Bits a second.
        bytesize: 7 or 8 data bits.
        parity: ``N``, ``E`` or ``O``.
        stopbits: 1 or 2.
        rtscts: Hardware flow control.
        xonxoff: Software flow control.
    """

    port: str
    baudrate: int = 9600
    bytesize: int = 8
    parity: str = "N"
    stopbits: int = 1
    rtscts: bool = False
    xonxoff: bool = False


class SerialTransport(Transport):
    """One serial line, held exclusively while open. ``cancel`` may be called from any thread."""

    def __init__(self, line: Line, *, device: str = "") -> None:
        self._line = line
        self._device = device
        self._port: serial.Serial | None = None
        self._waker = Waker()

    def open(self, deadline: float) -> None:
        """Open and set up the line; opening a serial line does not wait, so ``deadline`` is always met.

        Raises:
            DeviceOffline: It is not there (``fields["reason"]`` is ``missing``), may not be opened
                (``denied``) or does not take the settings (``settings``).
            DeviceBusy: Another program holds it.
        """
        self.close()
        try:
            self._port = self._set_up()
        except PORT_ERRORS as error:
            raise self._explain(error) from error
        # pyserial's lock keeps out those who ask for it; this keeps out the others. Not all drivers know it.
        with contextlib.suppress(OSError):
            shut_out_others(self._port.fileno())

    def write(self, data: bytes, deadline: float) -> int:
        """Give ``data`` to the line until the deadline; returns how many bytes the system has taken.

        Raises:
            TransportLost: The line is gone; ``sent`` says how many bytes were taken before.
        """
        fd = self._fd()
        sent = 0
        while sent < len(data):
            try:
                timeout = max(0.0, deadline - time.monotonic())
                if not select.select([], [fd], [], timeout)[1]:
                    break
                sent += os.write(fd, data[sent:])
            except BlockingIOError:
                continue
            except OSError as error:
                raise TransportLost(str(error), sent) from error
        return sent

    def read(self, limit: int, deadline: float) -> bytes:
        """Read what is there, at most ``limit`` bytes; ``b""`` at the deadline or when cancelled.

        Raises:
            TransportLost: The line is gone.
        """
        fd = self._fd()
        try:
            if not self._waker.wait_readable(fd, deadline):
                return b""
            data = os.read(fd, limit)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise TransportLost(str(error)) from error
        if not data:
            raise TransportLost("end of file: the line has hung up")
        return data

    def cancel(self) -> None:
        """End the ``read`` that is going on in another thread, or else the next one, at once."""
        self._waker.wake()

    def close(self) -> None:
        """Let the line go; may be called twice."""
        port, self._port = self._port, None
        if port is None:
            return
        # A line that is gone cannot be closed in good order; its descriptor is freed all the same.
        with contextlib.suppress(*PORT_ERRORS):
            let_others_in(port.fileno())
        with contextlib.suppress(*PORT_ERRORS):
            port.close()

    def dispose(self) -> None:
        """Close for good and free the pipe of ``cancel``; the transport cannot be opened again."""
        self.close()
        self._waker.close()

    def _fd(self) -> int:
        if self._port is None:
            raise TransportLost("the line is not open")
        return int(self._port.fileno())

    def _set_up(self) -> serial.Serial:
        line = self._line
        port = serial.Serial(
            baudrate=line.baudrate,
            bytesize=line.bytesize,
            parity=line.parity,
            stopbits=line.stopbits,
            rtscts=line.rtscts,
            xonxoff=line.xonxoff,
            timeout=0,
            write_timeout=0,
            exclusive=True,
        )
        port.port = line.port
        try:
            port.open()
        except termios.error:
            # glibc reports a setting that the driver took only in part; the second try finds it as it is.
            port.open()
        return port

    def _explain(self, error: Exception) -> DeviceOffline | DeviceBusy:
        code = error.errno if isinstance(error, OSError) else None
        if code in (errno.EAGAIN, errno.EBUSY):
            return DeviceBusy(
                N_("{device}: another program is using {port}."),
                hint=N_("Close the other program, or give the device another port."),
                device=self._device,
                port=self._line.port,
                reason="busy",
            )
        if code in (errno.EACCES, errno.EPERM):
            reason, hint = "denied", N_("Add the till's user to the group dialout and start again.")
        elif code in (errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.EIO):
            reason, hint = "missing", N_("Plug the device in; check the port in the settings.")
        else:
            reason, hint = "settings", N_("Check port, baudrate, bytesize, parity and stopbits.")
        return DeviceOffline(
            N_("{device}: {port} cannot be opened: {why}."),
            hint=hint,
            device=self._device,
            port=self._line.port,
            why=str(error),
            reason=reason,
        )
