"""Cash drawers: fired once, recorded, and watched until they are closed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from typing import TYPE_CHECKING

from tilltui.domain.clock import now_ms
from tilltui.domain.record.kinds import RecordKind
from tilltui.errors import N_, DeviceError, TillError
from tilltui.ports import Drawer, Emit, HangsOnPrinter, TellsIfOpen
from tilltui.services.devices.drawer_watch import DrawerWatch
from tilltui.services.devices.sockets import plug_in
from tilltui.store.file.store import Store

if TYPE_CHECKING:
    from tilltui.services.paper.printing import PrintWorker

log = logging.getLogger(__name__)


class Drawers:
    """The drawers of a till.

    Args:
        store: Where openings without a sale are recorded.
        emit: Told of a drawer that is left open.

    Attributes:
        by_name: Those that work, in the order of the settings; the first one is opened.
    """

    def __init__(self, store: Store, emit: Emit) -> None:
        self.by_name: dict[str, Drawer] = {}
        self._store = store
        self._emit = emit
        self._watches: dict[str, DrawerWatch] = {}

    def add(self, drawer: Drawer, printers: Mapping[str, PrintWorker]) -> None:
        """Take a drawer in; one that hangs on a printer gets that printer's kick.

        Args:
            drawer: The drawer.
            printers: Print workers by name.

        Raises:
            DeviceError: The printer that it hangs on is not there.
        """
        if not plug_in(drawer, drawer.name, printers):
            raise DeviceError(
                N_("The drawer {drawer} hangs on the printer {printer}, which is not there."),
                hint=N_("Correct its printer in till.toml."),
                device=drawer.name,
                drawer=drawer.name,
                printer=drawer.hangs_on if isinstance(drawer, HangsOnPrinter) else "",
            )
        self.by_name[drawer.name] = drawer
        if isinstance(drawer, TellsIfOpen):
            self._watches[drawer.name] = DrawerWatch(drawer, self._emit, drawer.warn_after)

    def open(self, reason: str, operator: tuple[int, str], *, for_sale: bool) -> Future[None]:
        """Open the first drawer, once, and record it; the future holds the error if it did not open.

        Args:
            reason: The cashier's words.
            operator: Who opens it.
            for_sale: A closed sale opens it: its record in the journal stands for this one.
        """
        result: Future[None] = Future()
        drawer = next(iter(self.by_name.values()), None)
        if drawer is None:
            result.set_exception(
                DeviceError(N_("No drawer is set up."), hint=N_("Add a [drawer.main] section to till.toml."))
            )
            return result
        if not for_sale:
            body = {"reason": reason, "operator": list(operator), "drawer": drawer.name, "at_ms": now_ms()}
            self._store.record(RecordKind.DRAWER, body)

        def work() -> None:
            try:
                drawer.open()
            except TillError as error:
                log.warning("the drawer %s did not open: %s", drawer.name, error)
                result.set_exception(error)
            except Exception as error:  # the top of a thread: a driver of anyone's
                log.exception("the drawer %s failed", drawer.name)
                result.set_exception(error)
            else:
                log.info("drawer %s opened by %s: %s", drawer.name, operator[1], reason)
                if drawer.name in self._watches:
                    self._watches[drawer.name].opened()
                result.set_result(None)

        threading.Thread(target=work, name=f"drawer-{drawer.name}", daemon=True).start()
        return result

    def stop(self) -> None:
        """Watch no more; may be called twice."""
        for watch in self._watches.values():
            watch.stop()
