"""The demo shop's scanner: codes come from the till itself and from a named pipe.

With ``path`` set, ``echo 7801234567894 > PATH`` in another terminal is a scan.
"""

from __future__ import annotations

import contextlib
import logging
import os
import stat
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from tilltui.errors import N_, DeviceOffline
from tilltui.ports import DeviceChanged, DeviceState, Emit, Scanner
from tilltui_drivers.scanners.code_settings import ANY_CODE, CodeSettings
from tilltui_drivers.scanners.framer import Framer
from tilltui_drivers.scanners.reading import emit_frames, read_codes
from tilltui_drivers.supervisor import keep_running
from tilltui_drivers.transport.waker import Waker

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class VirtualScannerSettings:
    """Settings of a ``[scanner.NAME]`` with ``driver = "virtual"``."""

    path: Path | None = None
    """Named pipe to read codes from, made if it is not there; without it only the till itself scans."""
    codes: CodeSettings = field(default=ANY_CODE, metadata={"flat": True})
    idle_ms: int = field(default=60, metadata={"min": 0, "max": 5000})
    """Milliseconds of silence that end a code without CR, LF, TAB or ETX; 0: never."""


class NamedPipe:
    """A named pipe of this user's that never ends, however many writers come and go."""

    def __init__(self, path: Path, *, device: str = "") -> None:
        self._path = path
        self._device = device
        self._waker = Waker()
        self._fd = -1
        self._made = False

    def open(self) -> None:
        """Make the pipe where there is none, for this user alone, and open it.

        Raises:
            DeviceOffline: It cannot be made or opened, or the path is something else or somebody else's.
        """
        self.close()
        try:
            with contextlib.suppress(FileExistsError):
                os.mkfifo(self._path, 0o600)
                self._made = True
            # Open for writing too: without a writer of our own every ``echo`` would end the stream.
            self._fd = os.open(self._path, os.O_RDWR | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError as error:
            raise self._refuse(str(error)) from error
        found = os.fstat(self._fd)
        if not stat.S_ISFIFO(found.st_mode) or found.st_uid != os.geteuid():
            self.close()
            raise self._refuse("it is no named pipe of this user's")

    def read(self, limit: int, deadline: float) -> bytes:
        """Read at most ``limit`` bytes; ``b""`` at the deadline or when woken."""
        return os.read(self._fd, limit) if self._waker.wait_readable(self._fd, deadline) else b""

    def wake(self) -> None:
        """End the ``read`` that is going on in another thread."""
        self._waker.wake()

    def dispose(self) -> None:
        """Close the pipe, and remove it where ``open`` made it."""
        self.close()
        self._waker.close()
        if self._made:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self._path)

    def close(self) -> None:
        """Close the pipe; it can be opened again."""
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)

    def _refuse(self, why: str) -> DeviceOffline:
        return DeviceOffline(
            N_("{device}: {path} cannot be read: {why}."),
            hint=N_("Give another path, in a folder of the till's own user."),
            device=self._device,
            path=self._path,
            why=why,
        )


class VirtualScanner(Scanner):
    """A scanner without hardware; ``heard`` keeps the last feedback, as a real one would beep it."""

    Settings: ClassVar[type[VirtualScannerSettings]] = VirtualScannerSettings

    def __init__(self, name: str, settings: VirtualScannerSettings) -> None:
        self.name = name
        self.heard: bool | None = None
        self._settings = settings
        self._framing = settings.codes.framing(settings.idle_ms)
        self._emit: Emit | None = None
        self._stop = threading.Event()
        self._pipe: NamedPipe | None = None
        self._thread: threading.Thread | None = None

    def start(self, emit: Emit) -> None:
        """Take codes from ``scan`` at once, and from the pipe in a thread of its own."""
        if self._emit is not None:
            return
        emit = self._settings.codes.rules().guard(emit)
        self._emit = emit
        if self._settings.path is None:
            emit(DeviceChanged("scanner", self.name, DeviceState.READY))
            return
        self._stop = threading.Event()
        self._pipe = NamedPipe(self._settings.path, device=self.name)
        self._thread = threading.Thread(
            target=self._run,
            args=(self._pipe, emit, self._stop),
            name=f"scanner-{self.name}",
            daemon=True,
        )
        self._thread.start()

    def stop(self, timeout: float = 2.0) -> None:
        """Take no more codes; may be called twice."""
        self._emit = None
        self._stop.set()
        if self._pipe is not None:
            self._pipe.wake()
        if self._thread is not None:
            self._thread.join(timeout)

    def scan(self, text: str) -> bool:
        """Scan ``text`` as if it stood on a product, with an AIM identifier in front or without; any thread.

        Returns:
            Whether the till took a code: not before ``start``, after ``stop`` or where nothing is legible.
        """
        emit = self._emit
        framer = Framer(self._framing)
        now = time.monotonic()
        frames = framer.feed(text.encode("utf-8", "replace") + b"\r", now)
        return emit is not None and bool(frames) and emit_frames(frames, self.name, emit)

    def feedback(self, ok: bool) -> None:
        """Remember what a real scanner would beep."""
        self.heard = ok

    def _run(self, pipe: NamedPipe, emit: Emit, stop: threading.Event) -> None:
        def work() -> None:
            try:
                pipe.open()
            except DeviceOffline as error:
                emit(DeviceChanged("scanner", self.name, DeviceState.FAILED, "missing", str(error)))
                return
            if emit(DeviceChanged("scanner", self.name, DeviceState.READY)):
                read_codes(pipe, Framer(self._framing), self.name, emit, stop)

        stumbled = DeviceChanged("scanner", self.name, DeviceState.FAILED, "error", "see the log")
        try:
            keep_running(f"scanner {self.name}", work, stop, lambda: emit(stumbled))
        finally:
            pipe.dispose()
