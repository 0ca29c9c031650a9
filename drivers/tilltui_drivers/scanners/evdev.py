"""Scanners that are USB keyboards, taken away from the keyboard: codes arrive whole, whatever has the focus.

The kernel's event device is grabbed (``EVIOCGRAB``), so that nobody else sees its keys. Hence two rules: the
scanner must be named by its own stable path, and the last keyboard of a till is never taken.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import stat
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from tilltui.errors import N_, ConfigError, DeviceBusy, DeviceOffline
from tilltui.ports import TransportLost
from tilltui_drivers.discovery.keyboards import other_keyboard
from tilltui_drivers.scanners.code_settings import ANY_CODE, CodeSettings
from tilltui_drivers.scanners.keymap import NATIVE_SIZE, KeyReader
from tilltui_drivers.scanners.reading import DeviceFile, FileScanner, cannot_open
from tilltui_drivers.transport.waker import Waker

EVIOCGRAB = 0x40044590
"""Ioctl number of linux/input.h: ``_IOW('E', 0x90, int)``."""

EVIOCGVERSION = 0x80044501
"""Ioctl number that only an event device knows: ``_IOR('E', 0x01, int)``."""

Ioctl = Callable[..., object]
"""``fcntl.ioctl``, or a test's."""

STABLE = ("/dev/input/by-id/", "/dev/input/by-path/", "/dev/tilltui/")
"""Folders whose names stay with a device; ``/dev/input/event3`` is another device after the next start."""


@dataclass(frozen=True, slots=True)
class EvdevSettings:
    """Settings of a ``[scanner.NAME]`` with ``driver = "evdev"``."""

    device: str = field(metadata={"example": "/dev/input/by-id/usb-...-event-kbd", "max": 300})
    """Path below ``/dev/input/by-id/`` (or ``by-path/``), as ``tilltui doctor`` lists it."""
    i_have_another_keyboard: bool = False
    """Take the device even where the till sees no other keyboard; without one only the network is left."""
    codes: CodeSettings = field(default=ANY_CODE, metadata={"flat": True})
    idle_ms: int = field(default=100, metadata={"min": 0, "max": 5000})
    """Milliseconds of silence that end a code where the scanner sends no Enter or Tab; 0: never."""


class EvdevScanner(FileScanner):
    """A grabbed event device.

    Args:
        name: The shop's own name of the scanner.
        settings: Its section of ``till.toml``.
        ioctl: Instead of ``fcntl.ioctl``.
        keyboard_left: Whether another keyboard stays when this path is taken.
        stable: Folders that the path must lie in.
        size: Bytes of an input event.

    Raises:
        ConfigError: The path is none that stays with the device.
    """

    Settings: ClassVar[type[EvdevSettings]] = EvdevSettings

    def __init__(
        self,
        name: str,
        settings: EvdevSettings,
        *,
        ioctl: Ioctl = fcntl.ioctl,
        keyboard_left: Callable[[Path], bool] = other_keyboard,
        stable: tuple[str, ...] = STABLE,
        size: int = NATIVE_SIZE,
    ) -> None:
        if not os.path.normpath(settings.device).startswith(stable):
            raise ConfigError(
                N_("Scanner {device}: {path} may be another device after the next start."),
                hint=N_("Name it by its path below /dev/input/by-id/, as “tilltui doctor” lists it."),
                device=name,
                path=settings.device,
            )
        framing = settings.codes.framing(settings.idle_ms)
        rules = settings.codes.rules()
        super().__init__(name, settings.device, framing, rules)
        self._settings = settings
        self._ioctl = ioctl
        self._keyboard_left = keyboard_left
        self._size = size

    def make_file(self) -> DeviceFile:
        """Make the grabbed device of the settings' path."""
        free = self._settings.i_have_another_keyboard
        return GrabbedKeys(
            self._path,
            self.name,
            self._ioctl,
            (lambda _path: True) if free else self._keyboard_left,
            self._size,
        )


class GrabbedKeys:
    """An event device as a stream of the bytes that its keys mean."""

    def __init__(
        self, path: str, device: str, ioctl: Ioctl, keyboard_left: Callable[[Path], bool], size: int
    ) -> None:
        self._path = path
        self._device = device
        self._ioctl = ioctl
        self._keyboard_left = keyboard_left
        self._size = size
        self._keys = KeyReader(size)
        self._waker = Waker()
        self._fd = -1

    def open(self) -> None:
        """Open and grab the device.

        Raises:
            DeviceOffline: It is not there (``missing``), may not be read (``denied``), is no keyboard
                (``settings``) or the only one (``keyboard``).
            DeviceBusy: Another program has grabbed it.
        """
        self.close()
        self._keys = KeyReader(self._size)
        try:
            self._fd = os.open(self._path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
            if stat.S_ISREG(os.fstat(self._fd).st_mode) or stat.S_ISDIR(os.fstat(self._fd).st_mode):
                raise OSError(errno.ENOTTY, os.strerror(errno.ENOTTY))
            self._ioctl(self._fd, EVIOCGVERSION, b"\0" * 4)
            if not self._keyboard_left(Path(self._path)):
                raise self._only_keyboard()
            self._ioctl(self._fd, EVIOCGRAB, 1)
        except OSError as error:
            raise self._explain(error) from error

    def read(self, limit: int, deadline: float) -> bytes:
        """What the keys that were pressed mean; ``b""`` at the deadline or when cancelled.

        Raises:
            TransportLost: It was unplugged.
        """
        text = b""
        while not text:
            try:
                if not self._waker.wait_readable(self._fd, deadline):
                    return b""
                data = os.read(self._fd, min(limit, 64) * self._size)
            except BlockingIOError:
                continue
            except OSError as error:
                raise TransportLost(str(error)) from error
            if not data:
                raise TransportLost("end of file: the device has gone")
            text = self._keys.feed(data)
            if time.monotonic() >= deadline:  # keys that only go up must not keep a closing till waiting
                break
        return text

    def cancel(self) -> None:
        """End the ``read`` that is going on in another thread."""
        self._waker.wake()

    def close(self) -> None:
        """Give the keys back; may be called twice."""
        fd, self._fd = self._fd, -1
        if fd < 0:
            return
        with contextlib.suppress(OSError):  # unplugged: there is nothing to give back
            self._ioctl(fd, EVIOCGRAB, 0)
        os.close(fd)

    def dispose(self) -> None:
        """Close for good."""
        self.close()
        self._waker.close()

    def _only_keyboard(self) -> DeviceOffline:
        return DeviceOffline(
            N_("{device}: the till sees no keyboard besides {path}, and does not take the last one."),
            hint=N_("Plug a keyboard in, or set i_have_another_keyboard = true."),
            device=self._device,
            path=self._path,
            reason="keyboard",
        )

    def _explain(self, error: OSError) -> DeviceOffline | DeviceBusy:
        if error.errno == errno.EBUSY:
            return DeviceBusy(
                N_("{device}: another program has taken {path}."),
                hint=N_("Close the other program."),
                device=self._device,
                path=self._path,
                reason="busy",
            )
        return cannot_open(
            error,
            self._device,
            self._path,
            denied=N_("Add the till's user to the group input and start again."),
            wrong=N_("Choose a path that ends in -event-kbd."),
        )
