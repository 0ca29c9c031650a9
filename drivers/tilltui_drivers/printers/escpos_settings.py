"""What a shop says of an ESC/POS printer, and the transport that follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tilltui.errors import N_, ConfigError
from tilltui_drivers.transport.pipe import PrinterPipe

from .paper_settings import RECEIPTS_ALONE, PaperSettings

QR_WAYS = ("", "native", "raster")
"""Ways to make a QR code; empty: the model's own."""

TRANSPORTS = ("network", "serial", "usblp", "cups", "file")
"""Ways to reach a printer."""

USBLP = "/dev/usb/lp0"
"""The first USB printer, where no other is named."""


@dataclass(frozen=True)
class EscposSettings:
    """``[printer.NAME]`` with ``driver = "escpos"``."""

    transport: str = "network"
    """How it is reached: network, serial, usblp (USB), cups (a queue of the system) or file."""
    host: str = ""
    """Name or address of a network printer."""
    port: int = 9100
    """TCP port of a network printer."""
    path: str = ""
    """Device of a serial or USB printer, as /dev/serial/by-id/... or /dev/usb/lp0, or a file's name."""
    queue: str = ""
    """Queue of the printing system CUPS, as receipt, or server/receipt for one on another machine."""
    baudrate: int = 9600
    """Speed of a serial printer, in bits a second."""
    flow: str = "none"
    """How a serial printer says that it is full: none, xonxoff, rtscts or dsrdtr."""
    profile: str = "generic-80"
    """Model family, as in "TM-T20II" or "POS-58"."""
    width_mm: int = 0
    """Width of the paper in mm; 0: the model's usual one."""
    columns: int = 0
    """Characters a line where the printer is set to another font; 0: the paper's."""
    codepage: str = ""
    """Code page, as cp858, or cp858:19 with the printer's own number for it; empty: the model's."""
    qr: str = ""
    """How QR codes are made: native, by the printer itself, or raster, as a picture; empty: the model's."""
    fence: str = ""
    """How a job is confirmed: auto, pid, gsr or none; empty: the model's."""
    drawer_pin: int = 2
    """Pin of the drawer socket where a kick names none: 2 or 5."""
    connect_timeout: float = 3.0
    """Seconds to connect."""
    status_timeout: float = 1.0
    """Seconds to answer a status request."""
    stall_timeout: float = 10.0
    """Seconds without taking a byte, while it says nothing of paper or cover."""
    fence_timeout: float = 30.0
    """Seconds to confirm after the last byte, while it says nothing of paper or cover."""
    papers: PaperSettings = field(default=RECEIPTS_ALONE, metadata={"flat": True})


def known(setting: str, value: str, values: Sequence[str]) -> None:
    """Refuse a value that is none of ``values``.

    Raises:
        ConfigError: It is not; the message names all of them.
    """
    if value not in values:
        raise ConfigError(
            N_("{setting} = {value} is not known."),
            hint=N_("Use one of: {known}."),
            setting=setting,
            value=value,
            known=", ".join(values),
        )


def pipe_of(name: str, settings: EscposSettings) -> PrinterPipe:
    """Make the transport that the settings name; the drivers' modules load only here.

    Raises:
        ConfigError: There is no such transport, or a setting that it needs is empty.
    """
    known("transport", settings.transport, TRANSPORTS)
    needed = {
        "network": ("host", settings.host),
        "cups": ("queue", settings.queue),
        "usblp": ("path", settings.path or USBLP),
    }
    setting, value = needed.get(settings.transport, ("path", settings.path))
    if not value:
        raise ConfigError(
            N_("Printer {device} needs the setting {setting}."),
            hint=N_("Write it into the section [printer.{device}]."),
            device=name,
            setting=setting,
        )
    if settings.transport == "network":
        from tilltui_drivers.transport.network import NetworkTransport

        return NetworkTransport(settings.host, settings.port, name)
    if settings.transport == "serial":
        from tilltui_drivers.transport.serial.printer import FLOWS, SerialPrinterTransport

        known("flow", settings.flow, FLOWS)
        return SerialPrinterTransport(settings.path, settings.baudrate, settings.flow, name)
    if settings.transport == "usblp":
        from tilltui_drivers.transport.usblp import UsbLpTransport

        return UsbLpTransport(value, name)
    if settings.transport == "cups":
        from tilltui_drivers.transport.cups import CupsTransport

        return CupsTransport(settings.queue, name)
    from tilltui_drivers.transport.file import FileTransport

    return FileTransport(settings.path, name)
