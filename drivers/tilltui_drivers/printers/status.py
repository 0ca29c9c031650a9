"""What a printer says back: a pure parser of its replies, fed with bytes in any split.

Source: Epson ESC/POS command reference, DLE EOT, GS a, GS r, GS ( H. The kinds of byte are told apart by
their fixed bits: ``b & 0x93 == 0x12`` real-time status, ``b & 0x93 == 0x10`` begins a block of four (ASB),
``37 22`` begins a process id of seven, ``b & 0x90 == 0`` GS r, ``11`` and ``13`` XON and XOFF.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RealTime:
    """Answer to ``DLE EOT n``; which n it answers only the asker knows."""

    byte: int


@dataclass(frozen=True, slots=True)
class AutoStatus:
    """Status that the printer sent by itself (ASB), four bytes."""

    block: bytes

    @property
    def offline(self) -> bool:
        """It does not print now."""
        return bool(self.block[0] & 0x08)

    @property
    def paper_low(self) -> bool:
        """The roll is near its end, and not at it."""
        return bool(self.block[2] & 0x03) and not self.block[2] & 0x0C

    @property
    def reason(self) -> str:
        """Why it does not print: ``cover``, ``paper``, ``cutter``, ``error``; empty when it prints."""
        first, second, third, _ = self.block
        if first & 0x20:
            return "cover"
        if third & 0x0C:
            return "paper"
        if second & 0x08:
            return "cutter"
        return "error" if second & 0x60 or first & 0x08 else ""


@dataclass(frozen=True, slots=True)
class Transmitted:
    """Answer to ``GS r``: the printer worked through everything before it."""

    byte: int


@dataclass(frozen=True, slots=True)
class ProcessId:
    """Answer to ``GS ( H``: everything before it is on paper. ``mark`` are our four characters."""

    mark: bytes


@dataclass(frozen=True, slots=True)
class FlowControl:
    """XON or XOFF of a serial printer."""

    stop: bool


Reply = RealTime | AutoStatus | Transmitted | ProcessId | FlowControl

_PROCESS_ID_LENGTH = 7


class ReplyParser:
    """Takes bytes as they come and gives whole replies.

    Attributes:
        garbage: How many bytes were no part of any reply. A line that delivers nonsense confirms nothing.
    """

    def __init__(self) -> None:
        self.garbage = 0
        self._asb = bytearray()
        self._pid = bytearray()

    def feed(self, data: bytes) -> list[Reply]:
        """Take bytes; give the replies that they complete, in order."""
        replies: list[Reply] = []
        for byte in data:
            reply = self._byte(byte)
            if reply is not None:
                replies.append(reply)
        return replies

    def _byte(self, byte: int) -> Reply | None:
        if self._pid:
            if self._fits_process_id(byte):
                return self._process_id(byte)
            self.garbage += len(self._pid)
            self._pid.clear()
        if byte & 0x93 == 0x12:
            return RealTime(byte)
        if byte in (0x11, 0x13):
            return FlowControl(byte == 0x13)
        if self._asb:
            if byte & 0x90 == 0:
                return self._auto_status(byte)
            self.garbage += len(self._asb)
            self._asb.clear()
        if byte & 0x93 == 0x10:
            self._asb.append(byte)
        elif byte == 0x37:
            self._pid.append(byte)
        elif byte & 0x90 == 0:
            return Transmitted(byte)
        else:
            self.garbage += 1
        return None

    def _auto_status(self, byte: int) -> AutoStatus | None:
        self._asb.append(byte)
        if len(self._asb) < 4:
            return None
        block = bytes(self._asb)
        self._asb.clear()
        return AutoStatus(block)

    def _fits_process_id(self, byte: int) -> bool:
        place = len(self._pid)
        if place == 1:
            return byte == 0x22
        if place == _PROCESS_ID_LENGTH - 1:
            return byte == 0
        return 0x20 <= byte <= 0x7E

    def _process_id(self, byte: int) -> ProcessId | None:
        self._pid.append(byte)
        if len(self._pid) < _PROCESS_ID_LENGTH:
            return None
        mark = bytes(self._pid[2:6])
        self._pid.clear()
        return ProcessId(mark)


def offline_reason(cause: int, error: int, paper: int) -> str:
    """Name the trouble from ``DLE EOT 2``, ``3`` and ``4``: ``cover``, ``paper``, ``cutter``, ``error``."""
    if cause & 0x04:
        return "cover"
    if cause & 0x20 or paper & 0x60:
        return "paper"
    return "cutter" if error & 0x08 else "error"
