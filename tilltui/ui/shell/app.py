"""The application: it carries keys, scans and events to the sale screen and paints the status line."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, ClassVar

from textual import constants, events
from textual.app import App
from textual.binding import BindingType

from tilltui.services.events import BasketParked, LanguageChanged, SaleClosed, TillLeft
from tilltui.services.till import Till
from tilltui.ui.flows.conversation import Conversation
from tilltui.ui.flows.known import Known
from tilltui.ui.sale.actions import PAY, SELL
from tilltui.ui.sale.gestures import Gestures
from tilltui.ui.sale.key_map import KeyMap
from tilltui.ui.sale.screen import SaleScreen
from tilltui.ui.sale.state import SaleState, Scan
from tilltui.ui.sale.times import clock_text
from tilltui.ui.sale.view import SaleView
from tilltui.ui.shell import hangup
from tilltui.ui.shell.device_reports import Reports
from tilltui.ui.shell.host import Host
from tilltui.ui.shell.key_queue import KeyQueue
from tilltui.ui.shell.messages import (
    CardReported,
    DeviceReported,
    PlugReported,
    UploadReported,
    WentWrong,
    WorkFinished,
)
from tilltui.ui.shell.notices import notices
from tilltui.ui.shell.popups import Popups
from tilltui.ui.shell.terminals import Terminals
from tilltui.ui.shell.theme import CONSOLE_CSS, apply_theme, pick_theme
from tilltui.ui.shell.wedge import Rhythm
from tilltui.ui.shell.wedge_keys import CodeTyped, WedgeKeys

if TYPE_CHECKING:
    from textual.driver import Driver

    from tilltui.domain.cards.attempt import Attempt

log = logging.getLogger(__name__)


SOON = ("tilltui.ui.flows.table", *(f"tilltui.ui.dialogs.{name}" for name in ("pick", "ask", "find", "show")))
"""Modules of the conversations and pop-ups: imported behind the first picture, before anybody opens one."""

BUSY_SECONDS = 5.0
"""After this long a till that was busy is looked at again for locking."""

WATCH_AFTER = 2.0
"""Seconds after the start until plugs are watched: what that imports must not delay the first keys."""


class TillApp(App[None]):
    """A till on the screen.

    Attributes:
        till: The till.
        sale: The cashier's screen.
        queue: Keys and scans on their way.
        host: The conversations that are open.
        known: What was heard of devices, plugs and uploads.
        opened: The devices have been started.
    """

    ENABLE_COMMAND_PALETTE = False
    # The sale stays in sight behind a pop-up.
    CSS = CONSOLE_CSS + "Dialog { background: transparent; } LockDialog { background: $background; }"
    BINDINGS: ClassVar[list[BindingType]] = []
    TITLE = "Tilltui"

    def __init__(self, till: Till) -> None:
        super().__init__()
        # Nothing is said in toasts or tooltips: they would be two widgets more on every screen.
        self._disable_notifications = self._disable_tooltips = True
        look = till.look
        apply_theme(self, pick_theme(os.environ, look.theme))
        self.till = till
        self.opened = False
        self.known = Known(changed=self.paint_status)
        register = till.register
        state = self._state = SaleState(KeyMap(SELL, look.keys), KeyMap(PAY, look.keys))
        view = self.view = SaleView(register, state, self.alarm)
        self.popups = Popups(self, self.key_pressed, self.alarm, view.paint_keys)
        self.queue = KeyQueue(state, self.popups, self._carefully, view.paint_input)
        self.terminals = Terminals(self.paint_status, self._say_end)
        self.host = Host(
            self, view, self.popups, self.queue, self.terminals, register.people.locking, self._clock
        )
        talk = Conversation(register, state, view, self.queue, self.known, self.now_ms)
        self.gestures = self.queue.taker = Gestures(talk, view, self.host.run)
        self.sale = SaleScreen(
            view, self._clock, training=till.shop.training, stands=self._stands, clicked=self._clicked
        )
        rhythm = Rhythm(gap=look.wedge_gap_ms / 1000)
        self.wedge = WedgeKeys(self, self._forward, rhythm) if look.wedge_gap_ms else None
        self._reports = Reports(self.queue, self.gestures, self.host, self.known, view, self.paint_status)
        self._subscribe()

    def _subscribe(self) -> None:
        """Hear what the register did, after everybody else: the picture comes last."""
        hub = self.till.register.events
        hub.failed = lambda error: self.post_message(WentWrong(error))
        hub.to(SaleClosed, "status line", lambda event: self.paint_status())
        hub.to(BasketParked, "status line", lambda event: self.paint_status())
        hub.to(LanguageChanged, "screen", lambda event: self._speak())
        hub.to(TillLeft, "screen", lambda event: self.exit())

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

    # Start and end

    def on_mount(self) -> None:
        """Open the devices once the sale is shown."""
        self._bindings.key_to_bindings.clear()
        # After a suspension the terminal shows nothing of ours, and Textual thinks that it still does.
        self.app_resume_signal.subscribe(self, lambda app: app.screen.refresh())
        self.call_after_refresh(self._start_devices)

    def _stands(self) -> None:
        """The sale is there: say what is wrong with the settings, then take what came too early."""
        for warning in self.till.look.warnings:
            self.view.say(warning, level="warning")
        self.view.say_restored()
        if not self.till.register.people.locking.opens_locked:
            self.queue.stands()

    def on_unmount(self) -> None:
        """End what is open; what the background has begun ends."""
        self.host.runner.stop()
        if self.known.plugs is not None:
            self.known.plugs.stop()

    def _start_devices(self) -> None:
        till = self.till
        # Not sooner: Textual calls this after the sale was painted, and never if a pop-up covers it before.
        self._open_locked()
        till.start_devices(
            lambda event: self.post_message(DeviceReported(event)),
            lambda status: self.post_message(UploadReported(status)),
            lambda event: self.post_message(CardReported(event)),
        )
        for warning in till.register.devices.warnings:
            self.view.say(warning, level="warning")
        self._carefully(self._say_loose)
        self.paint_status()
        self.opened = True
        self.set_interval(30, self.paint_status)
        self._reports.check_file(till)
        if till.make_plugs is not None:
            self.set_timer(WATCH_AFTER, self.watch_plugs)
        if till.look.lock_minutes:
            self.set_timer(60 * till.look.lock_minutes, self.lock_if_idle)
        if not self.is_headless:
            hangup.on_signals(asyncio.get_running_loop(), self.exit)
        for module in SOON:
            self.host.later(till.background.submit(import_module, module))

    def _say_loose(self) -> None:
        if self.till.register.cards.desks:
            from tilltui.ui.flows.cards.words import say_loose

            say_loose(self.gestures.sale)

    def _say_end(self, attempt: Attempt) -> None:
        from tilltui.ui.flows.cards.words import say_end

        say_end(self.gestures.sale, attempt)

    def watch_plugs(self) -> None:
        """Begin to watch what is plugged in; the first time counts."""
        make = self.till.make_plugs
        if make is not None and self.known.plugs is None:
            self.known.plugs = make()
            begun = self.till.background.submit(
                self.known.plugs.start, lambda: self.post_message(PlugReported())
            )
            self.host.later(begun)

    # The lock

    def _open_locked(self) -> None:
        """Lock the till that has just been painted; what was keyed and scanned so far goes to the lock."""
        if not self._state.ready:
            self._state.ready = True
            self.lock()
            self.queue.stands()

    def lock(self) -> None:
        """Lock the till now, unless it is busy."""
        if self.popups.locked is None and not self._state.busy:
            from tilltui.ui.flows.people.locking import lock

            self.host.run(lock(self.gestures.sale))

    def lock_if_idle(self) -> None:
        """Lock the till when nobody has touched it for long enough, and look again later."""
        limit = 60 * self.till.look.lock_minutes
        left = self.queue.active_at + limit - time.monotonic()
        if left <= 0:
            self._carefully(self.lock)
            # What the till is just doing is not interrupted.
            left = limit if self.popups.locked is not None else BUSY_SECONDS
        self.set_timer(max(1.0, left), self.lock_if_idle)

    # What comes in

    def now_ms(self) -> int:
        """The wall clock, UTC milliseconds."""
        return time.time_ns() // 1_000_000

    def _clock(self) -> tuple[str, float]:
        now = self.now_ms()
        return clock_text(now), 60 - now / 1000 % 60

    def _carefully(self, work: Callable[[], object], code: str = "") -> None:
        """Do what a key or a scan asks for; a fault of the till's own is said, and selling goes on."""
        if not self.screen_stack:
            return  # the till has closed
        try:
            work()
        except Exception as error:  # the top of the till's loop: it must outlive any step
            self.view.say(error, code=code)

    async def on_event(self, event: events.Event) -> None:
        """Take keys out of Textual's own way; ``on_event`` is semi-private to it, so the tests cover it.

        It sees every key before bindings and widgets, and again when it bubbles up unhandled; the second time
        it is marked as forwarded.
        """
        if isinstance(event, events.Key):
            if not event.is_forwarded:
                await (self.wedge.take(event) if self.wedge is not None else self._forward(event))
            return
        other = isinstance(event, (events.Paste, events.MouseDown)) and not event.is_forwarded
        if other and self.wedge is not None:
            await self.wedge.release()
        await super().on_event(event)

    async def _forward(self, event: events.Key) -> None:
        self.queue.key(event)

    def key_pressed(self, event: events.Key) -> None:
        """Take a key, after everything that came before it."""
        self.queue.key(event)

    def _clicked(self, label: str) -> None:
        """A key's label was clicked."""
        if not self._state.busy and self.popups.top is None:
            self._carefully(lambda: self.gestures.clicked(label))

    def on_code_typed(self, message: CodeTyped) -> None:
        """A scanner that types like a keyboard."""
        self.queue.scan(Scan(message.text, None, "keyboard", message.at))

    def on_device_reported(self, message: DeviceReported) -> None:
        """A device scanned, weighed, changed or moved a job."""
        self._carefully(lambda: self._reports.device(message.event))

    def on_work_finished(self, message: WorkFinished) -> None:
        """Another thread has done what the screen asked of it."""
        self._carefully(lambda: self.host.finished(message))

    def on_card_reported(self, message: CardReported) -> None:
        """A card terminal says something."""
        self._carefully(lambda: self.terminals.hear(message.event))

    def on_went_wrong(self, message: WentWrong) -> None:
        """Something behind a command failed: the basket is only in memory, the drawer did not open."""
        self.view.say(message.error, level="warning")

    def on_plug_reported(self) -> None:
        """Something was plugged in or out."""
        self.host.renew()
        self.paint_status()

    def on_upload_reported(self, message: UploadReported) -> None:
        """An uploader's state changed."""
        self.known.uploads[message.status.uploader] = message.status
        self.paint_status()

    # What goes out

    def paint_status(self) -> None:
        """Say in words how the till is."""
        # While the till closes a device may still say something when the line is gone already.
        if self._state.ready and self.view.parts.status.is_attached:
            self.view.parts.status.set_notices(notices(self.till, self.known, self.now_ms()))
            self.view.show_through()

    def alarm(self) -> None:
        """The sound of an error."""
        if self.till.look.beep:
            self.bell()

    def _speak(self) -> None:
        self.view.paint_all()
        self.paint_status()

    def _handle_exception(self, error: Exception) -> None:
        """Log what nobody caught before Textual ends the application; the sale is on disk."""
        log.critical("the screen failed", exc_info=error)
        super()._handle_exception(error)


def run(till: Till) -> None:
    """Show the till until it is closed."""
    TillApp(till).run(mouse=os.environ.get("TERM") != "linux")
