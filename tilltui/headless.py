"""A sale without a screen, for a pipe or a machine without a terminal: same services, same receipt."""

from __future__ import annotations

import queue
import sys
from typing import TYPE_CHECKING, TextIO

from tilltui.domain.paying.tenders import CARD
from tilltui.errors import N_, SaleError
from tilltui.i18n import _, ngettext
from tilltui.ports import DeviceEvent, JobChanged
from tilltui.services.paper.preview import text_lines

if TYPE_CHECKING:
    from tilltui.services.upload.worker import SyncStatus
    from tilltui.ui.shell.desk import Desk

WAIT_SECONDS = 15.0
"""How long the receipt and the upload are waited for."""

_ENDS = ("confirmed", "sent_unconfirmed", "uncertain", "cancelled")


def play(desk: Desk, out: TextIO | None = None) -> int:
    """Play a sale of the demo shop and say what became of it.

    Args:
        desk: The till; only the demo shop's sells by itself.
        out: Where to say it; the standard output by default.

    Returns:
        0 when the sale is on disk and its receipt on paper, else 1.

    Raises:
        SaleError: It is a real shop: nothing is sold without a cashier.
    """
    out = sys.stdout if out is None else out
    if not desk.shop.demo:
        raise SaleError(
            N_("The till needs a terminal."),
            hint=N_("Start it on a screen; 'tilltui --help' lists what works without one."),
        )
    printed: queue.SimpleQueue[JobChanged] = queue.SimpleQueue()
    sent: queue.SimpleQueue[SyncStatus] = queue.SimpleQueue()

    def emit(event: DeviceEvent) -> bool:
        if isinstance(event, JobChanged) and event.state in _ENDS:
            printed.put(event)
        return True

    accepted = _sell(desk)
    desk.devices.start(emit, desk.spool, sent.put)
    for line in text_lines(desk.spool.elements(accepted[1])):
        print(line, file=out)
    state = _await_job(printed, accepted[2])
    unsent = _await_upload(sent)
    folder = desk.store.folder
    rows = (
        (_("Sale"), accepted[0]),
        (_("Receipt"), f"{state} - {folder / 'receipts'}"),
        (_("Database"), str(desk.store.path)),
        (_("Sent"), _("yes") if unsent == 0 else _unsent_text(unsent)),
        (_("Head office"), str(folder / "head-office")),
    )
    print(file=out)
    for label, text in rows:
        print(f"{label + ':':<18}{text}", file=out)
    return 0 if state in ("confirmed", "sent_unconfirmed") else 1


def _sell(desk: Desk) -> tuple[str, int, int]:
    """Ring some items, take a card and cash, close; number, record and print job of the sale."""
    from tilltui.demo import scan_codes

    checkout = desk.checkout
    if checkout.basket:
        checkout.park(_("left from before"))
    codes = scan_codes()
    for code in codes[:6]:
        checkout.scan(code)
    checkout.scan(codes[0], quantity=3000)
    checkout.void(checkout.basket.lines[1].no)
    checkout.set_line_discount(checkout.basket.lines[0].no, rate=10_000_000)
    half = checkout.totals.total // 2
    checkout.pay(CARD, half, "4242 / 123456")
    due = checkout.settlement.cash_due
    note = next((note for note in desk.shop.notes if note >= due), due)
    checkout.pay_cash(note)
    accepted = checkout.close().result(WAIT_SECONDS)
    checkout.finished()
    return accepted.number, accepted.seq, accepted.job_id or 0


def _await_job(printed: queue.SimpleQueue[JobChanged], job_id: int) -> str:
    """State in which the print job ended."""
    try:
        while True:
            event = printed.get(timeout=WAIT_SECONDS)
            if event.job_id == job_id:
                return event.state
    except queue.Empty:
        return _("still waiting")


def _unsent_text(count: int) -> str:
    return ngettext("{count} record waits", "{count} records wait", count).format(count=count)


def _await_upload(sent: queue.SimpleQueue[SyncStatus]) -> int:
    """How many records still wait to be sent."""
    waiting = 1
    try:
        while waiting:
            status = sent.get(timeout=WAIT_SECONDS)
            waiting = status.waiting
            if status.online is False:
                break
    except queue.Empty:
        return waiting
    return waiting
