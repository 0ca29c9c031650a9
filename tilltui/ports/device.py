"""What every device on a cable has in common, and scanners."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from tilltui.ports.events import Emit


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
