"""Cash: exact, as keyed, or a note; for a card's money only with a reason."""

from __future__ import annotations

from collections.abc import Callable

from tilltui.domain.text import clean
from tilltui.errors import N_, SaleError, TillError
from tilltui.i18n import _
from tilltui.services.flow import Flow
from tilltui.ui.dialogs.question import Question, Values
from tilltui.ui.flows.cards.charging import card
from tilltui.ui.flows.conversation import Conversation
from tilltui.ui.flows.paying.tender import begin_payment, paid
from tilltui.ui.flows.steps import Ask, Pick
from tilltui.ui.sale.amounts import keyed_amount
from tilltui.ui.sale.hints import notes_of
from tilltui.ui.sale.state import Mode
from tilltui.ui.widgets.choice import Choice


async def enter(sale: Conversation) -> None:
    """Enter while paying: cash, exact or as keyed; a recalled sale wants the tender named."""
    if sale.basket.recalled and not sale.state.buffer.text and not sale.register.sale.all_paid:
        error = SaleError(
            N_("This sale was recalled: say how it is paid."),
            hint=N_("F10 for cash, F9 for a card, F7 for a transfer."),
        )
        sale.face.say(error, level="warning")
        return
    await cash(sale)


async def cash(sale: Conversation) -> None:
    """Take cash: the keyed amount, or the exact one."""
    was_selling, keyed = sale.state.mode is not Mode.PAY, sale.keyed()
    begin_payment(sale)
    if keyed or not was_selling:
        await _take(sale, keyed)


async def _take(sale: Conversation, keyed: str) -> None:
    """Take cash; goods that a card paid are offered to the card first."""
    if not sale.register.sale.all_paid and sale.register.paying.cash_needs_a_word:
        await _instead_of_card(sale, keyed)
        return
    _pay(sale, keyed)
    await paid(sale)


def _pay(sale: Conversation, keyed: str) -> None:
    if not sale.register.sale.all_paid:
        sale.register.paying.pay_cash(keyed_amount(sale.money, keyed) if keyed else None)


async def _instead_of_card(sale: Conversation, keyed: str) -> None:
    """Offer the way that the money came before cash; cash only with a reason, which is kept."""
    choices = [
        Choice(_("Back to the card"), "card"),
        Choice(_("The card cannot have it: give cash"), "cash"),
    ]
    way = await Pick(_("This sale was paid by card"), choices)
    sale.face.paint_input()
    if way == "card":
        await card(sale)
    elif way == "cash":

        def give(values: Values) -> bool:
            sale.register.paying.give_cash_for_card(clean(values["reason"], 60))
            return True

        question = Question("reason", _("Why can the card not have it:"), limit=60)
        if await Ask(_("Cash for a card"), [question], give):
            _pay(sale, keyed)
            await paid(sale)


def note(name: str) -> Callable[[Conversation], Flow[None]]:
    """The conversation of a key for a bank note.

    Args:
        name: The key's action.
    """

    async def take_note(sale: Conversation) -> None:
        given = notes_of(sale.register.sale).get(name)
        if given is None:
            return
        sale.keyed()
        try:
            sale.register.paying.pay_cash(given)
        except TillError:
            sale.face.paint_input()
            raise
        await paid(sale)

    return take_note
