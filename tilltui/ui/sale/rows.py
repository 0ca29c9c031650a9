"""Lines of the basket as the cashier reads them."""

from __future__ import annotations

from tilltui.domain.money.money import Currency, format_quantity, format_rate
from tilltui.domain.selling.basket import Basket
from tilltui.domain.selling.line import Deed, Line, PriceBy
from tilltui.ui.widgets.sale.values import BasketRow, RowKind


def row_of(line: Line, currency: Currency) -> BasketRow:
    """One line of the basket for the list; a star marks what the cashier keyed: a weight, a price."""
    kind: RowKind = "sale"
    if line.deed is Deed.VOID:
        kind = "void"
    elif line.reversed_by is not None:
        kind = "voided"
    elif line.deed is Deed.RETURN:
        kind = "return"
    # What is special stands first: the end of a long name is cut.
    description = line.description
    if line.discount_rate:
        description = f"-{format_rate(line.discount_rate, currency.decimal)} {description}"
    elif line.discount:
        description = f"-{currency.format(abs(line.discount))} {description}"
    if line.note:
        description += f" · {line.note}"
    price = currency.format(line.unit_price)
    if line.price_by is PriceBy.CASHIER:
        price = f"{price}*"
    quantity = format_quantity(line.quantity, currency.decimal)
    if line.keyed_weight:
        quantity = f"{quantity}*"
    return BasketRow(quantity, description, price, currency.format(line.amount), kind)


def rows_of(basket: Basket, currency: Currency) -> list[BasketRow]:
    """All lines of the basket for the list."""
    return [row_of(line, currency) for line in basket.lines]
