"""Money, quantity and rates as integers, with every rounding named.

Money is an ``int`` in minor units of its currency (CLP has none, EUR two decimals, KWD three), a quantity
an ``int`` in thousandths, a rate an ``int`` in hundred-millionths (19 % is 19_000_000). ``Decimal`` and ``float``
never enter: line work on integers is about twenty times cheaper, and exact.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass

from tilltui.errors import N_, AmountError

MAX_AMOUNT = 999_999_999_999
"""Largest amount in minor units, either sign: every sum of a day stays far inside 64 bits."""

MAX_QUANTITY = 99_999_999
"""Largest quantity of one line in thousandths (99,999.999)."""

QUANTITY_UNIT = 1000
"""One piece, one kilogram, one litre."""

RATE_UNIT = 100_000_000
"""A rate of 100 %."""


class Rounding(enum.StrEnum):
    """How a fraction becomes whole. Symmetric about zero, so that a return mirrors its sale."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    HALF_DOWN = "half_down"
    DOWN = "down"
    """Toward zero; in favour of the customer when cash is paid (Peru, Ley 29571 art. 44)."""


def divide(numerator: int, denominator: int, mode: Rounding = Rounding.HALF_UP) -> int:
    """Divide and round to a whole number.

    >>> [divide(5, 10, m) for m in Rounding], divide(-5, 10)
    ([1, 0, 0, 0], -1)
    """
    negative = (numerator < 0) != (denominator < 0)
    whole, rest = divmod(abs(numerator), abs(denominator))
    twice = rest * 2 - abs(denominator)
    if mode is Rounding.DOWN:
        up = False
    elif twice:
        up = twice > 0
    else:
        up = mode is Rounding.HALF_UP or (mode is Rounding.HALF_EVEN and whole % 2 == 1)
    whole += up
    return -whole if negative else whole


def allocate(total: int, weights: Sequence[int]) -> list[int]:
    """Split ``total`` in proportion to ``weights`` so that the parts add up to it (largest remainder).

    >>> allocate(100, [1, 1, 1])
    [34, 33, 33]

    Args:
        total: Amount to split, either sign.
        weights: Not negative; with only zeros the first part takes all.
    """
    if not weights:
        return []
    whole = sum(weights)
    if whole == 0:
        return [total] + [0] * (len(weights) - 1)
    size = abs(total)
    parts = [size * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(size * weights[i] % whole), i))
    for i in order[: size - sum(parts)]:
        parts[i] += 1
    return [-part for part in parts] if total < 0 else parts


def checked(amount: int) -> int:
    """Return ``amount`` if it is one that the till can carry.

    Raises:
        AmountError: It is beyond ``MAX_AMOUNT``.
    """
    if -MAX_AMOUNT <= amount <= MAX_AMOUNT:
        return amount
    raise AmountError(
        N_("The amount {amount} is too large."),
        hint=N_("Check the quantity and the price."),
        amount=amount,
    )


def extend(quantity: int, unit_price: int, mode: Rounding = Rounding.HALF_UP) -> int:
    """Price of a quantity in minor units: thousandths times price, rounded.

    >>> extend(450, 1990)
    896
    """
    return checked(divide(quantity * unit_price, QUANTITY_UNIT, mode))


_NUMBER = re.compile(r"([+-]?)(\d+)(?:[.,](\d+))?\Z")


def parse_quantity(text: str) -> int:
    """Read a quantity as keyed: ``3``, ``0,450`` or ``0.450``, up to three decimals.

    Raises:
        AmountError: It is no number, has more decimals, is zero or too large.
    """
    match = _NUMBER.match(text.strip()[:32])
    if match is None or match[1] == "-" or len(match[3] or "") > 3:
        raise AmountError(
            N_("'{text}' is not a quantity."), hint=N_("Key a number such as 3 or 0,450."), text=text[:32]
        )
    value = int(match[2]) * QUANTITY_UNIT + int((match[3] or "").ljust(3, "0"))
    if not 0 < value <= MAX_QUANTITY:
        raise AmountError(
            N_("The quantity {text} cannot be sold."),
            hint=N_("Key a quantity between 0,001 and 99.999."),
            text=text[:32],
        )
    return value


def format_quantity(quantity: int, decimal: str = ",") -> str:
    """Show a quantity, with decimals only where it has some.

    >>> format_quantity(3000), format_quantity(450), format_quantity(-1500)
    ('3', '0,450', '-1,500')
    """
    whole, rest = divmod(abs(quantity), QUANTITY_UNIT)
    sign = "-" if quantity < 0 else ""
    return f"{sign}{whole}{decimal}{rest:03d}" if rest else f"{sign}{whole}"


def parse_rate(text: str) -> int:
    """Read a percentage such as ``19``, ``19%`` or ``20,5 %``, up to six decimals.

    Raises:
        AmountError: It is no percentage between 0 and 1000.
    """
    match = _NUMBER.match(text.strip()[:32].removesuffix("%").strip())
    decimals = (match[3] or "") if match else ""
    if match is None or match[1] == "-" or len(decimals) > 6 or int(match[2]) > 1000:
        raise AmountError(
            N_("'{text}' is not a percentage."), hint=N_("Key a number such as 10 or 12,5."), text=text[:32]
        )
    return int(match[2]) * 1_000_000 + int(decimals.ljust(6, "0"))


def format_rate(rate: int, decimal: str = ",") -> str:
    """Show a rate.

    >>> format_rate(19_000_000), format_rate(20_500_000)
    ('19%', '20,5%')
    """
    whole, rest = divmod(rate, 1_000_000)
    digits = f"{rest:06d}".rstrip("0")
    return f"{whole}{decimal}{digits}%" if digits else f"{whole}%"


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency as one country writes and counts it.

    Attributes:
        code: ISO 4217.
        decimals: Digits of the minor unit.
        symbol: As written before (or after) an amount.
        group: Thousands separator, ``""`` for none.
        decimal: Decimal mark.
        symbol_after: The symbol follows the amount after a space.
        cash_step: Smallest amount that can be paid in cash, in minor units.
        cash_rounding: How cash is rounded to that step.
    """

    code: str
    decimals: int = 2
    symbol: str = "$"
    group: str = "."
    decimal: str = ","
    symbol_after: bool = False
    cash_step: int = 1
    cash_rounding: Rounding = Rounding.HALF_UP

    def format(self, amount: int, *, symbol: bool = True) -> str:
        """Show an amount.

        >>> Currency("CLP", 0).format(-1234567)
        '-$1.234.567'
        """
        digits = str(abs(amount)).rjust(self.decimals + 1, "0")
        whole = digits[: len(digits) - self.decimals]
        if self.group and len(whole) > 3:
            whole = f"{int(whole):,}".replace(",", self.group)
        if self.decimals:
            whole = f"{whole}{self.decimal}{digits[-self.decimals :]}"
        if symbol:
            whole = f"{whole} {self.symbol}" if self.symbol_after else f"{self.symbol}{whole}"
        return f"-{whole}" if amount < 0 else whole

    def parse(self, text: str) -> int:
        """Read an amount as keyed or as ``format`` wrote it.

        Thousands separators must stand at thousands; a keypad's point is the decimal mark where it cannot be
        one. Whole numbers are whole units: ``20`` is twenty euros, not twenty cents.

        Raises:
            AmountError: It is no amount of this currency.
        """
        value = text.strip()[:40].replace(self.symbol, "", 1).strip()
        sign = -1 if value.startswith("-") else 1
        value = value.removeprefix("-").strip().replace(self.symbol, "", 1).strip()
        grouped = bool(self.group) and re.fullmatch(
            rf"[0-9]{{1,3}}(?:{re.escape(self.group)}[0-9]{{3}})+(?:{re.escape(self.decimal)}[0-9]+)?", value
        )
        if grouped:
            value = value.replace(self.group, "")
        match = re.fullmatch(r"([0-9]+)(?:[.,]([0-9]*))?", value)
        decimals = (match[2] or "") if match else ""
        if match is None or len(decimals) > self.decimals or (not self.decimals and not value.isdigit()):
            raise AmountError(
                N_("'{text}' is not an amount in {currency}."),
                hint=N_("Key an amount such as {example}."),
                text=text[:40],
                currency=self.code,
                example=self.format(12990),
            )
        return checked(sign * int(match[1] + decimals.ljust(self.decimals, "0")))

    def cash(self, amount: int) -> int:
        """Round an amount to what can be paid in cash."""
        return divide(amount, self.cash_step, self.cash_rounding) * self.cash_step
