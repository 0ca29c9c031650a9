"""Prices of a product list, as typed or as a spreadsheet's number, in the shop's currency and exact."""

from __future__ import annotations

import re
from decimal import Decimal

from tilltui.domain.money.money import MAX_AMOUNT, Currency
from tilltui.errors import N_, AmountError, ImportFailed

_NO_CENTS = re.compile(r"[.,]0{1,2}$")


def read_price(cell: str | Decimal, currency: Currency) -> int:
    """Read a price, in minor units.

    A text is read as a cashier's (``Currency.parse``), a number as it is. In a currency without decimals
    ``1990.00`` is 1990; nothing is ever rounded.

    Raises:
        AmountError: It is no amount of the currency, or too large.
        ImportFailed: It is negative.
    """
    amount = _number(cell, currency) if isinstance(cell, Decimal) else currency.parse(_whole(cell, currency))
    if amount < 0:
        raise ImportFailed(
            N_("The price {price} is negative."),
            hint=N_("Write a price above zero."),
            price=currency.format(amount),
        )
    return amount


def write_price(amount: int, currency: Currency) -> str:
    """Write a price so that ``read_price`` and a spreadsheet of the country read it: bare digits.

    >>> write_price(199000, Currency("EUR"))
    '1990,00'
    """
    digits = str(amount).rjust(currency.decimals + 1, "0")
    if not currency.decimals:
        return digits
    return f"{digits[: -currency.decimals]}{currency.decimal}{digits[-currency.decimals :]}"


def _whole(text: str, currency: Currency) -> str:
    return text if currency.decimals else _NO_CENTS.sub("", text.strip())


def _number(number: Decimal, currency: Currency) -> int:
    if number.adjusted() > len(str(MAX_AMOUNT)):
        raise AmountError(
            N_("The amount {amount} is too large."),
            hint=N_("Check the quantity and the price."),
            amount=f"{number:.3e}",
        )
    minor = number.scaleb(currency.decimals)
    if minor != minor.to_integral_value():
        raise AmountError(
            N_("'{text}' is not an amount in {currency}."),
            hint=N_("Key an amount such as {example}."),
            text=format(number, "f")[:40],
            currency=currency.code,
            example=currency.format(12990),
        )
    if abs(minor) > MAX_AMOUNT:
        raise AmountError(
            N_("The amount {amount} is too large."),
            hint=N_("Check the quantity and the price."),
            amount=format(number, "f"),
        )
    return int(minor)
