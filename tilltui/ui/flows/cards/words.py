"""How attempts at a card terminal stand, in words, and what is to be done about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tilltui.domain.paying.attempt_kind import AttemptKind
from tilltui.errors import N_, SaleError
from tilltui.i18n import _
from tilltui.ui.flows.conversation import Conversation

if TYPE_CHECKING:
    from tilltui.domain.cards.attempt import Attempt
    from tilltui.services.cards.desk import CardDesk


def busy(desk: CardDesk) -> SaleError:
    """The terminal works on something that was left to it."""
    return SaleError(
        N_("The terminal {terminal} is busy with another card."),
        hint=N_("Wait until it is done, or cancel there."),
        terminal=desk.name,
    )


def doubt_title(sale: Conversation, attempt: Attempt) -> str:
    """The question about an attempt in doubt."""
    refund = attempt.kind is AttemptKind.REFUND
    text = _("Did {amount} go back to the card?") if refund else _("Was the card charged {amount}?")
    return text.format(amount=sale.money.format(attempt.amount))


def say_loose(sale: Conversation) -> None:
    """After a start: say which charges no sale has."""
    for desk in sale.register.cards.desks:
        for row in desk.loose:
            say_end(sale, row.attempt)


def say_end(sale: Conversation, attempt: Attempt) -> None:
    """Say in the bar how an attempt ended, and what is to be done about it."""
    from tilltui.domain.cards.attempt import OPEN
    from tilltui.services.cards.card_messages import sentence

    amount = sale.money.format(attempt.amount)
    if attempt.state in OPEN:
        # The desk's own sentence does not fit into the bar.
        text = (
            N_("Nobody knows yet whether {amount} went back to the card.")
            if attempt.kind is AttemptKind.REFUND
            else N_("Nobody knows yet whether the card was charged {amount}.")
        )
        hint = N_("Do not do it again: F9 asks. Park the sale or take cash.")
        sale.face.say(SaleError(text, hint=hint, amount=amount), level="warning")
        return
    error = sentence(attempt)
    if error is not None:
        sale.face.say(error)
        return
    text, hint = _went_through(sale, attempt)
    sale.face.say(SaleError(text, hint=hint, amount=amount), level="warning")


def _went_through(sale: Conversation, attempt: Attempt) -> tuple[str, str]:
    cards = sale.register.cards
    if attempt.kind is AttemptKind.REFUND:
        hint = N_("F9 finishes the return with it.") if cards.is_here(attempt) else ""
        return N_("{amount} went back to the card."), hint
    if cards.is_here(attempt):
        return N_("The card was charged {amount}."), N_("F9 pays this sale with it, or gives it back.")
    if cards.has_parked_sale(attempt):
        return N_("The card was charged {amount} for a parked sale."), N_(
            "Recall that sale, then F9 pays it."
        )
    return N_("The card was charged {amount} without a sale."), N_("F12, Card terminal: give it back.")
