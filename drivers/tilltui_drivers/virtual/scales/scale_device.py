"""Scales on a pseudo terminal, as their manuals describe them: a plate, a voice, and a bad cable.

Written from the makers' manuals, not from the driver. ``voices`` has the protocols.
"""

from __future__ import annotations

import contextlib
import os
import random
import select
import threading
import time
import tty
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass
class Plate:
    """What lies on a scale.

    Attributes:
        grams: Gross weight; below zero when something was taken off after the zero was set.
        moving: It has not come to rest.
        capacity: Most that it can carry, in grams.
        tare: Taken off by the scale's own key.
        faulty: It reports a fault of its own.
    """

    grams: int = 0
    moving: bool = False
    capacity: int = 15_000
    tare: int = 0
    faulty: bool = False

    @property
    def over(self) -> bool:
        """More than it can carry."""
        return self.grams > self.capacity

    @property
    def net(self) -> int:
        """Gross less the scale's own tare."""
        return self.grams - self.tare


@dataclass
class Trouble:
    """What goes wrong on the line.

    Attributes:
        mute: Not a byte comes.
        delay: Seconds before an answer.
        trickle: An answer comes byte by byte.
        garbage: Bytes in front of each answer.
        cut: Only so many bytes of an answer come; 0: all.
        parity: Share of bytes that arrive broken; the line hands those on as NUL.
        nonsense: Something else comes instead of answers.
    """

    mute: bool = False
    delay: float = 0.0
    trickle: bool = False
    garbage: bytes = b""
    cut: int = 0
    parity: float = 0.0
    nonsense: bytes = b""


class Voice(Protocol):
    """A protocol, seen from the scale."""

    period: float
    """Seconds between two unasked answers; 0: it speaks only when asked."""

    def answer(self, heard: bytes, plate: Plate) -> list[bytes]:
        """Take bytes from the till and give the answers to them, each in one piece."""

    def unasked(self, plate: Plate) -> bytes:
        """Give what it says by itself."""


class VirtualScaleDevice:
    """A scale behind a link that can be pulled; ``path`` is what ``till.toml`` names.

    Args:
        make: Makes its voice; a scale that was switched off and on speaks anew.
        path: Where the link is put, as ``/dev/serial/by-id`` has one.
        seed: Of the noise.

    Attributes:
        plate: Change it under ``lock``, or through ``put``.
        trouble: As above.
        heard: Everything that the till has sent.
    """

    def __init__(self, make: Callable[[], Voice], path: Path, *, seed: int = 1) -> None:
        self.path = path
        self.plate = Plate()
        self.trouble = Trouble()
        self.heard = bytearray()
        self.lock = threading.Condition()
        self._make = make
        self._noise = random.Random(seed)  # noqa: S311 - noise on a cable
        self._master = -1
        self._slave = -1
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self._stop_read, self._stop_write = os.pipe()

    def plug_in(self) -> None:
        """Put the cable in."""
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self.path.symlink_to(os.ttyname(self._slave))
        self._stop.clear()
        self._thread = threading.Thread(
            target=self._live, args=(self._make(),), name="virtual-scale", daemon=True
        )
        self._thread.start()

    def unplug(self) -> None:
        """Pull the cable; may be called twice."""
        if self._thread is None:
            return
        self._stop.set()
        os.write(self._stop_write, b"!")
        self._thread.join(5)
        self._thread = None
        os.read(self._stop_read, 10)
        self.path.unlink()
        for descriptor in (self._master, self._slave):
            os.close(descriptor)

    def close(self) -> None:
        """Pull the cable for good."""
        self.unplug()
        os.close(self._stop_read)
        os.close(self._stop_write)

    def put(self, grams: int, *, moving: bool = False) -> None:
        """Lay something on the plate instead of what is there."""
        with self.lock:
            self.plate.grams, self.plate.moving = grams, moving

    def questions(self) -> int:
        """Count the bytes that the till has sent so far."""
        with self.lock:
            return len(self.heard)

    def _live(self, voice: Voice) -> None:
        next_word = time.monotonic() + voice.period
        while not self._stop.is_set():
            wait = max(0.0, next_word - time.monotonic()) if voice.period else None
            ready, _, _ = select.select([self._master, self._stop_read], [], [], wait)
            if self._stop_read in ready:
                return
            if self._master in ready:
                data = os.read(self._master, 4096)
                with self.lock:
                    self.heard += data
                    answers = voice.answer(data, self.plate)
                    self.lock.notify_all()
                for answer in answers:
                    self._say(answer)
            elif voice.period:
                next_word = time.monotonic() + voice.period
                with self.lock:
                    word = voice.unasked(self.plate)
                self._say(word)

    def _say(self, answer: bytes) -> None:
        trouble = self.trouble
        if trouble.mute:
            return
        if trouble.delay and self._stop.wait(trouble.delay):
            return
        if trouble.nonsense:
            answer = trouble.nonsense
        answer = trouble.garbage + (answer[: trouble.cut] if trouble.cut else answer)
        answer = bytes(0 if self._noise.random() < trouble.parity else byte for byte in answer)
        pieces = [answer[i : i + 1] for i in range(len(answer))] if trouble.trickle else [answer]
        with contextlib.suppress(BlockingIOError):
            os.set_blocking(self._master, False)
            for piece in pieces:
                os.write(self._master, piece)
