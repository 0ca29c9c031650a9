"""Customers at the till: looked up, chosen, added."""

from __future__ import annotations

from dataclasses import replace

from tilltui.domain.people.customer import Customer
from tilltui.domain.people.rights import Right
from tilltui.domain.text import clean
from tilltui.errors import N_, SaleError
from tilltui.services.flow import Flow, Wait
from tilltui.services.selling.open_sale import OpenSale
from tilltui.services.session import Session, command
from tilltui.store.people import customers


class Customers:
    """Commands on customers.

    Args:
        sale: The open sale.
    """

    def __init__(self, sale: OpenSale) -> None:
        self._sale = sale

    @property
    def session(self) -> Session:
        """Who asks."""
        return self._sale.session

    @command(Right.CUSTOMERS)
    def search(self, text: str) -> list[Customer]:
        """Customers whose name holds the text or whose tax number begins with it."""
        return customers.search(self._sale.store.reader, text)

    @command(Right.SELL)
    def choose(self, customer: Customer | None) -> None:
        """Say who buys; ``None``: nobody by name."""
        sale = self._sale
        number, name = (customer.id, customer.name) if customer is not None else (None, "")
        sale.became(replace(sale.basket, customer_id=number, customer=clean(name)), [])

    @command(Right.CUSTOMERS)
    def add(self, name: str, *, tax_id: str = "", phone: str = "", email: str = "") -> Flow[Customer]:
        """Add a customer; works without a network.

        Raises:
            SaleError: There is no name; at once.
        """
        name = clean(name)
        if not name:
            raise SaleError(N_("The customer needs a name."), hint=N_("Key the name."))
        return self._add(name, clean(tax_id, 40), clean(phone, 40), clean(email, 120))

    async def _add(self, name: str, tax_id: str, phone: str, email: str) -> Customer:
        return await Wait(
            self._sale.store.submit(
                lambda connection: customers.add(connection, name, tax_id=tax_id, phone=phone, email=email)
            )
        )
