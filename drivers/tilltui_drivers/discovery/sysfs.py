"""Reading sysfs: small files, bounded, and whatever has gone in the meantime is empty."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

from tilltui.domain.text import clean

MAX_ATTRIBUTE = 4096
"""Most bytes of an attribute: a page, as the kernel has it."""

MAX_ENTRIES = 512
"""Most entries of a folder that are looked at."""


def binary(folder: Path, name: str) -> bytes:
    """One attribute as it is; empty where there is none."""
    try:
        with (folder / name).open("rb") as file:
            return file.read(MAX_ATTRIBUTE)
    except OSError:
        return b""


def attribute(folder: Path, name: str) -> str:
    """One attribute as text without anything that a terminal could obey; empty where there is none."""
    return clean(binary(folder, name).decode("utf-8", "replace"), MAX_ATTRIBUTE)


def names(folder: str | Path) -> list[str]:
    """Names in a folder, in no order; nothing where it is not."""
    with contextlib.suppress(OSError):
        return os.listdir(folder)[: 4 * MAX_ENTRIES]
    return []


def entries(folder: Path) -> list[Path]:
    """What is in a folder, sorted by name with numbers in order; nothing where it is not."""
    found = sorted(names(folder), key=lambda name: (len(name), name))
    return [folder / name for name in found[:MAX_ENTRIES]]


@dataclass(frozen=True, slots=True)
class UsbDevice:
    """What a USB device says of itself."""

    folder: Path
    vendor: int
    product: int
    title: str
    serial_number: str

    @property
    def key(self) -> str:
        """Identity: numbers and serial number; without one, its place."""
        numbers = f"usb:{self.vendor:04x}:{self.product:04x}"
        return f"{numbers}:{self.serial_number}" if self.serial_number else f"{numbers}@{self.folder.name}"


def usb_device(folder: Path) -> UsbDevice | None:
    """The USB device at ``folder``, or ``None`` where there is none."""
    try:
        vendor = int(attribute(folder, "idVendor") or "x", 16)
        product = int(attribute(folder, "idProduct") or "x", 16)
    except ValueError:
        return None
    maker, model = attribute(folder, "manufacturer"), attribute(folder, "product")
    title = model if model.lower().startswith(maker.lower()) else f"{maker} {model}"
    return UsbDevice(folder, vendor, product, clean(title), clean(attribute(folder, "serial")))


def usb_parent(folder: Path, sys: Path) -> UsbDevice | None:
    """The USB device that something in sysfs belongs to, if it belongs to one."""
    try:
        real, top = folder.resolve(strict=True), sys.resolve()
    except OSError:
        return None
    for place in (real, *real.parents):
        if place == top:
            return None
        found = usb_device(place)
        if found is not None:
            return found
    return None
