"""Scales."""

from __future__ import annotations

from abc import abstractmethod

from tilltui.ports.device import Device


class Scale(Device):
    """Weighs. All methods are called on the user-interface thread and never block: results are events."""

    kind = "scale"

    @abstractmethod
    def watch(self, on: bool) -> None:
        """Emit ``WeightRead`` at each change (at most ten a second), or stop doing so."""

    @abstractmethod
    def zero(self) -> None:
        """Ask the scale to set itself to zero."""

    @abstractmethod
    def tare(self, grams: int | None) -> None:
        """Take a container off: its weight in grams, ``None`` for what is on the scale now, 0 for none."""
