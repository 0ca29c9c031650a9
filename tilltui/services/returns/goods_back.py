"""Goods of an earlier sale that come back: found by the receipt's number, rung line by line."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from tilltui.domain.people.rights import Right
from tilltui.domain.selling.line import Line
from tilltui.errors import N_, SaleError
from tilltui.services.selling.open_sale import OpenSale
from tilltui.services.selling.ringing import Rung
from tilltui.services.session import Session, command

if TYPE_CHECKING:
    from tilltui.services.returns.returnable import Returnable

_NUMBER = re.compile(r"[A-Za-z0-9_-]{1,16}-[0-9]{6,}")


class GoodsBack:
    """Commands of a return.

    Args:
        sale: The open sale, whose basket takes the goods back.
    """

    def __init__(self, sale: OpenSale) -> None:
        self._sale = sale

    @property
    def session(self) -> Session:
        """Who takes goods back."""
        return self._sale.session

    def may_begin_with(self, text: str) -> bool:
        """Whether a code is a receipt's number, and the basket is empty or one of returns."""
        sale = self._sale
        return (
            _NUMBER.fullmatch(text) is not None
            and not sale.payments
            and (not sale.basket or bool(sale.basket.returns))
        )

    @command(Right.RETURN)
    def find(self, number: str) -> Returnable:
        """What can still come back of a sale.

        Raises:
            SaleError: There is no such sale here, or the basket takes back another one.
        """
        from tilltui.services.returns.returnable import find_returnable  # what only a return needs

        sale = self._sale
        return find_returnable(sale.store, sale.shop, sale.basket, number)

    @command(Right.RETURN)
    def ring(self, line: Line, number: str) -> Rung:
        """Ring a line of an earlier sale that comes back.

        Args:
            line: Below zero, of kind ``RETURN``.
            number: The earlier sale's.

        Raises:
            SaleError: The basket already takes back another sale.
        """
        sale = self._sale
        if sale.basket.returns not in ("", number):
            raise SaleError(
                N_("This basket takes back sale {number}."),
                hint=N_("Finish it first."),
                number=sale.basket.returns,
            )
        basket = replace(sale.basket, returns=number).add(line, now_ms=sale.clock())
        sale.became(basket, [basket.lines[-1]])
        return Rung(basket.lines[-1], False)
