"""Charges that are not finished: in doubt, without a sale, or to be given back; each decision a key away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tilltui.domain.paying.tenders import CARD
from tilltui.domain.text import clean
from tilltui.errors import N_, AmountError, TillError
from tilltui.i18n import _
from tilltui.services.flow import Wait
from tilltui.ui.dialogs.question import Question, Values
from tilltui.ui.flows.cards.words import busy, doubt_title, say_end
from tilltui.ui.flows.conversation import Conversation
from tilltui.ui.flows.paying.tender import begin_payment, paid
from tilltui.ui.flows.steps import Ask, AtTerminal, Pick
from tilltui.ui.widgets.choice import Choice

if TYPE_CHECKING:
    from tilltui.domain.cards.attempt import Attempt
    from tilltui.domain.cards.loose import Loose
    from tilltui.services.cards.desk import CardDesk


async def pay_with(sale: Conversation, attempt: Attempt, amount: int) -> None:
    """Pay the open sale with a charge that went through."""
    begin_payment(sale)
    try:
        sale.register.paying.pay(CARD, amount, attempt.reference, attempt.slip)
    except TillError as error:
        # Both are said: why not, and what is to be done about the charge.
        sale.face.say(error)
        say_end(sale, attempt)
        return
    await paid(sale)


async def doubt(sale: Conversation, desk: CardDesk, attempt: Attempt) -> None:
    """Ask what is to be done about an attempt whose end nobody knows; not while the terminal works."""
    if desk.busy:
        raise busy(desk)
    choices = [
        Choice(_("Ask the terminal now"), "ask", attempt.ticket),
        Choice(_("Yes: its display or paper says so"), "yes"),
        Choice(_("No: its display or paper says so"), "no"),
    ]
    said = await Pick(doubt_title(sale, attempt), choices)
    cards = sale.register.cards
    if said == "ask":
        cards.ask(desk)
    elif said == "no":
        await Wait(cards.decide(desk, attempt.ticket, False), hold=False)
    elif said == "yes":
        paper = await _what_the_paper_says()
        if paper is not None:
            last4, authorisation = paper
            decided = cards.decide(desk, attempt.ticket, True, last4=last4, authorisation=authorisation)
            await Wait(decided, hold=False)


def _what_the_paper_says() -> Ask[tuple[str, str]]:
    def said(values: Values) -> tuple[str, str]:
        return checked_last4(values["last4"]), clean(values["authorisation"], 20)

    questions = [
        Question("last4", _("Last four digits:"), hint=_("Enter: none"), limit=4),
        Question("authorisation", _("Authorisation:"), hint=_("Enter: none"), limit=20),
    ]
    return Ask(_("What the terminal says"), questions, said)


async def offer_loose(sale: Conversation, desk: CardDesk, row: Loose) -> None:
    """Offer a charge that no sale has to its own basket, or its way back."""
    amount, here = sale.money.format(row.left), sale.register.cards.is_here(row.attempt)
    choices = [Choice(_("Give it back to the card"), "back", amount)]
    if here:
        choices.insert(0, Choice(_("Pay this sale with it"), "pay", amount))
    said = await Pick(_("This card was already charged") if here else _("A charge without a sale"), choices)
    if said == "pay":
        await pay_with(sale, row.attempt, row.left)
    elif said == "back":
        refund = await give_back(sale, desk, row.attempt, row.left)
        if refund is not None:
            say_end(sale, refund)


async def give_back(
    sale: Conversation, desk: CardDesk, charged: Attempt, amount: int, *, for_goods: bool = False
) -> Attempt | None:
    """Give a charge back at the terminal.

    Args:
        sale: The conversation.
        desk: The terminal's desk.
        charged: What was charged.
        amount: Minor units above zero.
        for_goods: It pays the goods that come back in the basket.

    Returns:
        The refund as it ended, or in doubt; ``None`` while another is in doubt, which is asked about first.
    """
    if desk.in_doubt:
        await doubt(sale, desk, desk.in_doubt[0])
        return None
    future = sale.register.cards.refund(desk, charged, amount, for_goods=for_goods)
    ended = await AtTerminal(desk.name, _("Back to the card"), sale.money.format(amount), future)
    return ended.result


def checked_last4(text: str) -> str:
    """The last four digits of a card, or nothing.

    Raises:
        AmountError: It is neither.
    """
    text = clean(text, 8)
    if text and not (len(text) == 4 and text.isascii() and text.isdigit()):
        raise AmountError(
            N_("“{text}” are not the last four digits of a card."),
            hint=N_("Key the four digits, or leave it empty."),
            text=text,
        )
    return text


def hand_reference(values: Mapping[str, str]) -> str:
    """The payment's reference of what a terminal said that is not connected.

    It ends with the card's digits, never with the authorisation, which could be taken for a ticket of a
    connected terminal.
    """
    last4, authorisation = checked_last4(values.get("last4", "")), clean(values.get("authorisation", ""), 20)
    return f"{authorisation} ****{last4}".strip() if last4 or authorisation else ""
