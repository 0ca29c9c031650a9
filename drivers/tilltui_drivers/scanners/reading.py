"""Reading a scanner behind a device file: open it, cut codes out, hand them on, look for it again."""

from __future__ import annotations

import errno
import logging
import os
import threading
import time
from abc import abstractmethod
from typing import Protocol

from tilltui.errors import N_, DeviceBusy, DeviceOffline
from tilltui.ports import (
    BarcodeScanned,
    DeviceChanged,
    DeviceState,
    Emit,
    ScanGarbled,
    Scanner,
    TransportLost,
)
from tilltui_drivers.scanners.framer import Frame, Framer, Framing
from tilltui_drivers.scanners.rules import Rules
from tilltui_drivers.supervisor import keep_running

log = logging.getLogger(__name__)

SLICE = 1.0
"""Longest wait in seconds; nothing is polled faster while a scanner is silent."""

BACK_OFF = (1.0, 2.0, 5.0)
"""Seconds between attempts to open the device; the last one is repeated."""

WATCH = 0.5
"""Seconds between looks at a missing path, so that a scanner plugged in again works at once."""


class Source(Protocol):
    """A stream of bytes or reports that can be read with a deadline."""

    def read(self, limit: int, deadline: float) -> bytes:
        """Read at most ``limit`` bytes; ``b""`` at the deadline."""


def cannot_open(error: OSError, device: str, path: str, *, denied: str, wrong: str) -> DeviceOffline:
    """What to say of a device file that cannot be opened.

    Args:
        error: What the kernel said.
        device: The scanner's name.
        path: The file.
        denied: What to do where it may not be opened, marked with ``N_``.
        wrong: What to do where it is no scanner.
    """
    if error.errno in (errno.EACCES, errno.EPERM):
        reason, hint = "denied", denied
    elif error.errno in (errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.EIO):
        reason, hint = "missing", N_("Plug the scanner in; check its path in the settings.")
    else:
        reason, hint = "settings", wrong
    return DeviceOffline(
        N_("{device}: {path} cannot be opened: {why}."),
        hint=hint,
        device=device,
        path=path,
        why=error.strerror or str(error),
        reason=reason,
    )


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


def read_codes(source: Source, framer: Cutter, name: str, emit: Emit, stop: threading.Event) -> bool:
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


class DeviceFile(Source, Protocol):
    """A device file that is read with deadlines, on one thread but for ``cancel``."""

    def open(self) -> None:
        """Open it; ``DeviceOffline`` and ``DeviceBusy`` carry a field ``reason``."""

    def cancel(self) -> None:
        """End the ``read`` that is going on, from any thread."""

    def close(self) -> None:
        """Let it go; it can be opened again."""

    def dispose(self) -> None:
        """Let it go for good."""


class FileScanner(Scanner):
    """One device file, one daemon thread; unplugged or missing, it is looked for until ``stop``.

    Args:
        name: The shop's own name of the scanner.
        path: The device file; it may be missing.
        framing: How the scanner dresses its codes.
        rules: What the shop lets it read.
    """

    def __init__(self, name: str, path: str, framing: Framing, rules: Rules) -> None:
        self.name = name
        self._path = path
        self._framing = framing
        self._rules = rules
        self._stop = threading.Event()
        self._look = threading.Event()
        self._said: tuple[DeviceState, str] | None = None
        self._file: DeviceFile | None = None
        self._thread: threading.Thread | None = None

    @abstractmethod
    def make_file(self) -> DeviceFile:
        """Make the device file, not opened yet."""

    def make_cutter(self) -> Cutter:
        """Make what cuts codes out of what is read; called each time that the device file was opened."""
        return Framer(self._framing)

    def look_again(self) -> None:
        """End the wait before the next attempt to open it; from any thread."""
        self._look.set()

    def start(self, emit: Emit) -> None:
        """Begin to look for the scanner and to read it; returns at once."""
        if self._thread is not None and self._thread.is_alive():
            return
        self._stop = threading.Event()
        self._said = None
        self._file = self.make_file()
        self._thread = threading.Thread(
            target=self._run,
            args=(self._file, self._rules.guard(emit), self._stop),
            name=f"scanner-{self.name}",
            daemon=True,
        )
        self._thread.start()

    def stop(self, timeout: float = 2.0) -> None:
        """Stop reading within ``timeout`` seconds; may be called twice."""
        self._stop.set()
        self._look.set()
        if self._file is not None:
            self._file.cancel()
        if self._thread is not None:
            self._thread.join(timeout)

    def _run(self, file: DeviceFile, emit: Emit, stop: threading.Event) -> None:
        try:
            keep_running(
                f"scanner {self.name}",
                lambda: self._keep_reading(file, emit, stop),
                stop,
                lambda: self._say(emit, DeviceState.FAILED, "error", "the scanner's thread stumbled"),
            )
        finally:
            file.dispose()

    def _keep_reading(self, file: DeviceFile, emit: Emit, stop: threading.Event) -> None:
        failures = 0
        going_on = self._say(emit, DeviceState.CONNECTING)
        while going_on and not stop.is_set():
            self._look.clear()
            try:
                file.open()
                failures = 0
                going_on = self._say(emit, DeviceState.READY) and self._read(file, emit, stop)
            except (DeviceOffline, DeviceBusy) as error:
                going_on = self._say(emit, DeviceState.FAILED, str(error.fields["reason"]), str(error))
            except TransportLost as error:
                going_on = self._say(emit, DeviceState.FAILED, "unplugged", str(error))
            finally:
                file.close()
            if going_on:
                self._pause(BACK_OFF[min(failures, len(BACK_OFF) - 1)], stop)
                failures += 1

    def _read(self, file: DeviceFile, emit: Emit, stop: threading.Event) -> bool:
        cutter = self.make_cutter()
        try:
            return read_codes(file, cutter, self.name, emit, stop)
        except TransportLost:
            emit_frames(cutter.abandon(time.monotonic()), self.name, emit)
            raise

    def _pause(self, seconds: float, stop: threading.Event) -> None:
        """Wait before the next attempt, but only until a path that was missing is there."""
        until = time.monotonic() + seconds
        missing = not os.path.exists(self._path)
        while not stop.is_set() and (left := until - time.monotonic()) > 0:
            if self._look.wait(min(WATCH, left)):
                self._look.clear()
                return
            exists = os.path.exists(self._path)
            if missing and exists:
                return
            missing = not exists

    def _say(self, emit: Emit, state: DeviceState, reason: str = "", detail: str = "") -> bool:
        """Emit a change of state, not its repetition; ``False``: the till is closing."""
        if self._said == (state, reason):
            return True
        self._said = (state, reason)
        log.info("scanner %s: %s %s %s", self.name, state, reason, detail)
        return emit(DeviceChanged("scanner", self.name, state, reason, detail))
