"""What devices tell the till: small values that any thread may make."""

from __future__ import annotations

import enum
import time
from collections.abc import Callable
from dataclasses import field

from tilltui.domain.frozen import frozen
from tilltui.domain.paper.job_state import JobState
from tilltui.ports.weight import Weight


class DeviceState(enum.StrEnum):
    """How a device is doing."""

    OFF = "off"
    CONNECTING = "connecting"
    READY = "ready"
    DEGRADED = "degraded"
    BLOCKED = "blocked"
    FAILED = "failed"


@frozen
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


@frozen
class ScanGarbled:
    """A scanner sent something that is no code: too long, or undecodable.

    Attributes:
        source: Name of the scanner.
        reason: English message, marked for translation.
    """

    source: str
    reason: str
    at: float = field(default_factory=time.monotonic)


@frozen
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


@frozen
class JobChanged:
    """A print job changed its state."""

    job_id: int
    printer: str
    state: JobState
    reason: str = ""


@frozen
class WeightRead:
    """A scale's weight or state changed; emitted while somebody is watching."""

    device: str
    weight: Weight


DeviceEvent = BarcodeScanned | ScanGarbled | DeviceChanged | JobChanged | WeightRead

Emit = Callable[[DeviceEvent], bool]
"""Hands an event to the till, from any thread, without blocking. ``False``: the till is closing, stop."""
