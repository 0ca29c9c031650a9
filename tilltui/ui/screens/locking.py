"""Locking the till and getting back in; the sale in hand stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tilltui.domain.text import clean
from tilltui.errors import N_, SaleError, TillError
from tilltui.i18n import _, explain
from tilltui.store.books import sale_lookups
from tilltui.ui.dialogs.question import Question, Values
from tilltui.ui.sale.rows import clock_text
from tilltui.ui.sale.state import Shown
from tilltui.ui.screens.base import SaleBase

if TYPE_CHECKING:
    from tilltui.services.people.pin import Pins
    from tilltui.ui.dialogs.lock import LockDialog

MOST_CODES = 20
"""Codes scanned while locked that get a message of their own afterwards; the rest are counted."""


class LockActions(SaleBase):
    """The lock, from the menu or after a while without a key."""

    _pins: Pins | None = None

    @property
    def pins(self) -> Pins:
        """The operators' PINs; loaded with the first lock."""
        if self._pins is None:
            from tilltui.services.people.pin import Pins

            self._pins = Pins(self.desk.store)
        return self._pins

    def menu_lock(self) -> None:
        """Lock the till now."""
        self.lock_till()

    @property
    def opens_locked(self) -> bool:
        """Whether the operator has a PIN: then pulling the plug must be no way round the lock."""
        return sale_lookups.has_pin(self.desk.store.reader, self.checkout.operator.id)

    def open_locked(self) -> None:
        """Lock the till that has just been painted; what was keyed and scanned so far goes to the lock."""
        if not self.ready:
            self.ready = True
            self.lock_till()
            self.release()

    def lock_till(self) -> None:
        """Close what is open, cover everything, and let only the operator back in."""
        from tilltui.ui.dialogs.lock import LockDialog

        if self.locked is not None or self.busy:
            return
        self.till.close_dialogs()
        self.buffer.clear()
        shop = self.desk.shop
        name = f"{shop.name} · {_('Till {till}').format(till=shop.till)}"
        dialog = LockDialog(name, self.checkout.operator.name, self._time, Keyhole(self), self._while_locked)
        self.locked = dialog
        if self.desk.devices.customer is not None and not self.checkout.basket:
            self.desk.devices.customer.idle()
        self.open(dialog, lambda unlocked: self._unlocked(dialog))

    def _time(self) -> tuple[str, float]:
        now = self.till.now_ms()
        return clock_text(now), 60 - now / 1000 % 60

    def _while_locked(self, code: str) -> None:
        """A code was scanned: it sounds wrong, and is kept for the shopkeeper as well."""
        self.till.alarm()
        self.checkout.note_bad_scan(code, "scan", "locked")

    def _unlocked(self, dialog: LockDialog) -> None:
        self.locked = None
        held, self.after_lock = self.after_lock, []
        codes = dialog.codes
        for code in codes[:MOST_CODES]:
            error = SaleError(
                N_("Scanned while the till was locked."), hint=N_("It was not rung: scan it again.")
            )
            self.errors.append(Shown(error, clean(code, 40)))
        if len(codes) > MOST_CODES:
            more = SaleError(
                N_("{count} more codes were scanned while the till was locked."),
                hint=N_("None was rung."),
                count=len(codes) - MOST_CODES,
            )
            self.errors.append(Shown(more))
        if codes:
            self.till.alarm()
        self.paint_all()
        for open_it in held:
            open_it()

    def menu_pin(self) -> None:
        """Set, change or take away the operator's PIN."""
        operator, pins = self.checkout.operator, self.pins
        questions = [
            Question("new", _("New PIN:"), hint=_("empty: none"), limit=12, masked=True),
            Question("again", _("Once more:"), limit=12, masked=True),
        ]
        if pins.has(operator.id):
            questions.insert(0, Question("old", _("Old PIN:"), limit=12, masked=True))

        def answer(values: Values) -> tuple[str, str]:
            from tilltui.services.people.pin import checked_pin

            if values["new"] != values["again"]:
                raise SaleError(N_("The two new PINs differ."), hint=N_("Key the same one twice."))
            return values.get("old", ""), checked_pin(values["new"]) if values["new"] else ""

        def change(said: tuple[str, str]) -> None:
            future = self.till.background.submit(pins.change, operator.id, *said)
            text = _("The PIN is set.") if said[1] else _("There is no PIN any more.")
            self.later(future, lambda done: self.fail(text, level="warning"))

        about = _("It unlocks the till; 4 to 12 digits.")
        self.ask(_("PIN to unlock the till"), questions, answer, change, about=about)


class Keyhole:
    """Looks at PINs for the pop-up, behind the screen.

    Args:
        screen: The sale.
    """

    def __init__(self, screen: LockActions) -> None:
        self._screen = screen
        self._pins = screen.pins
        self._operator = screen.checkout.operator.id

    def has(self) -> bool:
        """Whether a PIN is wanted at all."""
        return self._pins.has(self._operator)

    def waits(self) -> int:
        """Seconds until the next try is looked at."""
        return self._pins.waits(self._operator)

    def check(self, pin: str, told: Callable[[bool], Any]) -> None:
        """Look at a PIN in the background; a hash takes a third of a second on a small machine."""
        screen = self._screen
        future = screen.till.background.submit(self._pins.check, self._operator, pin)
        screen.later(future, told, failed=self._failed)

    def _failed(self, error: BaseException) -> None:
        locked = self._screen.locked
        text = explain(error).text if isinstance(error, TillError) else type(error).__name__
        if locked is not None:
            locked.not_looked(text)
