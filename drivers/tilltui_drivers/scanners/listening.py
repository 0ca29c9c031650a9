"""What every scanner behind a file does: read, frame, emit."""

from __future__ import annotations

import threading
import time
from typing import Protocol

from tilltui.ports import BarcodeScanned, Emit, ScanGarbled
from tilltui_drivers.scanners.framer import Frame

SLICE = 1.0
"""Longest wait in seconds; nothing is polled faster while a scanner is silent."""


class Source(Protocol):
    """A stream of bytes or reports that can be read with a deadline."""

    def read(self, limit: int, deadline: float) -> bytes:
        """Read at most ``limit`` bytes; ``b""`` at the deadline."""


class Cutter(Protocol):
    """Cuts what was read into codes; ``Framer`` says what each method does."""

    @property
    def due(self) -> float | None:
        """Time at which ``flush`` should be called if nothing comes before."""

    def feed(self, data: bytes, now: float) -> list[Frame]:
        """Take what one ``read`` gave."""

    def flush(self, now: float) -> list[Frame]:
        """Take silence."""

    def abandon(self, now: float) -> list[Frame]:
        """Take the end of everything."""


def emit_frames(frames: list[Frame], name: str, emit: Emit) -> bool:
    """Hand frames to the till in their order; ``False``: the till is closing."""
    for frame in frames:
        if frame.fault:
            going_on = emit(ScanGarbled(name, frame.fault, frame.at))
        else:
            going_on = emit(BarcodeScanned(frame.text, name, frame.symbology, frame.raw, frame.at))
        if not going_on:
            return False
    return True


def listen(source: Source, framer: Cutter, name: str, emit: Emit, stop: threading.Event) -> bool:
    """Read until told to stop; ``False``: the till is closing.

    Raises:
        TransportLost: The stream is gone; every complete code was emitted before.
    """
    while not stop.is_set():
        now = time.monotonic()
        due = framer.due
        deadline = now + SLICE if due is None else min(due, now + SLICE)
        data = source.read(4096, deadline)
        now = time.monotonic()
        # Silence counts only when a read has found nothing: a thread that woke up late has not heard silence.
        frames = framer.feed(data, now) if data else framer.flush(now)
        if not emit_frames(frames, name, emit):
            return False
    return True
