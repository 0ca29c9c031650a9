"""Scales on a serial line: RS-232 or USB-COM."""

from __future__ import annotations

import logging
import time
from collections import deque
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from tilltui.ports import BarcodeScanned, DeviceState, Emit, Scale, WeightRead
from tilltui_drivers.scales import protocols
from tilltui_drivers.scales.engine import Engine, Heard, Manners, Noise, Reading, Scanned, Send
from tilltui_drivers.scales.watch import Watch
from tilltui_drivers.transport.serial.port import Line, SerialTransport
from tilltui_drivers.transport.serial.worker import SerialWorker

log = logging.getLogger(__name__)

SLICE = 1.0
"""Longest wait in seconds; while nobody weighs nothing is done more often."""

WRITE = 0.5
"""Seconds that a line is given to take a question of a few bytes."""


@dataclass(frozen=True, slots=True)
class SerialScaleSettings:
    """Settings of a ``[scale.NAME]`` with ``driver = "serial"``."""

    port: str
    """Device path, best ``/dev/serial/by-id/...``: the same wherever the scale is plugged in."""
    protocol: protocols.Protocol = "toledo8217"
    """What the scale speaks: toledo8217, nci, torrey, stream, cas, sma, dialog06, adam or magellan."""
    unit: Literal["kg", "lb"] = "kg"
    """What it weighs in, where its answers do not say."""
    tares: tuple[str, ...] = field(default=(), metadata={"max": 20, "example": ("Bandeja 12", "Frasco 250")})
    """Containers that are taken off, each a name and its weight in grams."""
    baudrate: int = field(default=0, metadata={"min": 0, "max": 4_000_000})
    """Bits a second; 0: as the protocol's scales are delivered."""
    bytesize: int = field(default=0, metadata={"min": 0, "max": 8})
    """Data bits, 7 or 8; 0: as they are delivered."""
    parity: Literal["", "N", "E", "O"] = ""
    """``N`` none, ``E`` even, ``O`` odd; empty: as they are delivered."""
    stopbits: int = field(default=1, metadata={"min": 1, "max": 2})
    """Stop bits, 1 or 2."""


class SerialScale(Scale):
    """One scale, one daemon thread; asked only while somebody weighs, looked for until ``stop``.

    Args:
        name: The shop's own name of the scale.
        settings: Its section of ``till.toml``.
        manners: Other timing than the protocol's.
    """

    Settings: ClassVar[type[SerialScaleSettings]] = SerialScaleSettings

    def __init__(self, name: str, settings: SerialScaleSettings, *, manners: Manners | None = None) -> None:
        self.name = name
        self._engine: Engine = protocols.engine(settings.protocol, settings.unit)
        self._manners = manners or self._engine.manners
        self._watch = Watch(self._manners)
        self._orders: deque[tuple[str, int | None]] = deque(maxlen=64)
        self._asked_at = float("-inf")
        self._answered = True
        line = Line(
            settings.port,
            settings.baudrate or self._engine.manners.baudrate,
            settings.bytesize or self._engine.manners.bytesize,
            settings.parity or self._engine.manners.parity,
            settings.stopbits,
        )
        self._worker = SerialWorker("scale", name, line, self._serve, self._away)

    def start(self, emit: Emit) -> None:
        """Begin to look for the scale; returns at once."""
        self._worker.start(emit)

    def stop(self, timeout: float = 2.0) -> None:
        """Stop within ``timeout`` seconds; may be called twice."""
        self._worker.stop(timeout)

    def look_again(self) -> None:
        """End the wait before the next attempt to open its port; from any thread."""
        self._worker.look_again()

    def watch(self, on: bool) -> None:
        """Emit ``WeightRead`` at each change, or stop doing so."""
        self._order("watch", int(on))

    def zero(self) -> None:
        """Ask the scale to set itself to zero, where its protocol can."""
        self._order("zero", None)

    def tare(self, grams: int | None) -> None:
        """Take a container off: its weight in grams, ``None`` for what is on the scale now, 0 for none.

        The till does it itself: none of the protocols takes a keyed tare, and a scale forgets its own
        with its power. A tare that somebody takes at the scale is taken once.
        """
        self._order("tare", grams)

    def _order(self, what: str, value: int | None) -> None:
        self._orders.append((what, value))
        self._worker.wake()

    # -- on the scale's thread -------------------------------------------------------------------------

    def _serve(self, transport: SerialTransport) -> None:
        self._engine.reset()
        self._watch.opened(time.monotonic())
        self._asked_at, self._answered = float("-inf"), True
        while not self._worker.stopping:
            self._obey(transport)
            now = time.monotonic()
            self._report(now)
            if self._manners.reopen and self._watch.silent_for(now) >= self._manners.reopen:
                log.info("scale %s: silent, its port is opened again", self.name)
                return
            if self._manners.unasked and not self._watch.wants(now):
                self._doze(transport)
                continue
            data = transport.read(4096, min(self._ask(transport, now), self._watch.next(now), now + SLICE))
            for heard in self._engine.feed(data):
                self._take(heard, transport)

    def _doze(self, transport: SerialTransport) -> None:
        """Let a scale that speaks unasked speak to nobody; whoever weighs next must not hear what it said."""
        self._worker.rest(SLICE)
        for _ in range(64):
            if not transport.read(4096, 0.0):
                return

    def _obey(self, transport: SerialTransport | None) -> None:
        """Carry out what was asked of the scale since the last look."""
        now = time.monotonic()
        while self._orders:
            what, value = self._orders.popleft()
            if what == "tare":
                self._watch.tare(value, now)
            elif what == "zero":
                self._zero(transport)
            elif value:
                self._watch.begin(now)
                self._engine.reset()
                self._asked_at, self._answered = float("-inf"), True
            else:
                self._watch.end()

    def _zero(self, transport: SerialTransport | None) -> None:
        command = self._engine.zero()
        if transport is None or not command:
            log.info("scale %s cannot be set to zero from the till", self.name)
        else:
            transport.write(command, time.monotonic() + WRITE)

    def _ask(self, transport: SerialTransport, now: float) -> float:
        """Ask for the weight if it is time to; gives the time of the next question."""
        if not self._watch.wants(now):
            return now + SLICE
        due = self._asked_at + (self._manners.poll if self._answered else self._manners.patience)
        if now < due:
            return due
        if not self._answered:
            self._engine.unanswered()
        question = self._engine.ask()
        if not question:
            return now + SLICE
        if transport.write(question, now + WRITE) < len(question):
            log.info("scale %s: its line takes no bytes", self.name)
        self._asked_at, self._answered = time.monotonic(), False
        return self._asked_at + self._manners.patience

    def _take(self, heard: Heard, transport: SerialTransport) -> None:
        now = time.monotonic()
        match heard:
            case Reading():
                self._answered = True
                self._watch.hear(heard, now)
            case Send(data):
                transport.write(data, now + WRITE)
            case Noise(data):
                log.debug("scale %s: no answer: %r", self.name, data[:40])
                self._watch.hear_noise()
            case Scanned(text, symbology, raw):
                self._worker.tell(BarcodeScanned(text, self.name, symbology, raw, now))

    def _report(self, now: float) -> None:
        weight = self._watch.due(now)
        if weight is not None:
            self._worker.tell(WeightRead(self.name, weight))
        if self._watch.mute:
            self._worker.say(DeviceState.DEGRADED, "silent", "the scale does not answer")
        else:
            self._worker.say(DeviceState.READY)

    def _away(self) -> None:
        """The port is not open: whoever weighs is told at once."""
        self._obey(None)
        now = time.monotonic()
        self._watch.gone(now)
        weight = self._watch.due(now)
        if weight is not None:
            self._worker.tell(WeightRead(self.name, weight))
