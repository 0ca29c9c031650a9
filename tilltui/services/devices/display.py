"""What the customer reads on the display while the cashier sells: item and price, total, change, greeting.

Two lines of twenty characters. A name is cut before an amount is: a cut amount would be another amount.
Showing never waits and never raises; the drivers keep only the latest text.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from tilltui.domain.money.money import Currency
from tilltui.domain.text import clean
from tilltui.i18n import _
from tilltui.ports import CustomerDisplay
from tilltui.ports.display import COLUMNS


class CustomerLines:
    """Writes the lines for all displays of a till.

    Args:
        displays: The displays; may be none.
        currency: Of the amounts.
        greeting: What is shown while nobody is served, as the shop's name; two lines at most.
    """

    def __init__(
        self, displays: Sequence[CustomerDisplay], currency: Currency, greeting: Sequence[str] = ()
    ) -> None:
        self._displays = tuple(displays)
        self._currency = currency
        self._greeting = tuple(clean(line, 200) for line in greeting if line.strip())[:2]

    def rung(self, name: str, amount: int, total: int) -> None:
        """Show what was rung, or taken out, and the new total.

        Args:
            name: Of the product.
            amount: Of the line in minor units; below zero for a return or a void.
            total: Of the basket in minor units.
        """
        self._show(self._row(name, amount), self._row(_("TOTAL"), total))

    def total(self, amount: int) -> None:
        """Show what is to be paid."""
        self._show("", self._row(_("TOTAL"), amount))

    def change(self, amount: int) -> None:
        """Show the change and thank; with no change only thank."""
        lower = self._row(_("CHANGE"), amount) if amount else ""
        self._show(centred(_("Thank you!")), lower)

    def idle(self) -> None:
        """Greet, or show nothing where there is no greeting."""
        if not self._greeting:
            for display in self._displays:
                display.clear()
            return
        upper, lower = (*map(centred, self._greeting), "")[:2]
        self._show(upper, lower)

    def _row(self, label: str, amount: int) -> str:
        return row(label, self._amount(amount))

    def _amount(self, amount: int) -> str:
        """Write an amount; one that is too wide loses its symbol, then its thousands, before a digit."""
        text = self._currency.format(amount)
        if len(text) > COLUMNS:
            text = self._currency.format(amount, symbol=False)
        if len(text) > COLUMNS:
            text = text.replace(self._currency.group, "") if self._currency.group else text
        return text if len(text) <= COLUMNS else "*" * COLUMNS

    def _show(self, upper: str, lower: str) -> None:
        for display in self._displays:
            display.show(upper, lower)


def row(label: str, amount: str) -> str:
    """Put a label left and an amount right; the label is cut.

    >>> row("Leche entera 1 litro", "$1.290")
    'Leche entera  $1.290'
    """
    space = max(0, COLUMNS - len(amount) - 1)
    # A mark that does not compose has no column of its own: no display shows it, and the amount would move.
    letters = "".join([char for char in clean(label, 200) if unicodedata.category(char)[0] != "M"])
    return f"{letters[:space].rstrip():<{space}} {amount}"[-COLUMNS:]


def centred(text: str) -> str:
    """Centre a line.

    >>> centred("Almacén Rosita")
    '   Almacén Rosita'
    """
    return text[:COLUMNS].center(COLUMNS).rstrip()
