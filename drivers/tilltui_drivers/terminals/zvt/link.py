"""One conversation with a ZVT terminal over TCP: every message is acknowledged by the other side.

The network carries whole bytes in order, so nothing is ever sent twice: an acknowledgement that does not come
leaves the outcome open.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tilltui.ports import Transport
from tilltui_drivers.terminals.exchange import Line, LinkLost, answers
from tilltui_drivers.terminals.zvt.apdu import Apdu, Cutter, Overlong

ACKNOWLEDGED = 0x8000
REGISTER, AUTHORISE, REPEAT_RECEIPT, REVERSE, REFUND, END_OF_DAY = (
    0x0600,
    0x0601,
    0x0620,
    0x0630,
    0x0631,
    0x0650,
)
STATUS_ENQUIRY, STATUS, INTERMEDIATE = 0x0501, 0x040F, 0x04FF
COMPLETION, ABORT, ABORT_BY_TILL = 0x060F, 0x061E, 0x06B0
PRINT_LINE, PRINT_BLOCK = 0x06D1, 0x06D3
SET_CLOCK = 0x0401


@dataclass(frozen=True, slots=True)
class ZvtTimes:
    """How long to wait, in seconds.

    Attributes:
        connect: For the network.
        ack: For the acknowledgement of a command (T3 of the protocol).
        answer: For the next message while the terminal has the word (T4).
        most: For the whole of an operation.
    """

    connect: float = 5.0
    ack: float = 5.0
    answer: float = 180.0
    most: float = 600.0


class ZvtRefused(Exception):
    """The terminal did not even begin (84 xx).

    Attributes:
        code: Its error code.
    """

    def __init__(self, code: int) -> None:
        super().__init__(f"84 {code:02X}")
        self.code = code


class ZvtLink:
    """Sends a command and gives what comes until its end.

    Args:
        transport: Open; stays the caller's.
        times: How long to wait.
    """

    def __init__(self, transport: Transport, times: ZvtTimes) -> None:
        self._line = Line(transport, times.ack)
        self._times = times
        self._cutter = Cutter()
        self._waiting: deque[Apdu] = deque()

    def run(self, command: Apdu, stopping: Callable[[], bool] = lambda: False) -> Iterator[Apdu]:
        """Give each message of the terminal, already acknowledged, up to completion or abort.

        Raises:
            ZvtRefused: It was not begun.
            LinkLost: The end is not known.
        """
        self._line.write(command.encode(), sent=False)
        self._begun()
        for message in answers(
            self._told,
            answer=self._times.answer,
            most=self._times.most,
            stopping=stopping,
            stop=lambda: self._line.write(Apdu(ABORT_BY_TILL).encode(), sent=True),
        ):
            yield message
            if message.command in (COMPLETION, ABORT):
                return

    def _told(self, deadline: float) -> Apdu | None:
        """The next message of the terminal, acknowledged; what it only acknowledges is left out."""
        message = self._next(deadline)
        if message is None or message.command >> 8 in (0x80, 0x84):
            return None
        self._acknowledge()
        return message

    def _acknowledge(self) -> None:
        self._line.write(Apdu(ACKNOWLEDGED).encode(), sent=True)

    def _begun(self) -> None:
        """Wait for the acknowledgement; what a terminal still had to say comes before it and is dropped."""
        deadline = time.monotonic() + self._times.ack
        while (message := self._next(deadline)) is not None:
            if message.command == ACKNOWLEDGED or message.command == 0x8400:
                return
            if message.command >> 8 == 0x84:
                raise ZvtRefused(message.command & 0xFF)
            self._acknowledge()
        raise LinkLost("no acknowledgement", sent=True)

    def _next(self, deadline: float) -> Apdu | None:
        while not self._waiting:
            try:
                self._waiting.extend(self._cutter.feed(self._line.read(deadline)))
            except Overlong as error:
                raise LinkLost(str(error), sent=True) from error
            if not self._waiting and time.monotonic() >= deadline:
                return None
        return self._waiting.popleft()
