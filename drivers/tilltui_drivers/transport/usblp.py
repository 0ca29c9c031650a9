"""USB printers through the kernel's ``usblp`` driver: ``/dev/usb/lp0``.

Facts of the driver (drivers/usb/class/usblp.c): one opener at a time (EBUSY), poll says HUP when unplugged,
ioctl ``LPGETSTATUS`` gives the port's status byte even while the printer refuses data.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import select
import struct
from pathlib import Path

from tilltui.domain.text import clean
from tilltui.errors import N_, DeviceBusy, DeviceOffline

from .pipe import DescriptorPipe, left

LPGETSTATUS = 0x060B
"""Ioctl number of linux/lp.h."""

SYSFS = Path("/sys/class/usbmisc")
"""Where the kernel tells of each ``usblp`` device."""

_ID_KEYS = (("MFG", "MANUFACTURER"), ("MDL", "MODEL"), ("SN", "SERIALNUMBER"))

_PAPER_OUT, _NO_ERROR = 0x20, 0x08


class UsbLpTransport(DescriptorPipe):
    """A non-blocking ``/dev/usb/lp*``.

    Args:
        path: Device file.
        device: The shop's own name of the printer, for messages.
        sysfs: Where the kernel tells of it.
    """

    def __init__(self, path: str = "/dev/usb/lp0", device: str = "", sysfs: Path = SYSFS) -> None:
        self.path = path
        self.device = device
        self._sysfs = sysfs

    def open(self, deadline: float) -> None:
        """Open the device and drop old replies.

        Raises:
            DeviceOffline: It is not plugged in, or may not be opened.
            DeviceBusy: Another program holds it.
        """
        self.close()
        try:
            self._fd = os.open(self.path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        except OSError as error:
            if error.errno == errno.EBUSY:
                raise DeviceBusy(
                    N_("Printer {device} on {path} is held by another program."),
                    device=self.device,
                    hint=N_(
                        "Close the other program, or remove the printer from the system's print settings."
                    ),
                    path=self.path,
                ) from error
            hint = (
                N_("The till's user must be in the group lp.")
                if error.errno == errno.EACCES
                else N_("Check that the printer is switched on and its USB cable is plugged in.")
            )
            raise DeviceOffline(
                N_("Printer {device} on {path} cannot be opened: {why}."),
                device=self.device,
                hint=hint,
                path=self.path,
                why=os.strerror(error.errno or 0),
            ) from error
        with contextlib.suppress(OSError):
            while os.read(self._fd, 4096):
                pass

    def identity(self) -> str:
        """Name the unit by maker, model and serial number (IEEE 1284), else by its device file."""
        name = Path(self.path).name
        try:
            text = (self._sysfs / name / "device" / "ieee1284_id").read_bytes()[:2048].decode("latin-1")
        except OSError:
            return f"usblp:{self.path}"
        pairs = (pair.partition(":") for pair in text.split(";"))
        told = {key.strip().upper(): clean(value) for key, _, value in pairs}
        model = [told.get(short) or told.get(long, "") for short, long in _ID_KEYS]
        return "usb:" + "/".join(model) if any(model) else f"usblp:{self.path}"

    def drain(self, deadline: float) -> bool:
        """Wait until the driver takes more, which it does once the printer took what was written."""
        if self._fd < 0:
            return False
        poll = select.poll()
        poll.register(self._fd, select.POLLOUT)
        return any(flags & select.POLLOUT for _, flags in poll.poll(left(deadline) * 1000))

    def reason(self) -> str:
        """Ask the port: ``paper``, ``error``, or empty when it is well or does not say."""
        if self._fd < 0:
            return ""
        try:
            answer = fcntl.ioctl(self._fd, LPGETSTATUS, struct.pack("i", 0))
        except OSError:
            return ""
        status = struct.unpack("i", answer)[0]
        if status & _PAPER_OUT:
            return "paper"
        return "" if status & _NO_ERROR else "error"
