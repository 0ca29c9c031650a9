"""Customer displays."""

from __future__ import annotations

from abc import abstractmethod

from tilltui.ports.device import Device

COLUMNS = 20
"""Characters a line."""


class CustomerDisplay(Device):
    """Two lines for the customer. The latest text wins; nothing waits and nothing raises."""

    kind = "display"

    @abstractmethod
    def show(self, upper: str, lower: str) -> None:
        """Show two lines, each cut to ``COLUMNS``; from any thread, returns at once."""

    @abstractmethod
    def clear(self) -> None:
        """Show nothing."""
