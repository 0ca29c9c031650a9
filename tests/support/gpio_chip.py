"""The kernel's side of a GPIO chip, with linux/gpio.h's structures written anew and not the driver's own."""

from __future__ import annotations

import ctypes
import os
import time
from pathlib import Path


class Attribute(ctypes.Structure):
    _fields_ = (
        ("id", ctypes.c_uint32),
        ("padding", ctypes.c_uint32),
        ("value", ctypes.c_uint64),
        ("mask", ctypes.c_uint64),
    )


class LineConfig(ctypes.Structure):
    _fields_ = (
        ("flags", ctypes.c_uint64),
        ("num_attrs", ctypes.c_uint32),
        ("padding", ctypes.c_uint32 * 5),
        ("attrs", Attribute * 10),
    )


class LineRequest(ctypes.Structure):
    _fields_ = (
        ("offsets", ctypes.c_uint32 * 64),
        ("consumer", ctypes.c_char * 32),
        ("config", LineConfig),
        ("num_lines", ctypes.c_uint32),
        ("event_buffer_size", ctypes.c_uint32),
        ("padding", ctypes.c_uint32 * 5),
        ("fd", ctypes.c_int32),
    )


class LineValues(ctypes.Structure):
    _fields_ = (("bits", ctypes.c_uint64), ("mask", ctypes.c_uint64))


def iowr(number: int, size: int) -> int:
    """``_IOWR(0xB4, number, size)`` of asm-generic/ioctl.h."""
    return (3 << 30) | (size << 16) | (0xB4 << 8) | number


class Chip:
    """The kernel's side of a chip."""

    def __init__(self, level: int = 0, error: int = 0) -> None:
        self.level = level
        self.error = error
        self.requests: list[tuple[int, int, bytes]] = []
        self.set: list[tuple[int, float]] = []
        self.fds: list[int] = []

    def ioctl(self, fd: int, number: int, buffer: bytearray) -> int:
        if number == iowr(0x07, ctypes.sizeof(LineRequest)):
            request = LineRequest.from_buffer(buffer)
            if self.error:
                raise OSError(self.error, os.strerror(self.error))
            assert request.num_lines == 1
            assert request.config.num_attrs == 0
            self.requests.append((request.offsets[0], request.config.flags, request.consumer))
            request.fd = os.open("/dev/null", os.O_RDWR)
            self.fds.append(request.fd)
            return 0
        assert fd == self.fds[-1]
        values = LineValues.from_buffer(buffer)
        assert values.mask == 1
        if number == iowr(0x0E, ctypes.sizeof(LineValues)):
            values.bits = self.level
        else:
            assert number == iowr(0x0F, ctypes.sizeof(LineValues))
            self.set.append((values.bits, time.monotonic()))
        return 0

    def all_closed(self) -> bool:
        return all(not Path(f"/proc/self/fd/{fd}").exists() for fd in self.fds)
