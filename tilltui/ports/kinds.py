"""The kinds of device: one row for each, which everything that differs from kind to kind is read out of.

A new kind is a row here, a port, and what only it needs: how it is started where it has no thread of its own
(``services.devices.starts``), how a person tries it (``services.doctor.trials``), and the contract of its
drivers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from types import MappingProxyType

from tilltui.domain.frozen import frozen
from tilltui.errors import N_
from tilltui.ports.abilities import Remembers
from tilltui.ports.device import Device, Scanner
from tilltui.ports.display import CustomerDisplay
from tilltui.ports.fiscal import FiscalRegime
from tilltui.ports.printer import Drawer, Printer
from tilltui.ports.scale import Scale
from tilltui.ports.terminal import PaymentTerminal
from tilltui.ports.upload import Uploader


@frozen
class Try:
    """Something that a person can do with a device on F12, Devices.

    Attributes:
        id: Name of what is done.
        words: What it says, marked for translation.
        needs: Ability that the driver must have; ``None``: every driver will do.
    """

    id: str
    words: str
    needs: type | None = None


@frozen
class Place:
    """How a device that was found on a bus is set up.

    Attributes:
        bus: ``serial``, ``usblp``, ``keyboard`` or ``hidraw``, as the list of what is plugged in says.
        driver: The usual driver.
        setting: The setting that takes the device's path.
        more: Further settings.
    """

    bus: str
    driver: str
    setting: str
    more: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


@frozen
class Kind:
    """One kind of device, or of anything else that a plug-in serves.

    Attributes:
        name: Section of ``till.toml``, and ``kind`` of the port.
        port: What a driver implements.
        word: What a person calls it, marked for translation.
        example: A usual driver, for a hint.
        usual_name: The shop's own name that is proposed for the first one.
        tries: What a person can do with one on F12, Devices.
        places: How one that was found is set up.
        named: There may be several, each with a name of its own after a dot.
    """

    name: str
    port: type
    word: str
    example: str
    usual_name: str
    tries: tuple[Try, ...] = ()
    places: tuple[Place, ...] = ()
    named: bool = True

    @property
    def group(self) -> str:
        """Entry point group of its drivers.

        >>> KINDS["scanner"].group
        'tilltui.scanner'
        """
        return f"tilltui.{self.name}"

    @property
    def has_thread(self) -> bool:
        """Whether a driver works by itself once it is started (``ports.Device``)."""
        return issubclass(self.port, Device)


_ROWS = (
    Kind(
        "scanner",
        Scanner,
        N_("scanner"),
        example="serial",
        usual_name="front",
        tries=(Try("scan", N_("Scan something to try it")),),
        places=(
            Place("serial", "serial", "port"),
            Place("keyboard", "evdev", "device"),
            Place("hidraw", "hidpos", "device"),
        ),
    ),
    Kind(
        "printer",
        Printer,
        N_("printer"),
        example="escpos",
        usual_name="receipt",
        tries=(
            Try("page", N_("Print a test page")),
            Try("jobs", N_("Printing: what waits")),
            Try("forget", N_("It was exchanged: find out anew what it can do"), needs=Remembers),
        ),
        places=(
            Place("usblp", "escpos", "path", MappingProxyType({"transport": "usblp"})),
            Place("serial", "escpos", "path", MappingProxyType({"transport": "serial"})),
        ),
    ),
    Kind(
        "drawer",
        Drawer,
        N_("drawer"),
        example="printer",
        usual_name="main",
        tries=(Try("drawer", N_("Open it to try it")),),
    ),
    Kind(
        "scale",
        Scale,
        N_("scale"),
        example="serial",
        usual_name="counter",
        tries=(Try("weigh", N_("Weigh something to try it")),),
        places=(Place("serial", "serial", "port"),),
    ),
    Kind(
        "display",
        CustomerDisplay,
        N_("display"),
        example="serial",
        usual_name="customer",
        tries=(Try("show", N_("Show a test text")),),
        places=(Place("serial", "serial", "port"),),
    ),
    Kind(
        "terminal",
        PaymentTerminal,
        N_("terminal"),
        example="manual",
        usual_name="card",
        tries=(Try("cards", N_("Charges and end of day")),),
    ),
    Kind("uploader", Uploader, N_("upload"), example="folder", usual_name="usb"),
    Kind("fiscal", FiscalRegime, N_("fiscal regime"), example="none", usual_name="fiscal", named=False),
)

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in _ROWS}
"""By name, in the order of the settings, of the screen and of the start; they are stopped in the reverse.

What hangs on a printer comes after it.
"""
