"""What the till needs of the outside, and the events that come back.

Drivers (``tilltui_drivers`` or anyone's), uploaders and fiscal regimes implement these small classes and
register themselves as entry points; the till never imports one by name. A port's docstring states on which
thread it is called, whether it may block, and which errors it raises. Only ``tilltui.errors`` and
``tilltui.domain`` are imported here.

A driver's constructor takes ``(name, settings)``: the shop's own name of the device (``receipt`` in
``[printer.receipt]``) and an instance of the class that its ``Settings`` attribute names, a frozen dataclass
whose fields the configuration reader fills from ``till.toml``.
"""

from __future__ import annotations

import enum
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from tilltui.domain.receipt import Element


class DeviceState(enum.StrEnum):
    """How a device is doing."""

    OFF = "off"
    CONNECTING = "connecting"
    READY = "ready"
    DEGRADED = "degraded"
    BLOCKED = "blocked"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class BarcodeScanned:
    """A scanner read a code.

    Attributes:
        text: The code as text, without prefix, suffix and AIM identifier; GS (0x1D) is kept.
        source: Name of the scanner, or ``keyboard`` for a wedge.
        symbology: AIM identifier such as ``]E0``, or ``None`` where the scanner sends none.
        raw: The bytes as they came, for the log.
        at: ``time.monotonic()`` at the last byte.
    """

    text: str
    source: str
    symbology: str | None = None
    raw: bytes = b""
    at: float = field(default_factory=time.monotonic)


@dataclass(frozen=True, slots=True)
class ScanGarbled:
    """A scanner sent something that is no code: too long, or undecodable.

    Attributes:
        source: Name of the scanner.
        reason: English message, marked for translation.
    """

    source: str
    reason: str
    at: float = field(default_factory=time.monotonic)


@dataclass(frozen=True, slots=True)
class DeviceChanged:
    """A device changed its state.

    Attributes:
        kind: ``scanner``, ``printer``, ``drawer``, ``scale``, ``display`` or ``terminal``.
        device: The shop's own name of the device.
        state: The new state.
        reason: A word such as ``paper``, ``cover``, ``unplugged``, ``missing``; empty when ready.
        detail: One English sentence for the log.
    """

    kind: str
    device: str
    state: DeviceState
    reason: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class JobChanged:
    """A print job changed its state (see ``services.printing``)."""

    job_id: int
    printer: str
    state: str
    reason: str = ""


DeviceEvent = BarcodeScanned | ScanGarbled | DeviceChanged | JobChanged

Emit = Callable[[DeviceEvent], bool]
"""Hands an event to the till, from any thread, without blocking. ``False``: the till is closing, stop."""


class Device(ABC):
    """Anything on a cable. ``start`` and ``stop`` are called on the user-interface thread and never block."""

    kind: ClassVar[str]
    """Section of ``till.toml`` that configures it: ``scanner``, ``printer``, ..."""

    Settings: ClassVar[type[Any]]
    """Frozen dataclass of the driver's own settings, each field with a docstring under it."""

    name: str
    """The shop's own name of the device."""

    @abstractmethod
    def start(self, emit: Emit) -> None:
        """Begin to work in a thread of its own and return at once; never raises for a missing device."""

    @abstractmethod
    def stop(self, timeout: float = 2.0) -> None:
        """Stop the thread within ``timeout`` seconds; may be called twice."""


class Scanner(Device):
    """Reads codes and emits ``BarcodeScanned``, ``ScanGarbled`` and ``DeviceChanged``."""

    kind = "scanner"

    def feedback(self, ok: bool) -> None:
        """Beep good or bad at the scanner where it can; never blocks, never raises."""


class Transport(ABC):
    """A byte pipe to a printer. Used by one thread at a time; every call ends by its deadline.

    ``deadline`` is a ``time.monotonic()`` value. Errors: ``DeviceOffline`` when it cannot be opened,
    ``DeviceBusy`` when somebody else holds it, ``TransportLost`` once it was open.
    """

    @abstractmethod
    def open(self, deadline: float) -> None:
        """Connect."""

    @abstractmethod
    def write(self, data: bytes, deadline: float) -> int:
        """Write what fits before the deadline; returns how many bytes were taken, possibly 0."""

    @abstractmethod
    def read(self, limit: int, deadline: float) -> bytes:
        """Read at most ``limit`` bytes; ``b""`` when nothing came before the deadline."""

    @abstractmethod
    def close(self) -> None:
        """Disconnect without waiting; may be called twice."""


class TransportLost(Exception):
    """The other side went away.

    Attributes:
        sent: Bytes of the current write that had been taken.
    """

    def __init__(self, why: str, sent: int = 0) -> None:
        super().__init__(why)
        self.sent = sent


class Delivered(enum.StrEnum):
    """How sure we are that a job is on paper."""

    CONFIRMED = "confirmed"
    SENT_UNCONFIRMED = "sent_unconfirmed"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A job that went out.

    Attributes:
        outcome: Whether the printer confirmed it.
        fence: What it confirmed with: ``pid``, ``gsr`` or ``none``.
        paper_low: The roll is near its end.
    """

    outcome: Delivered
    fence: str
    paper_low: bool = False


class Printer(ABC):
    """A receipt printer. Owned by its print worker: every method but ``render`` runs on that thread.

    Attributes:
        name: The shop's own name of the printer.
        columns: Characters a line in the normal font.
    """

    kind: ClassVar[str] = "printer"
    Settings: ClassVar[type[Any]]
    name: str
    columns: int

    @abstractmethod
    def render(self, elements: Sequence[Element]) -> bytes:
        """Turn elements into the printer's bytes; pure, no I/O."""

    @abstractmethod
    def deliver(
        self,
        payload: bytes,
        *,
        job_id: int,
        sending: Callable[[], None],
        waiting: Callable[[str], None],
        stopping: Callable[[], bool],
    ) -> Delivery:
        """Send one job and wait for the printer's confirmation. Blocks, with deadlines.

        Args:
            payload: What ``render`` made.
            job_id: Identity of the job, for the fence.
            sending: Called after the preflight and before the first byte leaves; commits that fact.
            waiting: Called with a reason (``paper``, ``cover``, ...; empty: going on) while it holds the job.
            stopping: ``True`` once the till closes; checked at least once a second.

        Raises:
            DeviceOffline: Nothing was sent.
            DeviceBlocked: Nothing was sent.
            DeviceBusy: Nothing was sent.
            OutcomeUnknown: Something was sent and no confirmation came.
        """

    @abstractmethod
    def kick(self, pin: int) -> None:
        """Open the drawer on connector pin 2 or 5: once, within 3 s, never retried.

        Raises:
            DeviceError: It could not be sent.
        """

    def close(self) -> None:  # noqa: B027 - most printers keep nothing open between jobs
        """Let go of whatever is held."""


class Drawer(ABC):
    """A cash drawer. ``open`` runs on a worker thread and may block for 3 s."""

    kind: ClassVar[str] = "drawer"
    Settings: ClassVar[type[Any]]
    name: str

    @abstractmethod
    def open(self) -> None:
        """Fire the solenoid once.

        Raises:
            DeviceError: It could not be fired; it is not tried again.
        """


class Verdict(enum.StrEnum):
    """What head office said about one record."""

    ACCEPTED = "accepted"
    """Stored durably, now or earlier."""
    HELD = "held"
    """Stored durably, but not understood there yet."""
    REFUSED = "refused"
    """Not stored and never will be as it is: a person must look."""
    FORK = "fork"
    """The same till, epoch and number is there with another hash."""


@dataclass(frozen=True, slots=True)
class OutboxRecord:
    """One record of the journal on its way out.

    Attributes:
        till: Number of the till.
        epoch: Random 64-bit number as 16 hexadecimal digits, new for every enrolled, restored or cloned
            database.
        seq: Number of the record, without gaps in an epoch's till.
        uuid: Public identity (UUIDv7).
        kind: ``sale``, ``z``, ``drawer``, ``import``, ...
        created_ms: UTC milliseconds since 1970.
        body: Canonical JSON, UTF-8.
        prev_hash: Hash of the record before, 64 hexadecimal digits.
        hash: Hash of this record, 64 hexadecimal digits.
    """

    till: str
    epoch: str
    seq: int
    uuid: str
    kind: str
    created_ms: int
    body: bytes
    prev_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened to one record."""

    seq: int
    verdict: Verdict
    reason: str = ""


class Uploader(ABC):
    """Sends journal records to somewhere durable. Runs on the sync worker's thread and may block.

    ``ACCEPTED`` and ``HELD`` may only be said when the receiver has the record on durable storage: the
    till forgets nothing before.
    """

    kind: ClassVar[str] = "uploader"
    Settings: ClassVar[type[Any]]
    name: str

    @abstractmethod
    def open(self) -> None:
        """Prepare; raises ``UploadUnavailable`` or ``UploadDenied``."""

    @abstractmethod
    def send(self, batch: Sequence[OutboxRecord]) -> list[Outcome]:
        """Send records, oldest first, and give one outcome for each.

        Sending the same record again must have no further effect.

        Raises:
            UploadUnavailable: Nothing is known of the batch; it will be sent again, unchanged.
            UploadDenied: The till is not welcome.
        """

    @abstractmethod
    def close(self) -> None:
        """Let go; may be called twice."""

    def fetch(self, since: str) -> Iterable[Mapping[str, Any]]:
        """What comes down from head office after ``since``; nothing unless the uploader overrides it."""
        return ()


class FiscalRegime(ABC):
    """The law's say in a sale: document numbers, stamps and legal text. Pure; called on any thread."""

    kind: ClassVar[str] = "fiscal"
    Settings: ClassVar[type[Any]]
    name: str

    @abstractmethod
    def receipt_elements(self, sale: Mapping[str, Any]) -> Sequence[Element]:
        """Elements to print under the totals of a sale's receipt; ``sale`` is the journal body."""
