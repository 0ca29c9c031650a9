"""What the cashier does with devices: the drawer, the scale, the display, trying one out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tilltui.domain.people.rights import Right
from tilltui.services.devices.devices import Devices
from tilltui.services.flow import Flow, Wait
from tilltui.services.session import Session, command

if TYPE_CHECKING:
    from tilltui.config.schema import DeviceSection
    from tilltui.errors import TillError
    from tilltui.ports.kinds import Try
    from tilltui.services.devices.display import CustomerLines
    from tilltui.services.devices.weighing import Weigher


class DeviceTill:
    """Commands on devices, and what is known of them.

    Args:
        devices: What is on a cable.
        session: Who asks.
    """

    def __init__(self, devices: Devices, session: Session) -> None:
        self.session = session
        self._devices = devices

    @property
    def customer(self) -> CustomerLines | None:
        """What the customers read; ``None`` where there is no display."""
        return self._devices.customer

    @property
    def weighing(self) -> Weigher | None:
        """Weighs on the first scale; ``None`` where there is none."""
        return self._devices.weighing

    @property
    def sections(self) -> list[DeviceSection]:
        """What is set up, in the order of the file."""
        return self._devices.sections

    @property
    def left_out(self) -> list[DeviceSection]:
        """Those that could not be made."""
        return self._devices.left_out

    @property
    def warnings(self) -> list[TillError]:
        """What was wrong with them."""
        return self._devices.warnings

    def of_kind(self, kind: str) -> Mapping[str, object]:
        """What was made of one kind, by name."""
        return self._devices.of_kind(kind)

    def feedback(self, source: str, ok: bool) -> None:
        """Tell a scanner whether its code was good."""
        self._devices.feedback(source, ok)

    @command(Right.DRAWER)
    def open_drawer(self, reason: str) -> Flow[None]:
        """Open the drawer without a sale; it is recorded at once.

        Args:
            reason: The cashier's words.

        Raises:
            DeviceError: It did not open; awaited.
        """
        operator = self.session.operator
        return self._opened(reason, (operator.id, operator.name))

    async def _opened(self, reason: str, who: tuple[int, str]) -> None:
        await Wait(self._devices.open_drawer(reason, who), hold=False)

    @command(Right.DEVICES)
    def show_test(self, display: str, upper: str, lower: str) -> None:
        """Show two lines on a display until something is rung."""
        self._devices.displays[display].show(upper, lower)

    def tries(self, kind: str, name: str) -> list[Try]:
        """What can be tried with a device; nothing with one that was left out."""
        return self._devices.tries(kind, name)

    @command(Right.DEVICES)
    def forget(self, printer: str) -> None:
        """Forget what a printer was found able to do; its next paper finds it out anew."""
        self._devices.printers[printer].forget()
