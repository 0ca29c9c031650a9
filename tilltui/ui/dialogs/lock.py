"""The locked till: shop, time, what is scanned meanwhile, and the way back in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar, Protocol

from textual import events
from textual.widget import Widget

from tilltui.i18n import _, ngettext
from tilltui.ui.dialogs.dialog import Dialog
from tilltui.ui.widgets.form_field import FormField
from tilltui.ui.widgets.key_row import KeyLabel
from tilltui.ui.widgets.label import Label
from tilltui.ui.widgets.sale.header_line import Clock, HeaderLine

SHOWN_CODES = 8
"""Codes that are listed; more are counted."""


class Keyhole(Protocol):
    """What looks at a PIN."""

    def has(self) -> bool:
        """Whether a PIN is wanted at all."""

    def waits(self) -> int:
        """Seconds until the next try is looked at."""

    def check(self, pin: str, told: Callable[[bool], object]) -> object:
        """Look at a PIN in the background."""


class LockDialog(Dialog[bool]):
    """Covers everything; only the PIN, or Enter where there is none, leads out.

    Args:
        shop: The shop's name.
        who: Who sells.
        clock: For the head.
        keyhole: Looks at PINs.
        scanned: Told of each code that is scanned.
    """

    WIDTH: ClassVar[int] = 64

    def __init__(
        self, shop: str, who: str, clock: Clock, keyhole: Keyhole, scanned: Callable[[str], object]
    ) -> None:
        super().__init__(_("The till is locked"))
        self._shop, self._who, self._clock = shop, who, clock
        self._keyhole = keyhole
        self._scanned = scanned
        self._wants_pin = keyhole.has()
        self._looking = False
        self.codes: list[str] = []

    def content(self) -> Iterable[Widget]:
        """Shop and time, the PIN, and what was scanned."""
        yield HeaderLine(self._clock, classes="framed")
        how = _("Key the PIN of {name}, then Enter.") if self._wants_pin else _("Enter unlocks it.")
        yield Label(how.format(name=self._who or _("Cashier")), classes="body framed")
        if self._wants_pin:
            yield FormField(_("PIN:"), masked=True, limit=12, accepts=str.isdigit, id="pin")
        yield Label("", id="codes", classes="body framed")

    def keys(self) -> list[KeyLabel]:
        """Enter is the only one."""
        return [KeyLabel("Enter", _("Unlock"))]

    def prepare(self) -> None:
        """Show the head, and what was scanned before the pop-up was there."""
        self.query_one(HeaderLine).set_texts(self._shop)
        if self._wants_pin:
            self.set_focus(self.query_one(FormField))
        self._list()

    def pressed(self, event: events.Key) -> None:
        """Digits go into the PIN; every other key does nothing."""
        if self._wants_pin and self.query_one(FormField).take_key(event.key, event.character):
            self.wrong("")

    def leave(self, *, interrupted: bool = False) -> None:
        """No Esc, no scan and no other pop-up unlocks the till; Esc clears what is keyed, as everywhere."""
        if self._wants_pin and not interrupted:
            self.query_one(FormField).value = ""
            self.wrong("")

    def accept(self) -> None:
        """Enter: have the PIN looked at; it is not shown, kept or logged."""
        if not self._wants_pin:
            self.finish(True)
            return
        field = self.query_one(FormField)
        pin = field.value
        if self._looking or not pin:
            return
        field.value = ""
        seconds = self._keyhole.waits()
        if seconds:
            self._say_wait(_("Wait before the next try."), seconds)
            return
        self._looking = True
        self._keyhole.check(pin, self._told)

    def _told(self, right: bool) -> None:
        self._looking = False
        if right:
            self.finish(True)
        else:
            self._say_wait(_("Wrong PIN."), self._keyhole.waits())

    def not_looked(self, text: str) -> None:
        """The PIN could not be looked at."""
        self._looking = False
        self.wrong(text)

    def _say_wait(self, text: str, seconds: int) -> None:
        wait = ngettext(
            "Wait {count} second, then key it again.", "Wait {count} seconds, then key it again.", seconds
        ).format(count=seconds)
        self.wrong(f"{text} {wait}")

    def take_barcode(self, text: str) -> bool:
        """List a code that is scanned while nobody may sell."""
        self.codes.append(text)
        self._scanned(text)
        if self._ready:
            self._list()
        return True

    def _list(self) -> None:
        if not self.codes:
            return
        last = self.codes[-SHOWN_CODES:]
        said = _("Scanned while locked, not rung: {codes}").format(codes="  ".join(last))
        if len(self.codes) > len(last):
            said = f"({len(self.codes)}) {said}"
        self.query_one("#codes", Label).set_text(said)
