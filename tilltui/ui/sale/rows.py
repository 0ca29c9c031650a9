"""Lines, totals and times as the cashier reads them."""

from __future__ import annotations

from datetime import UTC, datetime

from tilltui.domain.money.money import Currency, format_quantity, format_rate
from tilltui.domain.selling.basket import Basket
from tilltui.domain.selling.line import Deed, Line, PriceBy
from tilltui.i18n import _, language
from tilltui.ui.widgets.sale.basket_view import BasketRow, RowKind

_DAYS = {
    "es": ("lun", "mar", "mié", "jue", "vie", "sáb", "dom"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "pt": ("seg", "ter", "qua", "qui", "sex", "sáb", "dom"),
}
_MONTHS = {
    "es": ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "pt": ("jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez"),
}


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


def clock_text(at_ms: int) -> str:
    """Date and time for the head of the screen, in the machine's time zone."""
    moment = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone()
    day, month = _DAYS[language()][moment.weekday()], _MONTHS[language()][moment.month - 1]
    return f"{day} {moment.day} {month} {moment:%H:%M}"


def age_text(since_ms: int, now_ms: int) -> str:
    """How long ago, never like a time of day: ``21 min``, ``2:05 h``; more than two days in days."""
    minutes = max(0, now_ms - since_ms) // 60_000
    if minutes >= 48 * 60:
        return _("{days} days").format(days=minutes // 1440)
    return f"{minutes // 60}:{minutes % 60:02d} h" if minutes >= 60 else f"{minutes} min"
