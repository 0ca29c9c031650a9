"""What devices and the sales file report, told to the sale screen."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING

from tilltui.domain.paper.job_state import JobState
from tilltui.errors import N_, SaleError
from tilltui.ports import (
    BarcodeScanned,
    DeviceChanged,
    DeviceEvent,
    JobChanged,
    ScanGarbled,
    WeightRead,
)
from tilltui.ui.sale.state import Scan

if TYPE_CHECKING:
    from tilltui.services.till import Till
    from tilltui.ui.flows.known import Known
    from tilltui.ui.sale.gestures import Gestures
    from tilltui.ui.sale.view import SaleView
    from tilltui.ui.shell.host import Host
    from tilltui.ui.shell.key_queue import KeyQueue


class Reports:
    """Takes what devices report, on the screen's thread.

    Args:
        queue: Takes codes.
        gestures: Says what is no code.
        host: Shows weights and states where they are looked at.
        known: The last word of each device.
        view: The sale.
        changed: Called when the status line may say something else.
    """

    def __init__(
        self,
        queue: KeyQueue,
        gestures: Gestures,
        host: Host,
        known: Known,
        view: SaleView,
        changed: Callable[[], object],
    ) -> None:
        self._queue = queue
        self._gestures = gestures
        self._host = host
        self._known = known
        self._view = view
        self._changed = changed

    def device(self, event: DeviceEvent) -> None:
        """Take what a device scanned, weighed, changed or printed."""
        if isinstance(event, BarcodeScanned):
            self._queue.scan(Scan(event.text, event.symbology, event.source, event.at))
        elif isinstance(event, ScanGarbled):
            self._gestures.garbled(event.reason, event.source)
        elif isinstance(event, WeightRead):
            self._host.weight_read(event)
        elif isinstance(event, DeviceChanged):
            self._known.devices[(event.kind, event.device)] = event
            self._host.renew()
            self._changed()
        elif isinstance(event, JobChanged):
            if event.state is JobState.UNCERTAIN:
                error = SaleError(
                    N_("A receipt was perhaps not printed."),
                    hint=N_("F12, Printing: say whether it came out."),
                )
                self._view.say(error, level="warning")
            self._changed()

    def check_file(self, till: Till) -> None:
        """Check the whole sales file behind the cashier's back; damage is said at once."""
        checked: Future[None] = Future()

        def work() -> None:
            try:
                till.check_file()
            except Exception as error:  # the top of a thread
                checked.set_exception(error)
            else:
                checked.set_result(None)

        self._host.later(checked)
        threading.Thread(target=work, name="store-check", daemon=True).start()
