"""The application: it carries events to the sale screen and paints the status line."""

from __future__ import annotations

import os
import time
from typing import ClassVar

from textual.binding import BindingType

from tilltui.errors import N_, SaleError
from tilltui.i18n import set_language
from tilltui.ports import BarcodeScanned, DeviceChanged, DeviceEvent, DeviceState, JobChanged, ScanGarbled
from tilltui.services.sync import SyncStatus
from tilltui.ui.desk import Desk
from tilltui.ui.dialogs.dialog import Dialog
from tilltui.ui.messages import (
    BasketNotSaved,
    DeviceReported,
    SaleAccepted,
    SaleRefused,
    UploadReported,
)
from tilltui.ui.notices import notices
from tilltui.ui.screens.sale import SaleScreen
from tilltui.ui.theme import CONSOLE_CSS, apply_theme, pick_theme
from tilltui.ui.wedge import Rhythm
from tilltui.ui.wedge_app import CodeTyped, WedgeMixin
from tilltui.ui.widgets.status_line import StatusLine


class TillApp(WedgeMixin[None]):
    """A till on the screen."""

    ENABLE_COMMAND_PALETTE = False
    CSS = CONSOLE_CSS
    BINDINGS: ClassVar[list[BindingType]] = []
    TITLE = "Tilltui"

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        apply_theme(self, pick_theme(os.environ, desk.theme))
        self.desk = desk
        self.sale = SaleScreen(desk)
        self.device_states: dict[tuple[str, str], DeviceChanged] = {}
        self.uploads: dict[str, SyncStatus] = {}
        self._kept_scans: list[tuple[str, str | None, str]] = []
        if desk.wedge_gap_ms:
            self.enable_wedge(Rhythm(gap=desk.wedge_gap_ms / 1000))

    def on_mount(self) -> None:
        """Show the sale first, then open the devices."""
        self._bindings.key_to_bindings.clear()
        self.push_screen(self.sale)
        self.call_after_refresh(self._start_devices)

    def _start_devices(self) -> None:
        desk = self.desk
        desk.devices.start(self.emit, desk.spool, self._uploaded)
        for warning in desk.devices.warnings:
            self.sale.fail(warning, level="warning")
        self.paint_status()
        self.set_interval(30, self.paint_status)

    def _uploaded(self, status: SyncStatus) -> None:
        self.post_message(UploadReported(status))

    def emit(self, event: DeviceEvent) -> bool:
        """Take a device's event, from any thread."""
        return self.post_message(DeviceReported(event))

    def now_ms(self) -> int:
        """The wall clock, UTC milliseconds."""
        return time.time_ns() // 1_000_000

    # What comes in

    def on_device_reported(self, message: DeviceReported) -> None:
        """A device scanned, changed or moved a job."""
        event = message.event
        if isinstance(event, BarcodeScanned):
            self.sale.scanned(event.text, event.symbology, event.source)
        elif isinstance(event, ScanGarbled):
            self.sale.garbled(event.reason, event.source)
        elif isinstance(event, DeviceChanged):
            self.device_states[(event.kind, event.device)] = event
            self.paint_status()
        elif isinstance(event, JobChanged):
            if event.state == "uncertain":
                self.sale.fail(
                    SaleError(
                        N_("A receipt was perhaps not printed."),
                        hint=N_("F12, Printing: say whether it came out."),
                    ),
                    level="warning",
                )
            self.paint_status()

    def on_code_typed(self, message: CodeTyped) -> None:
        """A scanner that types like a keyboard."""
        self.sale.scanned(message.text, None, "keyboard")

    def on_sale_accepted(self, message: SaleAccepted) -> None:
        """A sale is on disk."""
        self.sale.accepted(message.accepted)
        self.paint_status()
        scans, self._kept_scans = self._kept_scans, []
        for scan in scans:
            self.sale.scanned(*scan)

    def on_sale_refused(self, message: SaleRefused) -> None:
        """A sale could not be saved; scans that came meanwhile are rung on it."""
        self.sale.refused(message.error)
        scans, self._kept_scans = self._kept_scans, []
        for scan in scans:
            self.sale.scanned(*scan)

    def on_basket_not_saved(self, message: BasketNotSaved) -> None:
        """The open basket is only in memory."""
        self.sale.fail(message.error, level="warning")

    def on_upload_reported(self, message: UploadReported) -> None:
        """An uploader's state changed."""
        self.uploads[message.status.uploader] = message.status
        self.paint_status()

    def keep_scan(self, text: str, symbology: str | None, source: str) -> None:
        """Keep a scan that came while a sale was being saved: it is the next customer's."""
        self._kept_scans.append((text, symbology, source))

    # What goes out

    def paint_status(self) -> None:
        """Say in words how the till is."""
        if self.sale.is_mounted:
            self.sale.query_one(StatusLine).set_notices(
                notices(self.desk, self.device_states, self.uploads, self.now_ms())
            )

    def alarm(self) -> None:
        """The sound of an error."""
        if self.desk.beep:
            self.bell()

    def close_dialogs(self) -> None:
        """Close every pop-up, the uppermost first."""
        while isinstance(self.screen, Dialog):
            self.screen.leave()
            if isinstance(self.screen, Dialog):
                break

    def open_drawer(self, reason: str) -> None:
        """Open the drawer once; a failure is said, not repeated."""
        operator = self.desk.checkout.operator
        if reason == "sale" and not self.desk.devices.drawers:
            return
        future = self.desk.devices.open_drawer(reason, (operator.id, operator.name))

        def done(_future: object) -> None:
            error = future.exception()
            if error is not None:
                self.post_message(BasketNotSaved(error))

        future.add_done_callback(done)

    def pick_customer(self, text: str) -> None:
        """Choose the customer of the sale by name or tax number; an unknown one is added."""
        from tilltui.ui.customers import choose_customer

        choose_customer(self.sale, text)

    def receipt_text(self, seq: int) -> list[str]:
        """A receipt as lines of text."""
        from tilltui.services.preview import text_lines

        return text_lines(self.desk.spool.elements(seq))

    def speak(self, code: str) -> None:
        """Change the language while running."""
        set_language(code)
        self.sale.paint_all()
        self.paint_status()

    def device_ready(self, kind: str) -> bool:
        """Whether a device of that kind is ready; for tests and the status line."""
        return any(
            key[0] == kind and changed.state is DeviceState.READY
            for key, changed in self.device_states.items()
        )

    def _handle_exception(self, error: Exception) -> None:
        """Log what nobody caught before Textual ends the application; the sale is on disk."""
        import logging

        logging.getLogger(__name__).critical("the screen failed", exc_info=error)
        super()._handle_exception(error)


def run(desk: Desk) -> None:
    """Show the till until it is closed."""
    TillApp(desk).run(mouse=os.environ.get("TERM") != "linux")
