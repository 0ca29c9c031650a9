"""Taking the money by anything but cash, and closing the sale."""

from __future__ import annotations

from tilltui.domain.paying.tenders import BUILT_IN, CARD, TRANSFER, VOUCHER, Tender
from tilltui.domain.text import clean
from tilltui.errors import N_, SaleError
from tilltui.i18n import _
from tilltui.services.flow import Interrupted
from tilltui.ui.dialogs.question import Question, Values
from tilltui.ui.flows.conversation import Conversation
from tilltui.ui.flows.steps import Ask, Pick
from tilltui.ui.sale.amounts import keyed_amount
from tilltui.ui.sale.state import Mode
from tilltui.ui.widgets.choice import Choice


async def begin_paying(sale: Conversation) -> None:
    """Go from selling to paying."""
    begin_payment(sale)


def begin_payment(sale: Conversation) -> None:
    """Go from selling to paying.

    Raises:
        SaleError: There is nothing to pay.
    """
    if not sale.basket:
        raise SaleError(N_("There is nothing to sell yet."), hint=N_("Scan an item first."))
    if sale.state.mode is Mode.SELL:
        sale.state.buffer.pending = None
        sale.state.buffer.setting = False
        sale.face.become(Mode.PAY)
        sale.face.paid()


def would_take(sale: Conversation, tender: Tender, keyed: str) -> tuple[int | None, int]:
    """The keyed amount, and what of it would be taken; below zero it is given back."""
    amount = keyed_amount(sale.money, keyed) if keyed else None
    return amount, sale.register.paying.would_pay(tender, amount).payments[-1].amount


async def transfer(sale: Conversation) -> None:
    """Take a bank transfer."""
    await take(sale, sale.shop.tenders.of(TRANSFER.key))


async def voucher(sale: Conversation) -> None:
    """Take a voucher; its number can be scanned."""
    await take(sale, sale.shop.tenders.of(VOUCHER.key))


async def card_by_hand(sale: Conversation) -> None:
    """Take a card whose terminal is not the till's."""
    await take(sale, sale.shop.tenders.of(CARD.key))


async def own_tender(sale: Conversation) -> None:
    """Take one of the ways to pay that are the shop's own."""
    tenders = own_tenders(sale)
    if not tenders:
        raise SaleError(
            N_("The shop has no other way to pay."), hint=N_("Add a [tender.NAME] section to till.toml.")
        )
    keyed = sale.keyed()
    begin_payment(sale)
    chosen: Tender | None = tenders[0]
    if len(tenders) > 1:
        chosen = await Pick(_("Another way to pay"), [Choice(_(one.words), one) for one in tenders])
    if chosen is not None:
        await _take(sale, chosen, keyed)


def own_tenders(sale: Conversation) -> list[Tender]:
    """The shop's ways to pay that have no key."""
    built_in = {tender.key for tender in BUILT_IN}
    return [tender for tender in sale.shop.tenders if tender.key not in built_in]


async def take(sale: Conversation, tender: Tender) -> None:
    """Take a tender for the keyed amount or for the rest."""
    keyed = sale.keyed()
    begin_payment(sale)
    await _take(sale, tender, keyed)


async def _take(sale: Conversation, tender: Tender, keyed: str) -> None:
    """Take it; where it has a number ask for that, Enter leaves it out."""
    ringing = sale.register.selling.ringing
    amount, taken = would_take(sale, tender, keyed)
    if not tender.number:
        sale.register.paying.pay(tender, amount)
        await paid(sale)
        return
    title = _(tender.words)

    def is_number(code: str) -> bool:
        return tender.scans_number and len(code) <= 40 and not ringing.knows(code)

    def pay(values: Values) -> bool:
        sale.register.paying.pay(tender, amount, clean(values["reference"], 60))
        return True

    question = Question("reference", _(tender.number), hint=_("Enter: none"), limit=40, takes_code=is_number)
    about = _("{amount} by {tender}").format(amount=sale.money.format(abs(taken)), tender=title.lower())
    if await taken_or_said(sale, Ask(title, [question], pay, about=about), title):
        await paid(sale)


async def taken_or_said(sale: Conversation, form: Ask[bool], tender: str) -> bool:
    """Whether a form took the money; when a scan came first, that is said."""
    try:
        return bool(await form)
    except Interrupted:
        sale.face.say(_("{tender}: the payment was not taken, the scan came first.").format(tender=tender))
        raise


async def paid(sale: Conversation) -> None:
    """After a payment: close the sale if nothing is left."""
    if sale.register.sale.all_paid:
        await close(sale)
    else:
        sale.face.paid()


async def close(sale: Conversation) -> None:
    """Send the sale to the disk; keys and scans that come meanwhile are the next customer's."""
    closing = sale.register.paying.close()
    sale.face.become(Mode.SAVING)
    try:
        accepted = await closing
    except Exception:
        sale.keys.drop_keys()
        sale.face.become(Mode.PAY)
        raise
    sale.face.accepted(accepted)
