"""What devices and the sales file report, told to the sale screen."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING

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
    from tilltui.ui.shell.app import TillApp


class Reports:
    """Takes what devices report, on the screen's thread.

    Args:
        app: The application.
    """

    def __init__(self, app: TillApp) -> None:
        self._app = app

    def device(self, event: DeviceEvent) -> None:
        """Take what a device scanned, weighed, changed or printed."""
        app = self._app
        if isinstance(event, BarcodeScanned):
            app.queue.scan(Scan(event.text, event.symbology, event.source, event.at))
        elif isinstance(event, ScanGarbled):
            app.gestures.garbled(event.reason, event.source)
        elif isinstance(event, WeightRead):
            app.host.weight_read(event)
        elif isinstance(event, DeviceChanged):
            app.known.devices[(event.kind, event.device)] = event
            app.host.renew()
            app.paint_status()
        elif isinstance(event, JobChanged):
            if event.state == "uncertain":
                error = SaleError(
                    N_("A receipt was perhaps not printed."),
                    hint=N_("F12, Printing: say whether it came out."),
                )
                app.view.say(error, level="warning")
            app.paint_status()

    def check_file(self) -> None:
        """Check the whole sales file behind the cashier's back; damage is said at once."""
        checked: Future[None] = Future()
        till = self._app.till

        def work() -> None:
            try:
                till.check_file()
            except Exception as error:  # the top of a thread
                checked.set_exception(error)
            else:
                checked.set_result(None)

        self._app.host.later(checked)
        threading.Thread(target=work, name="store-check", daemon=True).start()
