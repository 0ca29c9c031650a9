"""What a cashier keys as an amount or a quantity; a whole barcode is neither."""

from __future__ import annotations

from tilltui.domain.goods.barcode import looks_like_gtin
from tilltui.domain.money.money import Currency, parse_quantity
from tilltui.errors import N_, AmountError


def keyed_amount(money: Currency, text: str) -> int:
    """Read an amount in minor units.

    Raises:
        AmountError: It is no amount, or a barcode: a scanner that types like a keyboard must not pay with it.
    """
    if looks_like_gtin(text.strip()):
        raise AmountError(
            N_("{text} is a barcode, not an amount."),
            hint=N_("Esc clears it. Scan the item again to ring it."),
            text=text.strip(),
        )
    return money.parse(text)


def keyed_price(money: Currency, text: str) -> int:
    """Read a price above zero in minor units.

    Raises:
        AmountError: It is none.
    """
    price = keyed_amount(money, text)
    if price <= 0:
        raise AmountError(N_("The item needs a price above zero."), hint=N_("Key what it costs."))
    return price


def keyed_quantity(text: str) -> int:
    """Read a quantity in thousandths.

    Raises:
        AmountError: It is none, or a barcode.
    """
    if looks_like_gtin(text.strip()):
        raise AmountError(
            N_("{text} is a barcode, not a quantity."),
            hint=N_("Press Enter to ring it, or Esc to clear it."),
            text=text.strip(),
        )
    return parse_quantity(text)
