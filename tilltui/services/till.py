"""A till that is open: the register, what is on a cable, how the screen is set up; the wiring makes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from tilltui.domain.frozen import frozen
from tilltui.domain.people.operator import Operator
from tilltui.errors import TillError
from tilltui.services.devices.devices import Devices
from tilltui.services.events import Events
from tilltui.services.register import Register
from tilltui.services.session import Session
from tilltui.services.shop import Shop
from tilltui.services.subscribers import subscribe
from tilltui.store.file.store import Store

if TYPE_CHECKING:
    from tilltui.ports import Emit
    from tilltui.services.cards.card_messages import CardEvent
    from tilltui.services.devices.hotplug import Plugs
    from tilltui.services.paper.spool import Spool
    from tilltui.services.upload.worker import SyncStatus


@frozen
class Look:
    """How the till looks, sounds and is keyed, from the settings.

    Attributes:
        keys: Action names to keys.
        warnings: What was wrong with the settings, said at the start.
        beep: Sound the bell at errors.
        wedge_gap_ms: Longest gap between the keys of a keyboard scanner; 0 for no such scanner.
        theme: ``auto``, ``16`` or ``rgb``.
        lock_minutes: Minutes without a key until the till locks itself; 0 for never.
    """

    keys: Mapping[str, str] = field(default_factory=dict)
    warnings: Sequence[TillError] = ()
    beep: bool = True
    wedge_gap_ms: int = 35
    theme: str = "auto"
    lock_minutes: int = 0


class Till:
    """Everything of a till but its screen.

    Args:
        shop: The shop.
        store: Where everything is kept.
        devices: What is on a cable; stopped with the till.
        spool: The print jobs.
        operator: Who sells.
        say: Translates what stands on paper.
        look: How the screen is set up.
        make_plugs: Makes what watches what is plugged in; ``None``: nobody watches.
        ends: What is open already and closes with the till, after its devices.

    Attributes:
        register: Every command.
        background: One thread for short work that waits for the disk.
        ends: What is to be done when the till closes, the last first.
    """

    def __init__(
        self,
        shop: Shop,
        store: Store,
        devices: Devices,
        spool: Spool,
        operator: Operator,
        say: Callable[[str], str],
        look: Look | None = None,
        make_plugs: Callable[[], Plugs] | None = None,
        ends: ExitStack | None = None,
    ) -> None:
        self.shop = shop
        self.look = look or Look()
        self.make_plugs = make_plugs
        self._store = store
        self._devices = devices
        self._spool = spool
        self.ends = ends if ends is not None else ExitStack()
        self.background = ThreadPoolExecutor(1, "background")
        self.ends.callback(self.background.shutdown)
        self.ends.callback(devices.stop)
        events = Events()
        self.register = Register(
            store, shop, Session(operator, shop.till), events, devices, spool, self.background, say
        )
        subscribe(events, shop, store, devices, self.background)
        self.register.sale.restore()

    def start_devices(
        self,
        emit: Emit,
        uploaded: Callable[[SyncStatus], object],
        charged: Callable[[CardEvent], object] = lambda event: None,
    ) -> None:
        """Make and start what is on a cable, and greet the customers; returns at once.

        Args:
            emit: Takes devices' events, from any thread.
            uploaded: Told of each change of an uploader, from its thread.
            charged: Told of each step of a card's charge, from its desk's thread.
        """
        self._devices.start(emit, self._spool, uploaded, charged)
        self._devices.greet(self.shop.currency, (self.shop.name,))

    @property
    def folder(self) -> Path:
        """The data folder."""
        return self._store.folder

    @property
    def database(self) -> Path:
        """The sales file."""
        return self._store.path

    def check_file(self) -> None:
        """Check the whole sales file; blocks, for a thread that may.

        Raises:
            StoreError: It is damaged.
        """
        self._store.check()

    def disk_nearly_full(self) -> bool:
        """Whether the room that is kept on the disk is all that is left."""
        return self._store.ballast.low()

    def close(self) -> None:
        """Stop the devices, finish what is being written, let go of everything; may be called twice."""
        self.ends.close()
