"""Discounts: where, then how much."""

from __future__ import annotations

from tilltui.domain.money.money import Currency, parse_rate
from tilltui.errors import N_, SaleError
from tilltui.i18n import _
from tilltui.ui.dialogs.question import Question, Values
from tilltui.ui.flows.conversation import Conversation
from tilltui.ui.flows.steps import Ask, Pick
from tilltui.ui.sale.amounts import keyed_amount
from tilltui.ui.widgets.choice import Choice


async def discount(sale: Conversation) -> None:
    """Give a discount on the chosen line, or on everything."""
    if not sale.basket:
        raise SaleError(N_("There is nothing to discount yet."), hint=N_("Scan an item first."))
    line, keyed, money = sale.face.selected(), sale.keyed(), sale.money
    choices = [Choice(_("On the whole sale"), "sale", money.format(sale.basket.subtotal))]
    if line is not None and line.live:
        choices.insert(0, Choice(line.description, "line", money.format(line.gross)))
    where = await Pick(_("Discount"), choices)
    if where is None:
        return
    chosen = line if where == "line" else None

    def give(values: Values) -> bool:
        rate, amount = keyed_discount(money, values["discount"])
        no = chosen.no if chosen is not None else None
        sale.register.selling.correcting.discount(no, rate=rate, amount=amount)
        return True

    title = chosen.description if chosen is not None else _("Discount on the sale")
    hint = _("10% or {amount}").format(amount=money.format(500, symbol=False))
    if await Ask(title, [Question("discount", _("Discount:"), keyed, hint=hint, limit=20)], give):
        sale.face.changed(*([chosen.no] if chosen is not None else []))


def keyed_discount(money: Currency, text: str) -> tuple[int, int]:
    """Rate in hundred-millionths and amount in minor units, one of them 0.

    Raises:
        AmountError: It is neither a percentage nor an amount.
    """
    text = text.strip()
    if text.endswith("%"):
        return parse_rate(text), 0
    return 0, keyed_amount(money, text or "0")
