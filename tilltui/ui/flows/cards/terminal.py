"""F12, Card terminal: what the terminals still owe, and their end of day."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from tilltui.domain.paying.attempt_kind import AttemptKind
from tilltui.domain.text import clean
from tilltui.i18n import _
from tilltui.services.flow import Flow, Wait
from tilltui.ui.flows.cards.ends import doubt, offer_loose
from tilltui.ui.flows.conversation import Conversation
from tilltui.ui.flows.steps import Pick, Show
from tilltui.ui.widgets.choice import Choice

if TYPE_CHECKING:
    from tilltui.services.cards.desk import CardDesk

Next = Callable[[], Flow[None]]


async def cards(sale: Conversation) -> None:
    """Show what the terminals still owe, and offer their end of day."""
    rows: list[Choice[Next]] = []
    for desk in sale.register.cards.desks:
        if not desk.asks:
            rows += _rows_of(sale, desk)
    if not rows:
        sale.face.say(_("The terminal is not connected to the till."), level="warning")
        return
    chosen = await Pick(_("Card terminal"), rows)
    if chosen is not None:
        await chosen()


def _rows_of(sale: Conversation, desk: CardDesk) -> list[Choice[Next]]:
    rows: list[Choice[Next]] = []
    # What the terminal is just working on is not in doubt: its own answer must not be forestalled.
    for attempt in desk.in_doubt if not desk.busy else []:
        refund = attempt.kind is AttemptKind.REFUND
        text = _("In doubt: refund {ticket}") if refund else _("In doubt: charge {ticket}")
        rows.append(
            Choice(
                text.format(ticket=attempt.ticket),
                partial(doubt, sale, desk, attempt),
                sale.money.format(attempt.amount),
            )
        )
    for row in desk.loose:
        text = _("Without a sale: charge {ticket}").format(ticket=row.attempt.ticket)
        rows.append(Choice(text, partial(offer_loose, sale, desk, row), sale.money.format(row.left)))
    text = _("End of day of the terminal {name}").format(name=clean(desk.name, 20))
    rows.append(Choice(text, partial(_end_of_day, sale, desk)))
    return rows


async def _end_of_day(sale: Conversation, desk: CardDesk) -> None:
    """Close the terminal's day, print its report and show it."""
    lines = await Wait(sale.register.cards.end_of_day(desk), hold=False)
    title = _("End of day of the terminal")
    if lines and sale.register.paper.printer:
        await sale.register.paper.terminal_report(title, lines)
    await Show(title, lines or (_("It has no report."),))
