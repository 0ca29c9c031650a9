"""Everything that has no key of its own: notes, names, copies, language, closing the till."""

from __future__ import annotations

from collections.abc import Callable

from tilltui.domain.record.sale import number_text
from tilltui.domain.text import clean
from tilltui.i18n import LANGUAGES, _, language, ngettext
from tilltui.store.books import sale_lookups
from tilltui.ui.dialogs.question import Question, Values
from tilltui.ui.sale.rows import clock_text
from tilltui.ui.screens.aside import AsideActions
from tilltui.ui.screens.day import DayActions
from tilltui.ui.screens.devices import DeviceActions
from tilltui.ui.screens.locking import LockActions
from tilltui.ui.widgets.choice import Choice

RECEIPTS = 50
"""How many of the last receipts are listed."""


class MenuActions(DeviceActions, AsideActions, DayActions, LockActions):
    """The menu and what it leads to."""

    def do_menu(self) -> None:
        """Show the menu."""
        basket = self.checkout.basket
        choices = [
            Choice(_("Note on the sale"), value="note"),
            Choice(_("Note on the line"), value="line_note", enabled=self.selected() is not None),
            Choice(_("Park with a name"), value="park_name", enabled=bool(basket)),
            Choice(_("Give up this sale"), value="abandon", enabled=bool(basket)),
            Choice(_("Receipts: see, print a copy"), value="receipts"),
            Choice(_("Printing: what waits"), value="jobs"),
            Choice(_("End of the day: X and Z"), value="day"),
            Choice(_("Devices"), value="devices"),
            Choice(_("Lock the till"), value="lock"),
            Choice(_("Close the till"), value="quit"),
            # From here on without a digit: what is seldom wanted.
            Choice(_("Language"), LANGUAGES[language()], "language"),
            *self._device_choices(),
            Choice(_("PIN to unlock the till"), value="pin"),
        ]
        self.pick(_("Menu"), choices, self._picked)

    def _device_choices(self) -> list[Choice]:
        """What there is only where such a device is set up."""
        choices = []
        if self.desk.devices.cards:
            choices.append(Choice(_("Card terminal"), value="cards"))
        if self.desk.devices.label_printer:
            choices.append(Choice(_("Shelf labels"), value="labels"))
        return choices

    def _picked(self, choice: Choice | None) -> None:
        if choice is not None:
            getattr(self, f"menu_{choice.value}")()

    def menu_note(self) -> None:
        """Put a note on the sale."""

        def answer(values: Values) -> bool:
            self.begin()
            self.checkout.set_note(values["note"])
            return True

        question = Question("note", _("Note:"), self.checkout.basket.note, limit=200)
        self.ask(_("Note on the sale"), [question], answer, lambda done: self.paint_total())

    def menu_line_note(self) -> None:
        """Put a note on the chosen line."""
        line = self.selected()
        if line is None:
            return

        def answer(values: Values) -> bool:
            self.checkout.set_line_note(line.no, values["note"])
            return True

        question = Question("note", _("Note:"), line.note, limit=100)
        self.ask(line.description, [question], answer, lambda done: self.changed(line.no))

    def menu_park_name(self) -> None:
        """Park under a name."""
        name = self.checkout.basket.name or self.checkout.basket.customer
        question = Question("name", _("Name:"), name, hint=_("of the customer, of the table ..."))
        self.ask(_("Park with a name"), [question], lambda values: clean(values["name"]), self.park)

    def menu_abandon(self) -> None:
        """Void every line and close a sale of nothing, after asking."""
        count = len(self.checkout.basket.live_lines)
        choices = [
            Choice(_("No, go on selling"), value="no"),
            Choice(
                ngettext("Yes, take back {count} line", "Yes, take back {count} lines", count).format(
                    count=count
                ),
                value="yes",
            ),
        ]

        def picked(choice: Choice | None) -> None:
            if choice is not None and choice.value == "yes":
                self.abandon()

        self.pick(_("Give up this sale?"), choices, picked)

    def abandon(self) -> None:
        """Void every line and close what is left of it."""
        if self.attempt(self.checkout.abandon):
            self.changed()
            self.close_sale()

    def menu_receipts(self) -> None:
        """Show the last receipts, to see one or to print a copy."""
        till = self.desk.shop.till
        choices = [
            Choice(
                f"{number_text(till, sale.id)}  {clock_text(sale.closed_ms)}",
                self.money.format(sale.total),
                sale.seq,
            )
            for sale in sale_lookups.recent(self.desk.store.reader, RECEIPTS)
        ]
        if not choices:
            self.fail(_("There are no sales yet."), level="warning")
            return

        def picked(choice: Choice | None) -> None:
            if choice is not None:
                self._receipt(int(str(choice.value)))

        self.pick(_("Receipts"), choices, picked)

    def _receipt(self, seq: int) -> None:
        choices = [
            Choice(_("See it"), value="see"),
            Choice(_("Print a copy"), value="copy"),
            Choice(_("Print a gift receipt, without prices"), value="gift"),
        ]

        def picked(choice: Choice | None) -> None:
            if choice is None:
                return
            if choice.value == "see":
                self.show_text(_("Receipt"), self.till.receipt_text(seq))
            elif choice.value == "gift":
                self.print_paper(self.desk.spool.gift, seq)
            else:
                self.print_paper(self.desk.spool.copy, seq)

        self.pick(_("Receipt"), choices, picked)

    def print_paper(self, queue: Callable[[int, str], int], seq: int) -> None:
        """Queue another paper of a receipt: a copy, which says COPY, or one for a gift."""
        printer = self.checkout.printer
        if not printer:
            self.fail(_("No printer is set up."), level="warning")
            return
        queued = self.till.background.submit(queue, seq, printer)
        self.later(queued, lambda job: self.desk.devices.sold())

    def menu_language(self) -> None:
        """Change the language while running."""
        choices = [Choice(name, value=code) for code, name in LANGUAGES.items()]

        def picked(choice: Choice | None) -> None:
            if choice is not None:
                self.till.speak(str(choice.value))

        self.pick(_("Language"), choices, picked)

    def menu_quit(self) -> None:
        """Close the till, after asking; an open sale is kept."""
        choices = [Choice(_("No, go on selling"), value="no"), Choice(_("Yes, close the till"), value="yes")]

        def picked(choice: Choice | None) -> None:
            if choice is not None and choice.value == "yes":
                self.app.exit()

        self.pick(_("Close the till?"), choices, picked)

    def do_drawer(self) -> None:
        """Open the drawer without a sale, after asking why."""

        def answer(values: Values) -> str:
            return clean(values["reason"]) or _("no reason given")

        self.ask(
            _("Open the drawer"),
            [Question("reason", _("Why:"), hint=_("change, wrong key ..."))],
            answer,
            self.till.open_drawer,
        )
