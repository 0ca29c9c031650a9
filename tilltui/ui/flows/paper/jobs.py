"""Papers that wait for their printer, or of which nobody knows whether they came out."""

from __future__ import annotations

from tilltui.domain.paper.job import JobRow
from tilltui.domain.paper.job_state import JobState
from tilltui.domain.paper.paper_kind import PaperKind
from tilltui.domain.text import clean
from tilltui.i18n import _
from tilltui.ui.flows.conversation import Conversation
from tilltui.ui.flows.devices.words import reason_text
from tilltui.ui.flows.steps import Pick
from tilltui.ui.widgets.choice import Choice


async def jobs(sale: Conversation) -> None:
    """Show what waits for the printers; a paper can be tried again, cancelled, or said to be out."""
    rows = sale.register.paper.unsettled()
    if not rows:
        sale.face.say(_("Nothing waits for the printer."), level="warning")
        return
    choices = [
        Choice(f"{row.title} {_state(row.state)}", row, reason_text(row.reason) or clean(row.reason, 20))
        for row in rows
    ]
    row = await Pick(_("Printing"), choices)
    if row is not None:
        await (_uncertain(sale, row) if row.state is JobState.UNCERTAIN else _waiting(sale, row))


def _state(state: JobState) -> str:
    words = {
        JobState.QUEUED: _("waits"),
        JobState.BLOCKED: _("waits for the printer"),
        JobState.SENDING: _("is being printed"),
        JobState.UNCERTAIN: _("perhaps not printed"),
    }
    return words.get(state, state.value)


async def _waiting(sale: Conversation, row: JobRow) -> None:
    """Ask what is to be done about a paper that waits."""
    choices = [
        Choice(_("Try it now"), "retry"),
        Choice(_("Do not print it"), "cancel", enabled=row.state is not JobState.SENDING),
        Choice(_("Leave it"), "leave"),
    ]
    what = await Pick(_("Printing: {title}").format(title=row.title), choices)
    if what == "retry":
        sale.register.paper.retry(row)
    elif what == "cancel" and not await sale.register.paper.cancel(row):
        sale.face.say(_("It is being printed already."), level="warning")


async def _uncertain(sale: Conversation, row: JobRow) -> None:
    """Ask whether a receipt came out; if not, a copy is printed."""
    choices = [
        Choice(_("Yes, it came out"), "yes"),
        Choice(_("No, print a copy"), "no", enabled=row.seq is not None or row.kind == PaperKind.LABEL),
        Choice(_("Leave it"), "leave"),
    ]
    what = await Pick(_("Did {title} come out?").format(title=row.title), choices)
    if what in ("yes", "no"):
        await sale.register.paper.settle(row, printed=what == "yes")
