"""The last receipts: seen again, printed again."""

from __future__ import annotations

from tilltui.domain.record.sales.closing import number_text
from tilltui.i18n import _
from tilltui.ui.flows.conversation import Conversation
from tilltui.ui.flows.steps import Pick, Show
from tilltui.ui.sale.times import clock_text
from tilltui.ui.widgets.choice import Choice


async def receipts(sale: Conversation) -> None:
    """List the last receipts, to see one or to print a copy."""
    till, money, paper = sale.shop.till, sale.money, sale.register.paper
    choices = [
        Choice(f"{number_text(till, row.id)}  {clock_text(row.closed_ms)}", row.seq, money.format(row.total))
        for row in paper.recent()
    ]
    if not choices:
        sale.face.say(_("There are no sales yet."), level="warning")
        return
    seq = await Pick(_("Receipts"), choices)
    if seq is None:
        return
    what = await Pick(
        _("Receipt"),
        [
            Choice(_("See it"), "see"),
            Choice(_("Print a copy"), "copy"),
            Choice(_("Print a gift receipt, without prices"), "gift"),
        ],
    )
    if what == "see":
        await Show(_("Receipt"), paper.text(seq))
    elif what is not None and not paper.printer:
        sale.face.say(_("No printer is set up."), level="warning")
    elif what == "copy":
        await paper.copy(seq)
    elif what == "gift":
        await paper.gift(seq)
