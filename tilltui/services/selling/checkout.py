"""Selling: the basket in hand, from the first scan to the sale on disk.

Used on one thread, the user interface's. It reads through the store's reading connection and never waits for
the writer: a step is in memory at once and saved behind, a closing sale is a future.
"""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import replace

from tilltui.domain.frozen import frozen
from tilltui.domain.record.identity import uuid7
from tilltui.domain.record.sale import Closing
from tilltui.domain.selling.line import Deed, Entry, Line
from tilltui.domain.text import MAX_NAME, MAX_NOTE, clean
from tilltui.errors import N_, SaleError, TillError
from tilltui.services.paying.taking import Paying
from tilltui.services.selling.lines import UnknownCode, line_of
from tilltui.services.selling.open_sale import Operator
from tilltui.store.books import sale_lookups, sales
from tilltui.store.books.sales import Accepted
from tilltui.store.goods import catalogue
from tilltui.store.goods.catalogue import NewProduct, Product

__all__ = ["Checkout", "Operator", "Rung"]

LOCATION = "shop"
"""Where stock leaves from until there are several places."""


@frozen
class Rung:
    """What a scan did.

    Attributes:
        line: The line that was rung, or that grew.
        merged: It grew.
    """

    line: Line
    merged: bool


class Checkout(Paying):
    """Rings, changes and closes; every step is in memory at once and saved behind."""

    @property
    def next_number(self) -> int:
        """Number that the sale in hand will get."""
        return sale_lookups.next_number(self.store.reader)

    # Ringing

    def scan(
        self,
        text: str,
        symbology: str | None = None,
        *,
        quantity: int | None = None,
        entry: Entry = Entry.SCAN,
    ) -> Rung:
        """Ring a scanned or keyed code.

        Args:
            text: The code.
            symbology: AIM identifier, if the scanner sent one.
            quantity: Thousandths keyed before the scan.
            entry: ``SCAN`` or ``KEY``.

        Raises:
            UnknownCode: No product has it; it is noted for the shopkeeper.
            BarcodeError: It cannot be read, such as a wrong check digit.
            NeedsWeight: Ask for the weight, then ``ring``.
            NeedsPrice: Ask for the price, then ``ring``.
            SaleError: It cannot be sold.
        """
        code = self.shop.codes.read(text, symbology)
        product = catalogue.by_code(self.store.reader, code.key)
        if product is None and code.key != code.text:
            product = catalogue.by_code(self.store.reader, code.text)
        if product is None:
            self.note_bad_scan(code.text, entry.value, "unknown")
            raise UnknownCode(code.text)
        return self._ring(line_of(product, code=code, quantity=quantity, entry=entry))

    def ring(
        self,
        product: Product,
        *,
        code: str = "",
        quantity: int | None = None,
        price: int | None = None,
        entry: Entry = Entry.FIND,
        keyed_weight: bool = False,
        by_scale: bool = False,
    ) -> Rung:
        """Ring a product that was found by name, or whose weight or price was asked for."""
        line = line_of(
            product,
            text=code,
            quantity=quantity,
            price=price,
            entry=entry,
            keyed_weight=keyed_weight,
            by_scale=by_scale,
        )
        return self._ring(line)

    def ring_open(self, description: str, price: int, *, quantity: int = 1000, tax: str = "") -> Rung:
        """Ring something that is not in the catalogue."""
        name = clean(description, MAX_NAME)
        if not name:
            raise SaleError(N_("The item needs a name."), hint=N_("Key what it is."))
        if price <= 0:
            raise SaleError(N_("The item needs a price above zero."), hint=N_("Key what it costs."))
        group = self.shop.taxes.group(tax or self.shop.default_tax)
        line = Line(0, name, 1000, price, group.code, price, entry=Entry.OPEN, list_price=price)
        return self._ring(line.with_quantity(quantity) if quantity != 1000 else line)

    def ring_return(self, line: Line, number: str) -> Rung:
        """Ring a line of an earlier sale that comes back.

        Args:
            line: Below zero, of kind ``RETURN``.
            number: The earlier sale's.

        Raises:
            SaleError: The basket already takes back another sale.
        """
        if self.basket.returns not in ("", number):
            raise SaleError(
                N_("This basket takes back sale {number}."),
                hint=N_("Finish it first."),
                number=self.basket.returns,
            )
        basket = replace(self.basket, returns=number).add(line, now_ms=self._clock())
        self._became(basket, [basket.lines[-1]])
        return Rung(basket.lines[-1], False)

    def repeat(self, no: int | None = None) -> Rung:
        """Ring a line once more (the last one if none is named).

        Raises:
            SaleError: There is none.
        """
        lines = [line for line in self.basket.lines if line.live and line.deed is Deed.SALE]
        if no is not None:
            lines = [line for line in lines if line.no == no]
        if not lines:
            raise SaleError(N_("There is no item to repeat."), hint=N_("Scan an item first."))
        last = lines[-1]
        again = replace(last, no=0, entry=Entry.REPEAT, note="")
        if last.unit == "u" and last.quantity % 1000 == 0 and last.quantity > 1000 and not last.discount:
            again = (
                again.with_quantity(1000) if last.gross == last.unit_price * last.quantity // 1000 else again
            )
        return self._ring(again)

    def _ring(self, line: Line) -> Rung:
        before = self.basket
        mergeable = line.entry is not Entry.OPEN and line.discount == 0
        if mergeable:
            basket, no = before.merge(line, now_ms=self._clock())
        else:
            basket, no = before.add(line, now_ms=self._clock()), before.next_no
        rung = basket.line(no)
        self._obey_rules(rung, line.quantity)
        self._became(basket, [rung])
        return Rung(rung, len(basket.lines) == len(before.lines))

    def _obey_rules(self, line: Line, rung: int) -> None:
        """See that the shop's rules let a line be as it would be after so much was rung or set."""
        self.shop.rules.check(line, self.shop.day(self._clock()), rung=rung)

    def knows(self, text: str) -> bool:
        """Whether a product has this code."""
        try:
            key = self.shop.codes.read(text).key
        except TillError:
            return False
        return catalogue.by_code(self.store.reader, key) is not None

    def add_product(self, product: NewProduct) -> Future[int]:
        """Put what a cashier adds into the catalogue, for the shopkeeper to look at."""
        at = self._clock()
        return self.store.submit(lambda connection: catalogue.put(connection, [product], at))

    def note_bad_scan(self, code: str, source: str, reason: str) -> None:
        """Remember a code that could not be rung."""
        operator, at = self.operator.id, self._clock()
        self._behind(
            lambda connection: catalogue.note_bad_scan(connection, code, source, operator, reason, at)
        )

    # Changing

    def void(self, no: int) -> None:
        """Take a line back with a reversing line."""
        line = self.basket.line(no)
        basket = self.basket.void(no, self._change("void", no, line.quantity, 0))
        self._became(basket, [basket.line(no), basket.lines[-1]])

    def set_quantity(self, no: int, quantity: int) -> None:
        """Set a line's quantity."""
        self.edit(no, quantity=quantity)

    def set_price(self, no: int, price: int) -> None:
        """Set a line's unit price."""
        self.edit(no, price=price)

    def edit(self, no: int, *, quantity: int | None = None, price: int | None = None) -> None:
        """Set a line's quantity, its unit price or both; where one is refused nothing changes.

        Args:
            no: The line.
            quantity: Thousandths; ``None`` leaves it.
            price: Minor units; ``None`` leaves it.

        Raises:
            SaleError: The line cannot change so.
            AmountError: A quantity or price that cannot be.
        """
        basket, line = self.basket, self.basket.line(no)
        if quantity is not None:
            if line.unit == "u" and quantity % 1000:
                raise SaleError(
                    N_("{name} is sold by the piece."),
                    hint=N_("Key a whole number."),
                    name=line.description,
                )
            change = self._change("quantity", no, line.quantity, quantity)
            basket = basket.set_quantity(no, quantity, change)
            self._obey_rules(basket.line(no), quantity)
        if price is not None:
            basket = basket.set_price(no, price, self._change("price", no, line.unit_price, price))
        if basket is not self.basket:
            self._became(basket, [basket.line(no)])

    def set_line_discount(self, no: int, *, rate: int = 0, amount: int = 0) -> None:
        """Give a discount on a line."""
        line = self.basket.line(no)
        change = self._change("discount", no, line.discount, f"{rate}/{amount}")
        basket = self.basket.set_line_discount(no, rate=rate, amount=amount, change=change)
        self._became(basket, [basket.line(no)])

    def set_discount(self, *, rate: int = 0, amount: int = 0) -> None:
        """Give a discount on the whole basket."""
        before = f"{self.basket.discount_rate}/{self.basket.discount_amount}"
        change = self._change("discount", 0, before, f"{rate}/{amount}")
        self._became(self.basket.set_discount(rate=rate, amount=amount, change=change), [])

    def set_note(self, note: str) -> None:
        """Put a note on the sale."""
        self._became(replace(self.basket, note=clean(note, MAX_NOTE)), [])

    def set_line_note(self, no: int, note: str) -> None:
        """Put a note on a line."""
        basket = self.basket.set_line_note(no, clean(note, MAX_NOTE))
        self._became(basket, [basket.line(no)])

    def set_customer(self, customer_id: int | None, name: str) -> None:
        """Say who buys."""
        self._became(replace(self.basket, customer_id=customer_id, customer=clean(name)), [])

    # Closing

    def abandon(self) -> None:
        """Void every line that is left: the customer goes, and the voids are closed as a sale of nothing.

        Raises:
            SaleError: Something was paid already, or went back, or perhaps went back, to a card.
        """
        if self.payments:
            raise SaleError(
                N_("Part of this sale is already paid."),
                hint=N_("Take the payment back first, or finish the sale."),
            )
        basket = self.basket
        if basket.returns:
            from tilltui.services.returns import refunds

            refunds.nothing_under_way(self.store.reader, basket, self.settlement, self._basket_id)
        for line in basket.live_lines:
            basket = basket.void(line.no, self._change("void", line.no, line.quantity, 0))
        # Saved once: every step writes the whole trail, and a thousand steps would keep the disk busy.
        self._became(basket, basket.lines)

    def close(self) -> Future[Accepted]:
        """Close the sale: one durable transaction on the writer's thread.

        Call ``finished`` once it has a result, ``find_out`` once it has an error, on this thread. A sale of
        which nothing is left prints no receipt.

        Raises:
            SaleError: It is not paid.
        """
        at = self._clock()
        self._uuid = self._uuid or uuid7(at)
        closing = Closing(
            uuid=self._uuid,
            basket=self.basket,
            totals=self.totals,
            settlement=self.settlement,
            operator_id=self.operator.id,
            operator=self.operator.name,
            shift_id=self.shift_id,
            location=LOCATION,
            closed_ms=at,
            offset_min=self.shop.offset_min(at),
            day=self.shop.day(at),
            training=self.shop.training,
        ).checked()
        printer = self.printer if self.basket.live_lines else ""
        return self.store.close_sale(closing, printer=printer, basket_id=self._basket_id)

    def find_out(self) -> Future[Accepted | None]:
        """Closing failed: ask whether the sale is on disk all the same; ``reopened`` takes the answer."""
        uuid = self._uuid
        return self.store.submit(lambda connection: sales.landed(connection, uuid), durable=False)

    def reopened(self, *, in_doubt: bool) -> None:
        """The sale is open as before, with its payments.

        Args:
            in_doubt: Nobody knows whether it is on disk: it can only be closed again, as it is.
        """
        self.in_doubt = in_doubt
        if not in_doubt:
            # Another identity from now on: what changes meanwhile must not be taken for what was refused.
            self._uuid = ""

    def finished(self) -> None:
        """The sale is on disk: begin the next."""
        self._fresh()
