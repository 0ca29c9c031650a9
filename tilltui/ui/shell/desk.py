"""What the screens need of the till: one object, made by the wiring."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tilltui.errors import TillError
from tilltui.services.devices.devices import Devices
from tilltui.services.selling.checkout import Checkout
from tilltui.services.shop import Shop
from tilltui.store.file.store import Store

if TYPE_CHECKING:
    from tilltui.services.devices.hotplug import Plugs
    from tilltui.services.paper.spool import Spool


@dataclass(repr=False, eq=False)
class Desk:
    """A till that is open.

    Attributes:
        shop: The shop.
        store: What is kept.
        checkout: The basket in hand.
        devices: What is on a cable.
        spool: Print jobs.
        keys: Action names to keys, from the settings.
        warnings: What was wrong with the settings, said at the start.
        beep: Sound the bell at errors.
        wedge_gap_ms: Longest gap between the keys of a keyboard scanner; 0 for no such scanner.
        theme: ``auto``, ``16`` or ``rgb``.
        make_plugs: Makes what watches what is plugged in; ``None``: nobody watches.
        on_close: What else is to be done when the till closes.
    """

    shop: Shop
    store: Store
    checkout: Checkout
    devices: Devices
    spool: Spool
    keys: dict[str, str] = field(default_factory=dict)
    warnings: list[TillError] = field(default_factory=list)
    beep: bool = True
    wedge_gap_ms: int = 35
    theme: str = "auto"
    make_plugs: Callable[[], Plugs] | None = None
    on_close: list[Callable[[], object]] = field(default_factory=list)

    @property
    def lock_minutes(self) -> int:
        """Minutes without a key until the till locks itself; 0 for never."""
        return self.devices.till.lock_minutes
