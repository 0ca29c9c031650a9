"""The drawer behind a receipt printer, fired through the printer's drawer socket."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tilltui.errors import N_, DeviceError
from tilltui.ports import Drawer


class PrinterDrawer(Drawer):
    """Asks a printer to kick; the till says which one by ``attach``, once, before the first ``open``."""

    @dataclass(frozen=True, slots=True)
    class Settings:
        """``[drawer.NAME]`` with ``driver = "printer"``."""

        printer: str
        """Name of the printer that the drawer hangs on, as in ``[printer.NAME]``."""
        pin: int = 2
        """Pin of the printer's drawer socket: 2 or 5."""

    def __init__(self, name: str, settings: Settings) -> None:
        self.name = name
        self.settings = settings
        self._kick: Callable[[int], None] | None = None

    def attach(self, kick: Callable[[int], None]) -> None:
        """Connect the drawer to its printer; ``kick`` takes the pin and raises ``DeviceError``."""
        self._kick = kick

    def open(self) -> None:
        """Fire the solenoid once; never tried again, since a drawer that opens late stands open unwatched.

        Raises:
            DeviceError: There is no such printer, or it could not fire.
        """
        if self._kick is None:
            raise DeviceError(
                N_("Drawer {device} hangs on printer {printer}, which is not set up."),
                device=self.name,
                hint=N_("Correct the name of the printer in the settings."),
                printer=self.settings.printer,
            )
        self._kick(self.settings.pin)
