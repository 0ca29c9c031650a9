"""Which event devices are keyboards, and whether one is left when a scanner is taken away."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from tilltui_drivers.discovery.found import Roots
from tilltui_drivers.discovery.known import known
from tilltui_drivers.discovery.sysfs import UsbDevice, attribute, entries, usb_parent

_KEYS = 0xFFFFFFFE
"""Key codes 1 to 31, from Escape to S: udev, too, calls a keyboard what has them all."""

_SCANNER = re.compile(r"bar ?code|scanner|\breader\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Keyboard:
    """An event device with the keys of a keyboard.

    Attributes:
        event: Name of its device file, such as ``event3``.
        title: What it calls itself.
        plug: What it hangs on: two interfaces of one plug are one device.
        usb: The USB device, if it is one.
        scanner: It calls itself a scanner, or its maker makes nothing else.
    """

    event: str
    title: str
    plug: str
    usb: UsbDevice | None
    scanner: bool


def keyboards(roots: Roots) -> list[Keyboard]:
    """All event devices with the keys of a keyboard, scanners among them."""
    found = []
    for folder in entries(roots.sys / "class" / "input"):
        if not folder.name.startswith("event"):
            continue
        device = folder / "device"
        try:
            last_word = int((attribute(device, "capabilities/key").split() or ["0"])[-1], 16)
        except ValueError:
            continue
        if last_word & _KEYS != _KEYS:
            continue
        usb = usb_parent(device, roots.sys)
        title = attribute(device, "name")
        plug = str(usb.folder) if usb else attribute(device, "phys").partition("/")[0] or folder.name
        entry = known(usb.vendor, usb.product) if usb else None
        scanner = bool(_SCANNER.search(title)) or (entry is not None and entry.kind == "scanner")
        found.append(Keyboard(folder.name, title, plug, usb, scanner))
    return found


def other_keyboard(path: Path, roots: Roots | None = None) -> bool:
    """Whether a keyboard that is no scanner stays when the event device at ``path`` is taken."""
    event = os.path.basename(os.path.realpath(path))
    found = keyboards(roots or Roots())
    plugs = {keyboard.plug for keyboard in found if keyboard.event == event}
    return any(
        keyboard.plug not in plugs and keyboard.event != event and not keyboard.scanner for keyboard in found
    )
