"""Correcting: what changes lines that were rung, and what is said of the sale."""

from __future__ import annotations

from dataclasses import replace

from tilltui.domain.people.rights import Right
from tilltui.domain.selling.change import ChangeKind
from tilltui.domain.text import MAX_NOTE, clean
from tilltui.errors import N_, SaleError
from tilltui.services.selling.open_sale import OpenSale
from tilltui.services.session import Session, command


class Correcting:
    """Commands that change lines; each leaves its entry in the sale's trail.

    Args:
        sale: The open sale.
    """

    def __init__(self, sale: OpenSale) -> None:
        self._sale = sale

    @property
    def session(self) -> Session:
        """Who corrects."""
        return self._sale.session

    @command(Right.VOID)
    def void(self, no: int) -> None:
        """Take a line back with a reversing line."""
        sale = self._sale
        line = sale.basket.line(no)
        basket = sale.basket.void(no, sale.change(ChangeKind.VOID, no, line.quantity, 0))
        sale.became(basket, [basket.line(no), basket.lines[-1]])

    @command(Right.SELL)
    def set_quantity(self, no: int, quantity: int) -> None:
        """Set a line's quantity, in thousandths."""
        self._edit(no, quantity, None)

    @command(Right.PRICE)
    def set_price(self, no: int, price: int) -> None:
        """Set a line's unit price, in minor units."""
        self._edit(no, None, price)

    def edit(self, no: int, *, quantity: int | None = None, price: int | None = None) -> None:
        """Set a line's quantity, its unit price or both; where one is refused nothing changes.

        Args:
            no: The line.
            quantity: Thousandths; ``None`` leaves it.
            price: Minor units; ``None`` leaves it.

        Raises:
            NotAllowed: The price needs a right of its own.
            SaleError: The line cannot change so.
            AmountError: A quantity or price that cannot be.
        """
        if quantity is not None:
            self.session.check(Right.SELL)
        if price is not None:
            self.session.check(Right.PRICE)
        self._edit(no, quantity, price)

    def _edit(self, no: int, quantity: int | None, price: int | None) -> None:
        sale = self._sale
        basket, line = sale.basket, sale.basket.line(no)
        if quantity is not None:
            if line.unit == "u" and quantity % 1000:
                raise SaleError(
                    N_("{name} is sold by the piece."),
                    hint=N_("Key a whole number."),
                    name=line.description,
                )
            change = sale.change(ChangeKind.QUANTITY, no, line.quantity, quantity)
            basket = basket.set_quantity(no, quantity, change)
            sale.obey_rules(basket.line(no), quantity)
        if price is not None:
            basket = basket.set_price(no, price, sale.change(ChangeKind.PRICE, no, line.unit_price, price))
        if basket is not sale.basket:
            sale.became(basket, [basket.line(no)])

    @command(Right.DISCOUNT)
    def discount(self, no: int | None, *, rate: int = 0, amount: int = 0) -> None:
        """Give a discount on a line, or on everything.

        Args:
            no: The line; ``None`` for the whole sale.
            rate: Hundred-millionths; 0 for a plain amount.
            amount: Minor units.
        """
        sale = self._sale
        if no is None:
            before = f"{sale.basket.discount_rate}/{sale.basket.discount_amount}"
            change = sale.change(ChangeKind.DISCOUNT, 0, before, f"{rate}/{amount}")
            sale.became(sale.basket.set_discount(rate=rate, amount=amount, change=change), [])
            return
        line = sale.basket.line(no)
        change = sale.change(ChangeKind.DISCOUNT, no, line.discount, f"{rate}/{amount}")
        basket = sale.basket.set_line_discount(no, rate=rate, amount=amount, change=change)
        sale.became(basket, [basket.line(no)])

    @command(Right.SELL)
    def note(self, note: str) -> None:
        """Put a note on the sale."""
        self._sale.became(replace(self._sale.basket, note=clean(note, MAX_NOTE)), [])

    @command(Right.SELL)
    def line_note(self, no: int, note: str) -> None:
        """Put a note on a line."""
        basket = self._sale.basket.set_line_note(no, clean(note, MAX_NOTE))
        self._sale.became(basket, [basket.line(no)])
