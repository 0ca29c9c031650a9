"""The demo shop's scale: what lies on it comes from the till itself, from a named pipe, or by itself.

With ``path`` set, ``echo 450 > PATH`` in another terminal lays 450 g on it, and ``echo 0`` takes them off.
"""

from __future__ import annotations

import logging
import os
import random
import re
import threading
import time
from collections import deque
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ClassVar

from tilltui.errors import DeviceOffline
from tilltui.ports import DeviceChanged, DeviceState, Emit, Scale, Weighing, WeightRead
from tilltui_drivers.scales.engine import Manners, Reading, settled
from tilltui_drivers.scales.watch import Watch
from tilltui_drivers.supervisor import end, keep_running
from tilltui_drivers.transport.waker import Waker
from tilltui_drivers.virtual.scanners.scanner import NamedPipe

log = logging.getLogger(__name__)

_GRAMS = re.compile(rb"\s*(-?\d{1,6})\s*\Z")
_MANNERS = Manners(silence=None, confirm=1)


@dataclass(frozen=True, slots=True)
class VirtualScaleSettings:
    """Settings of a ``[scale.NAME]`` with ``driver = "virtual"``."""

    path: Path | None = None
    """Named pipe to read grams from, made if it is not there."""
    by_itself: bool = True
    """Whether something lies on it each time that it is asked, where nobody has put anything."""
    settle_ms: int = field(default=400, metadata={"min": 0, "max": 10_000})
    """Milliseconds until a weight has come to rest."""
    capacity_g: int = field(default=15_000, metadata={"min": 1, "max": 999_999})
    """Most that it can carry, in grams."""
    tares: tuple[str, ...] = field(default=(), metadata={"max": 20, "example": ("Bandeja 12", "Frasco 250")})
    """Containers that are taken off, each a name and its weight in grams."""


class VirtualScale(Scale):
    """A scale without hardware; ``put`` lays something on it."""

    Settings: ClassVar[type[VirtualScaleSettings]] = VirtualScaleSettings

    def __init__(self, name: str, settings: VirtualScaleSettings) -> None:
        self.name = name
        self._settings = settings
        self._watch = Watch(_MANNERS)
        self._orders: deque[tuple[str, int | None]] = deque(maxlen=256)
        self._waker: _Waker | None = None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._grams = 0
        self._rests_at = 0.0
        self._put_by_hand = False
        self._chance = random.Random(7)  # noqa: S311 - what a customer buys

    def start(self, emit: Emit) -> None:
        """Be there; returns at once."""
        if self._thread is not None and self._thread.is_alive():
            return
        self._stop = threading.Event()
        self._waker = _Waker(self._settings.path, self.name)
        self._thread = threading.Thread(
            target=self._run, args=(self._waker, emit, self._stop), name=f"scale-{self.name}", daemon=True
        )
        self._thread.start()

    def stop(self, timeout: float = 2.0) -> None:
        """Stop; may be called twice."""
        end(self._thread, self._stop, self._waker, timeout)

    def watch(self, on: bool) -> None:
        """Emit ``WeightRead`` at each change, or stop doing so."""
        self._order("watch", int(on))

    def zero(self) -> None:
        """Set it to zero."""
        self._order("put", 0)

    def tare(self, grams: int | None) -> None:
        """Take a container off: its weight in grams, ``None`` for what is on the scale now, 0 for none."""
        self._order("tare", grams)

    def put(self, grams: int) -> None:
        """Lay something on the plate instead of what is there; from any thread."""
        self._order("put", grams)

    def _order(self, what: str, value: int | None) -> None:
        self._orders.append((what, value))
        if self._waker is not None:
            self._waker.wake()

    # -- on the scale's thread -------------------------------------------------------------------------

    def _run(self, waker: _Waker, emit: Emit, stop: threading.Event) -> None:
        def work() -> None:
            try:
                waker.open()
            except DeviceOffline as error:
                emit(DeviceChanged("scale", self.name, DeviceState.FAILED, "missing", str(error)))
                return
            if emit(DeviceChanged("scale", self.name, DeviceState.READY)):
                self._weigh(waker, emit, stop)

        stumbled = DeviceChanged("scale", self.name, DeviceState.FAILED, "error", "see the log")
        try:
            keep_running(f"scale {self.name}", work, stop, lambda: emit(stumbled))
        finally:
            waker.dispose()

    def _weigh(self, waker: _Waker, emit: Emit, stop: threading.Event) -> None:
        while not stop.is_set():
            now = time.monotonic()
            while self._orders:
                self._obey(*self._orders.popleft(), now)
            if self._watch.wants(now):
                self._watch.hear(self._reading(now), now)
            weight = self._watch.due(now)
            if weight is not None and not emit(WeightRead(self.name, weight)):
                return
            rest = self._rests_at if now < self._rests_at else now + 1.0
            for line in waker.read(min(rest, self._watch.next(now))):
                if match := _GRAMS.match(line):
                    self._obey("put", int(match[1]), now)

    def _obey(self, what: str, value: int | None, now: float) -> None:
        if what == "tare":
            self._watch.tare(value, now)
        elif what == "put":
            self._lay(value or 0, now)
            self._put_by_hand = True
        elif value:
            self._watch.begin(now)
            if self._settings.by_itself and not self._put_by_hand:
                self._lay(self._chance.randrange(50, 2000, 5), now)
        else:
            self._watch.end()

    def _lay(self, grams: int, now: float) -> None:
        self._grams, self._rests_at = grams, now + self._settings.settle_ms / 1000

    def _reading(self, now: float) -> Reading:
        if self._grams < 0:
            return Reading(0, Weighing.UNDER)
        if self._grams > self._settings.capacity_g:
            return Reading(0, Weighing.OVER)
        rested = settled(self._grams)
        return rested if now >= self._rests_at else replace(rested, state=Weighing.MOTION)


class _Waker:
    """Waits for orders, and for lines of a named pipe where there is one."""

    def __init__(self, path: Path | None, name: str) -> None:
        self._pipe = NamedPipe(path, device=name) if path is not None else None
        self._orders = Waker()
        self._nothing, self._unused = os.pipe()
        self._held = b""

    def open(self) -> None:
        """Open the named pipe.

        Raises:
            DeviceOffline: It cannot be made or opened.
        """
        if self._pipe is not None:
            self._pipe.open()

    def wake(self) -> None:
        """End the wait that is going on, or else the next one."""
        if self._pipe is not None:
            self._pipe.wake()
        else:
            self._orders.wake()

    def read(self, deadline: float) -> list[bytes]:
        """Give the lines that came before the deadline; half a line waits."""
        if self._pipe is None:
            self._orders.wait_readable(self._nothing, deadline)
            return []
        *lines, rest = (self._held + self._pipe.read(4096, deadline)).split(b"\n")
        self._held = rest[-64:]
        return lines

    def dispose(self) -> None:
        """Let go of everything."""
        self._orders.close()
        os.close(self._nothing)
        os.close(self._unused)
        if self._pipe is not None:
            self._pipe.dispose()
