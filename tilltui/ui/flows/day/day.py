"""The end of the day: what the shift came to, and closing it."""

from __future__ import annotations

from tilltui.i18n import _
from tilltui.ui.flows.conversation import Conversation
from tilltui.ui.flows.steps import Pick, Show
from tilltui.ui.widgets.choice import Choice


async def day(sale: Conversation) -> None:
    """Show how the shift stands, or close it."""
    from tilltui.services.day.closing import paper
    from tilltui.services.paper.preview import text_lines

    choices = [
        Choice(_("X: how the shift stands"), "x"),
        Choice(_("Z: close the shift, print and back up"), "z"),
    ]
    which = await Pick(_("End of the day"), choices)
    if which is None:
        return
    shift = sale.register.day
    report = shift.x() if which == "x" else await shift.close()
    await Show(_("End of the day"), text_lines(paper(report, sale.shop, _)))
