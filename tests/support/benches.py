"""Our own drivers' benches: the virtual devices, wired up for the contract."""

from __future__ import annotations

import os
import select
import socket
import struct
import tty
from pathlib import Path
from typing import ClassVar

from tilltui_drivers.contract.bench import PATIENCE, ScannerBench
from tilltui_drivers.contract.scanner import ScannerContract
from tilltui_drivers.scanners.evdev import EvdevScanner, EvdevSettings
from tilltui_drivers.scanners.network import NetworkScanner, NetworkSettings
from tilltui_drivers.scanners.serial import SerialScanner, SerialSettings
from tilltui_drivers.virtual.scanners.scanner import VirtualScanner, VirtualScannerSettings

NOISE = bytes(n % 251 for n in range(6000)).translate(None, b"\r\n\t\x03")


def pour(fd: int, data: bytes) -> None:
    """Write everything, as fast as the other side reads."""
    while data:
        assert select.select([], [fd], [], PATIENCE)[1], "nobody reads"
        data = data[os.write(fd, data[:4096]) :]


class SerialBench(ScannerBench):
    """A pseudo terminal behind a link, as a by-id path is one."""

    _master = -1

    def driver(self) -> SerialScanner:
        return SerialScanner(self.name, SerialSettings(str(self.folder / "scanner"), bad_beep="S334"))

    def plug_in(self) -> None:
        self._master, slave = os.openpty()
        os.set_blocking(self._master, False)
        tty.setraw(slave)
        (self.folder / "scanner").symlink_to(os.ttyname(slave))
        os.close(slave)

    def unplug(self) -> None:
        (self.folder / "scanner").unlink()
        os.close(self._master)
        self._master = -1

    def close(self) -> None:
        if self._master >= 0:
            self.unplug()

    def scan(self, text: str) -> None:
        pour(self._master, text.encode() + b"\r\n")

    def noise(self) -> None:
        pour(self._master, NOISE + b"\r")


def key_event(kind: int, code: int, value: int) -> bytes:
    """One ``struct input_event`` of this machine."""
    return struct.pack("llHHi", 7, 9, kind, code, value)


class FakeKernel:
    """Answers the ioctls of an event device; ``grabbed`` counts who holds it."""

    def __init__(self) -> None:
        self.calls: list[tuple[int, object]] = []
        self.error: OSError | None = None

    def __call__(self, fd: int, number: int, argument: object) -> int:
        if self.error is not None:
            raise self.error
        self.calls.append((number, argument))
        return 0


class EvdevBench(ScannerBench):
    """A named pipe of key events in a folder of stable names."""

    CODES: ClassVar[dict[str, int]] = {
        **{char: 2 + place for place, char in enumerate("1234567890")},
        **{char: 16 + place for place, char in enumerate("QWERTYUIOP")},
        **{char: 30 + place for place, char in enumerate("ASDFGHJKL")},
        **{char: 44 + place for place, char in enumerate("ZXCVBNM")},
    }

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.kernel = FakeKernel()
        self.keyboard_left = True
        self.path = folder / "usb-Virtual_Barcode_Scanner-event-kbd"
        self._writer = -1

    def driver(self, **settings: object) -> EvdevScanner:
        return EvdevScanner(
            self.name,
            EvdevSettings(str(self.path), **settings),  # type: ignore[arg-type]
            ioctl=self.kernel,
            keyboard_left=lambda _path: self.keyboard_left,
            stable=(f"{self.folder}/",),
        )

    def plug_in(self) -> None:
        os.mkfifo(self.path)
        self._writer = os.open(self.path, os.O_RDWR | os.O_NONBLOCK)

    def unplug(self) -> None:
        self.path.unlink()
        os.close(self._writer)
        self._writer = -1

    def close(self) -> None:
        if self._writer >= 0:
            self.unplug()

    def press(self, *codes: int) -> None:
        downs = [key_event(4, 4, code) + key_event(1, code, 1) + key_event(0, 0, 0) for code in codes]
        ups = [key_event(1, code, 0) + key_event(0, 0, 0) for code in reversed(codes)]
        pour(self._writer, b"".join(downs + ups))

    def send(self, data: bytes) -> None:
        pour(self._writer, data)

    def type(self, text: str) -> None:
        for char in text:
            self.press(*((42,) if char.isalpha() else ()), self.CODES[char])

    def scan(self, text: str) -> None:
        self.type(text)
        self.press(28)

    def noise(self) -> None:
        self.send(b"".join(key_event(n % 5, n * 7 % 260, n % 3) for n in range(3000)))
        # Whatever is still held down by the noise would change what comes next, as on a real keyboard.
        self.send(b"".join(key_event(1, code, 0) for code in range(256)))
        self.send(key_event(1, 58, 1) * (self._capitals() % 2) + key_event(1, 28, 1))

    @staticmethod
    def _capitals() -> int:
        return sum(n % 5 == 1 and n * 7 % 260 == 58 and n % 3 == 1 for n in range(3000))


class VirtualBench(ScannerBench):
    """The demo's named pipe."""

    contract = ScannerContract

    def driver(self) -> VirtualScanner:
        return VirtualScanner(self.name, VirtualScannerSettings(self.folder / "pipe"))

    def plug_in(self) -> None:
        """It makes its pipe itself."""

    def unplug(self) -> None:
        """A named pipe cannot be unplugged."""

    def _send(self, data: bytes) -> None:
        fd = os.open(self.folder / "pipe", os.O_WRONLY | os.O_NONBLOCK)
        pour(fd, data)
        os.close(fd)

    def scan(self, text: str) -> None:
        self._send(text.encode() + b"\n")

    def noise(self) -> None:
        self._send(NOISE + b"\n")


class UdpBench(ScannerBench):
    """Datagrams from this machine."""

    contract = ScannerContract

    protocol: ClassVar[str] = "udp"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        kind = socket.SOCK_DGRAM if self.protocol == "udp" else socket.SOCK_STREAM
        with socket.socket(socket.AF_INET, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._line: socket.socket | None = None

    def driver(self) -> NetworkScanner:
        return NetworkScanner(self.name, NetworkSettings(self.protocol, port=self.port))  # type: ignore[arg-type]

    def plug_in(self) -> None:
        """There is no plug."""

    def unplug(self) -> None:
        self.close()

    def close(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None

    def line(self) -> socket.socket:
        if self._line is None:
            kind = socket.SOCK_DGRAM if self.protocol == "udp" else socket.SOCK_STREAM
            self._line = socket.socket(socket.AF_INET, kind)
            self._line.settimeout(PATIENCE)
            self._line.connect(("127.0.0.1", self.port))
        return self._line

    def scan(self, text: str) -> None:
        self.line().sendall(text.encode())

    def noise(self) -> None:
        self.line().sendall(NOISE)


class TcpBench(UdpBench):
    """Lines over a connection."""

    protocol = "tcp"

    def scan(self, text: str) -> None:
        self.line().sendall(text.encode() + b"\n")

    def noise(self) -> None:
        self.line().sendall(NOISE + b"\n")
