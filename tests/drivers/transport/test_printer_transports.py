"""Each pipe on a real socket, pty or file: deadlines, how much was sent, and what it says when it dies."""

import errno
import fcntl
import os
import pty
import select
import socket
import struct
import time
import tty
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tilltui.errors import DeviceBusy, DeviceOffline
from tilltui.ports import TransportLost
from tilltui_drivers.transport.file import FileTransport
from tilltui_drivers.transport.memory import MemoryTransport
from tilltui_drivers.transport.network import NetworkTransport
from tilltui_drivers.transport.pipe import PrinterPipe
from tilltui_drivers.transport.serial.printer import SerialPrinterTransport
from tilltui_drivers.transport.usblp import LPGETSTATUS, UsbLpTransport


def soon(seconds: float = 2.0) -> float:
    return time.monotonic() + seconds


class Peer:
    """The other end of a pipe, as a descriptor."""

    def __init__(self, pipe: PrinterPipe, fd: int, hang_up: Callable[[], None]) -> None:
        self.pipe = pipe
        self.fd = fd
        self.hang_up = hang_up

    def take(self, size: int) -> bytes:
        data = b""
        while len(data) < size and select.select([self.fd], [], [], 2.0)[0]:
            data += os.read(self.fd, size - len(data))
        return data


@pytest.fixture
def network() -> Iterator[Peer]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        pipe = NetworkTransport("127.0.0.1", server.getsockname()[1], "receipt")
        pipe.open(soon())
        line, _ = server.accept()
        with line:
            yield Peer(pipe, line.fileno(), line.close)
            pipe.close()


def _on_pty(make: Callable[[str], PrinterPipe]) -> Iterator[Peer]:
    master, slave = pty.openpty()
    tty.setraw(slave)
    gone: list[int] = []

    def hang_up() -> None:
        gone.append(master)
        os.close(master)

    pipe = make(os.ttyname(slave))
    pipe.open(soon())
    yield Peer(pipe, master, hang_up)
    pipe.close()
    os.close(slave)
    if not gone:
        os.close(master)


@pytest.fixture
def serial_line() -> Iterator[Peer]:
    yield from _on_pty(lambda path: SerialPrinterTransport(path, 115200, "none", "receipt"))


@pytest.fixture
def usb() -> Iterator[Peer]:
    # A pty is no usblp, but a character device that blocks, fills and hangs up like one.
    yield from _on_pty(lambda path: UsbLpTransport(path, "receipt"))


@pytest.fixture(params=["network", "serial_line", "usb"])
def peer(request: pytest.FixtureRequest) -> Peer:
    found: Peer = request.getfixturevalue(request.param)
    return found


def test_bytes_go_both_ways(peer: Peer) -> None:
    data = bytes(range(256))
    assert peer.pipe.write(data, soon()) == 256
    assert peer.take(256) == data
    assert peer.pipe.drain(soon())
    os.write(peer.fd, b"\x12\x10\x00\x00\x00")
    assert peer.pipe.read(2, soon()) == b"\x12\x10"
    assert peer.pipe.read(256, soon()) == b"\0\0\0"
    assert peer.pipe.reason() == ""


def test_reading_ends_by_its_deadline(peer: Peer) -> None:
    began = time.monotonic()
    assert peer.pipe.read(10, soon(0.2)) == b""
    assert 0.19 <= time.monotonic() - began < 1.5
    assert peer.pipe.read(10, time.monotonic()) == b""


def test_writing_to_a_line_that_is_full_says_how_much_was_taken(peer: Peer) -> None:
    data = bytes(1 << 22)
    began = time.monotonic()
    sent = peer.pipe.write(data, soon(0.3))
    assert 0 < sent < len(data)
    assert time.monotonic() - began < 2.0
    assert peer.pipe.write(data, soon(0.05)) < len(data)


def _write_until_it_fails(pipe: PrinterPipe) -> None:
    for _ in range(100):
        pipe.write(b"x" * 4096, soon())


def test_a_line_that_hangs_up_is_lost(peer: Peer) -> None:
    peer.hang_up()
    with pytest.raises(TransportLost):
        peer.pipe.read(10, soon())
    with pytest.raises(TransportLost) as caught:
        _write_until_it_fails(peer.pipe)
    assert caught.value.sent < 4096


def test_closing_twice_and_using_a_closed_pipe(peer: Peer) -> None:
    peer.pipe.close()
    peer.pipe.close()
    with pytest.raises(TransportLost):
        peer.pipe.write(b"x", soon())
    with pytest.raises(TransportLost):
        peer.pipe.read(1, soon())


# -- network -------------------------------------------------------------------------------------------


def test_undrained_bytes_are_known(network: Peer) -> None:
    sent = 1
    while sent:
        sent = network.pipe.write(bytes(1 << 16), soon(0.1))
    assert not network.pipe.drain(soon(0.1))


def test_closing_with_unread_replies_does_not_reset_the_line(network: Peer) -> None:
    os.write(network.fd, b"\x12" * 100)
    assert select.select([network.pipe._fd], [], [], 2.0)[0]  # type: ignore[attr-defined]
    network.pipe.write(b"last words", soon())
    network.pipe.close()
    assert network.take(10) == b"last words"
    assert os.read(network.fd, 10) == b""


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(DeviceOffline) as caught:
        NetworkTransport("127.0.0.1", port, "receipt").open(soon())
    assert caught.value.fields["port"] == port


def test_a_host_that_swallows_calls_is_given_up_at_the_deadline() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        address: tuple[str, int] = server.getsockname()
        callers = []
        for _ in range(4):
            caller = socket.socket()
            caller.setblocking(False)
            caller.connect_ex(address)
            callers.append(caller)
        began = time.monotonic()
        with pytest.raises(DeviceOffline):
            NetworkTransport(address[0], address[1], "receipt").open(soon(0.4))
        assert 0.3 < time.monotonic() - began < 2.0
        for caller in callers:
            caller.close()


def test_a_name_is_looked_up_and_an_unknown_one_is_offline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        pipe = NetworkTransport("localhost", server.getsockname()[1], "receipt")
        pipe.open(soon())
        pipe.close()
    with pytest.raises(DeviceOffline):
        NetworkTransport("no such host", 9100, "receipt").open(soon())


# -- serial and USB ------------------------------------------------------------------------------------


def test_a_serial_line_is_ours_alone(serial_line: Peer) -> None:
    path = serial_line.pipe.path  # type: ignore[attr-defined]
    with pytest.raises((DeviceBusy, DeviceOffline)) as caught:
        SerialPrinterTransport(path, 9600, "none", "other").open(soon())
    assert isinstance(caught.value, DeviceBusy)


@pytest.mark.parametrize("make", [SerialPrinterTransport, UsbLpTransport])
def test_a_missing_device_is_offline(make: Callable[[str], PrinterPipe], tmp_path: Path) -> None:
    with pytest.raises(DeviceOffline, match="lp7"):
        make(str(tmp_path / "lp7")).open(soon())


def test_replies_from_before_are_forgotten() -> None:
    for make in (SerialPrinterTransport, UsbLpTransport):
        master, slave = pty.openpty()
        tty.setraw(slave)
        os.write(master, b"\x12\x12old")
        pipe = make(os.ttyname(slave))
        pipe.open(soon())
        assert pipe.read(10, soon(0.05)) == b""
        pipe.close()
        os.close(slave)
        os.close(master)


@pytest.mark.parametrize(
    ("status", "reason"), [(0x18, ""), (0x38, "paper"), (0x30, "paper"), (0x10, "error"), (0x08, "")]
)
def test_the_port_says_why(usb: Peer, monkeypatch: pytest.MonkeyPatch, status: int, reason: str) -> None:
    def ioctl(fd: int, number: int, argument: bytes) -> bytes:
        assert number == LPGETSTATUS == 0x060B
        return struct.pack("i", status)

    monkeypatch.setattr(fcntl, "ioctl", ioctl)
    assert usb.pipe.reason() == reason


def test_a_port_held_by_another_program_is_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: object) -> int:
        raise OSError(errno.EBUSY, "busy")

    monkeypatch.setattr(os, "open", busy)
    with pytest.raises(DeviceBusy):
        UsbLpTransport("/dev/usb/lp0", "receipt").open(soon())


# -- file and memory -----------------------------------------------------------------------------------


def test_a_file_is_appended_to_and_private(tmp_path: Path) -> None:
    target = tmp_path / "paper.bin"
    for word in (b"one", b"two"):
        pipe = FileTransport(str(target), "receipt")
        pipe.open(soon())
        assert pipe.write(word, soon()) == 3
        assert pipe.read(10, soon()) == b""
        assert pipe.drain(soon())
        pipe.close()
        assert not pipe.drain(soon())
    assert target.read_bytes() == b"onetwo"
    assert target.stat().st_mode & 0o777 == 0o600


def test_a_file_in_a_missing_folder_is_offline(tmp_path: Path) -> None:
    with pytest.raises(DeviceOffline, match="nowhere"):
        FileTransport(str(tmp_path / "nowhere" / "x")).open(soon())


def test_memory_fails_on_demand() -> None:
    pipe = MemoryTransport(lambda data: data.upper(), lose_after=6, at_a_time=4)
    pipe.open(soon())
    assert pipe.write(b"abcdef", soon()) == 4
    assert pipe.read(10, soon()) == b"ABCD"
    with pytest.raises(TransportLost) as caught:
        pipe.write(b"efgh", soon())
    assert (caught.value.sent, bytes(pipe.written)) == (2, b"abcdef")
    stuck = MemoryTransport(stuck_after=2)
    assert stuck.write(b"abc", soon(0.05)) == 2
    assert stuck.write(b"c", soon(0.05)) == 0
    stuck.release()
    assert stuck.write(b"c", soon(0.05)) == 1
    stuck.push(b"\x13")
    assert stuck.read(9, soon()) == b"\x13"
    with pytest.raises(DeviceOffline):
        MemoryTransport(refuse=True).open(soon())
