"""What the large number says: the total, what is left to pay, or the change."""

from __future__ import annotations

from tilltui.domain.record.sales.accepted import Accepted
from tilltui.i18n import _, ngettext
from tilltui.services.selling.open_sale import OpenSale
from tilltui.services.shop import Shop
from tilltui.ui.sale.state import Mode, SaleState
from tilltui.ui.widgets.sale.values import TotalView


def total_view(state: SaleState, sale: OpenSale) -> TotalView:
    """Everything that the panel says of the open sale, or of the one whose change is shown."""
    money = sale.shop.currency
    if state.done is not None:
        return _change_view(state.done, sale.shop)
    totals, basket = sale.totals, sale.basket
    items = ngettext("{count} item", "{count} items", abs(totals.items)).format(count=totals.items)
    customer = _("Customer: {name}").format(name=basket.customer) if basket.customer else ""
    extra = []
    if totals.discount:
        extra.append(_("Discount {amount}").format(amount=money.format(-totals.discount)))
    if basket.returns:
        extra.append(_("Returns {number}").format(number=basket.returns))
    if basket.note:
        extra.append(basket.note)
    paid = [f"{_(one.tender.words)} {money.format(one.given)}" for one in sale.payments]
    if state.mode is not Mode.SELL:
        return _rest_view(state, sale, items, customer, [*paid, *extra])
    tax = _("Tax incl. {amount}").format(amount=money.format(totals.tax)) if totals.tax else ""
    change = _("Last change {amount}").format(amount=state.last_change) if state.last_change else ""
    if paid:
        paid.append(_("To pay {amount}").format(amount=money.format(sale.settlement.due)))
    amount = money.format(totals.total)
    return TotalView(_("TOTAL"), amount, items, tax, customer, change, (*extra, *paid))


def _rest_view(state: SaleState, sale: OpenSale, items: str, customer: str, extra: list[str]) -> TotalView:
    """What is left to pay, or to give back."""
    money, settlement = sale.shop.currency, sale.settlement
    extra.insert(0, _("Total {amount}").format(amount=money.format(settlement.total)))
    due = settlement.due
    if settlement.cash_due != due:
        extra.append(_("In cash {amount}").format(amount=money.format(abs(settlement.cash_due))))
    label = _("TO PAY") if due >= 0 else _("TO GIVE BACK")
    if state.mode is Mode.SAVING:
        label = _("SAVING")
    return TotalView(label, money.format(abs(due)), items, "", customer, "", tuple(extra), "rest")


def _change_view(accepted: Accepted, shop: Shop) -> TotalView:
    sale, money = accepted.record, shop.currency
    paid = [f"{_(shop.tenders.of(one.tender).words)} {money.format(one.given)}" for one in sale.payments]
    total = _("Total {amount}").format(amount=money.format(sale.total))
    number = _("Sale {number}").format(number=accepted.number)
    if not paid and not sale.total:
        return TotalView(_("NOTHING TO PAY"), money.format(0), extra=(number,), emphasis="change")
    if sale.total < 0:
        label, amount = _("GIVEN BACK"), -sale.total
    elif any(shop.tenders.of(key).gives_change for key in sale.tenders) or sale.change:
        label, amount = _("CHANGE"), sale.change
    else:
        label, amount = _("PAID"), sale.total
    return TotalView(label, money.format(amount), extra=(number, total, *paid), emphasis="change")
