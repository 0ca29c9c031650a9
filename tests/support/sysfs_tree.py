"""A /dev and a /sys in a folder, with plugs to pull."""

from __future__ import annotations

import shutil
from pathlib import Path

from tilltui_drivers.discovery.found import Roots

KEYBOARD_KEYS = "10000 7 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe"
MOUSE_KEYS = "1f0000 0 0 0 0"


class FakeMachine:
    """Builds what the kernel and udev would show."""

    def __init__(self, folder: Path) -> None:
        self.roots = Roots(folder / "dev", folder / "sys")
        self.devices = self.roots.sys / "devices" / "pci0" / "usb1"
        for made in (self.devices, self.roots.dev, self.roots.sys / "bus" / "usb" / "devices"):
            made.mkdir(parents=True)

    def usb(self, port: str, vendor: str, number: str, /, *, cls: str = "ff", **attributes: str) -> Path:
        """A USB device with one interface; gives the interface's folder."""
        folder = self.devices / port
        interface = folder / f"{port}:1.0"
        interface.mkdir(parents=True)
        for name, value in {"idVendor": vendor, "idProduct": number, **attributes}.items():
            (folder / name).write_text(value + "\n")
        (interface / "bInterfaceClass").write_text(cls + "\n")
        (self.roots.sys / "bus" / "usb" / "devices" / port).symlink_to(folder)
        return interface

    def tty(self, name: str, interface: Path | None = None, by_id: str = "", kind: str = "") -> None:
        """A serial line."""
        folder = self.roots.sys / "class" / "tty" / name
        folder.mkdir(parents=True)
        if interface is not None:
            (folder / "device").symlink_to(interface)
        if kind:
            (folder / "type").write_text(kind)
        self._node(name)
        if by_id:
            self._link("serial/by-id", by_id, name)

    def printer(self, name: str, interface: Path, ieee1284: str) -> None:
        """A line printer of usblp."""
        folder = self.roots.sys / "class" / "usbmisc" / name
        folder.mkdir(parents=True)
        (folder / "device").symlink_to(interface)
        (interface / "ieee1284_id").write_text(ieee1284)
        self._node(f"usb/{name}")

    def keys(
        self,
        event: str,
        title: str,
        interface: Path | None = None,
        keys: str = KEYBOARD_KEYS,
        by_id: str = "",
    ) -> Path:
        """An event device; gives its path for the settings."""
        device = (interface or self.roots.sys / "devices" / "platform" / event) / "input" / event
        (device / "capabilities").mkdir(parents=True)
        (device / "capabilities" / "key").write_text(keys + "\n")
        (device / "name").write_text(title + "\n")
        folder = self.roots.sys / "class" / "input" / event
        folder.mkdir(parents=True)
        (folder / "device").symlink_to(device)
        self._node(f"input/{event}")
        if by_id:
            self._link("input/by-id", by_id, f"input/{event}")
            return self.roots.dev / "input" / "by-id" / by_id
        return self.roots.dev / "input" / event

    def hidraw(self, name: str, interface: Path, descriptor: bytes, link: str = "") -> None:
        """A raw HID device; ``link`` is udev's name below ``/dev/tilltui``."""
        device = interface / f"0003:0C2E:0B61.{name[-1]:0>4}"
        device.mkdir()
        (device / "report_descriptor").write_bytes(descriptor)
        folder = self.roots.sys / "class" / "hidraw" / name
        folder.mkdir(parents=True)
        (folder / "device").symlink_to(device)
        self._node(name)
        if link:
            self._link("tilltui", link, name)

    def pull(self, port: str) -> None:
        """Unplug a USB device: everything below it goes."""
        folder = self.devices / port
        gone = {
            link.parent.name
            for cls in ("tty", "usbmisc", "input", "hidraw")
            for link in (self.roots.sys / "class" / cls).glob("*/device")
            if link.resolve().is_relative_to(folder)
        }
        for cls in ("tty", "usbmisc", "input", "hidraw"):
            for name in gone:
                shutil.rmtree(self.roots.sys / "class" / cls / name, ignore_errors=True)
        nodes = [path for path in self.roots.dev.rglob("*") if path.resolve().name in gone]
        for path in sorted(nodes, key=lambda path: not path.is_symlink()):
            path.unlink()
        shutil.rmtree(folder)
        (self.roots.sys / "bus" / "usb" / "devices" / port).unlink()

    def _node(self, name: str) -> None:
        path = self.roots.dev / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()

    def _link(self, folder: str, name: str, node: str) -> None:
        link = self.roots.dev / folder / name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(self.roots.dev / node)
