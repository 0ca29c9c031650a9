"""Receipt printers that speak ESC/POS: nearly all of them.

A job is delivered so that at every moment it is known whether a byte of it has left: connect, preflight,
``sending`` committed, bytes, fence, close. One connection a job: printers accept one, and a held socket keeps
the other tills out.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from typing import ClassVar

from tilltui.domain.paper.elements import Element
from tilltui.errors import N_, DeviceBusy, DeviceError, DeviceOffline, OutcomeUnknown
from tilltui.ports import Delivered, Delivery, Job, Memory, PaperProfile, PaperRules, Printer, TransportLost
from tilltui_drivers.transport.pipe import PrinterPipe

from . import profiles
from .encoder import encode
from .escpos_settings import QR_WAYS, EscposSettings, known, pipe_of
from .session import Doubt, Session, Timing, fence_bytes, kick_bytes, mark_of

_log = logging.getLogger(__name__)

DISPLAY_SECONDS = 0.5
"""Most time that a text for the customer display behind the printer may take: a receipt may come."""

SELECT_PRINTER = b"\x1b\x3d\x01"
"""``ESC =``: the printer listens again, should the end of a text for its display have been lost."""

KICK_SECONDS = 3.0
"""Most time that a drawer kick may take."""

_PATIENCE = 3
"""Refusals after which what is remembered of a printer is no longer believed."""

_LONGEST_COMMAND = 8192
"""Most bytes of one command of ours: a strip of a picture (``graphics.FRAGMENT_ROWS``)."""

_LONGEST_HEAD = 16
"""Most bytes of a command of ours without data: a fence has 11."""

_FIRST_PROBE = 3.0
"""Seconds that an unknown printer is given to answer its first fence."""


class EscposPrinter(Printer):
    """An ESC/POS printer on the network, a serial cable, ``usblp``, a CUPS queue or a file.

    Args:
        name: The shop's own name of the printer.
        settings: Its section of ``till.toml``.
        pipe: Transport to use instead of the one that the settings name.

    Raises:
        ConfigError: The settings name an unknown transport, profile, paper, code page, fence or way of
            QR codes.
    """

    Settings: ClassVar[type[EscposSettings]] = EscposSettings
    kicks_while_printing = True
    """``kick`` may be called from inside ``deliver``."""

    def __init__(self, name: str, settings: EscposSettings, *, pipe: PrinterPipe | None = None) -> None:
        self.name = name
        self.settings = settings
        known("qr", settings.qr, QR_WAYS)
        self.profile = profiles.resolve(
            settings.profile,
            width_mm=settings.width_mm,
            codepage=settings.codepage,
            columns=settings.columns,
            qr=settings.qr,
        )
        self.columns = self.profile.columns
        self._fence = settings.fence or self.profile.fence
        known("fence", self._fence, profiles.FENCES)
        self._pipe = pipe or pipe_of(name, settings)
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
        self._rest = 0
        self._passes_on = False
        self._session: Session | None = None
        self._memory: Memory | None = None
        self._known_as = ""
        self._unconfirmed = 0

    @property
    def paper_profile(self) -> PaperProfile:
        """What its model's paper can carry."""
        return self.profile.paper

    @property
    def paper_rules(self) -> PaperRules:
        """What its section says of papers."""
        return self.settings.papers.rules

    def use_memory(self, memory: Memory) -> None:
        """Remember over restarts what this unit was found able to do; before the first job."""
        self._memory = memory

    def forget(self) -> None:
        """Ask the unit anew what it can do, as after it was exchanged."""
        identity = self._pipe.identity()
        if self._memory is not None and identity:
            self._memory.forget(identity)
        self._known_as = identity
        self._unlearn()

    def _unlearn(self) -> None:
        self._answered, self._agreed = False, ""
        self._unfenced = self._unconfirmed = 0
        self._fence = self.settings.fence or self.profile.fence

    def _recall(self) -> None:
        """Take up what is known of the unit that is plugged in now, which may be another one than before."""
        identity = self._pipe.identity()
        if self._memory is None or not identity or identity == self._known_as:
            return
        if self._known_as:
            self._unlearn()
        self._known_as = identity
        found = self._memory.recall(identity)
        self._answered = self._answered or found.get("replies") == "yes"
        fence = found.get("fence", "")
        # What the shop wrote into the settings stands above what was found out.
        if fence in _STRONGEST_FIRST[self._fence] and not self.settings.fence:
            self._agreed = fence
        elif fence == "none" and self._fence != "pid" and not self.settings.fence:
            self._fence = "none"

    def _learn(self, key: str, value: str) -> None:
        if self._memory is not None and self._known_as:
            self._memory.remember(self._known_as, key, value)

    def render(self, elements: Sequence[Element]) -> bytes:
        """Turn elements into the printer's bytes.

        Raises:
            ValueError: An element is malformed.
        """
        return encode(elements, self.profile)

    def deliver(self, job: Job) -> Delivery:
        """Send one job and wait for its confirmation; see ``ports.Printer.deliver``."""
        session = Session(self._pipe, self._timing, self.name, job.waiting, job.stopping)
        self._session = session
        try:
            try:
                self._pipe.open(time.monotonic() + self._timing.connect)
                self._recall()
                fence = self._prepare(session, job.id)
            except TransportLost as error:
                raise self._offline(str(error)) from error
            job.sending()
            try:
                return self._send(session, job.payload, fence, mark_of(2 * job.id + 1))
            except (TransportLost, Doubt) as error:
                self.expect_rest(job.payload)
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
        talks = self._asks
        answers = talks and session.preflight(self.profile.replies or self._answered)
        if answers and not self._answered:
            self._answered = True
            self._learn("replies", "yes")
        if self._rest:
            session.preamble(self._filling(), self._timing.stall)
        # Until it is sure that the printer has these whole: half a fence would swallow 16 KB of the next job.
        self._rest = max(self._rest, _LONGEST_HEAD)
        session.preamble(self.preamble(talks))
        fence = self._agree(session, mark_of(2 * job_id)) if answers else "none"
        self._rest = 0
        return fence

    def expect_rest(self, payload: bytes) -> None:
        """Take it that ``payload`` reached the printer in part only; on the worker's thread.

        A printer that was cut off inside a command takes what comes next for the rest of it: a reset would
        be printed as text, and a drawer kick be pixels. So what comes next is white for as long as that.
        """
        self._doubtful = True
        self._rest = min(len(payload), _LONGEST_COMMAND)

    def _filling(self) -> bytes:
        """Zeros end any command that was begun, and are nothing between two commands."""
        return bytes(self._rest)

    @property
    def _asks(self) -> bool:
        """Whether it is worth asking: one that confirms nothing may still say that its paper is out."""
        did = self._answered and self.settings.fence != "none"
        return self._pipe.answers and (self._fence != "none" or self.profile.replies or did)

    def preamble(self, talks: bool) -> bytes:
        """Reset, leave two-byte mode, select the code page, switch automatic status on."""
        return (
            (SELECT_PRINTER if self._passes_on else b"")
            + b"\x1b\x40"
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
                if self._agreed != fence:
                    self._learn("fence", fence)
                self._agreed, self._unfenced, self._doubtful = fence, 0, False
                self._unconfirmed = 0
                return fence
            if not session.check():
                raise self._offline("it stopped answering")
            _log.warning("Printer %s does not answer fence %s", self.name, fence)
        if firm:
            self._doubt_memory()
            raise self._offline("it does not confirm")
        self._unfenced += 1
        if self._unfenced >= 2:
            _log.warning("Printer %s confirms nothing: its jobs stay unconfirmed", self.name)
            self._fence = "none"
            self._learn("fence", "none")
        return "none"

    def _doubt_memory(self) -> None:
        """After three jobs in a row that a unit answered for and did not confirm, ask it anew.

        It is another one in the old one's place. Nothing of a job was sent, so nothing can be doubled.
        """
        self._unconfirmed += 1
        if self._unconfirmed >= _PATIENCE and not self.settings.fence:
            _log.warning("Printer %s no longer confirms as it used to: it is asked anew", self.name)
            self.forget()

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

    def drawer_level(self) -> bool | None:
        """Whether pin 3 of the drawer socket is high, within 3 s; ``None``: the printer does not tell.

        Not during ``deliver``.

        Raises:
            DeviceError: It could not be asked.
        """
        if not self._asks:
            return None
        timing = Timing(status=min(self._timing.status, 0.5))
        session = Session(self._pipe, timing, self.name, lambda _: None, lambda: False)
        deadline = time.monotonic() + min(KICK_SECONDS, self._timing.connect)
        try:
            self._pipe.open(deadline)
            general = session.ask(1)
        except TransportLost as error:
            raise self._offline(str(error)) from error
        finally:
            self._pipe.close()
        return None if general is None else bool(general & 0x04)

    def _kick_alone(self, number: int, deadline: float) -> None:
        timing = Timing(status=min(self._timing.status, 0.5))
        session = Session(self._pipe, timing, self.name, lambda _: None, lambda: False)
        try:
            self._pipe.open(min(deadline, time.monotonic() + self._timing.connect))
            general = session.ask(1) if self._asks else None
            held = general is not None and bool(general & 0x08)
            command = kick_bytes(number, held=held)
            if self._passes_on:
                command = SELECT_PRINTER + command
            if not held:
                command = self._filling() + command
            taken = self._pipe.write(command, deadline)
            if taken < len(command) or not self._pipe.drain(deadline):
                raise self._offline("it takes no data")
        finally:
            self._pipe.close()

    def pass_on(self, data: bytes) -> None:
        """Pass ``data`` on to the display behind the printer, within 0.5 s; not during ``deliver``.

        Args:
            data: From ``ESC = 2``, which selects the display, to ``ESC = 1``, which selects the printer.

        Raises:
            DeviceError: It could not be sent whole.
        """
        self._passes_on = True
        deadline = time.monotonic() + DISPLAY_SECONDS
        try:
            self._pipe.open(deadline)
            if self._pipe.write(data, deadline) < len(data) or not self._pipe.drain(deadline):
                raise self._offline("it takes no data")
        except TransportLost as error:
            raise self._offline(str(error)) from error
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
