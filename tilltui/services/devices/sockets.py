"""What hangs on a printer, plugged into that printer's worker: drawers and customer displays."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NoAnswer
from typing import TYPE_CHECKING, TypeVar

from tilltui.errors import N_, DeviceError
from tilltui.ports import HangsOnPrinter

if TYPE_CHECKING:
    from tilltui.services.paper.printing import PrintWorker

T = TypeVar("T")

KICK_SECONDS = 10.0
"""How long a printer has to fire its drawer."""

LEVEL_SECONDS = 5.0
"""How long a printer has to say whether its drawer stands open."""


class WorkerSocket:
    """The sockets of a printer that a worker owns (``ports.PrinterSocket``).

    Args:
        worker: The printer's worker.
        device: The shop's own name of what hangs on it, for messages.
    """

    def __init__(self, worker: PrintWorker, device: str) -> None:
        self._worker = worker
        self._device = device

    def kick(self, pin: int) -> None:
        """Open the drawer once; see ``PrintWorker.kick``.

        Raises:
            DeviceError: It did not open, or the printer has not answered in time.
        """
        self._answer(self._worker.kick(pin), KICK_SECONDS)

    def drawer_level(self) -> bool | None:
        """Whether pin 3 is high; see ``PrintWorker.drawer_level``.

        Raises:
            DeviceError: It could not be asked, or has not answered in time.
        """
        return self._answer(self._worker.drawer_level(), LEVEL_SECONDS)

    def pass_on(self, data: bytes) -> None:
        """Send ``data`` to the display as soon as no receipt waits."""
        self._worker.display(data)

    def _answer(self, future: Future[T], seconds: float) -> T:
        try:
            return future.result(seconds)
        except NoAnswer as error:
            raise DeviceError(
                N_("The printer of the drawer {drawer} does not answer."),
                hint=N_("Open the drawer with its key, and look at the printer."),
                device=self._device,
                drawer=self._device,
            ) from error


def plug_in(device: object, name: str, printers: Mapping[str, PrintWorker]) -> bool:
    """Attach a device to the printer that it hangs on; ``False``: that printer is not there.

    Args:
        device: A drawer or display; one with a cable of its own is left as it is.
        name: The shop's own name of it.
        printers: Print workers by name.
    """
    if not isinstance(device, HangsOnPrinter):
        return True
    worker = printers.get(device.hangs_on)
    if worker is not None:
        device.attach(WorkerSocket(worker, name))
    return worker is not None
