"""What keys and scans do on the sale screen itself; whatever asks something is a conversation."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tilltui.domain.selling.line import Entry
from tilltui.domain.text import clean
from tilltui.errors import N_, TillError
from tilltui.i18n import _, fill_in
from tilltui.services.flow import Flow
from tilltui.services.selling.lines import NeedsPrice, NeedsWeight
from tilltui.ui.flows.conversation import Conversation
from tilltui.ui.sale.key_map import key_name
from tilltui.ui.sale.state import Mode, Scan
from tilltui.ui.sale.view import SaleView

if TYPE_CHECKING:
    from textual import events


class Gestures:
    """Keys of the mode, what is keyed into the buffer, and scans.

    Args:
        sale: What conversations get.
        view: The screen.
        run: Begins a conversation.
    """

    def __init__(self, sale: Conversation, view: SaleView, run: Callable[[Flow[Any]], object]) -> None:
        self.sale = sale
        self._register = sale.register
        self._state = sale.state
        self._view = view
        self._run = run

    # Scans

    def take_scan(self, scan: Scan) -> None:
        """Take a scan: it rings, or the bar says that it did not."""
        self._state.buffer.take()
        if self._state.mode is Mode.PAY:
            self._view.become(Mode.SELL)
        if self._took_receipt(scan.text):
            self._view.paint_input()
            return
        rung = self.ring_code(scan.text, scan.symbology, Entry.SCAN)
        self._register.devices.feedback(scan.source, rung)

    def scan_was_kept_out(self, source: str) -> None:
        """Tell the scanner that a code was scanned while the till is locked."""
        self._register.devices.feedback(source, False)

    def ring_code(
        self,
        text: str,
        symbology: str | None = None,
        entry: Entry = Entry.SCAN,
        quantity: int | None = None,
    ) -> bool:
        """Ring a scanned or keyed code, with the quantity keyed before it.

        Returns:
            Whether it was rung or is being asked about; otherwise the bar says why not.
        """
        view = self._view
        view.begin()
        quantity = self._state.buffer.take_quantity() or quantity
        try:
            rung = self._register.selling.ringing.scan(text, symbology, quantity=quantity, entry=entry)
        except (NeedsWeight, NeedsPrice) as need:
            from tilltui.ui.flows.selling.ringing import ask_what_is_missing

            self._run(ask_what_is_missing(self.sale, need, entry))
        except TillError as error:
            view.say(error, code=clean(text, 40), quantity=quantity)
            view.paint_input()
            return False
        else:
            view.rung(rung)
        return True

    def _took_receipt(self, text: str) -> bool:
        """Take the number of a receipt: with an empty basket, or one of returns, its lines are offered."""
        register = self._register
        if not register.returns.may_begin_with(text) or register.selling.ringing.knows(text):
            return False
        from tilltui.ui.flows.returns.goods_back import lines_of

        self._view.begin()
        self._run(lines_of(self.sale, text))
        return True

    def garbled(self, reason: str, source: str) -> None:
        """Say that a scanner sent something that is no code."""
        self._view.say(fill_in(N_("Scanner {name}: {reason}"), {"name": source, "reason": _(reason)}))

    # Keys

    def take_key(self, event: events.Key) -> None:
        """Take a key: one of the mode's, or one for the buffer."""
        key = event.key
        action = self._state.keys.action(key)
        if action is not None:
            self.act(action.id)
        elif key == "backspace":
            self._state.buffer.rub_out()
            self._view.paint_input()
        elif not self._move(key):
            self._typed(event.character or "")

    def act(self, action: str) -> None:
        """Do what a key or an entry of the menu stands for."""
        if action == "enter":
            self._enter()
        elif action == "clear":
            self._clear()
        else:
            from tilltui.ui.flows.table import FLOWS

            self._run(FLOWS[action](self.sale))

    def clicked(self, label: str) -> None:
        """Take a click on a key's label."""
        for action in self._state.keys.actions:
            if key_name(action.key) == label:
                self.act(action.id)
                return

    def _move(self, key: str) -> bool:
        basket = self._view.parts.basket
        moves: dict[str, Callable[[], None]] = {
            "up": lambda: basket.move(-1),
            "down": lambda: basket.move(1),
            "home": basket.home,
            "end": basket.end,
            "pageup": lambda: basket.page(-1),
            "pagedown": lambda: basket.page(1),
        }
        if key not in moves:
            return False
        moves[key]()
        self._view.paint_card()
        return True

    def _typed(self, char: str) -> None:
        """Digits go into the buffer, a letter begins a search; nothing that is keyed is lost."""
        if not char or not char.isprintable():
            return
        buffer = self._state.buffer
        if char.isalpha() and self._state.mode in (Mode.SELL, Mode.DONE) and not buffer.text:
            from tilltui.ui.flows.selling.ringing import find

            self._run(find(self.sale, char))
            return
        if char.isdigit():
            self._view.begin()
        if buffer.key(char):
            self._view.paint_input()

    def _enter(self) -> None:
        """Look up what is keyed; with nothing keyed go on to the next obvious thing."""
        state, buffer = self._state, self._state.buffer
        if state.mode is Mode.PAY:
            from tilltui.ui.flows.paying.cash import enter

            self._run(enter(self.sale))
            return
        if state.mode is Mode.DONE and not buffer.text:
            return
        setting, text = buffer.setting, buffer.take()
        if text and not setting:
            if not self._took_receipt(text):
                self.ring_code(text, None, Entry.KEY)
        elif text or buffer.pending is not None:
            from tilltui.ui.flows.selling.correcting import quantity_of_line

            self._run(quantity_of_line(self.sale, text))
        elif not setting:
            from tilltui.ui.flows.paying.tender import begin_paying

            self._run(begin_paying(self.sale))
        self._view.paint_input()

    def _clear(self) -> None:
        """Esc: first what is keyed, then the message, then back from paying."""
        state = self._state
        if state.buffer.clear():
            self._view.paint_input()
        elif state.errors:
            self._view.put_away(state.errors[0])
        elif state.mode is Mode.PAY:
            self._view.become(Mode.SELL)
