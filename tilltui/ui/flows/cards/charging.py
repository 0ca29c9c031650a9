"""F9 with a terminal: charging, giving back, and first what the terminal still owes.

While the terminal works a pop-up says so; scans are kept and ring after it. Left with Esc, the terminal goes
on by itself and its end is said in the bar. A charge that no sale has is offered for its own basket or given
back; a new one is never sent while another is in doubt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tilltui.domain.cards.attempt import State
from tilltui.domain.paying.tenders import CARD
from tilltui.domain.people.rights import Right
from tilltui.domain.text import clean
from tilltui.i18n import _
from tilltui.ui.dialogs.question import Question, Values
from tilltui.ui.flows.cards.ends import doubt, give_back, hand_reference, offer_loose, pay_with
from tilltui.ui.flows.cards.words import busy, say_end
from tilltui.ui.flows.conversation import Conversation
from tilltui.ui.flows.paying.tender import begin_payment, card_by_hand, paid, taken_or_said, would_take
from tilltui.ui.flows.steps import Ask, AtTerminal, Pick
from tilltui.ui.widgets.choice import Choice

if TYPE_CHECKING:
    from tilltui.services.cards.desk import CardDesk

GIVEN = (State.APPROVED, State.SENT, State.DOUBT)
"""States of a refund that counts as given."""


async def card(sale: Conversation) -> None:
    """Take a card: at the terminal where there is one, else with a keyed number."""
    desks = sale.register.cards.desks
    if not desks:
        await card_by_hand(sale)
        return
    desk: CardDesk | None = desks[0]
    if len(desks) > 1:
        desk = await Pick(_("Which terminal?"), [Choice(one.name, one) for one in desks])
    if desk is not None:
        await _at(sale, desk)


async def _at(sale: Conversation, desk: CardDesk) -> None:
    """Take a card at a terminal for the keyed amount or the rest; first what it still owes."""
    keyed, cards = sale.keyed(), sale.register.cards
    if desk.asks:
        begin_payment(sale)
        await _by_hand(sale, desk, would_take(sale, CARD, keyed)[1])
    elif desk.busy:
        raise busy(desk)
    elif desk.in_doubt:
        await doubt(sale, desk, desk.in_doubt[0])
    elif given := cards.refunds_here(desk):
        await pay_with(sale, given[0], given[0].amount)
    elif loose := cards.loose_here(desk):
        await offer_loose(sale, desk, loose[0])
    else:
        begin_payment(sale)
        amount = would_take(sale, CARD, keyed)[1]
        await (_charge(sale, desk, amount) if amount >= 0 else _refund_goods(sale, desk, -amount))


async def _by_hand(sale: Conversation, desk: CardDesk, amount: int) -> None:
    """A terminal that stands by itself: ask what it said."""
    labels = {"last4": _("Last four digits:"), "authorisation": _("Authorisation:")}
    questions = [
        Question(name, labels.get(name, name), hint=_("Enter: none"), limit=20) for name in desk.asks
    ]
    about = _("Key {amount} at the terminal {name}; then what it says.").format(
        amount=sale.money.format(abs(amount)), name=clean(desk.name, 20)
    )

    def pay(values: Values) -> bool:
        sale.register.paying.pay(CARD, abs(amount), hand_reference(values))
        return True

    if await taken_or_said(sale, Ask(_("Card"), questions, pay, about=about), _("Card")):
        await paid(sale)


async def _charge(sale: Conversation, desk: CardDesk, amount: int) -> None:
    future = sale.register.cards.charge(desk, amount)
    ended = await AtTerminal(desk.name, _("Card"), sale.money.format(amount), future, desk.cancel)
    # Left with Esc the cashier may be in another sale by now: it is said, and offered.
    if ended.result.state is State.APPROVED and ended.here:
        await pay_with(sale, ended.result, ended.result.amount)
    else:
        say_end(sale, ended.result)


async def _refund_goods(sale: Conversation, desk: CardDesk, amount: int) -> None:
    """Pay goods that come back to the card that paid them; one of another till is done by hand."""
    cards = sale.register.cards
    charged = cards.charge_of_return(desk, amount)
    if charged is None:
        await card_by_hand(sale)
        return
    refund = await give_back(sale, desk, charged, amount, for_goods=True)
    if refund is None:
        return
    if refund.state is State.APPROVED and cards.is_here(refund):
        await pay_with(sale, refund, refund.amount)
    else:
        say_end(sale, refund)


async def take_back(sale: Conversation) -> None:
    """Take the last payment back; a charge of the terminal can go back to the card."""
    cards, paying = sale.register.cards, sale.register.paying
    charged = cards.last_charge()
    desk = cards.desk_of(charged) if charged is not None else None
    if charged is None or desk is None:
        try:
            paying.take_back()
        finally:
            sale.face.paid()
        return
    # Before the card has its money: the payment must not stand afterwards.
    sale.register.session.check(Right.TAKE_BACK)
    amount = sale.register.sale.payments[-1].amount
    choices = [
        Choice(_("Give it back to the card"), True, sale.money.format(amount)),
        Choice(_("Leave the payment as it is"), False),
    ]
    if not await Pick(_("Take the card payment back?"), choices):
        return
    refund = await give_back(sale, desk, charged, amount)
    if refund is None:
        return
    # A refund in doubt counts as given: if it was not, the charge shows up without a sale.
    last = sale.register.sale.payments[-1:]
    if refund.state in GIVEN and any(payment.ticket == charged.ticket for payment in last):
        paying.take_back()
        sale.face.paid()
    say_end(sale, refund)
