"""What goes on at the card terminal, in words, until it has ended or is left to itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from textual.widget import Widget

from tilltui.errors import N_
from tilltui.i18n import _
from tilltui.ui.dialogs.dialog import Dialog
from tilltui.ui.widgets.big_digits import BigDigits
from tilltui.ui.widgets.key_row import KeyLabel, KeyRow
from tilltui.ui.widgets.label import Label

STEPS: Mapping[str, str] = {
    "sent": N_("The amount is on its way to the terminal."),
    "card": N_("The customer holds, inserts or swipes the card."),
    "confirm": N_("The customer confirms the amount at the terminal."),
    "instalments": N_("The customer chooses the instalments."),
    "pin": N_("The customer keys the PIN."),
    "sending": N_("The terminal asks the bank."),
    "take_card": N_("The customer takes the card out."),
    "working": N_("The terminal is working."),
    "asking": N_("The till asks the terminal how it ended."),
    "cancel": N_("It can be cancelled at the terminal only."),
}
"""Words for each step of ``CardProgress``, marked for translation."""


class ChargeDialog(Dialog[None]):
    """Shows amount and step; no key and no scan ends what the terminal is doing but Esc.

    Args:
        title: Heading.
        amount: As formatted.
        cancel: Gives the charge up; ``None`` where nothing can be given up, as while money goes back.
    """

    def __init__(self, title: str, amount: str, cancel: Callable[[], object] | None) -> None:
        super().__init__(title)
        self._amount = amount
        self._cancel = cancel
        self._said = _(STEPS["sent"])

    def content(self) -> Iterable[Widget]:
        """The amount, large, and what the terminal is doing."""
        number = BigDigits(align="center", classes="framed")
        number.styles.height = 5
        number.set_number(self._amount)
        yield number
        yield Label(self._said, id="step", classes="body framed")

    def keys(self) -> list[KeyLabel]:
        """Esc: give up, then leave."""
        return [KeyLabel("Esc", _("Cancel the charge") if self._cancel else _("Leave it to the terminal"))]

    @property
    def gone(self) -> bool:
        """Whether it was finished or left."""
        return self._finished

    def prepare(self) -> None:
        """Show what was said before the pop-up was there."""
        self.query_one("#step", Label).set_text(self._said)

    def step(self, name: str) -> None:
        """Say what the terminal is doing."""
        self._say(_(STEPS[name]) if name in STEPS else _(STEPS["working"]))

    def _say(self, text: str) -> None:
        self._said = text
        if self._ready and not self._finished:
            self.query_one("#step", Label).set_text(text)

    def leave(self, *, interrupted: bool = False) -> None:
        """Esc: the first one cancels, the next one leaves the terminal to itself; a scan does neither."""
        if interrupted:
            return
        if self._cancel is None:
            self.finish(None)
            return
        cancel, self._cancel = self._cancel, None
        cancel()
        self._say(_("Cancelling; the terminal may still say that the card was charged."))
        self.query_one(KeyRow).set_keys(self.keys())
