"""The end of the day: what the shift came to, and closing it."""

from __future__ import annotations

from tilltui.i18n import _
from tilltui.services.reports.report import Report
from tilltui.ui.flows.conversation import Conversation
from tilltui.ui.flows.steps import Pick, Show
from tilltui.ui.widgets.choice import Choice


async def day(sale: Conversation) -> None:
    """Show how the shift stands, or close it."""
    from tilltui.services.day.closing import paper
    from tilltui.services.paper.preview import text_lines
    from tilltui.services.reports.registry import REPORTS

    choices: list[Choice[Report | str]] = [Choice(_(report.words), report) for report in REPORTS.values()]
    choices.append(Choice(_("Z: close the shift, print and back up"), "z"))
    which = await Pick(_("End of the day"), choices)
    if which is None:
        return
    if isinstance(which, Report):
        elements = which.make(sale.register, _).elements
    else:
        elements = paper(await sale.register.day.close(), sale.shop, _)
    await Show(_("End of the day"), text_lines(elements))
