"""What was found, and where to look for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Roots:
    """The two file systems that are read; a test has its own."""

    dev: Path = Path("/dev")
    """Device files and udev's links."""
    sys: Path = Path("/sys")
    """The kernel's view (sysfs)."""


@dataclass(frozen=True, slots=True)
class Known:
    """An entry of ``known.toml``.

    Attributes:
        title: What a person would call it.
        kind: ``scanner``, ``printer``, ``scale``, ``display``, ``terminal``; empty for an adapter, whose
            number says nothing of what hangs behind it.
        verified: The number was seen in another program's table or on a device; else it is from memory.
        settings: What the section of such a device would need besides ``driver`` and path.
    """

    title: str
    kind: str = ""
    verified: bool = False
    driver: str = ""
    settings: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that is plugged in.

    Attributes:
        bus: ``serial``, ``usblp``, ``keyboard``, ``hidraw`` (a scanner in HID-POS mode), or ``usb`` for what
            has no device file that the till uses.
        path: The name that stays, for ``till.toml``; the device file where there is none.
        node: The device file as it is now; empty for ``usb``.
        key: Identity that stays when it is plugged in elsewhere, where it has a serial number.
        vendor: USB vendor number; ``None`` where there is no USB.
        product: USB product number.
        title: What it calls itself; cleaned, may be empty.
        serial_number: Its own; cleaned, may be empty.
        commands: IEEE 1284 ``CMD`` of a printer, such as ``ESC/POS``.
        known: What the table says of it.
        stable: Whether ``path`` stays with the device.
        usb: Where it is in sysfs, to tell what hangs on one plug; empty without USB.
    """

    bus: str
    path: str
    node: str
    key: str
    vendor: int | None = None
    product: int | None = None
    title: str = ""
    serial_number: str = ""
    commands: str = ""
    known: Known | None = None
    stable: bool = True
    usb: str = ""

    @property
    def name(self) -> str:
        """What to call it: its own name, else the table's, else its numbers."""
        if self.title:
            return self.title
        if self.known is not None:
            return self.known.title
        return f"{self.vendor:04x}:{self.product:04x}" if self.vendor is not None else Path(self.node).name
