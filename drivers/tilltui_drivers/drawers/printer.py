"""The drawer behind a receipt printer, fired through the printer's drawer socket."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from tilltui.errors import N_, DeviceError
from tilltui.ports import Drawer, PrinterSocket


class PrinterDrawer(Drawer):
    """Asks a printer to kick; the till says which one by ``attach``, once, before the first ``open``."""

    @dataclass(frozen=True, slots=True)
    class Settings:
        """``[drawer.NAME]`` with ``driver = "printer"``."""

        printer: str
        """Name of the printer that the drawer hangs on, as in ``[printer.NAME]``."""
        pin: int = 2
        """Pin of the printer's drawer socket: 2 or 5."""
        open_level: Literal["", "high", "low"] = ""
        """Level of the socket's pin 3 while the drawer stands open; empty: it has no switch."""
        warn_after: int = field(default=60, metadata={"min": 0, "max": 3600})
        """Seconds that it may stand open until the screen says so; 0 for never. Needs a switch."""

    def __init__(self, name: str, settings: Settings) -> None:
        self.name = name
        self.settings = settings
        self._socket: PrinterSocket | None = None

    @property
    def hangs_on(self) -> str:
        """Name of its printer."""
        return self.settings.printer

    @property
    def warn_after(self) -> float:
        """Seconds that it may stand open."""
        return self.settings.warn_after

    def attach(self, socket: PrinterSocket) -> None:
        """Connect the drawer to its printer."""
        self._socket = socket

    def is_open(self) -> bool | None:
        """Whether it stands open; ``None`` where no switch is wired or the printer does not tell.

        Raises:
            DeviceError: The printer could not be asked.
        """
        if not self.settings.open_level or self._socket is None:
            return None
        high = self._socket.drawer_level()
        return None if high is None else high is (self.settings.open_level == "high")

    def open(self) -> None:
        """Fire the solenoid once; never tried again, since a drawer that opens late stands open unwatched.

        Raises:
            DeviceError: There is no such printer, or it could not fire.
        """
        if self._socket is None:
            raise DeviceError(
                N_("Drawer {device} hangs on printer {printer}, which is not set up."),
                device=self.name,
                hint=N_("Correct the name of the printer in the settings."),
                printer=self.settings.printer,
            )
        self._socket.kick(self.settings.pin)
