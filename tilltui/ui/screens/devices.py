"""F12, Devices: what is set up, how each is, trying it out, and the papers that wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tilltui.domain.text import clean
from tilltui.errors import N_, SaleError
from tilltui.i18n import _, explain
from tilltui.ui.dialogs.question import Question, Values
from tilltui.ui.screens.cards import CardActions
from tilltui.ui.screens.ringing import RingActions
from tilltui.ui.shell.notices import how_text, kind_text
from tilltui.ui.widgets.cells import wrap
from tilltui.ui.widgets.choice import Choice

if TYPE_CHECKING:
    from tilltui.services.devices.weighing import Weighed
    from tilltui.store.paper.jobs import JobRow
    from tilltui.ui.dialogs.devices import DevicesDialog

TEXT_COLUMNS = 54
"""Columns of text in a pop-up: 60 without frame, cursor and spaces."""

TEST_LINES = ("Tilltui áéíóúñü", "12345678901234567890")
"""What a display shows to be tried out: letters, and every column."""


class DeviceActions(CardActions, RingActions):
    """The devices' page and the print jobs.

    Attributes:
        devices_page: The page while it is open.
    """

    devices_page: DevicesDialog | None = None

    def menu_devices(self) -> None:
        """List what is set up, with its state in words."""
        from tilltui.ui.dialogs.devices import DevicesDialog

        if not self._device_rows():
            self.fail(_("No device is set up."), level="warning")
            return

        def picked(choice: Choice | None) -> None:
            self.devices_page = None
            if choice is None:
                return
            if isinstance(choice.value, tuple):
                self._device(*choice.value)
            else:
                self._set_up(choice)

        self.devices_page = DevicesDialog(_("Devices"), self._device_rows)
        self._plugs_seen()
        self.open(self.devices_page, picked)

    def renew_devices(self) -> None:
        """Something is known of a device or a plug that the page does not show yet, where it is open."""
        if self.devices_page is not None and self.devices_page.renew():
            self._plugs_seen()

    def _plugs_seen(self) -> None:
        if self.till.plugs is not None:
            self.till.plugs.seen()
            self.till.paint_status()

    def _device_rows(self) -> list[Choice]:
        """What is set up with its state, and what is plugged in without being set up."""
        rows = [
            Choice(_title(kind, name), self._how(kind, name), (kind, name))
            for kind, name in ((section.kind, section.name) for section in self.desk.devices.sections)
        ]
        unused = self.till.plugs.unused() if self.till.plugs is not None else []
        rows += [
            Choice(f"{kind_text(one.kind)} {clean(one.name, 30)}", _("not set up"), one) for one in unused
        ]
        return rows

    def _set_up(self, choice: Choice) -> None:
        """Show what to write into the settings for what is plugged in."""
        toml = getattr(choice.value, "lines", ())
        if toml:
            lines = [
                *wrap(_("Add to the settings (take the # away from what is right):"), TEXT_COLUMNS, 3),
                "",
                *(part for line in toml for part in _pieces(line)),
                "",
                *wrap(_("“tilltui doctor” writes this where it can be copied."), TEXT_COLUMNS, 3),
            ]
        else:
            lines = wrap(_("The till has no driver for it on this cable."), TEXT_COLUMNS, 3)
        self.show_text(choice.label, lines)

    def _how(self, kind: str, name: str) -> str:
        """A device's state in words."""
        devices = self.desk.devices
        if name not in devices.of_kind(kind):
            return _("left out: wrong settings")
        if kind == "uploader":
            status = self.till.uploads.get(name)
            if status is None:
                return ""
            return _("offline") if status.online is False else _("ready")
        changed = self.till.device_states.get((kind, name))
        if changed is not None:
            return how_text(changed)
        if kind == "terminal":
            desk = devices.cards[name]
            return _("in doubt") if desk.in_doubt else _("busy") if desk.busy else _("ready")
        return ""

    def _device(self, kind: str, name: str) -> None:
        """Show what can be done with one device."""
        tries = self.desk.devices.tries(kind, name)
        choices = [Choice(_(one.words), value=one.id) for one in tries]
        known = self.till.device_states.get((kind, name))
        wrong = next(
            (warning for warning in self.desk.devices.warnings if warning.fields.get("device") == name), None
        )
        about = known.detail if known is not None else explain(wrong).text if wrong is not None else ""
        if not choices:
            self.fail(clean(about, 200) or _("There is nothing to try."), level="warning")
            return

        def picked(choice: Choice | None) -> None:
            if choice is not None:
                getattr(self, f"try_{choice.value}")(name)

        self.pick(f"{_title(kind, name)}: {self._how(kind, name)}", choices, picked)

    # Trying

    def try_page(self, name: str) -> None:
        """Queue the test page; it goes the way of every paper."""
        from tilltui.services.doctor.page import page

        paper = page(self.desk.devices.printers[name].printer)
        job = self.till.background.submit(self.desk.spool.add, name, "note", _("Test page"), paper)
        self.later(job, lambda number: self.desk.devices.printers[name].wake())

    def try_forget(self, name: str) -> None:
        """Forget what a printer was found able to do; its next paper finds it out anew."""
        self.desk.devices.printers[name].forget()
        self.fail(_("What it can do is found out with its next paper."), level="warning")

    def try_jobs(self, name: str) -> None:
        """Show what waits."""
        self.menu_jobs()

    def try_cards(self, name: str) -> None:
        """Show what the terminal owes."""
        self.menu_cards()

    def try_drawer(self, name: str) -> None:
        """Open the drawer; it is recorded."""
        self.till.open_drawer(_("test"))

    def try_show(self, name: str) -> None:
        """Show the test text until something is rung."""
        self.desk.devices.displays[name].show(*TEST_LINES)

    def try_scan(self, name: str) -> None:
        """Take codes instead of ringing them, until Esc."""

        def answer(values: Values) -> bool:
            if not values["code"]:
                raise SaleError(N_("Nothing was scanned."), hint=N_("Check its cable and its settings."))
            return True

        question = Question("code", _("Code:"), hint=_("scan something"), takes_code=lambda code: True)
        about = _("What is scanned is shown here and not rung.")
        self.ask(_("Scan something to try it"), [question], answer, about=about)

    def try_weigh(self, name: str) -> None:
        """Weigh without an item."""
        from tilltui.ui.dialogs.weigh import WeighDialog

        weighing = self.desk.devices.weighing
        if weighing is None:
            return
        what = _("Try the scale")
        dialog = WeighDialog(weighing, what, "kg", self.money.decimal, "")

        def closed(weighed: Weighed | None) -> None:
            self.weigh_dialog = None
            if weighed is not None:
                from tilltui.domain.money.money import format_quantity

                kilos = format_quantity(weighed.quantity, self.money.decimal)
                self.fail(_("The scale says {weight} kg.").format(weight=kilos), level="warning")

        self.weigh_dialog = dialog
        self.open(dialog, closed)

    # Papers

    def menu_jobs(self) -> None:
        """Show what waits for the printers; a paper can be tried again, cancelled, or said to be out."""
        rows = self.desk.spool.unsettled()
        if not rows:
            self.fail(_("Nothing waits for the printer."), level="warning")
            return
        choices = [
            Choice(f"{row.title} {self.job_state(row.state)}", self.job_reason(row.reason), row)
            for row in rows
        ]

        def picked(choice: Choice | None) -> None:
            if choice is not None:
                row = rows[choices.index(choice)]
                self.ask_uncertain(row) if row.state == "uncertain" else self.ask_waiting(row)

        self.pick(_("Printing"), choices, picked)

    def job_state(self, state: str) -> str:
        """A print job's state in words."""
        words = {
            "queued": _("waits"),
            "blocked": _("waits for the printer"),
            "sending": _("is being printed"),
            "uncertain": _("perhaps not printed"),
        }
        return words.get(state, state)

    def job_reason(self, reason: str) -> str:
        """Why it waits, in words where it is one of ours."""
        from tilltui.ui.shell.notices import reason_text

        return reason_text(reason) or clean(reason, 20)

    def ask_waiting(self, row: JobRow) -> None:
        """Ask what is to be done about a paper that waits."""
        choices = [
            Choice(_("Try it now"), value="retry"),
            Choice(_("Do not print it"), value="cancel", enabled=row.state != "sending"),
            Choice(_("Leave it"), value="leave"),
        ]

        def picked(choice: Choice | None) -> None:
            if choice is None:
                return
            worker = self.desk.devices.printers.get(row.printer)
            if choice.value == "retry" and worker is not None:
                worker.retry(row.id)
            elif choice.value == "cancel":
                gone = self.till.background.submit(self.desk.devices.cancel_paper, row.id)
                self.later(gone, self._cancelled)

        self.pick(_("Printing: {title}").format(title=row.title), choices, picked)

    def _cancelled(self, done: bool) -> None:
        if not done:
            self.fail(_("It is being printed already."), level="warning")
        self.till.paint_status()

    def ask_uncertain(self, row: JobRow) -> None:
        """Ask whether a receipt came out; if not, a copy is printed."""
        choices = [
            Choice(_("Yes, it came out"), value="yes"),
            Choice(_("No, print a copy"), value="no", enabled=row.seq is not None or row.kind == "label"),
            Choice(_("Leave it"), value="leave"),
        ]

        def picked(choice: Choice | None) -> None:
            if choice is None or choice.value == "leave":
                return
            printed = choice.value == "yes"
            settled = self.till.background.submit(self.desk.spool.settle, row.id, printed=printed)
            self.later(settled, lambda done: self.till.paint_status())
            if not printed:
                # Of its own kind and on its own printer: an order slip goes to the kitchen again.
                again = self.till.background.submit(self.desk.spool.again, row.id)
                self.later(again, lambda job: self.desk.devices.sold())

        self.pick(_("Did {title} come out?").format(title=row.title), choices, picked)


def _pieces(line: str) -> list[str]:
    """A line of settings in pieces that fit the pop-up: a path has no spaces to be cut at."""
    return [line[at : at + TEXT_COLUMNS] for at in range(0, len(line), TEXT_COLUMNS)]


def _title(kind: str, name: str) -> str:
    return f"{kind_text(kind)} {clean(name, 20)}"
