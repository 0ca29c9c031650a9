"""Receipt printers that speak ESC/POS: nearly all of them.

A job is delivered so that at every moment it is known whether a byte of it has left: connect, preflight,
``sending`` committed, bytes, fence, close. One connection a job: printers accept one, and a held socket keeps
the other tills out.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tilltui.domain.receipt import Element
from tilltui.errors import N_, ConfigError, DeviceBusy, DeviceError, DeviceOffline, OutcomeUnknown
from tilltui.ports import Delivered, Delivery, Printer, TransportLost
from tilltui_drivers.transport.pipe import PrinterPipe

from . import profiles
from .encoder import encode
from .session import Doubt, Session, Timing, fence_bytes, kick_bytes, mark_of

_log = logging.getLogger(__name__)

TRANSPORTS = ("network", "serial", "usblp", "file")
"""Ways to reach a printer."""

KICK_SECONDS = 3.0
"""Most time that a drawer kick may take."""

_FIRST_PROBE = 3.0
"""Seconds that an unknown printer is given to answer its first fence."""


class EscposPrinter(Printer):
    """An ESC/POS printer on the network, a serial cable, ``usblp`` or a file.

    Args:
        name: The shop's own name of the printer.
        settings: Its section of ``till.toml``.
        pipe: Transport to use instead of the one that the settings name.

    Raises:
        ConfigError: The settings name an unknown transport, profile, paper, code page or fence.
    """

    @dataclass(frozen=True, slots=True)
    class Settings:
        """``[printer.NAME]`` with ``driver = "escpos"``."""

        transport: str = "network"
        """How it is reached: network, serial, usblp (USB) or file."""
        host: str = ""
        """Name or address of a network printer."""
        port: int = 9100
        """TCP port of a network printer."""
        path: str = ""
        """Device of a serial or USB printer, as /dev/serial/by-id/... or /dev/usb/lp0, or a file's name."""
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

    kicks_while_printing = True
    """``kick`` may be called from inside ``deliver``."""

    def __init__(self, name: str, settings: Settings, *, pipe: PrinterPipe | None = None) -> None:
        self.name = name
        self.settings = settings
        self.profile = profiles.resolve(
            settings.profile,
            width_mm=settings.width_mm,
            codepage=settings.codepage,
            columns=settings.columns,
        )
        self.columns = self.profile.columns
        self._fence = settings.fence or self.profile.fence
        _known("fence", self._fence, profiles.FENCES)
        self._pipe = pipe or _pipe(name, settings)
        self._timing = Timing(
            settings.connect_timeout,
            settings.status_timeout,
            settings.stall_timeout,
            settings.fence_timeout,
        )
        self._answered = False
        self._agreed = ""
        self._unfenced = 0
        self._doubtful = False
        self._session: Session | None = None

    def render(self, elements: Sequence[Element]) -> bytes:
        """Turn elements into the printer's bytes.

        Raises:
            ValueError: An element is malformed.
        """
        return encode(elements, self.profile)

    def deliver(
        self,
        payload: bytes,
        *,
        job_id: int,
        sending: Callable[[], None],
        waiting: Callable[[str], None],
        stopping: Callable[[], bool],
    ) -> Delivery:
        """Send one job and wait for its confirmation; see ``ports.Printer.deliver``."""
        session = Session(self._pipe, self._timing, self.name, waiting, stopping)
        self._session = session
        try:
            try:
                self._pipe.open(time.monotonic() + self._timing.connect)
                fence = self._prepare(session, job_id)
            except TransportLost as error:
                raise self._offline(str(error)) from error
            sending()
            try:
                return self._send(session, payload, fence, mark_of(2 * job_id + 1))
            except (TransportLost, Doubt) as error:
                self._doubtful = True
                raise OutcomeUnknown(
                    N_("It is not known whether printer {device} printed it: {why}."),
                    device=self.name,
                    hint=N_("Look at the paper; print a copy if the receipt is missing."),
                    why=str(error),
                ) from error
        finally:
            self._session = None
            self._pipe.close()

    def _prepare(self, session: Session, job_id: int) -> str:
        """Preflight, preamble and agreement on a fence: nothing of the job leaves."""
        talks = self._pipe.answers and (self._fence != "none" or self.profile.replies)
        answers = talks and session.preflight(self.profile.replies or self._answered)
        self._answered = self._answered or answers
        session.preamble(self.preamble(talks))
        if not answers:
            return "none"
        return self._agree(session, mark_of(2 * job_id))

    def preamble(self, talks: bool) -> bytes:
        """Reset, leave two-byte mode, select the code page, switch automatic status on."""
        return (
            b"\x1b\x40"
            + (b"\x1c\x2e" if self.profile.kanji else b"")
            + b"\x1b\x74"
            + bytes([self.profile.slot])
            + (b"\x1d\x61\x0f" if talks else b"")
        )

    def _agree(self, session: Session, mark: bytes) -> str:
        """Find the fence that this very printer answers; its name does not tell, clones borrow names.

        What the shop asked for by name is not replaced by something weaker.
        """
        firm = self._agreed or (self.settings.fence if self.settings.fence in ("pid", "gsr") else "")
        wanted = [firm] if firm else _STRONGEST_FIRST[self._fence]
        if not wanted:
            return "none"
        # A serial or USB printer may still owe the answer to the fence of a job that ended in doubt.
        settle = 1.0 if self._doubtful else 0.05
        seconds = self._timing.fence if self._agreed else min(_FIRST_PROBE, self._timing.fence)
        for fence in wanted:
            if session.probe(fence, mark, seconds, settle):
                self._agreed, self._unfenced, self._doubtful = fence, 0, False
                return fence
            if not session.check():
                raise self._offline("it stopped answering")
            _log.warning("Printer %s does not answer fence %s", self.name, fence)
        if firm:
            raise self._offline("it does not confirm")
        self._unfenced += 1
        if self._unfenced >= 2:
            _log.warning("Printer %s confirms nothing: its jobs stay unconfirmed", self.name)
            self._fence = "none"
        return "none"

    def _send(self, session: Session, payload: bytes, fence: str, mark: bytes) -> Delivery:
        if fence == "none":
            session.send(payload)
            if not self._pipe.drain(time.monotonic() + self._timing.stall):
                raise Doubt("its line did not take the last bytes")
            return Delivery(Delivered.SENT_UNCONFIRMED, "none", session.paper_low)
        session.send(payload + fence_bytes(fence, mark))
        session.await_fence(fence, mark)
        return Delivery(Delivered.CONFIRMED, fence, session.paper_low)

    def kick(self, pin: int) -> None:
        """Open the drawer on pin 2 or 5 (0: the settings' pin), once, within 3 s.

        May be called from inside ``deliver``'s ``stopping``: it then opens while a job waits for paper.

        Raises:
            DeviceError: It could not be sent, or there is no such pin.
        """
        pin = pin or self.settings.drawer_pin
        if pin not in (2, 5):
            raise DeviceError(
                N_("Printer {device} has no drawer pin {pin}."),
                device=self.name,
                hint=N_("Use pin 2 or 5."),
                pin=pin,
            )
        number = 0 if pin == 2 else 1
        try:
            if self._session is None:
                self._kick_alone(number, time.monotonic() + KICK_SECONDS)
            elif not self._session.kick(number):
                raise DeviceBusy(
                    N_("Printer {device} is in the middle of a receipt: the drawer was not opened."),
                    device=self.name,
                    hint=N_("Open the drawer again, or with its key."),
                )
        except TransportLost as error:
            raise self._offline(str(error)) from error

    def _kick_alone(self, number: int, deadline: float) -> None:
        timing = Timing(status=min(self._timing.status, 0.5))
        session = Session(self._pipe, timing, self.name, lambda _: None, lambda: False)
        try:
            self._pipe.open(min(deadline, time.monotonic() + self._timing.connect))
            asks = self._pipe.answers and (self._fence != "none" or self.profile.replies)
            general = session.ask(1) if asks else None
            command = kick_bytes(number, held=general is not None and bool(general & 0x08))
            taken = self._pipe.write(command, deadline)
            if taken < len(command) or not self._pipe.drain(deadline):
                raise self._offline("it takes no data")
        finally:
            self._pipe.close()

    def _offline(self, why: str) -> DeviceOffline:
        return DeviceOffline(
            N_("Printer {device} went away: {why}."),
            device=self.name,
            hint=N_("Check its cable and its switch."),
            why=why,
        )

    def close(self) -> None:
        """Nothing is held between jobs."""
        self._pipe.close()


_STRONGEST_FIRST: dict[str, list[str]] = {
    "auto": ["gsr"],
    "pid": ["pid", "gsr"],
    "gsr": ["gsr"],
    "none": [],
}


def _known(setting: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        raise ConfigError(
            N_("{setting} = {value} is not known."),
            hint=N_("Use one of: {known}."),
            setting=setting,
            value=value,
            known=", ".join(known),
        )


def _pipe(name: str, settings: EscposPrinter.Settings) -> PrinterPipe:
    """Make the transport that the settings name; the drivers' modules load only here."""
    _known("transport", settings.transport, TRANSPORTS)
    needed = "host" if settings.transport == "network" else "path"
    if settings.transport != "usblp" and not getattr(settings, needed):
        raise ConfigError(
            N_("Printer {device} needs the setting {setting}."),
            hint=N_("Write it into the section [printer.{device}]."),
            device=name,
            setting=needed,
        )
    if settings.transport == "network":
        from tilltui_drivers.transport.network import NetworkTransport

        return NetworkTransport(settings.host, settings.port, name)
    if settings.transport == "serial":
        from tilltui_drivers.transport.serial_printer import FLOWS, SerialPrinterTransport

        _known("flow", settings.flow, FLOWS)
        return SerialPrinterTransport(settings.path, settings.baudrate, settings.flow, name)
    if settings.transport == "usblp":
        from tilltui_drivers.transport.usblp import UsbLpTransport

        return UsbLpTransport(settings.path or "/dev/usb/lp0", name)
    from tilltui_drivers.transport.file import FileTransport

    return FileTransport(settings.path, name)
