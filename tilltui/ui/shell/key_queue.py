"""One queue for everything that a cashier does.

Textual hands a key to the focused widget's own queue. Then a fast cashier's second letter can overtake the
pop-up that the first one opens, and a scan the Enter before it. Here the application takes keys, scans and
answers of the disk in the order in which they came, and hands them on by calling. What comes while the till
waits for an answer that it depends on is kept, and handed on in its order afterwards.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from tilltui.domain.text import clean
from tilltui.ui.sale.state import SaleState, Scan

if TYPE_CHECKING:
    from textual import events

    from tilltui.ui.shell.popups import Popups

SCANNER_ENTER_SECONDS = 0.3
"""An Enter within this time of a scan is taken for the scanner's own: it dismisses and pays nothing."""

MOST_KEPT_KEYS = 64
"""Most keys that are kept while the till waits for its disk; scans are kept without limit."""


class Carefully(Protocol):
    """Does what a key or a scan asks for; a fault of the till's own is said, and selling goes on."""

    def __call__(self, work: Callable[[], object], code: str = "") -> None:
        """Do it."""


class Taker(Protocol):
    """Takes keys and scans for the sale, one after the other."""

    def take_key(self, event: events.Key) -> None:
        """Take a key that no pop-up took."""

    def take_scan(self, scan: Scan) -> None:
        """Take a code that no pop-up took; every pop-up is closed by then."""

    def scan_was_kept_out(self, source: str) -> None:
        """A code was scanned while the till is locked."""


class KeyQueue:
    """Keys and scans on their way.

    Args:
        state: Whether they must wait.
        popups: Who has the keys.
        carefully: Outlives whatever they do.
        painted: Called when what is waited for has changed.

    Attributes:
        taker: Takes what no pop-up takes.
        active_at: ``time.monotonic()`` of the last key or scan.
        scanned_at: ``time.monotonic()`` at the end of the last scan.
    """

    taker: Taker

    def __init__(
        self,
        state: SaleState,
        popups: Popups,
        carefully: Carefully,
        painted: Callable[[], object],
    ) -> None:
        self.active_at = time.monotonic()
        self.scanned_at = float("-inf")
        self._state = state
        self._popups = popups
        self._carefully = carefully
        self._painted = painted
        self._kept: list[Scan | events.Key] = []

    # What comes in

    def key(self, event: events.Key) -> None:
        """Take a key, after everything that came before it."""
        self.active_at = event.time
        self._carefully(lambda: self._key(event))

    def _key(self, event: events.Key) -> None:
        """Give a key to the pop-up, or to the sale; the scanner's own Enter is nobody's."""
        if event.key == "enter" and event.time - self.scanned_at < SCANNER_ENTER_SECONDS:
            return
        top = self._popups.top
        if top is not None:
            top.take_key(event)
        elif self._state.busy:
            self._keep(event)
        else:
            self.taker.take_key(event)

    def scan(self, scan: Scan) -> None:
        """Take a code, whatever is on the screen."""
        self.active_at = time.monotonic()
        self._carefully(lambda: self._scan(scan), code=clean(scan.text, 40))

    def _scan(self, scan: Scan) -> None:
        """Give a code to the pop-up that wants it; any other is closed, and the sale takes it."""
        self.scanned_at = scan.at
        if self._state.busy:
            self._keep(scan)
            return
        popups = self._popups
        top = popups.top
        if top is not None and top.take_barcode(scan.text):
            if popups.locked is not None:
                self.taker.scan_was_kept_out(scan.source)
            return
        popups.close_all()
        self.taker.take_scan(scan)

    # Waiting

    def hold(self) -> None:
        """Keep keys and scans from now on, because they depend on what is waited for."""
        self._state.waiting += 1

    def let_go(self) -> None:
        """What was waited for is there, and what follows from it is done."""
        self._state.waiting -= 1
        self._painted()
        self._release()

    def stands(self) -> None:
        """The screen stands: take what came too early."""
        self._state.ready = True
        self._release()

    def drop_keys(self) -> None:
        """Forget the kept keys: they were meant for another sale than the one that is open now."""
        self._kept = [item for item in self._kept if isinstance(item, Scan)]

    def _keep(self, item: Scan | events.Key) -> None:
        """Keep a scan or a key that came too early.

        Of the keys only those that begin something: an Enter or F10 more was meant for what is being saved.
        """
        if isinstance(item, Scan) or (
            len(self._kept) < MOST_KEPT_KEYS
            and (item.is_printable or (self._kept and item.key in ("enter", "backspace")))
        ):
            self._kept.append(item)

    def _release(self) -> None:
        """Handle what was kept, in its order; what must wait again is kept again."""
        kept, self._kept = self._kept, []
        for item in kept:
            if isinstance(item, Scan):
                self.scan(item)
            else:
                self.key(item)
