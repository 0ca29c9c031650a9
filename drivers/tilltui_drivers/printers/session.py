"""One conversation with a printer: preflight, bytes, fence, with deadlines that count online time only.

The printer holds what it was sent while its paper is out and goes on by itself afterwards, so waiting on the
same connection neither loses nor doubles a receipt. While its buffer is full nothing can be asked (a
``10 04 n`` does not get through a closed TCP window); the automatic status, which the preamble switched on,
comes unasked.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from tilltui.errors import N_, DeviceBlocked, DeviceOffline
from tilltui_drivers.transport.pipe import PrinterPipe

from .status import AutoStatus, FlowControl, ProcessId, RealTime, ReplyParser, Transmitted, offline_reason

_log = logging.getLogger(__name__)

CHUNK = 1024
"""Most bytes a write: small enough that a printer's state is seen between two."""

SLICE = 0.2
"""Seconds that one wait lasts at most: how soon a closing till is noticed."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds that a printer is given. Time while it says why it does not print is not counted.

    Attributes:
        connect: To accept a connection.
        status: To answer a real-time status request.
        stall: Without taking a byte.
        fence: To confirm after the last byte.
        grace: To finish a job once the till closes.
        poll: Between two status requests while waiting for the fence.
    """

    connect: float = 3.0
    status: float = 1.0
    stall: float = 10.0
    fence: float = 30.0
    grace: float = 1.5
    poll: float = 1.0


class Doubt(Exception):
    """Something was sent and no confirmation came; the text says why, for the log and the message."""


class Session:
    """Talks over an open pipe.

    Attributes:
        blocked: Why the printer does not print now; empty when it does.
        paper_low: The roll is near its end.
        heard: The printer has answered anything at all.

    Args:
        pipe: Open transport.
        timing: Deadlines.
        device: The shop's own name of the printer, for messages.
        waiting: Called with the reason when the printer stops, with "" when it goes on.
        stopping: Whether the till closes.
    """

    def __init__(
        self,
        pipe: PrinterPipe,
        timing: Timing,
        device: str,
        waiting: Callable[[str], None],
        stopping: Callable[[], bool],
    ) -> None:
        self.blocked = ""
        self.paper_low = False
        self.heard = False
        self.parser = ReplyParser()
        self._pipe = pipe
        self._timing = timing
        self._device = device
        self._waiting = waiting
        self._stopping = stopping
        self._told = ""
        self._status: int | None = None
        self._transmitted = 0
        self._marks: set[bytes] = set()
        self._xoff = False
        self._all_sent = False

    def pump(self, seconds: float) -> bool:
        """Read what comes within ``seconds``; whether anything came."""
        data = self._pipe.read(256, time.monotonic() + seconds)
        for reply in self.parser.feed(data):
            self.heard = True
            match reply:
                case RealTime(byte):
                    self._status = byte
                case AutoStatus():
                    self.blocked = reply.reason
                    self.paper_low = reply.paper_low
                case Transmitted(byte):
                    self._transmitted += 1
                    self.paper_low = bool(byte & 0x03)
                case ProcessId(mark):
                    self._marks.add(mark)
                case FlowControl(stop):
                    self._xoff = stop
        return bool(data)

    def ask(self, n: int) -> int | None:
        """Ask for real-time status ``n`` (1 to 4); ``None`` when no answer came in time."""
        self._status = None
        deadline = time.monotonic() + self._timing.status
        if self._pipe.write(bytes((0x10, 0x04, n)), deadline) < 3:
            return None
        while self._status is None and time.monotonic() < deadline:
            self.pump(min(SLICE, max(0.0, deadline - time.monotonic())))
        return self._status

    def check(self) -> bool:
        """Ask how the printer is and set ``blocked``; ``False`` when it did not answer."""
        general = self.ask(1)
        if general is None:
            return False
        paper = self.ask(4) or 0
        self.paper_low = bool(paper & 0x0C) and not paper & 0x60
        if general & 0x08 or paper & 0x60:
            self.blocked = offline_reason(self.ask(2) or 0, self.ask(3) or 0, paper)
        else:
            self.blocked = ""
        return True

    def preflight(self, must_answer: bool) -> bool:
        """Make sure that the printer prints, before anything is sent; whether it answers at all.

        Raises:
            DeviceBlocked: It says why it does not print.
            DeviceOffline: It is silent though it ought to answer, or talks nonsense.
        """
        answered = self.check()
        reason = self.blocked or self._pipe.reason()
        if reason:
            raise self._refusal(reason)
        if not answered and self.parser.garbage:
            raise DeviceOffline(
                N_("Printer {device} answers nonsense."),
                device=self._device,
                hint=N_("Check the speed of its serial line and that it is an ESC/POS printer."),
            )
        if not answered and must_answer:
            raise DeviceOffline(
                N_("Printer {device} is connected but does not answer."),
                device=self._device,
                hint=N_("Switch it off and on again."),
            )
        return answered

    def _refusal(self, reason: str) -> DeviceBlocked:
        hints = {
            "paper": N_("Put a new roll of paper in."),
            "cover": N_("Close the printer's cover."),
            "cutter": N_("Switch the printer off, free the knife, switch it on again."),
        }
        return DeviceBlocked(
            N_("Printer {device} cannot print: {reason}."),
            reason=reason,
            device=self._device,
            hint=hints.get(reason, N_("Look at the printer's lights, switch it off and on again.")),
        )

    def preamble(self, data: bytes, seconds: float = 0.0) -> None:
        """Send what prepares the printer, within ``seconds`` (0: as for a status); nothing of a job.

        Raises:
            DeviceOffline: It does not take it.
        """
        taken, deadline = 0, time.monotonic() + (seconds or self._timing.status)
        while taken < len(data) and time.monotonic() < deadline:
            taken += self._pipe.write(data[taken:], deadline)
        if taken < len(data):
            raise DeviceOffline(
                N_("Printer {device} takes no data."),
                device=self._device,
                hint=N_("Switch it off and on again."),
            )

    def probe(self, fence: str, mark: bytes, seconds: float, settle: float) -> bool:
        """Send a fence before the job, to learn whether the printer answers it.

        Since it is answered in order, the answer also says that nothing of an older job is left; replies that
        come within ``settle`` seconds after it are an older job's and are forgotten.

        Raises:
            DeviceBlocked: The printer stopped in the meantime.
        """
        self._transmitted = 0
        self.preamble(fence_bytes(fence, mark))
        deadline = time.monotonic() + seconds
        while not self._passed(fence, mark):
            if time.monotonic() >= deadline or self._stopping():
                if self.blocked:
                    raise self._refusal(self.blocked)
                return False
            self.pump(min(SLICE, max(0.0, deadline - time.monotonic())))
        while settle and self.pump(settle):
            pass
        self._transmitted = 0
        return True

    def send(self, data: bytes) -> None:
        """Write all of ``data``, however long the printer is blocked.

        Raises:
            Doubt: It stopped taking bytes, or the till closes.
            TransportLost: It went away.
        """
        sent, clock = 0, _Clock(self)
        while sent < len(data):
            taken = 0
            if not self._xoff:
                taken = self._pipe.write(data[sent : sent + CHUNK], time.monotonic() + SLICE)
                sent += taken
            self.pump(SLICE if self._xoff else 0.0)
            if taken:
                clock = _Clock(self)
                self.tell(self.reason())
            elif clock.exceeds(self._timing.stall):
                raise Doubt(f"it took {sent} of {len(data)} bytes and then no more")

    def await_fence(self, fence: str, mark: bytes) -> None:
        """Wait until the printer confirms everything before the fence.

        Raises:
            Doubt: It did not within its online time, or the till closes, or the line delivered nonsense.
            TransportLost: It went away.
        """
        clock, next_poll = _Clock(self), time.monotonic() + self._timing.poll
        self._all_sent = True
        while not self._passed(fence, mark):
            if clock.exceeds(self._timing.fence):
                raise Doubt("it did not confirm in time")
            self.pump(min(SLICE, self._timing.poll))
            if time.monotonic() >= next_poll and not self._passed(fence, mark):
                # Behind bytes that the printer has not taken a question would only wait, and answer too late.
                if self._pipe.drain(time.monotonic()):
                    self.check()
                next_poll = time.monotonic() + self._timing.poll
        if fence == "gsr" and self.parser.garbage:
            raise Doubt("the line delivered nonsense")
        self.tell("")

    def _passed(self, fence: str, mark: bytes) -> bool:
        return mark in self._marks if fence == "pid" else self._transmitted > 0

    def kick(self, number: int) -> bool:
        """Fire the drawer behind the job that is on its way; ``False`` while that job is still being sent.

        In the middle of a picture the bytes of a command would be pixels.
        """
        if not self._all_sent or not self._pipe.drain(time.monotonic()):
            return False
        command = kick_bytes(number, held=bool(self.blocked))
        return self._pipe.write(command, time.monotonic() + self._timing.status) == len(command)

    def reason(self) -> str:
        """Say why the printer does not print, by itself or by its cable."""
        return self.blocked or self._pipe.reason()

    def tell(self, reason: str) -> None:
        """Report a change of ``reason``."""
        if reason != self._told:
            self._told = reason
            _log.info("Printer %s: %s", self._device, reason or "goes on")
            self._waiting(reason)

    @property
    def stopping(self) -> bool:
        """Whether the till closes."""
        return self._stopping()

    @property
    def grace(self) -> float:
        """Seconds to finish once the till closes."""
        return self._timing.grace


class _Clock:
    """Counts the seconds in which the printer was able to work."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._spent = 0.0
        self._closing = 0.0
        self._last = time.monotonic()

    def exceeds(self, seconds: float) -> bool:
        """Whether more than ``seconds`` of online time went by; tells of blocking and unblocking.

        Raises:
            Doubt: The till closes and the printer is blocked, or used up its grace.
        """
        now = time.monotonic()
        passed, self._last = now - self._last, now
        reason = self._session.reason()
        self._session.tell(reason)
        if self._session.stopping:
            self._closing += passed
            if reason or self._closing > self._session.grace:
                raise Doubt("the till was closed before the printer confirmed")
        if not reason:
            self._spent += passed
        return self._spent > seconds


def fence_bytes(fence: str, mark: bytes) -> bytes:
    """Write the command that the printer answers once it has worked through everything before it."""
    return b"\x1d\x28\x48\x06\x00\x30\x30" + mark if fence == "pid" else b"\x1d\x72\x01"


def kick_bytes(number: int, *, held: bool) -> bytes:
    """Write the pulse for drawer ``number`` (0: pin 2, 1: pin 5), 100 ms on as 24 V solenoids ask for.

    A printer that is ``held`` (out of paper) would keep ``ESC p`` back and open the drawer some time later:
    it gets the real-time command ``DLE DC4`` instead.
    """
    return bytes((0x10, 0x14, 1, number, 1)) if held else bytes((0x1B, 0x70, number, 0x32, 0x32))


def mark_of(number: int) -> bytes:
    """Turn a number into the four printable characters that a process id holds."""
    characters = bytearray()
    for _ in range(4):
        number, digit = divmod(number, 94)
        characters.append(0x21 + digit)
    return bytes(characters)
