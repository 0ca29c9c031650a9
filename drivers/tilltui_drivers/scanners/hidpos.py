"""USB scanners in HID-POS mode: codes arrive whole, whatever has the focus.

Such a scanner is no keyboard: no layout changes its codes, it says what kind of code it read, and no program
takes its reports for keys. They come through the kernel's ``/dev/hidraw*``, one report a read (Linux kernel,
Documentation/hid/hidraw.rst).
"""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

from tilltui.errors import N_, DeviceOffline
from tilltui.ports import TransportLost
from tilltui_drivers.scanners.code_settings import ANY_CODE, CodeSettings
from tilltui_drivers.scanners.hid_descriptor import (
    MAX_DESCRIPTOR,
    MAX_REPORT,
    USUAL,
    Layout,
    is_scanner,
    layout_of,
)
from tilltui_drivers.scanners.hid_reports import ReportCutter
from tilltui_drivers.scanners.reading import Cutter, FileScanner, cannot_open
from tilltui_drivers.transport.waker import Waker

HIDIOCGRDESCSIZE = 0x80044801
"""Ioctl number of linux/hidraw.h: ``_IOR('H', 0x01, int)``."""

HIDIOCGRDESC = 0x90044802
"""Ioctl number of linux/hidraw.h: ``_IOR('H', 0x02, struct hidraw_report_descriptor)``, of 4100 bytes."""

Ioctl = Callable[[int, int, bytearray], object]
"""``fcntl.ioctl``, which changes the buffer that it is given."""


@dataclass(frozen=True, slots=True)
class HidPosSettings:
    """Settings of a ``[scanner.NAME]`` with ``driver = "hidpos"``."""

    device: str = field(metadata={"example": "/dev/tilltui/scanner-...", "max": 300})
    """Device path as ``tilltui doctor`` lists it, best below ``/dev/tilltui/``: the number of a
    ``/dev/hidraw0`` may change with the next start."""
    codes: CodeSettings = field(default=ANY_CODE, metadata={"flat": True})


class HidPosScanner(FileScanner):
    """One hidraw device that calls itself a bar code scanner.

    Args:
        name: The shop's own name of the scanner.
        settings: Its section of ``till.toml``.
        ioctl: Instead of ``fcntl.ioctl``.
    """

    Settings: ClassVar[type[HidPosSettings]] = HidPosSettings

    def __init__(self, name: str, settings: HidPosSettings, *, ioctl: Ioctl = fcntl.ioctl) -> None:
        framing = settings.codes.framing()
        super().__init__(name, settings.device, framing, settings.codes.rules())
        self._ioctl = ioctl
        self._reports: HidReports | None = None

    def make_file(self) -> HidReports:
        """Make the device of the settings' path."""
        self._reports = HidReports(self._path, self.name, self._ioctl)
        return self._reports

    def make_cutter(self) -> Cutter:
        """Make what puts reports together, by the descriptor of the device that was just opened."""
        assert self._reports is not None
        return ReportCutter(self._reports.layout, self._framing)


class HidReports:
    """A hidraw device; each ``read`` gives one report.

    Attributes:
        layout: Where its report has what; of the last device that was opened.
    """

    def __init__(self, path: str, device: str, ioctl: Ioctl) -> None:
        self.layout: Layout = USUAL
        self._path = path
        self._device = device
        self._ioctl = ioctl
        self._waker = Waker()
        self._fd = -1

    def open(self) -> None:
        """Open the device and learn from its descriptor how it sends codes.

        Raises:
            DeviceOffline: It is not there (``missing``), may not be read (``denied``) or is no scanner
                in HID-POS mode (``settings``).
        """
        self.close()
        try:
            self._fd = os.open(self._path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
            if stat.S_ISREG(os.fstat(self._fd).st_mode) or stat.S_ISDIR(os.fstat(self._fd).st_mode):
                raise OSError(errno.ENOTTY, os.strerror(errno.ENOTTY))
            descriptor = self._descriptor()
        except OSError as error:
            raise self._explain(error) from error
        if not is_scanner(descriptor):
            raise self._no_scanner()
        self.layout = layout_of(descriptor) or USUAL

    def read(self, limit: int, deadline: float) -> bytes:
        """One report; ``b""`` at the deadline or when cancelled.

        Raises:
            TransportLost: It was unplugged.
        """
        try:
            if not self._waker.wait_readable(self._fd, deadline):
                return b""
            # The kernel drops the rest of a report that does not fit.
            report = os.read(self._fd, MAX_REPORT)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise TransportLost(str(error)) from error
        if not report:
            raise TransportLost("end of file: the device has gone")
        return report

    def cancel(self) -> None:
        """End the ``read`` that is going on in another thread."""
        self._waker.wake()

    def close(self) -> None:
        """Let the device go; may be called twice."""
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)

    def dispose(self) -> None:
        """Close for good."""
        self.close()
        self._waker.close()

    def _descriptor(self) -> bytes:
        buffer = bytearray(4)
        self._ioctl(self._fd, HIDIOCGRDESCSIZE, buffer)
        size = max(0, min(struct.unpack("i", buffer)[0], MAX_DESCRIPTOR))
        described = bytearray(struct.pack("I", size) + bytes(MAX_DESCRIPTOR))
        self._ioctl(self._fd, HIDIOCGRDESC, described)
        return bytes(described[4 : 4 + size])

    def _no_scanner(self) -> DeviceOffline:
        return DeviceOffline(
            N_("{device}: {path} is no scanner in HID-POS mode."),
            hint=N_("Scan the code “USB HID POS” of the scanner's manual; “tilltui doctor” lists its path."),
            device=self._device,
            path=self._path,
            reason="settings",
        )

    def _explain(self, error: OSError) -> DeviceOffline:
        if error.errno in (errno.ENOTTY, errno.EINVAL):
            return self._no_scanner()
        return cannot_open(
            error,
            self._device,
            self._path,
            denied=N_("Run scripts/install-udev, and add the till's user to the group input."),
            wrong=N_("Check the path in the settings."),
        )
