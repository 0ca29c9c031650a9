"""A till without its screen, for a command that does what a person could do at it; no device is started."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from tilltui import paths
from tilltui.domain.people.operator import Operator
from tilltui.i18n import _

if TYPE_CHECKING:
    from tilltui.config.schema import Config
    from tilltui.services.shop import Shop
    from tilltui.services.till import Till


@contextmanager
def closed_till(config: Config, shop: Shop, who: str) -> Iterator[Till]:
    """Open the register of a till that is closed, and let go of everything afterwards.

    Args:
        config: The settings.
        shop: The shop that they describe.
        who: What is told to another process that wants in.

    Raises:
        StoreError: The till is open, or the database cannot be.
    """
    from tilltui.services.devices.devices import Devices
    from tilltui.services.paper.spool import Spool
    from tilltui.services.till import Till
    from tilltui.store.file.store import Store

    with ExitStack() as ends:
        store = Store.open(paths.data_dir(config.till.data_dir), config.till.id, who=who)
        ends.callback(store.close)
        devices = Devices(config, store)
        till = Till(shop, store, devices, Spool(store, shop, _), Operator(1, ""), _, ends=ends)
        yield till
