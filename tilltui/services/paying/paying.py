"""Taking the money, and closing the sale; goods that come back are paid as they were bought."""

from __future__ import annotations

import inspect
import weakref
from concurrent.futures import Future

from tilltui.domain.paying.settlement import Settlement
from tilltui.domain.paying.tenders import Tender
from tilltui.domain.people.rights import Right
from tilltui.domain.record.sales.accepted import Accepted
from tilltui.domain.record.sales.closing import Closing
from tilltui.domain.selling.change import ChangeKind
from tilltui.domain.text import MAX_NOTE, clean
from tilltui.errors import N_, SaleError
from tilltui.services.events import Events, SaleClosed
from tilltui.services.flow import Flow, Wait
from tilltui.services.selling.open_sale import OpenSale
from tilltui.services.session import Session, command

LOCATION = "shop"
"""Where stock leaves from until there are several places."""


class Paying:
    """Commands that take money for the open sale, and the one that closes it.

    Args:
        sale: The open sale.
        events: Told of each sale that is on disk.
        printer: The printer for receipts, empty for none.
    """

    def __init__(self, sale: OpenSale, events: Events, printer: str = "") -> None:
        self._sale = sale
        self._events = events
        self._printer = printer
        self._saving: Future[Accepted] | None = None
        self._flow: weakref.ref[Flow[Accepted]] | None = None

    @property
    def session(self) -> Session:
        """Who takes the money."""
        return self._sale.session

    @command(Right.SELL)
    def pay_cash(self, given: int | None = None) -> Settlement:
        """Take cash; ``None`` is the exact amount."""
        sale = self._sale
        return sale.paid(self._as_it_came(sale.settlement.pay(sale.shop.tenders.cash, given)))

    @command(Right.SELL)
    def pay(
        self, tender: Tender, amount: int | None = None, reference: str = "", slip: tuple[str, ...] = ()
    ) -> Settlement:
        """Take a tender; ``None`` is all that is left, or all that may go back so.

        Args:
            tender: What it is paid with.
            amount: Minor units.
            reference: Last four digits and authorisation, or a number.
            slip: Lines of a card terminal for the receipt.
        """
        return self._sale.paid(self.would_pay(tender, amount, clean(reference, 60), slip))

    def would_pay(
        self, tender: Tender, amount: int | None = None, reference: str = "", slip: tuple[str, ...] = ()
    ) -> Settlement:
        """What ``pay`` would make of the settlement; nothing is paid.

        Raises:
            SaleError: It cannot be paid so; goods that come back are paid as they were bought.
            AmountError: The amount cannot be.
        """
        sale = self._sale
        settlement = sale.settlement
        if amount is None and settlement.total < 0:
            from tilltui.services.returns import refunds

            amount = refunds.part(sale.store.reader, sale.basket, settlement, tender, sale.shop.tenders)
        return self._as_it_came(settlement.pay(tender, amount, reference, slip))

    def _as_it_came(self, paid: Settlement) -> Settlement:
        if paid.total >= 0:
            return paid
        from tilltui.services.returns import refunds  # what only a return needs

        sale = self._sale
        return refunds.checked(
            sale.store.reader, sale.basket, paid, basket_id=sale.basket_id, tenders=sale.shop.tenders
        )

    @property
    def cash_needs_a_word(self) -> bool:
        """Whether cash may pay this return only after ``give_cash_for_card``: its money came by card."""
        sale = self._sale
        settlement = sale.settlement
        if settlement.total >= 0:
            return False
        from tilltui.services.returns import refunds

        return refunds.needs_a_word(
            sale.store.reader, sale.basket, settlement, sale.basket_id, sale.shop.tenders
        )

    @command(Right.CASH_FOR_CARD)
    def give_cash_for_card(self, reason: str) -> None:
        """Let money that came by card go back in cash; the reason stands in the journal.

        Raises:
            SaleError: There is no reason.
        """
        reason = clean(reason, MAX_NOTE)
        if not reason:
            raise SaleError(N_("Say why the card cannot have its money."), hint=N_("Key it in a few words."))
        sale = self._sale
        sale.noted(sale.change(ChangeKind.CASH_FOR_CARD, 0, "card", reason))
        sale.became(sale.basket, [])

    @command(Right.TAKE_BACK)
    def take_back(self) -> Settlement:
        """Take the last payment back; the journal keeps that there was one.

        Raises:
            SaleError: Nothing has been paid yet.
        """
        sale = self._sale
        settlement = sale.settlement.without_last()
        taken = sale.payments[-1]
        sale.noted(sale.change(ChangeKind.PAYMENT, 0, f"{taken.tender.key} {taken.given}", taken.reference))
        return sale.paid(settlement)

    # Closing

    @command(Right.ABANDON)
    def abandon(self) -> None:
        """Void every line that is left: the customer goes, and the voids are closed as a sale of nothing.

        Raises:
            SaleError: Something was paid already, or went back, or perhaps went back, to a card.
        """
        sale = self._sale
        sale.nothing_paid()
        basket = sale.basket
        if basket.returns:
            from tilltui.services.returns import refunds

            refunds.nothing_under_way(sale.store.reader, basket, sale.settlement, sale.basket_id)
        for line in basket.live_lines:
            basket = basket.void(line.no, sale.change(ChangeKind.VOID, line.no, line.quantity, 0))
        # Saved once: every step writes the whole trail, and a thousand steps would keep the disk busy.
        sale.became(basket, basket.lines)

    @command(Right.SELL)
    def close(self) -> Flow[Accepted]:
        """Close the sale: one durable transaction, then whoever hears of ``SaleClosed``.

        A sale of which nothing is left prints no receipt.

        Raises:
            SaleError: It is not paid, or is being closed already; at once.
            TillError: It could not be saved, and is open as before with its payments; awaited.
        """
        if self._under_way():
            raise SaleError(N_("This sale is being saved."), hint=N_("Wait a moment."))
        saving = self._submitted()
        flow = self._closed(saving)
        self._saving, self._flow = saving, weakref.ref(flow)
        return flow

    def _under_way(self) -> bool:
        """Whether the sale is being closed: the disk has not answered, or what follows is not done yet."""
        flow = self._flow() if self._flow is not None else None
        if flow is not None and inspect.getcoroutinestate(flow) != inspect.CORO_CLOSED:
            return True
        return self._saving is not None and not self._saving.done()

    def _submitted(self) -> Future[Accepted]:
        sale, session = self._sale, self._sale.session
        at = sale.clock()
        closing = Closing(
            uuid=sale.uuid(at),
            basket=sale.basket,
            totals=sale.totals,
            settlement=sale.settlement,
            operator_id=session.operator.id,
            operator=session.operator.name,
            shift_id=session.shift_id,
            location=LOCATION,
            closed_ms=at,
            offset_min=sale.shop.offset_min(at),
            day=sale.shop.day(at),
            training=sale.shop.training,
        ).checked()
        printer = self._printer if sale.basket.live_lines else ""
        return sale.store.close_sale(closing, printer=printer, basket_id=sale.basket_id)

    async def _closed(self, saving: Future[Accepted]) -> Accepted:
        sale = self._sale
        operator = sale.session.operator
        try:
            accepted = await Wait(saving)
        except Exception as error:  # whatever it was: the disk says whether the sale is there
            accepted = await self._landed(error)
        sale.fresh()
        self._events.publish(SaleClosed(accepted, operator, sale.shop.training))
        return accepted

    async def _landed(self, error: Exception) -> Accepted:
        """Closing failed: the sale if it is on disk all the same, else it is open as before.

        What nobody can find out leaves it in doubt: it can only be closed again, as it is.
        """
        sale = self._sale
        uuid = sale.uuid(sale.clock())
        try:
            landed = await Wait(sale.store.landed(uuid))
        except Exception:
            sale.in_doubt = True
            raise error from None
        if landed is None:
            sale.in_doubt = False
            sale.new_identity()
            raise error
        return landed
