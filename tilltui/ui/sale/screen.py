"""The cashier's screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen

from tilltui.domain.selling.line import Entry
from tilltui.errors import N_, TillError
from tilltui.i18n import _, fill_in
from tilltui.store.goods import catalogue
from tilltui.ui.sale.keys import key_name
from tilltui.ui.sale.rows import clock_text
from tilltui.ui.sale.state import Mode, Scan
from tilltui.ui.screens.menu import MenuActions
from tilltui.ui.screens.returns import ReturnActions
from tilltui.ui.widgets.boxes import SideBySide
from tilltui.ui.widgets.frame import FrameRule, FrameSide
from tilltui.ui.widgets.key_row import KeyRow
from tilltui.ui.widgets.quick_screen import QuickScreen
from tilltui.ui.widgets.sale.basket_view import BasketView
from tilltui.ui.widgets.sale.error_bar import ErrorBar
from tilltui.ui.widgets.sale.header_line import HeaderLine
from tilltui.ui.widgets.sale.input_line import InputLine
from tilltui.ui.widgets.sale.product_card import ProductCard
from tilltui.ui.widgets.sale.status_line import StatusLine
from tilltui.ui.widgets.sale.total_panel import TotalPanel
from tilltui.ui.widgets.sale.training_banner import TrainingBanner

PANEL = 23
"""Columns of the total's panel."""

CARD = 30
"""Columns of the chosen item's card."""

WIDE = 110
"""From this many columns on the chosen item's card is shown."""


class SaleScreen(ReturnActions, MenuActions, QuickScreen):
    """Basket, total, input, status and keys; scans come here from wherever the cashier is."""

    DEFAULT_CSS = """
    SaleScreen #basket { height: 1fr; }
    SaleScreen ProductCard { border-left: solid $secondary; display: none; }
    """

    _card_of: int | None = None
    _resumed = False

    def compose(self) -> ComposeResult:
        """The layout of the smallest screen; a wider one has a card too."""
        if self.desk.shop.training:
            yield TrainingBanner(_("TRAINING"))
        yield HeaderLine(self._clock)
        yield FrameRule("top", joint="down", from_right=PANEL + 1, id="over")
        panel, card = TotalPanel(), ProductCard()
        panel.styles.width, card.styles.width = PANEL, CARD + 1
        view = BasketView(placeholder=_("Scan an item"))
        yield SideBySide(view, card, FrameSide(), panel, id="basket", classes="framed")
        yield FrameRule("middle", joint="up", from_right=PANEL + 1, id="under")
        yield ErrorBar(classes="framed")
        yield InputLine(classes="framed")
        yield FrameRule("bottom")
        yield StatusLine()
        yield KeyRow()

    def on_mount(self) -> None:
        """Show the basket in hand and what is wrong with the settings, then take what came too early."""
        self.find_widgets()
        self.card = self.query_one(ProductCard)
        self.paint_all()
        for warning in self.desk.warnings:
            self.fail(warning, level="warning")
        if self.checkout.basket:
            self._say_restored()
        self.ready = not self.opens_locked
        self.release()

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Keep the styles that the widgets got when they were made a moment ago; they are read once."""
        if not self._resumed:
            self._resumed, event.refresh_styles = True, False

    def _say_restored(self) -> None:
        text = _("The till stopped during this sale: check its lines with the customer.")
        paid = sum(payment.given for payment in self.checkout.payments)
        if paid:
            text += " " + _("{amount} of it was already paid.").format(amount=self.money.format(paid))
        self.fail(text, level="warning")

    def _clock(self) -> tuple[str, float]:
        now = self.till.now_ms()
        return clock_text(now), 60 - now / 1000 % 60

    def on_resize(self, event: events.Resize) -> None:
        """Show or hide the card."""
        wide = event.size.width >= WIDE
        if self.card.display != wide:
            self.card.display = wide
            joints = (PANEL + 1, PANEL + CARD + 2) if wide else (PANEL + 1,)
            self.query_one("#over", FrameRule).set_joints(*joints)
            self.query_one("#under", FrameRule).set_joints(*joints)
            self._card_of = None
            self.paint_card()

    def paint_all(self) -> None:
        """Show everything anew, in the language in force."""
        super().paint_all()
        for banner in self.query(TrainingBanner):
            banner.set_word(_("TRAINING"))
        self._card_of = None
        self.paint_card()

    def paint_card(self) -> None:
        """Show the chosen item's card where there is room; looked up only when it is another item."""
        if not self.card.display:
            return
        line = self.selected()
        product_id = line.product_id if line is not None else None
        if product_id is not None and product_id == self._card_of:
            return
        self._card_of = product_id
        product = catalogue.by_id(self.desk.store.reader, product_id) if product_id is not None else None
        self.card.set_view(self.product_view(product) if product is not None else None)

    # Scans

    def scanned(self, scan: Scan) -> None:
        """Take a scan, whatever is on the screen: it rings, or the bar says that it did not."""
        self.scanned_at = scan.at
        if self.busy:
            self.keep(scan)
            return
        top = self.app.screen
        if top is not self and self._taken_by(top, scan.text):
            if self.locked is not None:
                self.desk.devices.feedback(scan.source, False)
            return
        self.till.close_dialogs()
        self.buffer.take()
        if self.mode is Mode.PAY:
            self.become(Mode.SELL)
        if self.take_return_scan(scan.text):
            self.paint_input()
            return
        rung = self.ring_code(scan.text, scan.symbology, Entry.SCAN)
        self.desk.devices.feedback(scan.source, rung)

    def _taken_by(self, top: Screen[Any], code: str) -> bool:
        """Whether the pop-up on top takes a code; the others are closed by it."""
        from tilltui.ui.dialogs.dialog import Dialog

        return isinstance(top, Dialog) and top.take_barcode(code)

    def garbled(self, reason: str, source: str) -> None:
        """A scanner sent something that is no code."""
        self.fail(fill_in(N_("Scanner {name}: {reason}"), {"name": source, "reason": _(reason)}))

    # Keys

    def take_key(self, event: events.Key) -> None:
        """Keys of the mode, then what is keyed into the buffer."""
        key = event.key
        action = self.key_map().action(key)
        if action is not None:
            self.act(action.id)
        elif key == "backspace":
            self.buffer.rub_out()
            self.paint_input()
        elif not self._move(key):
            self._typed(event.character or "")

    def act(self, action_id: str) -> None:
        """Do what a key stands for."""
        if action_id == "pay":
            self._enter()
        elif action_id == "clear":
            self._clear()
        elif action_id.startswith("note") and action_id[4:].isdigit():
            self.pay_note(int(action_id[4:]) - 1)
        else:
            try:
                getattr(self, f"do_{action_id}")()
            except TillError as error:
                self.fail(error)

    def do_help(self) -> None:
        """Show what each key does here."""
        from tilltui.ui.dialogs.show import HelpDialog

        keys = self.key_map()
        labels = {action.id: self.action_label(action)[0] for action in keys.actions}
        title = _("Keys while paying") if self.mode is Mode.PAY else _("Keys while selling")
        actions = [a for a in keys.actions if not a.id.startswith("note") or labels[a.id]]
        self.open(HelpDialog(title, actions, labels))

    def _move(self, key: str) -> bool:
        view = self.view
        moves: dict[str, Callable[[], None]] = {
            "up": lambda: view.move(-1),
            "down": lambda: view.move(1),
            "home": view.home,
            "end": view.end,
            "pageup": lambda: view.page(-1),
            "pagedown": lambda: view.page(1),
        }
        if key not in moves:
            return False
        moves[key]()
        self.paint_card()
        return True

    def _typed(self, char: str) -> None:
        """Digits go into the buffer, a letter begins a search; nothing that is keyed is lost."""
        if not char or not char.isprintable():
            return
        if char.isalpha() and self.mode in (Mode.SELL, Mode.DONE) and not self.buffer.text:
            self.do_find(char)
            return
        if char.isdigit():
            self.begin()
        if self.buffer.key(char):
            self.paint_input()

    def _enter(self) -> None:
        """Look up what is keyed; with nothing keyed go on to the next obvious thing."""
        if self.mode is Mode.PAY:
            self.do_pay()
            return
        if self.mode is Mode.DONE and not self.buffer.text:
            return
        setting, text = self.buffer.setting, self.buffer.take()
        if setting and text:
            self.set_line_quantity(text)
        elif text:
            if not self.take_return_scan(text):
                self.ring_code(text, None, Entry.KEY)
        elif self.buffer.pending is not None:
            self._quantity_of_line()
        elif not setting:
            self.begin_payment()
        self.paint_input()

    def _quantity_of_line(self) -> None:
        """``3 *`` and Enter without a code: the chosen line becomes three."""
        quantity, line = self.buffer.take_quantity(), self.chosen()
        if line is None or quantity is None:
            return
        if self.attempt(lambda: self.checkout.set_quantity(line.no, quantity)):
            self.changed(line.no)

    def _clear(self) -> None:
        """Esc: first what is keyed, then the message, then back from paying."""
        if self.buffer.clear():
            self.paint_input()
        elif not self.next_error() and self.mode is Mode.PAY:
            self.become(Mode.SELL)

    # Clicks

    def on_key_row_pressed(self, event: KeyRow.Pressed) -> None:
        """A click on a key's label is the key."""
        event.stop()
        for action in self.key_map().actions:
            if key_name(action.key) == event.key and not self.busy and self.app.screen is self:
                self.act(action.id)
                return

    def on_basket_view_row_clicked(self, event: BasketView.RowClicked) -> None:
        """A click chooses a line."""
        event.stop()
        self.view.cursor = event.index
        self.paint_card()
