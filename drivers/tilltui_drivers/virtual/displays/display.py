"""A customer display for the demo and tests: its two lines stand in memory and, if wanted, in a file."""

from __future__ import annotations

import logging
import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from tilltui.ports import CustomerDisplay, DeviceChanged, DeviceState, Emit
from tilltui_drivers.displays.dialects import DIALECTS, Commands
from tilltui_drivers.displays.letters import Letters, Page
from tilltui_drivers.supervisor import keep_running
from tilltui_drivers.virtual.displays.display_device import Interpreter

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class VirtualDisplaySettings:
    """Settings of a ``[display.NAME]`` with ``driver = "virtual"``."""

    path: Path | None = None
    """File that always holds the two lines, for looking at in another terminal; without it there is none."""
    commands: Commands = "epson"
    """Command set that it pretends to have: epson, cd5220, aedex, logic or utc."""
    codepage: Page = ""
    """Code page of an epson display; empty: letters without accents."""


class VirtualDisplay(CustomerDisplay):
    """Writes like the real driver, and reads the bytes itself; ``lines`` is what the customer reads."""

    Settings: ClassVar[type[VirtualDisplaySettings]] = VirtualDisplaySettings

    def __init__(self, name: str, settings: VirtualDisplaySettings) -> None:
        self.name = name
        self._settings = settings
        self._dialect = DIALECTS[settings.commands]
        page = settings.codepage if settings.codepage in dict(self._dialect.pages) else ""
        self._letters = Letters(page)
        self._glass = Interpreter(settings.commands)
        self._glass.feed(self._dialect.reset + self._dialect.opening(page))
        self._changed = threading.Condition()
        self._fresh = False
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def lines(self) -> tuple[str, str]:
        """The two lines, twenty characters each."""
        with self._changed:
            return self._glass.grid.lines

    def start(self, emit: Emit) -> None:
        """Be there at once; a file is written by a thread of its own."""
        if self._thread is not None and self._thread.is_alive():
            return
        if self._settings.path is None:
            emit(DeviceChanged("display", self.name, DeviceState.READY))
            return
        self._stop, self._fresh = threading.Event(), True
        self._thread = threading.Thread(
            target=self._run,
            args=(self._settings.path, emit, self._stop),
            name=f"display-{self.name}",
            daemon=True,
        )
        self._thread.start()

    def stop(self, timeout: float = 2.0) -> None:
        """Stop writing; may be called twice."""
        with self._changed:
            self._stop.set()
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(timeout)

    def show(self, upper: str, lower: str) -> None:
        """Show two lines, each cut to 20 characters."""
        self._draw(self._dialect.frame(upper, lower, self._letters))

    def clear(self) -> None:
        """Show nothing."""
        self._draw(self._dialect.blank())

    def _draw(self, data: bytes) -> None:
        with self._changed:
            self._glass.feed(data)
            self._fresh = True
            self._changed.notify_all()

    def _run(self, path: Path, emit: Emit, stop: threading.Event) -> None:
        def stumbled() -> None:
            with self._changed:
                self._fresh = True  # what was to be written was not
            emit(DeviceChanged("display", self.name, DeviceState.FAILED, "error", "see the log"))

        keep_running(f"display {self.name}", lambda: self._write_each(path, emit, stop), stop, stumbled)

    def _write_each(self, path: Path, emit: Emit, stop: threading.Event) -> None:
        said: DeviceState | None = None
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._fresh or stop.is_set())
                if not self._fresh:
                    return
                self._fresh = False
                text = "".join(f"{line}\n" for line in self._glass.grid.lines)
            state, why = _write(path, text)
            if state is not said:
                said = state
                if not emit(DeviceChanged("display", self.name, state, "missing" if why else "", why)):
                    return


def _write(path: Path, text: str) -> tuple[DeviceState, str]:
    """Replace the file whole; gives how that went."""
    new = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        new.write_text(text, "utf-8")
        new.replace(path)
    except OSError as error:
        log.warning("the display's file %s cannot be written: %s", path, error)
        return DeviceState.FAILED, str(error)
    return DeviceState.READY, ""
