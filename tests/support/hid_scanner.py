"""A scanner in HID-POS mode behind a named pipe that gives one report a read, as hidraw does.

Written from the Access-IS LSR118 manual (appendix B: the report) and HID 1.11 (the descriptor's items), not
from the driver's own constants.
"""

from __future__ import annotations

import fcntl
import os
import struct
from pathlib import Path

from tilltui_drivers.contract.bench import ScannerBench
from tilltui_drivers.scanners.hidpos import HidPosScanner, HidPosSettings

KEYBOARD = bytes.fromhex("05010906a101050719e029e715002501750195088102950175088101c0")
"""The beginning of any keyboard's descriptor."""


def descriptor(*, number: int = 2, count: bool = True, aim: bool = True, padded: bool = True) -> bytes:
    """A scanner's report descriptor, with or without its parts."""
    items = ["05 8c", "09 02", "a1 01", "09 12", "a1 02", f"85 {number:02x}" if number else ""]
    items += ["15 00", "26 ff 00", "75 08"]
    items += ["95 01", "05 01", "09 3b", "81 02"] if count else []
    items += ["05 8c", "95 03", "09 fb", "09 fc", "09 fd", "81 02"] if aim else ["05 8c"]
    items += ["95 38", "09 fe", "82 02 01"]
    items += ["06 66 ff", "95 02", "09 04", "09 00", "81 02", "05 8c"] if padded else []
    items += ["25 01", "75 01", "95 08", "09 ff", "81 02", "c0"]
    # A report that is none of codes, as scanners have for their trigger, and the end.
    items += ["09 14", "a1 02", "85 04", "75 08", "95 01", "09 5f", "81 02", "c0"] if number else []
    return bytes.fromhex("".join((*items, "c0")))


def reports(code: bytes, aim: bytes = b"]C0") -> list[bytes]:
    """Reports of a code: number, length, AIM identifier, 56 bytes, two of the maker's, continued."""
    parts = [code[at : at + 56] for at in range(0, len(code), 56)] or [b""]
    return [
        bytes([2, len(part)]) + aim + part.ljust(56, b"\0") + b"j\0" + bytes([part is not parts[-1]])
        for part in parts
    ]


class HidKernel:
    """Answers the two ioctls of linux/hidraw.h."""

    def __init__(self) -> None:
        self.descriptor = descriptor()
        self.error: OSError | None = None

    def __call__(self, fd: int, number: int, buffer: bytearray) -> int:
        if self.error is not None:
            raise self.error
        read, kind, which = number >> 30, number >> 8 & 0xFF, number & 0xFF
        assert (read, kind, number >> 16 & 0x3FFF) == (2, ord("H"), len(buffer))
        if which == 1:
            buffer[:] = struct.pack("i", len(self.descriptor))
        else:
            assert which == 2
            assert len(buffer) == 4 + 4096
            size = struct.unpack_from("I", buffer)[0]
            buffer[4 : 4 + size] = self.descriptor[:size]
        return 0


class HidBench(ScannerBench):
    """The virtual device on a bench."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.kernel = HidKernel()
        self.path = folder / "scanner-Virtual"
        self._pipe = -1

    def driver(self, **settings: object) -> HidPosScanner:
        return HidPosScanner(
            self.name,
            HidPosSettings(str(self.path), **settings),  # type: ignore[arg-type]
            ioctl=self.kernel,
        )

    def plug_in(self) -> None:
        os.mkfifo(self.path)
        self._pipe = os.open(self.path, os.O_RDWR)
        # O_DIRECT makes a pipe of packets: one write is one read, as one report is.
        fcntl.fcntl(self._pipe, fcntl.F_SETFL, os.O_DIRECT)

    def unplug(self) -> None:
        self.path.unlink()
        os.close(self._pipe)
        self._pipe = -1

    def close(self) -> None:
        if self._pipe >= 0:
            self.unplug()

    def send(self, *packets: bytes) -> None:
        for packet in packets:
            assert os.write(self._pipe, packet) == len(packet)

    def scan(self, text: str) -> None:
        self.send(*reports(text.encode()))

    def noise(self) -> None:
        self.send(*(bytes((n * 7 + m) % 251 for m in range(n % 64 + 1)) for n in range(150)))
        self.send(*reports(b"0"))
