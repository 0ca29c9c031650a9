"""Weighs an item: what the scale says, live; its first stable weight rings, a keyed one stays possible."""

from __future__ import annotations

from collections.abc import Iterable

from textual import events
from textual.widget import Widget

from tilltui.domain.money.money import format_quantity
from tilltui.errors import TillError
from tilltui.i18n import _, fill_in
from tilltui.ports import WeightRead
from tilltui.services.devices.weighing import Stage, Tare, Weighed, Weigher
from tilltui.ui.dialogs.dialog import Dialog
from tilltui.ui.dialogs.pick import PickDialog
from tilltui.ui.sale.amounts import keyed_quantity
from tilltui.ui.widgets.big_digits import BigDigits
from tilltui.ui.widgets.choice import Choice
from tilltui.ui.widgets.form_field import FormField
from tilltui.ui.widgets.key_row import KeyLabel
from tilltui.ui.widgets.label import Label


class WeighDialog(Dialog[Weighed]):
    """Watches the scale until it has a weight to sell, or the cashier keys one.

    Args:
        desk: Weighs.
        name: Of the product.
        unit: Of the product, for the keyed weight.
        decimal: The shop's decimal mark.
        price: What a unit costs, as text.
    """

    def __init__(self, desk: Weigher, name: str, unit: str, decimal: str, price: str) -> None:
        super().__init__(name)
        self._desk = desk
        self._unit = unit
        self._decimal = decimal
        self._price = price
        self._step = desk.begin(name, unit)
        self._alarmed = False

    def content(self) -> Iterable[Widget]:
        """The weight, large; what the scale says; the keyed weight."""
        number = BigDigits(align="center", classes="framed")
        number.styles.height = 6
        yield number
        yield Label("", id="says", classes="body framed")
        yield FormField(
            _("Weight in {unit}:").format(unit=self._unit), limit=10, hint=f"0{self._decimal}450", id="keyed"
        )

    def keys(self) -> list[KeyLabel]:
        """Enter takes what is keyed or weighed; the scale can be set to zero and tared."""
        tare = _("Tare") if self._desk.tares else _("Tare what lies there")
        return [
            KeyLabel("Enter", _("Accept"), _("Accept")),
            KeyLabel("F2", tare, _("Tare")),
            KeyLabel("F3", _("Zero"), _("Zero")),
            KeyLabel("Esc", _("Back"), _("Back")),
        ]

    def prepare(self) -> None:
        """Begin to show; the scale may have spoken already."""
        self._field = self.query_one(FormField)
        self.set_focus(self._field)
        self._look()

    def hear(self, event: WeightRead) -> None:
        """Take what the scale says; its first stable weight is the item's."""
        step = self._desk.hear(event)
        if step is None or self._finished:
            return
        self._step = step
        if self._ready:
            self._look()

    def _look(self) -> None:
        """Ring what may be rung, unless the cashier is keying; show the rest."""
        step = self._step
        if step.stage is Stage.READY and not self._field.value and self.app.screen is self:
            self._take()
            return
        number = format_quantity(step.grams, self._decimal) if step.grams else "-"
        tare = f"  {_('Tare')} {format_quantity(step.tare, self._decimal)}" if step.tare else ""
        self.query_one(BigDigits).set_number(number, f"kg  {self._price}{tare}")
        words = f"{fill_in(step.message, step.fields)} {fill_in(step.hint, step.fields)}".strip()
        self.query_one("#says", Label).set_text(words)
        # A scale that does not work sounds once, not at each of its words.
        if step.alarm and not self._alarmed:
            self.opener.alarm()
        self._alarmed = step.alarm

    def _take(self, *, same: bool = False) -> None:
        try:
            weighed = self._desk.accept(same=same)
        except TillError as error:
            self.wrong(error)
            return
        self.finish(weighed)

    def pressed(self, event: events.Key) -> None:
        """F2 tares, F3 sets to zero, everything else is keyed."""
        if event.key == "f2":
            self._tare()
        elif event.key == "f3":
            self._desk.zero()
        elif self._field.take_key(event.key, event.character):
            self.wrong("")
            self._look()

    def accept(self) -> None:
        """Enter: the keyed weight, or the scale's; the same one twice running only so."""
        text = self._field.value.strip()
        if not text:
            self._take(same=self._step.stage is Stage.SAME)
            return
        try:
            keyed_quantity(text)
            weighed = self._desk.keyed(text)
        except TillError as error:
            self.wrong(error)
            return
        self.finish(weighed)

    def _tare(self) -> None:
        desk = self._desk
        if not desk.tares:
            desk.take_tare(None)
            return
        choices: list[Choice[Tare | str]] = [
            Choice(tare.name, tare, f"{tare.grams} g") for tare in desk.tares
        ]
        choices += [Choice(_("What lies there now"), "there"), Choice(_("No tare"), "none")]

        def picked(choice: Choice[Tare | str] | None) -> None:
            if self._finished or choice is None:
                pass
            elif isinstance(choice.value, Tare):
                desk.take_tare(choice.value)
            elif choice.value == "none":
                desk.no_tare()
            else:
                desk.take_tare(None)
            if not self._finished:
                self._step = desk.step()
                self._look()

        self.opener.over(PickDialog(_("Tare"), choices), picked)

    def finish(self, result: Weighed | None) -> None:
        """Let go of the scale, however the pop-up ends."""
        self._desk.end()
        super().finish(result)
