"""A customer display behind a receipt printer, on the printer's display socket or in its cable."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import ClassVar

from tilltui.ports import CustomerDisplay, DeviceChanged, DeviceState, Emit, PrinterSocket
from tilltui_drivers.displays.dialects import DIALECTS, TO_DISPLAY, TO_PRINTER, Commands
from tilltui_drivers.displays.letters import Letters, Page

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PrinterDisplaySettings:
    """Settings of a ``[display.NAME]`` with ``driver = "printer"``."""

    printer: str
    """Name of the printer that the display hangs on, as in ``[printer.NAME]``."""
    commands: Commands = "epson"
    """Command set of the display: epson, cd5220, aedex, logic or utc."""
    codepage: Page = ""
    """Code page of an epson display, as cp858; empty: letters without accents, which every one has."""


class PrinterDisplay(CustomerDisplay):
    """Hands its texts to the printer's worker, which sends them when no receipt waits.

    The till says which worker by ``attach``, once, before ``start``; it keeps only the latest text.
    """

    Settings: ClassVar[type[PrinterDisplaySettings]] = PrinterDisplaySettings

    def __init__(self, name: str, settings: PrinterDisplaySettings) -> None:
        self.name = name
        self.settings = settings
        self._dialect = DIALECTS[settings.commands]
        self._page = settings.codepage if settings.codepage in dict(self._dialect.pages) else ""
        self._letters = Letters(self._page)
        self._socket: PrinterSocket | None = None

    @property
    def hangs_on(self) -> str:
        """Name of its printer."""
        return self.settings.printer

    def attach(self, socket: PrinterSocket) -> None:
        """Connect the display to its printer."""
        self._socket = socket

    def start(self, emit: Emit) -> None:
        """Say whether there is a printer; there is nothing to open."""
        if self._socket is None:
            detail = f"there is no printer {self.settings.printer}"
            log.warning("display %s: %s", self.name, detail)
            emit(DeviceChanged("display", self.name, DeviceState.FAILED, "missing", detail))
        else:
            emit(DeviceChanged("display", self.name, DeviceState.READY))

    def stop(self, timeout: float = 2.0) -> None:
        """Nothing runs."""

    def show(self, upper: str, lower: str) -> None:
        """Show two lines, each cut to 20 characters; from any thread, returns at once."""
        self._pass(self._dialect.frame(upper, lower, self._letters))

    def clear(self) -> None:
        """Show nothing."""
        self._pass(self._dialect.blank())

    def _pass(self, data: bytes) -> None:
        # Nobody tells when the display was switched off and on: its modes are said each time, but it is not
        # reset, which would flicker.
        if self._socket is not None:
            opening = self._dialect.opening(self._page)
            self._socket.pass_on(TO_DISPLAY + opening + data + TO_PRINTER)
