"""What the till needs of the outside, and the events that come back.

Drivers (``tilltui_drivers`` or anyone's), uploaders and fiscal regimes implement these small classes and
register themselves as entry points; the till never imports one by name. A port's docstring states on which
thread it is called, whether it may block, and which errors it raises. Only ``tilltui.errors`` and
``tilltui.domain`` are imported here.

A driver's constructor takes ``(name, settings)``: the shop's own name of the device (``receipt`` in
``[printer.receipt]``) and an instance of the class that its ``Settings`` attribute names, a frozen dataclass
whose fields the configuration reader fills from ``till.toml``.
"""

from tilltui.ports.abilities import (
    ABILITIES,
    CanBeProbed,
    CanBeTried,
    ExpectsRest,
    HangsOnPrinter,
    LooksAgain,
    MarkingTerminal,
    Memory,
    Onlooker,
    PassesOn,
    PrinterSocket,
    Remembers,
    TellsDrawerLevel,
    TellsIfOpen,
)
from tilltui.ports.device import Device, Scanner
from tilltui.ports.display import CustomerDisplay
from tilltui.ports.events import (
    BarcodeScanned,
    DeviceChanged,
    DeviceEvent,
    DeviceState,
    Emit,
    JobChanged,
    ScanGarbled,
    WeightRead,
)
from tilltui.ports.fiscal import FiscalRegime
from tilltui.ports.printer import Delivered, Delivery, Drawer, Job, PaperProfile, PaperRules, Printer
from tilltui.ports.scale import Scale
from tilltui.ports.terminal import Charge, ChargeResult, PaymentTerminal
from tilltui.ports.transport import Transport, TransportLost
from tilltui.ports.upload import OutboxRecord, Outcome, Uploader, Verdict
from tilltui.ports.weight import Weighing, Weight

__all__ = [
    "ABILITIES",
    "BarcodeScanned",
    "CanBeProbed",
    "CanBeTried",
    "Charge",
    "ChargeResult",
    "CustomerDisplay",
    "Delivered",
    "Delivery",
    "Device",
    "DeviceChanged",
    "DeviceEvent",
    "DeviceState",
    "Drawer",
    "Emit",
    "ExpectsRest",
    "FiscalRegime",
    "HangsOnPrinter",
    "Job",
    "JobChanged",
    "LooksAgain",
    "MarkingTerminal",
    "Memory",
    "Onlooker",
    "OutboxRecord",
    "Outcome",
    "PaperProfile",
    "PaperRules",
    "PassesOn",
    "PaymentTerminal",
    "Printer",
    "PrinterSocket",
    "Remembers",
    "Scale",
    "ScanGarbled",
    "Scanner",
    "TellsDrawerLevel",
    "TellsIfOpen",
    "Transport",
    "TransportLost",
    "Uploader",
    "Verdict",
    "Weighing",
    "Weight",
    "WeightRead",
]
