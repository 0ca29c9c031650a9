"""The open sale: its basket and its payments, in memory at once and saved behind at every step.

Used on one thread, the screen's. It reads through the store's reading connection and never waits for the
writer. It has no commands of its own: the register's rooms change it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace

from tilltui.domain.clock import Clock, now_ms
from tilltui.domain.paying.settlement import Payment, Settlement
from tilltui.domain.record.identity import uuid7
from tilltui.domain.selling.basket import Basket
from tilltui.domain.selling.change import Change, ChangeKind
from tilltui.domain.selling.line import Line
from tilltui.domain.selling.totals import Totals
from tilltui.errors import N_, SaleError
from tilltui.services.session import Session
from tilltui.services.shop import Shop
from tilltui.store.books import sale_lookups
from tilltui.store.file.engine import Connection
from tilltui.store.file.store import Store
from tilltui.store.selling import baskets

log = logging.getLogger(__name__)


class OpenSale:
    """The basket and the money for it, and how both are kept.

    Args:
        store: Where everything is kept.
        shop: The shop.
        session: Who sells.
        failed: Told of an error of saving the basket, on the writer's thread.
        clock: The wall clock, UTC milliseconds.

    Attributes:
        basket: What the customer takes.
        payments: What was paid of it so far.
        in_doubt: Closing failed and nobody knows whether the sale is on disk: it can only be closed again.
    """

    def __init__(
        self,
        store: Store,
        shop: Shop,
        session: Session,
        failed: Callable[[BaseException], object] = lambda error: None,
        *,
        clock: Clock = now_ms,
    ) -> None:
        self.store = store
        self.shop = shop
        self.session = session
        self.basket = Basket()
        self.payments: tuple[Payment, ...] = ()
        self.in_doubt = False
        self.clock = clock
        self._failed = failed
        self._unsaved = False
        self._basket_id = self._highest_id = baskets.next_id(store.reader)
        self._uuid = ""
        self._totals: tuple[Basket, Totals] | None = None

    @property
    def basket_id(self) -> int:
        """Number of the saved basket; used again once it is closed."""
        return self._basket_id

    @property
    def next_number(self) -> int:
        """Number that the sale will get."""
        return sale_lookups.next_number(self.store.reader)

    @property
    def totals(self) -> Totals:
        """What the basket comes to now."""
        if self._totals is None or self._totals[0] is not self.basket:
            day = self.shop.day(self.clock())
            self._totals = (self.basket, self.basket.totals(self.shop.taxes, day))
        return self._totals[1]

    @property
    def settlement(self) -> Settlement:
        """What was paid against the total."""
        return Settlement(self.shop.currency, self.totals.total, self.payments)

    @property
    def all_paid(self) -> bool:
        """Nothing is left to pay: saving it failed before, or there was nothing to pay at all."""
        settlement = self.settlement
        return settlement.settled and bool(settlement.payments or not settlement.total)

    def uuid(self, at_ms: int) -> str:
        """The sale's public identity, made before the first try to close it and kept over all."""
        self._uuid = self._uuid or uuid7(at_ms)
        return self._uuid

    def new_identity(self) -> None:
        """Forget the identity: what changes from now on must not be taken for what was refused."""
        self._uuid = ""

    # What the rooms check

    def nothing_open(self) -> None:
        """Raise ``SaleError`` while there is something in the basket."""
        if self.basket:
            raise SaleError(N_("Finish or park this sale first."), hint=N_("F5 parks it."))

    def nothing_paid(self) -> None:
        """Raise ``SaleError`` once something of it was paid."""
        if self.payments:
            raise SaleError(
                N_("Part of this sale is already paid."),
                hint=N_("Take the payment back first, or finish the sale."),
            )

    def obey_rules(self, line: Line, rung: int) -> None:
        """See that the shop's rules let a line be as it would be.

        Args:
            line: The line as it would be.
            rung: Thousandths that were rung or set.

        Raises:
            SaleError: They do not.
        """
        self.shop.rules.check(line, self.shop.day(self.clock()), rung=rung)

    def undoubted(self) -> None:
        """Raise ``SaleError`` while nobody knows whether it is on disk."""
        if self.in_doubt:
            raise SaleError(
                N_("It is not certain whether this sale was saved: it cannot be changed."),
                hint=N_("Press Enter to save it again."),
            )

    # What the rooms change

    def change(self, what: ChangeKind, no: int, before: object, after: object) -> Change:
        """An entry of the sale's trail, which names the operator, and who lent the right."""
        session = self.session
        approver = session.approver.name if session.approver is not None else ""
        return Change(what, no, str(before), str(after), session.operator.name, approver, self.clock())

    def became(self, basket: Basket, changed: Sequence[Line]) -> None:
        """Take another basket, and save it behind with the lines that changed."""
        self.undoubted()
        self.basket = basket
        self._keep(changed)

    def noted(self, change: Change) -> None:
        """Put an entry into the trail, to be saved with what comes next."""
        self.undoubted()
        self.basket = replace(self.basket, trail=(*self.basket.trail, change))

    def paid(self, settlement: Settlement) -> Settlement:
        """Take other payments, and save them behind."""
        self.undoubted()
        self.payments = settlement.payments
        self._keep([])
        return settlement

    def fresh(self) -> None:
        """Begin the next sale."""
        self.basket = Basket()
        self.payments = ()
        self.in_doubt = False
        self._uuid = ""
        self._highest_id += 1
        self._basket_id = self._highest_id

    def take(self, basket_id: int, basket: Basket) -> None:
        """Go on with a basket that was parked."""
        empty_id, self._basket_id = self._basket_id, basket_id
        # Only a backup that was restored in the middle of a sale parks one that is part-paid.
        self.payments = baskets.payments(self.store.reader, basket_id, self.shop.tenders)
        # A note or a customer may have been kept for it already: two open ones would be one too many.
        self.behind(lambda connection: baskets.discard(connection, empty_id))
        self.became(basket, [])

    def restore(self) -> bool:
        """Go on with the basket that was open when the till stopped.

        Returns:
            Whether there was one.
        """
        found = baskets.open_basket(self.store.reader)
        if found is None or not found[1]:
            return False
        self._basket_id, self.basket = found
        self.payments = baskets.payments(self.store.reader, self._basket_id, self.shop.tenders)
        return True

    # Saved behind

    def _keep(self, changed: Sequence[Line]) -> None:
        """Save the basket behind; not synced, for a lost line is seen by the cashier."""
        basket, payments = self.basket, self.payments
        if self._unsaved:
            self._unsaved, changed = False, basket.lines
        basket_id, operator, at = self._basket_id, self.session.operator.id, self.clock()

        def work(connection: Connection) -> None:
            baskets.save(
                connection, basket_id, basket, changed, operator_id=operator, now_ms=at, payments=payments
            )

        self.behind(work)

    def behind(self, work: Callable[[Connection], None]) -> Future[None]:
        """Have the writer do something of the basket's; a failure is told, and what it kept is saved anew."""

        def done(future: Future[None]) -> None:
            error = future.exception()
            if error is not None:
                log.error("saving the open basket failed: %s", error)
                self._unsaved = True
                self._failed(error)

        saved = self.store.submit(work, durable=False)
        saved.add_done_callback(done)
        return saved
