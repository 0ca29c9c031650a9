"""Lines of a GPIO chip through the kernel's character device, without a library.

Source: linux/gpio.h, the second version of its ABI (Linux 5.10): ``struct gpio_v2_line_request`` of 592
bytes, ``struct gpio_v2_line_values`` of 16. New kernels no longer have the files below ``/sys/class/gpio``.
"""

from __future__ import annotations

import fcntl
import os
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager

GET_LINE, GET_VALUES, SET_VALUES = 0xC250B407, 0xC010B40E, 0xC010B40F
"""Ioctl numbers."""

ACTIVE_LOW, INPUT, OUTPUT, PULL_UP, PULL_DOWN = 1 << 1, 1 << 2, 1 << 3, 1 << 8, 1 << 9
"""Flags of a line."""

_REQUEST = struct.Struct("=64I32sQI5I240sII5Ii")
_VALUES = struct.Struct("=QQ")

Ioctl = Callable[[int, int, bytearray], int]
"""``fcntl.ioctl``, which changes the buffer that it is given."""


class Lines:
    """Lines of one chip, each held only while it is used.

    Args:
        chip: ``/dev/gpiochip0`` as a rule.
        ioctl: The system's, or a test's.
    """

    def __init__(self, chip: str, ioctl: Ioctl = fcntl.ioctl) -> None:
        self.chip = chip
        self._ioctl = ioctl

    @contextmanager
    def output(self, offset: int, *, active_low: bool) -> Iterator[Callable[[bool], None]]:
        """Hold a line as output, inactive at first and at the end; gives what sets it.

        Raises:
            OSError: There is no such line, or somebody else holds it.
        """
        with self._held(offset, OUTPUT | ACTIVE_LOW * active_low) as fd:

            def put(active: bool) -> None:
                self._ioctl(fd, SET_VALUES, bytearray(_VALUES.pack(int(active), 1)))

            try:
                yield put
            finally:
                put(False)

    def read(self, offset: int, *, active_low: bool, pull: int) -> bool:
        """Whether an input line is active.

        Raises:
            OSError: There is no such line, or somebody else holds it.
        """
        with self._held(offset, INPUT | ACTIVE_LOW * active_low | pull) as fd:
            values = bytearray(_VALUES.pack(0, 1))
            self._ioctl(fd, GET_VALUES, values)
            return bool(_VALUES.unpack(values)[0] & 1)

    @contextmanager
    def _held(self, offset: int, flags: int) -> Iterator[int]:
        offsets, config = [offset, *[0] * 63], [flags, 0, *[0] * 5, b""]
        request = bytearray(_REQUEST.pack(*offsets, b"tilltui", *config, 1, 0, *[0] * 5, -1))
        chip = os.open(self.chip, os.O_RDWR | os.O_CLOEXEC)
        try:
            self._ioctl(chip, GET_LINE, request)
        finally:
            os.close(chip)
        fd: int = _REQUEST.unpack(request)[-1]
        try:
            yield fd
        finally:
            os.close(fd)
