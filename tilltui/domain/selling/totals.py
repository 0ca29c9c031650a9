"""What a basket comes to."""

from __future__ import annotations

from tilltui.domain.frozen import frozen
from tilltui.domain.money.tax import TaxLine


@frozen
class Totals:
    """What a basket comes to, in minor units.

    Attributes:
        subtotal: Sum of the lines.
        discount: The basket's own discount.
        total: What is to be paid, before cash rounding.
        net: Sum without tax; with the taxes it is the total.
        tax: Sum of the taxes.
        taxes: Each of them.
        items: Pieces; a weighed line counts as one, what is no goods for none.
        apart: What of the total is no revenue: deposits, what is taken for others ...
        document: What the legal document comes to: the total without what does not stand on it.
    """

    subtotal: int
    discount: int
    total: int
    net: int
    tax: int
    taxes: tuple[TaxLine, ...]
    items: int
    apart: int
    document: int

    @property
    def revenue(self) -> int:
        """What of the total is the shop's income, with its taxes."""
        return self.total - self.apart
