"""The number of a sale as it is printed, scanned and keyed."""

from __future__ import annotations

from tilltui.domain.frozen import frozen

MAX_DIGITS = 15
"""Longest number of a sale that is read; the database counts no further than eighteen."""


@frozen
class SaleNumber:
    """Which sale of which till.

    Attributes:
        till: Number of the till.
        sale: Number of the sale there, from 1, without gaps.
    """

    till: str
    sale: int

    def __str__(self) -> str:
        return f"{self.till}-{self.sale:06d}"

    @classmethod
    def read(cls, text: str) -> SaleNumber | None:
        """Read a number, whatever zeros were keyed; ``None``: it is none.

        >>> str(SaleNumber.read("1-123"))
        '1-000123'
        >>> SaleNumber.read("123") is None
        True
        """
        till, dash, digits = text.rpartition("-")
        if not dash or not (digits.isascii() and digits.isdigit()) or len(digits) > MAX_DIGITS:
            return None
        return cls(till, int(digits))
