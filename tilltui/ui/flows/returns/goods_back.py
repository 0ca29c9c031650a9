"""Goods of an earlier sale that come back: the receipt's number, scanned or keyed, then its lines."""

from __future__ import annotations

from tilltui.domain.money.money import format_quantity
from tilltui.domain.selling.line import Line
from tilltui.domain.text import clean
from tilltui.errors import N_, SaleError
from tilltui.i18n import _
from tilltui.services.returns.returnable import Returnable
from tilltui.ui.dialogs.question import Question, Values
from tilltui.ui.flows.conversation import Conversation
from tilltui.ui.flows.selling.correcting import void_line
from tilltui.ui.flows.steps import Ask, Pick
from tilltui.ui.widgets.choice import Choice


async def void(sale: Conversation) -> None:
    """Take the chosen line back with a reversing line; without lines take goods of a sale back."""
    if sale.basket:
        await void_line(sale)
    else:
        await keyed_return(sale)


async def keyed_return(sale: Conversation) -> None:
    """Ask for the receipt, then for its lines."""
    sale.face.begin()

    def find(values: Values) -> Returnable:
        return _found(sale, clean(values["number"], 40))

    question = Question("number", _("Number of the receipt:"), f"{sale.shop.till}-", limit=40)
    about = _("Scan the receipt, or key its number.")
    found = await Ask(_("Return"), [question], find, about=about)
    if found is not None:
        await _take_lines(sale, found)


async def lines_of(sale: Conversation, number: str) -> None:
    """Take lines of a sale back, one by one, until nothing is left or Esc.

    Raises:
        SaleError: There is no such sale here, or nothing of it is left to bring back.
    """
    await _take_lines(sale, _found(sale, number))


def _found(sale: Conversation, number: str) -> Returnable:
    found = sale.register.returns.find(number)
    if not found.lines:
        raise SaleError(
            N_("Everything of sale {number} has come back."),
            hint=N_("Check the number on the receipt."),
            number=found.number,
        )
    return found


async def _take_lines(sale: Conversation, found: Returnable) -> None:
    if found.before_restore:
        text = _("This sale is from before a backup was restored: ask whether it has come back already.")
        sale.face.say(text, level="warning")
    while found.lines:
        whole = tuple(found.lines)
        picked = await Pick(_("Return of sale {number}").format(number=found.number), _choices(sale, whole))
        if picked is None:
            return
        for line in picked:
            sale.face.rung(sale.register.returns.ring(line, found.number))
        if picked is whole:
            return
        found = sale.register.returns.find(found.number)


def _choices(sale: Conversation, whole: tuple[Line, ...]) -> list[Choice[tuple[Line, ...]]]:
    money = sale.money
    everything = Choice(_("Everything"), whole, money.format(sum(-line.amount for line in whole)))
    lines: list[Choice[tuple[Line, ...]]] = [
        Choice(
            f"{format_quantity(abs(line.quantity), money.decimal)} {line.description}",
            (line,),
            money.format(-line.amount),
        )
        for line in whole
    ]
    return [everything, *lines]
