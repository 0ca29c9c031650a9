"""The application: it carries keys, scans and events to the sale screen and paints the status line."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar

from textual import constants, events
from textual.binding import BindingType

from tilltui.domain.text import clean
from tilltui.errors import N_, SaleError
from tilltui.i18n import set_language
from tilltui.ports import (
    BarcodeScanned,
    DeviceChanged,
    DeviceEvent,
    JobChanged,
    ScanGarbled,
    WeightRead,
)
from tilltui.ui.sale.screen import SaleScreen
from tilltui.ui.sale.state import Scan
from tilltui.ui.shell import hangup
from tilltui.ui.shell.desk import Desk
from tilltui.ui.shell.key_queue import RoutedKeys
from tilltui.ui.shell.messages import (
    BasketNotSaved,
    CardReported,
    DeviceReported,
    PlugReported,
    UploadReported,
    WorkFinished,
)
from tilltui.ui.shell.notices import notices
from tilltui.ui.shell.theme import CONSOLE_CSS, apply_theme, pick_theme
from tilltui.ui.shell.wedge import Rhythm
from tilltui.ui.shell.wedge_app import CodeTyped, WedgeMixin

if TYPE_CHECKING:
    from textual.driver import Driver
    from textual.screen import Screen

    from tilltui.services.cards.card_messages import CardEvent
    from tilltui.services.devices.hotplug import Plugs
    from tilltui.services.upload.worker import SyncStatus

log = logging.getLogger(__name__)


SOON = tuple(f"tilltui.ui.dialogs.{name}" for name in ("pick", "ask", "find", "show"))
"""Modules of the pop-ups: imported behind the first picture, before anybody can open one."""

BUSY_SECONDS = 5.0
"""After this long a till that was busy is looked at again for locking."""

WATCH_AFTER = 2.0
"""Seconds after the start until plugs are watched: what that imports must not delay the first keys."""


class TillApp(WedgeMixin[None], RoutedKeys[None]):
    """A till on the screen.

    Attributes:
        desk: The till.
        sale: The cashier's screen.
        opened: The devices have been started.
        plugs: What is plugged in; ``None`` until it is watched.
        active_at: ``time.monotonic()`` of the last key or scan.
        background: One thread for short work that waits for the disk.
    """

    ENABLE_COMMAND_PALETTE = False
    # The sale stays in sight behind a pop-up.
    CSS = CONSOLE_CSS + "Dialog { background: transparent; } LockDialog { background: $background; }"
    BINDINGS: ClassVar[list[BindingType]] = []
    TITLE = "Tilltui"

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        # Nothing is said in toasts or tooltips: they would be two widgets more on every screen.
        self._disable_notifications = self._disable_tooltips = True
        apply_theme(self, pick_theme(os.environ, desk.theme))
        self.desk = desk
        self.sale = SaleScreen(desk)
        self.device_states: dict[tuple[str, str], DeviceChanged] = {}
        self.uploads: dict[str, SyncStatus] = {}
        self.opened = False
        self.plugs: Plugs | None = None
        self.active_at = time.monotonic()
        self.background = ThreadPoolExecutor(1, "desk")
        desk.checkout.failed = self._not_saved
        if desk.wedge_gap_ms:
            self.enable_wedge(Rhythm(gap=desk.wedge_gap_ms / 1000))

    def get_driver_class(self) -> type[Driver]:
        """The till's own driver, unless the environment names another; Textual asks once."""
        if constants.DRIVER is not None or sys.platform == "win32":
            return super().get_driver_class()
        # Not needed where there is no terminal.
        from tilltui.ui.shell.driver import TillDriver

        return TillDriver

    def get_default_screen(self) -> SaleScreen:
        """The sale is the lowest screen: an empty one below it would be laid out and painted as well."""
        return self.sale

    def on_mount(self) -> None:
        """Open the devices once the sale is shown."""
        self._bindings.key_to_bindings.clear()
        # After a suspension the terminal shows nothing of ours, and Textual thinks that it still does.
        self.app_resume_signal.subscribe(self, lambda app: app.screen.refresh())
        self.call_after_refresh(self._start_devices)

    def on_unmount(self) -> None:
        """Let the background go; what it has begun ends."""
        self.background.shutdown(wait=False)
        if self.plugs is not None:
            self.plugs.stop()

    def _start_devices(self) -> None:
        desk = self.desk
        # Not sooner: Textual calls this after the sale was painted, and never if a pop-up covers it before.
        self.sale.open_locked()
        desk.devices.start(self.emit, desk.spool, self._uploaded, self._charged)
        desk.devices.greet(desk.shop.currency, (desk.shop.name,))
        for warning in desk.devices.warnings:
            self.sale.fail(warning, level="warning")
        self.sale.say_loose()
        self.paint_status()
        self.opened = True
        self.set_interval(30, self.paint_status)
        self._check_file()
        if desk.make_plugs is not None:
            self.set_timer(WATCH_AFTER, self.watch_plugs)
        if desk.lock_minutes:
            self.set_timer(60 * desk.lock_minutes, self.lock_if_idle)
        if not self.is_headless:
            hangup.on_signals(asyncio.get_running_loop(), self.exit)
        for module in SOON:
            self.sale.later(self.background.submit(import_module, module))

    def watch_plugs(self) -> None:
        """Begin to watch what is plugged in; the first time counts."""
        if self.desk.make_plugs is not None and self.plugs is None:
            self.plugs = self.desk.make_plugs()
            begun = self.background.submit(self.plugs.start, lambda: self.post_message(PlugReported()))
            self.sale.later(begun)

    def lock_if_idle(self) -> None:
        """Lock the till when nobody has touched it for long enough, and look again later."""
        limit = 60 * self.desk.lock_minutes
        left = self.active_at + limit - time.monotonic()
        if left <= 0:
            self._carefully(self.sale.lock_till)
            # What the till is just doing is not interrupted.
            left = limit if self.sale.locked is not None else BUSY_SECONDS
        self.set_timer(max(1.0, left), self.lock_if_idle)

    def _check_file(self) -> None:
        """Check the whole sales file behind the cashier's back; damage is said at once."""
        checked: Future[None] = Future()

        def work() -> None:
            try:
                self.desk.store.check()
            except Exception as error:  # the top of a thread
                checked.set_exception(error)
            else:
                checked.set_result(None)

        self.sale.later(checked)
        threading.Thread(target=work, name="store-check", daemon=True).start()

    def _uploaded(self, status: SyncStatus) -> None:
        self.post_message(UploadReported(status))

    def _charged(self, event: CardEvent) -> None:
        self.post_message(CardReported(event))

    def _not_saved(self, error: BaseException) -> None:
        self.post_message(BasketNotSaved(error))

    def emit(self, event: DeviceEvent) -> bool:
        """Take a device's event, from any thread."""
        return self.post_message(DeviceReported(event))

    def now_ms(self) -> int:
        """The wall clock, UTC milliseconds."""
        return time.time_ns() // 1_000_000

    # What comes in

    def _carefully(self, work: Callable[[], object], code: str = "") -> None:
        """Do what a key or a scan asks for; a fault of the till's own is said, and selling goes on."""
        try:
            work()
        except Exception as error:  # the top of the till's loop: it must outlive any step
            self.sale.fail(error, code=code)

    def key_pressed(self, event: events.Key) -> None:
        """Take a key, after everything that came before it."""
        self.active_at = event.time
        self._carefully(lambda: self._take_key(event))

    def _take_key(self, event: events.Key) -> None:
        """Take a key: a pop-up's, or the sale's; the scanner's own Enter is nobody's."""
        top = self.screen
        if event.key == "enter" and self.sale.just_scanned(event.time):
            return
        if top is not self.sale and self._taken_by(top, event):
            return
        if self.sale.busy:
            self.sale.keep(event)
        else:
            self.sale.take_key(event)

    @staticmethod
    def _taken_by(top: Screen[Any], event: events.Key) -> bool:
        """Give a key to a pop-up; whether it is one."""
        from tilltui.ui.dialogs.dialog import Dialog

        if not isinstance(top, Dialog):
            return False
        top.take_key(event)
        return True

    def scan(self, scan: Scan) -> None:
        """Take a code."""
        self.active_at = time.monotonic()
        self._carefully(lambda: self.sale.scanned(scan), code=clean(scan.text, 40))

    def on_device_reported(self, message: DeviceReported) -> None:
        """A device scanned, changed or moved a job."""
        event = message.event
        if isinstance(event, BarcodeScanned):
            self.scan(Scan(event.text, event.symbology, event.source, event.at))
        elif isinstance(event, ScanGarbled):
            self.sale.garbled(event.reason, event.source)
        elif isinstance(event, WeightRead):
            self._carefully(lambda: self.sale.weight_read(event))
        elif isinstance(event, DeviceChanged):
            self.device_states[(event.kind, event.device)] = event
            self.sale.renew_devices()
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
        self.scan(Scan(message.text, None, "keyboard", message.at))

    def on_work_finished(self, message: WorkFinished) -> None:
        """Another thread has done what the screen asked of it."""
        self._carefully(lambda: self.sale.finished(message))

    def on_card_reported(self, message: CardReported) -> None:
        """A card terminal says something."""
        self._carefully(lambda: self.sale.card_heard(message.event))

    def on_basket_not_saved(self, message: BasketNotSaved) -> None:
        """The open basket is only in memory."""
        self.sale.fail(message.error, level="warning")

    def on_plug_reported(self) -> None:
        """Something was plugged in or out."""
        self.sale.renew_devices()
        self.paint_status()

    def on_upload_reported(self, message: UploadReported) -> None:
        """An uploader's state changed."""
        self.uploads[message.status.uploader] = message.status
        self.paint_status()

    # What goes out

    def paint_status(self) -> None:
        """Say in words how the till is."""
        # While the till closes a device may still say something when the line is gone already.
        if self.sale.ready and self.sale.status.is_attached:
            new = self.plugs.new() if self.plugs is not None else ()
            said = notices(self.desk, self.device_states, self.uploads, self.now_ms(), new)
            self.sale.status.set_notices(said)
            self.sale.show_through()

    def alarm(self) -> None:
        """The sound of an error."""
        if self.desk.beep:
            self.bell()

    def close_dialogs(self) -> None:
        """Close every pop-up, the uppermost first."""
        if self.screen is self.sale:
            return
        from tilltui.ui.dialogs.dialog import Dialog

        for screen in reversed(self.screen_stack):
            if isinstance(screen, Dialog):
                screen.leave(interrupted=True)

    def open_drawer(self, reason: str, *, for_sale: bool = False) -> None:
        """Open the drawer once; a failure is said, not repeated.

        Args:
            reason: The cashier's words.
            for_sale: It belongs to the sale that was just closed, whose record says so already.
        """
        operator = self.desk.checkout.operator
        if for_sale and not self.desk.devices.drawers:
            return
        future = self.desk.devices.open_drawer(reason, (operator.id, operator.name), for_sale=for_sale)
        self.sale.later(future, failed=lambda error: self.sale.fail(error, level="warning"))

    def receipt_text(self, seq: int) -> list[str]:
        """A receipt as lines of text."""
        from tilltui.services.paper.preview import text_lines

        return text_lines(self.desk.spool.elements(seq))

    def speak(self, code: str) -> None:
        """Change the language while running."""
        set_language(code)
        self.sale.paint_all()
        self.paint_status()

    def _handle_exception(self, error: Exception) -> None:
        """Log what nobody caught before Textual ends the application; the sale is on disk."""
        log.critical("the screen failed", exc_info=error)
        super()._handle_exception(error)


def run(desk: Desk) -> None:
    """Show the till until it is closed."""
    TillApp(desk).run(mouse=os.environ.get("TERM") != "linux")
