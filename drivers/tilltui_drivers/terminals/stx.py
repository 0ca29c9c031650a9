"""STX, data, ETX, LRC, answered by ACK or NAK: how most serial card terminals talk.

``Deframer`` cuts a stream of bytes into frames and controls, whatever the split. ``StxLink`` sends and
receives over a transport with finite times: a frame is acknowledged only after its LRC was checked. A request
that is met by silence is sent again only where the caller says that twice does no harm.
"""

from __future__ import annotations

import enum
import time
from collections import deque
from dataclasses import dataclass

from tilltui.ports import Transport
from tilltui_drivers.terminals.exchange import Line, LinkLost

STX, ETX, ACK, NAK = 0x02, 0x03, 0x06, 0x15

MAX_FRAME = 8192
"""Longest data of a frame; a terminal that sends more is talking nonsense."""

TRIES = 3
"""A frame is sent once and, when it was not understood, twice more."""


class Control(enum.Enum):
    """A byte outside a frame."""

    ACK = ACK
    NAK = NAK


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame that ended.

    Attributes:
        data: What stood between STX and ETX; empty where it was too long.
        good: Whether its LRC was right.
    """

    data: bytes
    good: bool


@dataclass(frozen=True, slots=True)
class Times:
    """How long to wait, in seconds.

    Attributes:
        write: For the line to take a frame.
        ack: For ACK or NAK after a frame.
        gap: For the next byte inside a frame.
        answer: For the next frame of an answer.
        most: For the whole of an operation, however many intermediate frames come.
    """

    write: float = 5.0
    ack: float = 3.0
    gap: float = 1.0
    answer: float = 180.0
    most: float = 600.0


def lrc(data: bytes | bytearray) -> int:
    """XOR of the data and ETX.

    >>> hex(lrc(b"0200|12500|A00123|||1|"))
    '0x77'
    """
    value = ETX
    for byte in data:
        value ^= byte
    return value


def frame(data: bytes) -> bytes:
    """The data as it goes over the line."""
    return bytes((STX, *data, ETX, lrc(data)))


class Deframer:
    """Cuts a stream into frames and controls; anything else outside a frame is thrown away."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._inside = self._ended = self._overlong = False

    @property
    def inside(self) -> bool:
        """Whether a frame has begun and not ended."""
        return self._inside

    def reset(self) -> None:
        """Forget a frame that has begun."""
        self._data.clear()
        self._inside = self._ended = self._overlong = False

    def feed(self, data: bytes) -> list[Frame | Control]:
        """Take bytes as they come and give what they complete."""
        found: list[Frame | Control] = []
        for byte in data:
            if self._ended:  # the LRC may be any byte, STX and ETX too
                good = not self._overlong and byte == lrc(self._data)
                found.append(Frame(bytes(self._data), good))
                self.reset()
            elif byte == STX:
                self.reset()
                self._inside = True
            elif self._inside:
                self._take(byte)
            elif byte in (ACK, NAK):
                found.append(Control(byte))
        return found

    def _take(self, byte: int) -> None:
        if byte == ETX:
            self._ended = True
        elif len(self._data) >= MAX_FRAME:
            self._overlong = True
            self._data.clear()
        elif not self._overlong:
            self._data.append(byte)


class StxLink:
    """One conversation over an open transport.

    Args:
        transport: Open; stays the caller's.
        times: How long to wait.
    """

    def __init__(self, transport: Transport, times: Times) -> None:
        self._line = Line(transport, times.write)
        self._times = times
        self._deframer = Deframer()
        self._waiting: deque[Frame | Control] = deque()
        self._early: deque[bytes] = deque(maxlen=8)
        self._bad = 0
        self._heard = 0.0

    def send(self, data: bytes, *, twice: bool) -> None:
        """Send a request until it is acknowledged.

        Good frames that come before the ACK are acknowledged and kept in ``early``: leftovers of an exchange
        before, or an answer whose ACK was lost.

        Args:
            data: The request.
            twice: Whether it may be sent again when no answer comes at all. After a NAK it always is.

        Raises:
            LinkLost: It was never acknowledged.
        """
        self._bad = 0
        self._early.clear()
        self._waiting.clear()
        self._deframer.reset()
        self._drain()
        why = "no acknowledgement"
        for attempt in range(TRIES):
            self._line.write(frame(data), sent=attempt > 0)
            answer = self._acknowledged()
            if answer is Control.ACK:
                return
            if answer is None and not twice:
                break
            why = "it does not take the request" if answer is Control.NAK else "no acknowledgement"
        raise LinkLost(why, sent=True)

    @property
    def early(self) -> list[bytes]:
        """Frames that came before the last request was acknowledged, oldest first."""
        return list(self._early)

    def receive(self, deadline: float) -> bytes | None:
        """The next frame whose LRC is right, already acknowledged; ``None`` when none came by the deadline.

        Raises:
            LinkLost: The line is gone, or it keeps sending frames that are wrong.
        """
        while True:
            event = self._next(deadline)
            if event is None:
                return None
            if isinstance(event, Control):
                continue
            if event.good:
                self._bad = 0
                self._answer(ACK)
                return event.data
            self._refuse()

    def _refuse(self) -> None:
        self._bad += 1
        if self._bad >= TRIES:
            raise LinkLost("its answers arrive damaged", sent=True)
        self._answer(NAK)

    def _acknowledged(self) -> Control | None:
        """Wait for ACK or NAK; ``None`` when neither came."""
        deadline = time.monotonic() + self._times.ack
        while (event := self._next(deadline)) is not None:
            if isinstance(event, Control):
                return event
            if event.good:
                self._answer(ACK)
                self._early.append(event.data)
            else:
                self._refuse()
        return None

    def _drain(self) -> None:
        """Take what was lying in the line; what is whole is kept, so that its sender falls silent."""
        deadline = time.monotonic() + self._times.gap
        while time.monotonic() < deadline and (event := self._next(0.0)) is not None:
            if isinstance(event, Frame) and event.good:
                self._answer(ACK)
                self._early.append(event.data)

    def _next(self, deadline: float) -> Frame | Control | None:
        """The next event; a frame that stops in the middle is a bad one."""
        while not self._waiting:
            until = deadline
            if self._deframer.inside:
                until = min(deadline, self._heard + self._times.gap)
            chunk = self._line.read(until)
            now = time.monotonic()
            if chunk:
                self._heard = now
                self._waiting.extend(self._deframer.feed(chunk))
                if not self._waiting and now >= deadline:
                    return None
                continue
            if self._deframer.inside and now >= self._heard + self._times.gap:
                self._deframer.reset()
                return Frame(b"", good=False)
            if now >= deadline:
                return None
        return self._waiting.popleft()

    def _answer(self, control: int) -> None:
        self._line.write(bytes((control,)), sent=True)
