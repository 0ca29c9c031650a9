"""A sale without a screen, for a pipe or a machine without a terminal: same services, same receipt."""

from __future__ import annotations

import queue
import sys
from typing import TYPE_CHECKING, TextIO

from tilltui.domain.paper.job_state import JobState
from tilltui.domain.paying.tenders import CARD
from tilltui.errors import N_, SaleError
from tilltui.i18n import _, ngettext
from tilltui.ports import DeviceEvent, JobChanged
from tilltui.services.flow import through

if TYPE_CHECKING:
    from tilltui.domain.record.sales.accepted import Accepted
    from tilltui.services.till import Till
    from tilltui.services.upload.worker import SyncStatus

WAIT_SECONDS = 15.0
"""How long the receipt and the upload are waited for."""


def play(till: Till, out: TextIO | None = None) -> int:
    """Play a sale of the demo shop and say what became of it.

    Args:
        till: Only the demo shop's sells by itself.
        out: Where to say it; the standard output by default.

    Returns:
        0 when the sale is on disk and its receipt on paper, else 1.

    Raises:
        SaleError: It is a real shop: nothing is sold without a cashier.
    """
    out = sys.stdout if out is None else out
    if not till.shop.demo:
        raise SaleError(
            N_("The till needs a terminal."),
            hint=N_("Start it on a screen; 'tilltui --help' lists what works without one."),
        )
    printed: queue.SimpleQueue[JobChanged] = queue.SimpleQueue()
    sent: queue.SimpleQueue[SyncStatus] = queue.SimpleQueue()

    def emit(event: DeviceEvent) -> bool:
        if isinstance(event, JobChanged) and event.state.ended:
            printed.put(event)
        return True

    accepted = _sell(till)
    till.start_devices(emit, sent.put)
    for line in till.register.paper.text(accepted.seq):
        print(line, file=out)
    state = _await_job(printed, accepted.job_id or 0)
    unsent = _await_upload(sent)
    folder = till.folder
    rows = (
        (_("Sale"), accepted.number),
        (_("Receipt"), f"{state or _('still waiting')} - {folder / 'receipts'}"),
        (_("Database"), str(till.database)),
        (_("Sent"), _("yes") if unsent == 0 else _unsent_text(unsent)),
        (_("Head office"), str(folder / "head-office")),
    )
    print(file=out)
    for label, text in rows:
        print(f"{label + ':':<18}{text}", file=out)
    return 0 if state is not None and state.printed else 1


def _sell(till: Till) -> Accepted:
    """Ring some items, take a card and cash, close."""
    from tilltui.demo import scan_codes

    register = till.register
    sale, ringing, correcting = register.sale, register.selling.ringing, register.selling.correcting
    if sale.basket:
        register.selling.parking.park(_("left from before"))
    codes = scan_codes()
    for code in codes[:6]:
        ringing.scan(code)
    ringing.scan(codes[0], quantity=3000)
    correcting.void(sale.basket.lines[1].no)
    correcting.discount(sale.basket.lines[0].no, rate=10_000_000)
    register.paying.pay(CARD, sale.totals.total // 2, "4242 / 123456")
    due = sale.settlement.cash_due
    note = next((note for note in till.shop.notes if note >= due), due)
    register.paying.pay_cash(note)
    return through(register.paying.close())


def _await_job(printed: queue.SimpleQueue[JobChanged], job_id: int) -> JobState | None:
    """State in which the print job ended; ``None``: it has not."""
    try:
        while True:
            event = printed.get(timeout=WAIT_SECONDS)
            if event.job_id == job_id:
                return event.state
    except queue.Empty:
        return None


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
