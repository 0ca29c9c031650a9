"""A receipt printer that is not there: answers, runs out of paper, jams, and dies like a real one.

It listens on TCP or behind a pty, has a receive buffer that fills up, obeys real-time commands as they arrive
(wherever they stand, as Epson's do) and everything else in order. Source: Epson ESC/POS command reference.
"""

from __future__ import annotations

import contextlib
import os
import pty
import random
import select
import socket
import struct
import threading
import tty
from collections.abc import Callable
from dataclasses import dataclass

from .paper import Interpreter, Paper


@dataclass(frozen=True, slots=True)
class Faults:
    """What goes wrong.

    Attributes:
        cut_after: The cable is pulled after so many received bytes (TCP: reset).
        close_after: It closes the connection politely after so many received bytes.
        mute: It never says a word.
        mute_after: It falls silent after so many received bytes.
        garbage: It says nonsense instead of each reply.
        deaf: It accepts the connection and reads nothing.
        bytes_per_second: How fast it works; 0: at once.
        paper_for: Lines until the roll is at its end; ``None``: endless.
        fences: Which fences it knows, of ``gsr`` and ``pid``.
        unsolicited: Whether it knows automatic status (ASB).
    """

    cut_after: int | None = None
    close_after: int | None = None
    mute: bool = False
    mute_after: int | None = None
    garbage: bool = False
    deaf: bool = False
    bytes_per_second: int = 0
    paper_for: int | None = None
    fences: frozenset[str] = frozenset({"gsr", "pid"})
    unsolicited: bool = True


class VirtualPrinterDevice:
    """One printer with one plug.

    Attributes:
        paper: What came out so far.
        received: Every byte that arrived, over all connections.
        connections: How many there were.

    Args:
        faults: What goes wrong.
        dots: Dots a line.
        buffer_size: Bytes that the receive buffer holds.
        kanji: It wakes up in two-byte mode.
    """

    def __init__(
        self, faults: Faults | None = None, *, dots: int = 576, buffer_size: int = 4096, kanji: bool = False
    ) -> None:
        self.faults = faults or Faults()
        self.received = bytearray()
        self.connections = 0
        self._interpreter = Interpreter(dots, self._effect, kanji)
        self._dots = dots
        self._buffer = bytearray()
        self._buffer_size = buffer_size
        self._half_command = b""
        self._paper_left = self.faults.paper_for
        self._paper_out = self._cover = self._jammed = self._low = False
        self._auto_status = False
        self._changed = threading.Condition()
        self._stop = threading.Event()
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_read, False)
        self._listener: socket.socket | None = None
        self._line: socket.socket | int | None = None
        self._slave = -1
        self._thread: threading.Thread | None = None
        self._noise = random.Random(7)  # noqa: S311 - nonsense on a line, no secret

    @property
    def paper(self) -> Paper:
        """What came out so far; read it inside ``wait_for`` or when the printer is at rest."""
        return self._interpreter.paper

    # -- plugs -----------------------------------------------------------------------------------------

    def serve_tcp(self, host: str = "127.0.0.1", port: int = 0) -> int:
        """Listen on TCP; gives the port."""
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # A real printer's window is small: without this the kernel would swallow a whole receipt for it.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        listener.bind((host, port))
        listener.listen(4)
        self._listener = listener
        self._start()
        bound: int = listener.getsockname()[1]
        return bound

    def serve_pty(self) -> str:
        """Stand behind a serial line; gives its path."""
        master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        os.set_blocking(master, False)
        self._line = master
        self.connections = 1
        self._start()
        return os.ttyname(self._slave)

    def _start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="virtual-printer", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Switch it off for good; may be called twice."""
        if self._stop.is_set():
            return
        self._stop.set()
        os.write(self._wake_write, b"x")
        if self._thread is not None:
            self._thread.join(5)
        self._unplug(reset=False)
        for fd in (self._wake_read, self._wake_write, *((self._slave,) if self._slave >= 0 else ())):
            os.close(fd)
        if self._listener is not None:
            self._listener.close()

    def __enter__(self) -> VirtualPrinterDevice:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- hands -----------------------------------------------------------------------------------------

    def set_paper(self, *, out: bool = False, low: bool = False) -> None:
        """Take the roll out, or put a new one in."""
        self._hand(lambda: self._set(paper_out=out, low=low))

    def set_cover(self, *, is_open: bool) -> None:
        """Open or close the cover."""
        self._hand(lambda: self._set(cover=is_open))

    def set_knife(self, *, jammed: bool) -> None:
        """Jam or free the knife."""
        self._hand(lambda: self._set(jammed=jammed))

    def power_off(self) -> None:
        """Pull the mains plug: the line dies and what it held is gone."""

        def dead() -> None:
            self._buffer.clear()
            self._unplug(reset=True)
            if self._listener is not None:
                self._listener.close()
                self._listener = None

        self._hand(dead)

    def wait_for(self, condition: Callable[[VirtualPrinterDevice], bool], timeout: float = 10.0) -> bool:
        """Wait until ``condition`` holds; ``False`` when it does not in time."""
        with self._changed:
            return self._changed.wait_for(lambda: condition(self), timeout)

    def _hand(self, action: Callable[[], None]) -> None:
        with self._changed:
            action()
            self._changed.notify_all()
        os.write(self._wake_write, b"x")

    def _set(
        self,
        *,
        paper_out: bool | None = None,
        low: bool | None = None,
        cover: bool | None = None,
        jammed: bool | None = None,
    ) -> None:
        if paper_out is not None:
            self._paper_out = paper_out
            self._paper_left = None if not paper_out else self._paper_left
        self._low = self._low if low is None else low
        self._cover = self._cover if cover is None else cover
        self._jammed = self._jammed if jammed is None else jammed
        if self._auto_status:
            self._say(self._status_block())

    @property
    def _offline(self) -> bool:
        return self._paper_out or self._cover or self._jammed

    # -- the printer's life ----------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stop.is_set():
            ready = self._wait()
            with self._changed:
                if self._wake_read in ready:
                    os.read(self._wake_read, 4096)
                if self._listener is not None and self._listener.fileno() in ready and self._line is None:
                    self._accept()
                elif self._line is not None and _fileno(self._line) in ready:
                    self._receive()
                self._work()
                self._changed.notify_all()

    def _wait(self) -> list[int]:
        with self._changed:
            watched = [self._wake_read]
            if self._line is None and self._listener is not None:
                watched.append(self._listener.fileno())
            room = len(self._buffer) < self._buffer_size and not self.faults.deaf
            if self._line is not None and room:
                watched.append(_fileno(self._line))
            busy = bool(self._buffer) and not self._offline and self.faults.bytes_per_second > 0
        try:
            return select.select(watched, [], [], 0.01 if busy else 1.0)[0]
        except (OSError, ValueError):
            return []

    def _accept(self) -> None:
        if self._listener is None:
            return
        line, _ = self._listener.accept()
        line.setblocking(False)
        self._line = line
        self.connections += 1
        self._auto_status = False
        self._half_command = b""

    def _receive(self) -> None:
        try:
            room = max(1, self._buffer_size - len(self._buffer))
            data = os.read(_fileno(self._line), room)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._unplug(reset=False)
            return
        limit = self.faults.cut_after if self.faults.close_after is None else self.faults.close_after
        if limit is not None and len(self.received) + len(data) >= limit:
            self._take(data[: limit - len(self.received)])
            self._unplug(reset=self.faults.close_after is None)
            return
        self._take(data)

    def _take(self, data: bytes) -> None:
        """Obey real-time commands on arrival, put the rest into the buffer."""
        self.received += data
        data = self._half_command + data
        self._half_command = b""
        place = 0
        while place < len(data):
            if data[place] != 0x10:
                self._buffer.append(data[place])
                place += 1
                continue
            length = _real_time_length(data[place:])
            if length == 0:
                self._half_command = data[place:]
                return
            if length == 1:
                self._buffer.append(data[place])
            else:
                self._real_time(data[place : place + length])
            place += length

    def _real_time(self, command: bytes) -> None:
        kind = command[1]
        if kind == 0x14 and command[2] == 1:
            self.paper.kicks.append(5 if command[3] & 1 else 2)
        elif kind == 0x05 and command[2] == 2:
            self._buffer.clear()
        elif kind == 0x04:
            offline, out = self._offline, self._paper_out
            answers = {
                1: 0x12 | 0x08 * offline,
                2: 0x12 | 0x04 * self._cover | 0x20 * out | 0x40 * self._jammed,
                3: 0x12 | 0x08 * self._jammed,
                4: 0x12 | 0x0C * (self._low or out) | 0x60 * out,
            }
            if command[2] in answers:
                self._say(bytes([answers[command[2]]]))

    def _work(self) -> None:
        """Print what is in the buffer, as far as paper and speed allow."""
        allowed = max(1, self.faults.bytes_per_second // 100) if self.faults.bytes_per_second else 1 << 30
        while self._buffer and not self._offline and allowed > 0:
            before, rows = len(self._buffer), len(self.paper.rows)
            if not self._interpreter.step(self._buffer):
                return
            allowed -= before - len(self._buffer)
            if self._paper_left is not None and len(self.paper.rows) > rows:
                self._paper_left -= len(self.paper.rows) - rows
                if self._paper_left <= 0:
                    self._set(paper_out=True)

    def _effect(self, name: str, arguments: bytes) -> None:
        if name == "ESC @":
            self._auto_status = False
        elif name == "GS a" and self.faults.unsolicited:
            self._auto_status = arguments[0] != 0
            if self._auto_status:
                self._say(self._status_block())
        elif name == "GS r" and "gsr" in self.faults.fences:
            self._say(bytes([0x03 * self._low if arguments[0] in (1, 49) else 0]))
        elif name == "GS ( H" and "pid" in self.faults.fences and arguments[:2] == b"\x30\x30":
            self._say(b"\x37\x22" + arguments[2:6] + b"\x00")

    def _status_block(self) -> bytes:
        return bytes(
            (
                0x10 | 0x08 * self._offline | 0x20 * self._cover,
                0x08 * self._jammed,
                0x0F * self._paper_out or 0x03 * self._low,
                0x00,
            )
        )

    def _say(self, data: bytes) -> None:
        if self._line is None or self.faults.mute:
            return
        if self.faults.mute_after is not None and len(self.received) >= self.faults.mute_after:
            return
        if self.faults.garbage:
            data = bytes(self._noise.randrange(0x80, 0x100) for _ in data)
        with contextlib.suppress(OSError):
            os.write(_fileno(self._line), data)

    def _unplug(self, *, reset: bool) -> None:
        if self._line is None:
            return
        line, self._line = self._line, None
        if isinstance(line, int):
            os.close(line)
            return
        if reset:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        line.close()


def _fileno(line: socket.socket | int | None) -> int:
    if line is None:
        return -1
    return line if isinstance(line, int) else line.fileno()


def _real_time_length(data: bytes) -> int:
    """Length of the real-time command at the front; 1: it is none; 0: it is not whole yet."""
    if len(data) < 2:
        return 0
    length = {0x04: 3, 0x05: 3, 0x14: 5}.get(data[1], 1)
    return length if len(data) >= length else 0
