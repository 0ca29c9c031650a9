"""Everything that is plugged in and that a till could use."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from tilltui.domain.text import clean
from tilltui_drivers.discovery.found import Found, Known, Roots
from tilltui_drivers.discovery.keyboards import keyboards
from tilltui_drivers.discovery.known import known
from tilltui_drivers.discovery.sysfs import (
    UsbDevice,
    attribute,
    binary,
    entries,
    names,
    usb_device,
    usb_parent,
)
from tilltui_drivers.scanners.hid_descriptor import is_scanner

_USB_LINES = ("ttyUSB", "ttyACM", "rfcomm")
_UARTS = ("ttyS", "ttyAMA")
_LINKS = ("serial/by-id", "input/by-id", "tilltui", "serial/by-path", "input/by-path")
"""Folders below /dev whose names stay, the best first."""

_PRINTER_CLASS = "07"


def look(roots: Roots | None = None) -> list[Found]:
    """List serial lines, printers, scanners, keyboards that may be scanners, and what is known but unusable.

    Opens nothing below /dev; takes some milliseconds.
    """
    roots = roots or Roots()
    links = _links(roots)
    found = [
        *_serial(roots, links),
        *_printers(roots, links),
        *_hid_scanners(roots, links),
        *_keyboards(roots, links),
    ]
    return [*found, *_rest(roots, {one.usb for one in found})]


def signature(roots: Roots | None = None) -> frozenset[str]:
    """Names that change when something is plugged in or out; cheap enough to be asked every few seconds."""
    roots = roots or Roots()
    # udev makes its links some time after the kernel has the device: they belong to the picture.
    folders = [f"{roots.sys}/bus/usb/devices", *(f"{roots.dev}/{name}" for name in (*_LINKS, "usb"))]
    return frozenset(f"{folder}/{name}" for folder in folders for name in names(folder))


def _links(roots: Roots) -> dict[str, str]:
    """Real path of a device file to the best of its stable names."""
    found: dict[str, str] = {}
    for folder in _LINKS:
        for link in entries(roots.dev / folder):
            if link.is_symlink():
                found.setdefault(os.path.realpath(link), str(link))
    return found


def _made(bus: str, node: Path, links: dict[str, str], usb: UsbDevice | None, **more: str) -> Found:
    stable = links.get(os.path.realpath(node))
    serial = more.get("serial_number") or (usb.serial_number if usb else "")
    return Found(
        bus=bus,
        path=stable or str(node),
        node=str(node),
        key=usb.key if usb else f"{bus}:{node.name}",
        vendor=usb.vendor if usb else None,
        product=usb.product if usb else None,
        title=more.get("title") or (usb.title if usb else ""),
        serial_number=serial,
        commands=more.get("commands", ""),
        known=known(usb.vendor, usb.product) if usb else None,
        stable=stable is not None or usb is None,
        usb=str(usb.folder) if usb else "",
    )


def _serial(roots: Roots, links: dict[str, str]) -> list[Found]:
    found = []
    for folder in entries(roots.sys / "class" / "tty"):
        # A PC has names for four ports more than it has: type 0 is a name without a port.
        real = folder.name.startswith(_USB_LINES) or (
            folder.name.startswith(_UARTS) and attribute(folder, "type") not in ("", "0")
        )
        if real:
            usb = usb_parent(folder / "device", roots.sys)
            found.append(_made("serial", roots.dev / folder.name, links, usb))
    return found


def _printers(roots: Roots, links: dict[str, str]) -> list[Found]:
    found = []
    for folder in entries(roots.sys / "class" / "usbmisc"):
        if not folder.name.startswith("lp"):
            continue
        fields = ieee1284(attribute(folder / "device", "ieee1284_id"))
        usb = usb_parent(folder / "device", roots.sys)
        maker, model = fields.get("MFG", ""), fields.get("MDL", "")
        title = clean(model if model.lower().startswith(maker.lower()) else f"{maker} {model}")
        found.append(
            _made(
                "usblp",
                roots.dev / "usb" / folder.name,
                links,
                usb,
                title=title,
                serial_number=fields.get("SN", ""),
                commands=fields.get("CMD", ""),
            )
        )
    return found


def ieee1284(text: str) -> dict[str, str]:
    """Read an IEEE 1284 device id, as in ``MFG:EPSON;CMD:ESC/POS;MDL:TM-T20II;``; long names become short.

    >>> ieee1284("MANUFACTURER:EPSON;MODEL:TM-T20II;")["MDL"]
    'TM-T20II'
    """
    short = {"MANUFACTURER": "MFG", "MODEL": "MDL", "COMMAND SET": "CMD", "SERN": "SN", "SERIALNUMBER": "SN"}
    found: dict[str, str] = {}
    for field in text.split(";"):
        key, colon, value = field.partition(":")
        key = key.strip().upper()
        if colon and key:
            found.setdefault(short.get(key, key), clean(value))
    return found


def _keyboards(roots: Roots, links: dict[str, str]) -> list[Found]:
    """USB keyboards: every one may be a scanner, which only the installer knows."""
    found, seen = [], set()
    for keyboard in keyboards(roots):
        if keyboard.usb is None or keyboard.plug in seen:
            continue
        seen.add(keyboard.plug)
        one = _made(
            "keyboard", roots.dev / "input" / keyboard.event, links, keyboard.usb, title=keyboard.title
        )
        if keyboard.scanner and (one.known is None or one.known.kind != "scanner"):
            found.append(_as_scanner(one, verified=False))
        else:
            found.append(one)
    return found


def _hid_scanners(roots: Roots, links: dict[str, str]) -> list[Found]:
    """Scanners in HID-POS mode, by what they say in their report descriptor; a keyboard says otherwise."""
    found = []
    for folder in entries(roots.sys / "class" / "hidraw"):
        if is_scanner(binary(folder / "device", "report_descriptor")):
            one = _made("hidraw", roots.dev / folder.name, links, usb_parent(folder / "device", roots.sys))
            # What it says itself counts for more than a table.
            own = one.known is not None and one.known.kind == "scanner"
            found.append(one if own else _as_scanner(one, verified=True))
    return found


def _as_scanner(found: Found, *, verified: bool) -> Found:
    return replace(found, known=Known(found.title, "scanner", verified=verified))


def _rest(roots: Roots, seen: set[str]) -> list[Found]:
    """USB devices that are till hardware by their numbers or class, without a device file to use them by."""
    found = []
    for folder in entries(roots.sys / "bus" / "usb" / "devices"):
        usb = usb_device(folder.resolve())
        if usb is None or str(usb.folder) in seen:
            continue
        entry = known(usb.vendor, usb.product)
        is_printer = any(
            attribute(part, "bInterfaceClass") == _PRINTER_CLASS
            for part in entries(usb.folder)
            if ":" in part.name
        )
        if entry is None and not is_printer:
            continue
        found.append(
            Found(
                bus="usb",
                path="",
                node="",
                key=usb.key,
                vendor=usb.vendor,
                product=usb.product,
                title=usb.title,
                serial_number=usb.serial_number,
                known=entry or Known(usb.title, "printer"),
                usb=str(usb.folder),
            )
        )
    return found
