"""The basket in hand, saved behind at every step, put aside and taken back."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace

from tilltui.domain.clock import Clock, now_ms
from tilltui.domain.frozen import frozen
from tilltui.domain.paying.tender import Payment
from tilltui.domain.selling.basket import Basket, Totals
from tilltui.domain.selling.line import Line
from tilltui.domain.selling.parking import WaitsFor
from tilltui.domain.text import clean
from tilltui.errors import N_, SaleError
from tilltui.services.shop import Shop
from tilltui.store.books import totals
from tilltui.store.file.engine import Connection
from tilltui.store.file.store import Store
from tilltui.store.selling import baskets
from tilltui.store.selling.baskets import Parked

log = logging.getLogger(__name__)


@frozen
class Operator:
    """Who sells."""

    id: int
    name: str


class BasketInHand:
    """The basket in hand and how it is kept.

    Args:
        store: Where everything is kept.
        shop: The shop.
        operator: Who sells.
        printer: The printer for receipts, empty for none.
        clock: The wall clock, UTC milliseconds.

    Attributes:
        basket: What the customer takes.
        payments: What was paid of it so far.
        failed: Told of an error of saving the open basket, on the writer's thread.
        in_doubt: Closing failed and nobody knows whether the sale is on disk: it can only be closed again.
    """

    def __init__(
        self,
        store: Store,
        shop: Shop,
        operator: Operator,
        *,
        printer: str = "",
        clock: Clock = now_ms,
    ) -> None:
        self.store = store
        self.shop = shop
        self.operator = operator
        self.printer = printer
        self.basket = Basket()
        self.payments: tuple[Payment, ...] = ()
        self.failed: Callable[[BaseException], object] = lambda error: None
        self.in_doubt = False
        self._clock = clock
        self._unsaved = False
        self._basket_id = self._highest_id = baskets.next_id(store.reader)
        self._uuid = ""
        self._totals: tuple[Basket, Totals] | None = None
        self.shift_id = 0
        self.begin_shift()

    @property
    def basket_id(self) -> int:
        """Number of the saved basket in hand; used again once it is closed."""
        return self._basket_id

    def begin_shift(self) -> None:
        """Sell in the shift that is open now."""
        shift = totals.current_shift(self.store.reader)
        self.shift_id = shift.id if shift is not None else 0

    # Parking

    def park(self, name: str = "", waits_for: WaitsFor = WaitsFor.CUSTOMER) -> Future[None]:
        """Put the basket aside; the future ends when it is among the parked ones.

        Args:
            name: What it is called; else as it was, or after who buys.
            waits_for: What has to happen before it is taken in hand again.

        Raises:
            SaleError: It is empty, takes goods back, or something was paid already.
        """
        if not self.basket:
            raise SaleError(N_("There is nothing to park."), hint=N_("Press F5 to recall a parked sale."))
        if self.basket.returns:
            # Two baskets that take the same goods back would both be refunded.
            raise SaleError(
                N_("This basket takes back sale {number}."),
                hint=N_("Finish it first."),
                number=self.basket.returns,
            )
        if self.payments:
            raise SaleError(
                N_("Part of this sale is already paid."),
                hint=N_("Take the payment back first, or finish the sale."),
            )
        name = clean(name) or self.basket.name or self.basket.customer or clean(self.basket.note)
        basket = replace(self.basket, name=name)
        basket_id, operator, at = self._basket_id, self.operator.id, self._clock()
        self._undoubted()

        def work(connection: Connection) -> None:
            baskets.save(
                connection, basket_id, basket, basket.lines,
                operator_id=operator, now_ms=at, waits_for=waits_for,
            )  # fmt: skip

        saved = self._behind(work)
        self._fresh()
        return saved

    def parked(self) -> Future[list[Parked]]:
        """Parked baskets, oldest first, with what is being saved now."""
        return self.store.submit(baskets.parked, durable=False)

    def parked_names(self) -> list[str]:
        """Names of the parked baskets as last saved; never waits."""
        return [row.name for row in baskets.parked(self.store.reader)]

    def recall(self, basket_id: int) -> Future[Basket | None]:
        """Read a parked basket; ``take_parked`` takes it in hand.

        Raises:
            SaleError: There is a basket in hand.
        """
        self._nothing_in_hand()
        return self.store.submit(lambda connection: baskets.load(connection, basket_id), durable=False)

    def take_parked(self, basket_id: int, basket: Basket | None) -> None:
        """Take what ``recall`` read in hand.

        Raises:
            SaleError: There is a basket in hand by now, or that one is gone.
        """
        self._nothing_in_hand()
        if basket is None:
            raise SaleError(
                N_("That sale is no longer parked."),
                hint=N_("F5 lists those that are; this one may have been recalled already."),
            )
        empty_id, self._basket_id = self._basket_id, basket_id
        # Only a backup that was restored in the middle of a sale parks one that is part-paid.
        self.payments = baskets.payments(self.store.reader, basket_id, self.shop.tenders)
        # A note or a customer may have been kept for it already: two open ones would be one too many.
        self._behind(lambda connection: baskets.discard(connection, empty_id))
        self._became(replace(basket, recalled=True), [])

    def _nothing_in_hand(self) -> None:
        if self.basket:
            raise SaleError(N_("Finish or park this sale first."), hint=N_("F5 parks it."))

    def kept(self) -> Future[None]:
        """Ends when everything that was changed so far has been saved, or tried."""
        return self.store.submit(lambda connection: None, durable=False)

    def restore(self) -> bool:
        """Take the basket in hand that was open when the till stopped.

        Returns:
            Whether there was one.
        """
        found = baskets.open_basket(self.store.reader)
        if found is None or not found[1]:
            return False
        self._basket_id, self.basket = found
        self.payments = baskets.payments(self.store.reader, self._basket_id, self.shop.tenders)
        return True

    def _undoubted(self) -> None:
        if self.in_doubt:
            raise SaleError(
                N_("It is not certain whether this sale was saved: it cannot be changed."),
                hint=N_("Press Enter to save it again."),
            )

    # Keeping

    def _fresh(self) -> None:
        self.basket = Basket()
        self.payments = ()
        self.in_doubt = False
        self._uuid = ""
        self._highest_id += 1
        self._basket_id = self._highest_id

    def _became(self, basket: Basket, changed: Sequence[Line]) -> None:
        self._undoubted()
        self.basket = basket
        self._keep(changed)

    def _keep(self, changed: Sequence[Line]) -> None:
        """Save the basket behind; not synced, for a lost line is seen by the cashier."""
        basket, payments = self.basket, self.payments
        if self._unsaved:
            self._unsaved, changed = False, basket.lines
        basket_id, operator, at = self._basket_id, self.operator.id, self._clock()

        def work(connection: Connection) -> None:
            baskets.save(
                connection, basket_id, basket, changed, operator_id=operator, now_ms=at, payments=payments
            )

        self._behind(work)

    def _behind(self, work: Callable[[Connection], None]) -> Future[None]:
        def done(future: Future[None]) -> None:
            error = future.exception()
            if error is not None:
                log.error("saving the open basket failed: %s", error)
                self._unsaved = True
                self.failed(error)

        saved = self.store.submit(work, durable=False)
        saved.add_done_callback(done)
        return saved
