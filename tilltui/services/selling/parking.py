"""Parking: a sale is put aside for the next customer, and taken back."""

from __future__ import annotations

from dataclasses import replace

from tilltui.domain.people.rights import Right
from tilltui.domain.selling.parked import Parked
from tilltui.domain.selling.parking import WaitsFor
from tilltui.domain.text import clean
from tilltui.errors import N_, SaleError
from tilltui.services.events import BasketParked, Events
from tilltui.services.flow import Flow, Wait
from tilltui.services.selling.open_sale import OpenSale
from tilltui.services.session import Session, command
from tilltui.store.file.engine import Connection
from tilltui.store.selling import baskets


class Parking:
    """Commands around the parked sales.

    Args:
        sale: The open sale.
        events: Told when the list is another one.
    """

    def __init__(self, sale: OpenSale, events: Events) -> None:
        self._sale = sale
        self._events = events

    @property
    def session(self) -> Session:
        """Who parks."""
        return self._sale.session

    @command(Right.SELL)
    def park(self, name: str = "", waits_for: WaitsFor = WaitsFor.CUSTOMER) -> None:
        """Put the sale aside at once, saved behind; ``settled`` waits until it is among the parked ones.

        Args:
            name: What it is called; else as it was, or after who buys.
            waits_for: What has to happen before it is taken back.

        Raises:
            SaleError: It is empty, takes goods back, or something was paid already.
        """
        sale = self._sale
        if not sale.basket:
            raise SaleError(N_("There is nothing to park."), hint=N_("Press F5 to recall a parked sale."))
        if sale.basket.returns:
            # Two baskets that take the same goods back would both be refunded.
            raise SaleError(
                N_("This basket takes back sale {number}."),
                hint=N_("Finish it first."),
                number=sale.basket.returns,
            )
        sale.nothing_paid()
        sale.undoubted()
        name = clean(name) or sale.basket.name or sale.basket.customer or clean(sale.basket.note)
        basket = replace(sale.basket, name=name)
        basket_id, operator, at = sale.basket_id, sale.session.operator.id, sale.clock()

        def work(connection: Connection) -> None:
            lines = basket.lines
            baskets.save(
                connection, basket_id, basket, lines, operator_id=operator, now_ms=at, waits_for=waits_for
            )

        sale.behind(work)
        sale.fresh()

    @command(Right.SELL)
    def parked(self) -> Flow[list[Parked]]:
        """Parked baskets, oldest first, with what is being saved now."""
        return self._parked()

    async def _parked(self) -> list[Parked]:
        return await Wait(self._sale.store.submit(baskets.parked, durable=False))

    def parked_names(self) -> list[str]:
        """Names of the parked baskets as last saved; never waits."""
        return [row.name for row in baskets.parked(self._sale.store.reader)]

    @command(Right.SELL)
    def recall(self, basket_id: int) -> Flow[None]:
        """Go on with a parked sale; ``settled`` waits until it is off the list.

        Raises:
            SaleError: There is something in the basket, at once or by then; or that one is no longer parked.
        """
        self._sale.nothing_open()
        return self._recall(basket_id)

    async def _recall(self, basket_id: int) -> None:
        sale = self._sale
        basket = await Wait(
            sale.store.submit(lambda connection: baskets.load(connection, basket_id), durable=False)
        )
        sale.nothing_open()
        if basket is None:
            raise SaleError(
                N_("That sale is no longer parked."),
                hint=N_("F5 lists those that are; this one may have been recalled already."),
            )
        sale.take(basket_id, replace(basket, recalled=True))

    async def settled(self) -> None:
        """Wait until what was parked or recalled is on disk, or was tried, and tell that the list is another.

        An error of saving is told by the open sale itself.
        """
        await Wait(self._sale.store.submit(lambda connection: None, durable=False), hold=False)
        self._events.publish(BasketParked())
