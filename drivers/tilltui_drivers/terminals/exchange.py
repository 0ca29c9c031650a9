"""What every conversation with a card terminal shares: a line that breaks, and waiting for an answer.

A protocol adds how bytes become messages and how one is acknowledged; the clocks are here once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from tilltui.errors import N_, DeviceBlocked, DeviceBusy, DeviceError, OutcomeUnknown
from tilltui.ports import Transport, TransportLost

SLICE = 0.5
"""Longest wait without asking whether to stop, in seconds."""

M = TypeVar("M")


class LinkLost(Exception):
    """The exchange broke down.

    Attributes:
        sent: Whether a byte of the request has left.
    """

    def __init__(self, why: str, *, sent: bool) -> None:
        super().__init__(why)
        self.sent = sent


def refused(device: str, why: str, code: int | str, *, busy: bool) -> DeviceError:
    """What to say of a terminal that cannot do it now.

    Args:
        device: Its name.
        why: What its code means.
        code: What it said.
        busy: It will be able to by itself.
    """
    message = N_("The card terminal {device} cannot do it now: {why}.")
    hint = N_("See to the terminal, then try again.")
    if busy:
        return DeviceBusy(message, device=device, hint=hint, why=why, code=code)
    return DeviceBlocked(message, reason="error", device=device, hint=hint, why=why, code=code)


def too_much(device: str) -> DeviceBlocked:
    """What to say of an amount that a terminal cannot charge."""
    return DeviceBlocked(
        N_("{device} cannot charge this amount."),
        reason="error",
        device=device,
        hint=N_("Split it over several payments."),
    )


def unknown(device: str, why: str) -> OutcomeUnknown:
    """What to say of a charge of which nobody knows how it ended."""
    return OutcomeUnknown(
        N_("{device} did not say how it ended: {why}."),
        device=device,
        hint=N_("Do not charge again: the till asks the terminal."),
        why=why,
    )


class Line:
    """An open transport whose failures are told as ``LinkLost``.

    Args:
        transport: Open; stays the caller's.
        patience: Seconds for the line to take what is written.
    """

    def __init__(self, transport: Transport, patience: float) -> None:
        self._transport = transport
        self._patience = patience

    def write(self, data: bytes, *, sent: bool) -> None:
        """Write all of it.

        Args:
            data: The bytes.
            sent: Whether something of the request has left before.

        Raises:
            LinkLost: The line is gone, or takes no more.
        """
        try:
            taken = self._transport.write(data, time.monotonic() + self._patience)
        except TransportLost as error:
            raise LinkLost(str(error), sent=sent or error.sent > 0) from error
        if taken < len(data):
            raise LinkLost("it takes no more bytes", sent=sent or taken > 0)

    def read(self, deadline: float) -> bytes:
        """What is there, or comes by the deadline; nothing where none came.

        Raises:
            LinkLost: The line is gone.
        """
        try:
            return self._transport.read(4096, deadline)
        except TransportLost as error:
            raise LinkLost(str(error), sent=True) from error


def answers(
    receive: Callable[[float], M | None],
    *,
    answer: float,
    most: float,
    stopping: Callable[[], bool] = lambda: False,
    stop: Callable[[], object] = lambda: None,
) -> Iterator[M]:
    """Give the messages of an answer as they come, until the caller has had enough.

    Args:
        receive: Gives the next message that belongs to the answer, or ``None`` when the deadline that it is
            given has passed or another one came.
        answer: Seconds until the first message, and from each to the next.
        most: Seconds for all of them.
        stopping: Asked before each wait, which takes ``SLICE`` seconds at most.
        stop: Called once, when ``stopping`` says so.

    Raises:
        LinkLost: None came in time.
    """
    end = time.monotonic() + most
    until, stopped = min(time.monotonic() + answer, end), False
    while time.monotonic() < until:
        if not stopped and stopping():
            stopped = True
            stop()
        message = receive(min(until, time.monotonic() + SLICE))
        if message is not None:
            until = min(time.monotonic() + answer, end)
            yield message
    raise LinkLost("no answer in time", sent=True)
