"""Amounts of a currency: how large they may be, how they are written, keyed and paid in coins."""

from __future__ import annotations

import re

from tilltui.domain.frozen import frozen
from tilltui.domain.money.rounding import Rounding, divide
from tilltui.errors import N_, AmountError

MAX_AMOUNT = 999_999_999_999
"""Largest amount in minor units, either sign: every sum of a day stays far inside 64 bits."""

MAX_KEYED_AMOUNT = 40
"""Most characters of a keyed amount. A longer one is refused: a cut one would be another amount."""


def checked(amount: int) -> int:
    """Return ``amount`` if it is one that the till can carry.

    Raises:
        AmountError: It is beyond ``MAX_AMOUNT``.
    """
    if -MAX_AMOUNT <= amount <= MAX_AMOUNT:
        return amount
    raise AmountError(
        N_("That comes to more than the till can carry."),
        hint=N_("Check the quantity and the price."),
    )


@frozen
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

        >>> [Currency("EUR").parse(text) for text in ("20", "1.99", "1.990", "-$0,05")]
        [2000, 199, 199000, -5]

        Raises:
            AmountError: It is no amount of this currency.
        """
        value = text.strip()
        digits = self._digits(value) if len(value) <= MAX_KEYED_AMOUNT else None
        if digits is None:
            raise AmountError(
                N_("'{text}' is not an amount in {currency}."),
                hint=N_("Key an amount such as {example}."),
                text=value[:MAX_KEYED_AMOUNT],
                currency=self.code,
                example=self.format(12990),
            )
        return checked(digits)

    def _digits(self, value: str) -> int | None:
        symbol = self.symbol.strip()
        value = value.replace(symbol, "", 1).strip() if symbol else value
        sign = -1 if value.startswith("-") else 1
        value = value.removeprefix("-").strip()
        if self.group and re.fullmatch(
            rf"[1-9][0-9]{{0,2}}(?:{re.escape(self.group)}[0-9]{{3}})+(?:{re.escape(self.decimal)}[0-9]+)?",
            value,
        ):
            value = value.replace(self.group, "")
        match = re.fullmatch(r"([0-9]+)(?:([.,])([0-9]*))?", value)
        if match is None or len(match[3] or "") > self.decimals or (match[2] and not self.decimals):
            return None
        return sign * int(match[1] + (match[3] or "").ljust(self.decimals, "0"))

    def cash(self, amount: int) -> int:
        """Round an amount to what can be paid in cash.

        >>> clp = Currency("CLP", 0, cash_step=10, cash_rounding=Rounding.HALF_DOWN)
        >>> [clp.cash(amount) for amount in (1985, 1986, 1995)]
        [1980, 1990, 1990]
        """
        return divide(amount, self.cash_step, self.cash_rounding) * self.cash_step
