"""Ringing: what brings something into the basket."""

from __future__ import annotations

from dataclasses import replace

from tilltui.domain.frozen import frozen
from tilltui.domain.goods.bad_scan import BadScan
from tilltui.domain.goods.product import Product
from tilltui.domain.people.rights import Right
from tilltui.domain.selling.line import Deed, Entry, Line
from tilltui.domain.text import MAX_NAME, clean
from tilltui.errors import N_, SaleError, TillError
from tilltui.services.selling.lines import UnknownCode, line_of
from tilltui.services.selling.open_sale import OpenSale
from tilltui.services.session import Session, command
from tilltui.store.goods import catalogue


@frozen
class Rung:
    """What a scan did.

    Attributes:
        line: The line that was rung, or that grew.
        merged: It grew.
    """

    line: Line
    merged: bool


class Ringing:
    """Commands that ring; every one is in memory at once and saved behind.

    Args:
        sale: The open sale.
    """

    def __init__(self, sale: OpenSale) -> None:
        self._sale = sale

    @property
    def session(self) -> Session:
        """Who rings."""
        return self._sale.session

    @command(Right.SELL)
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
        sale = self._sale
        code = sale.shop.codes.read(text, symbology)
        reader = sale.store.reader
        product = catalogue.by_code(reader, code.key)
        if product is None and code.key != code.text:
            product = catalogue.by_code(reader, code.text)
        if product is None:
            self.note_bad_scan(code.text, entry, BadScan.UNKNOWN)
            raise UnknownCode(code.text)
        return self._ring(line_of(product, code=code, quantity=quantity, entry=entry))

    @command(Right.SELL)
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
        """Ring a product that was found by name, or whose weight or price was asked for.

        Raises:
            NotAllowed: A keyed price for what has one of its own needs the right to change prices.
        """
        if price is not None and not product.open_price:
            self.session.check(Right.PRICE)
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

    @command(Right.OPEN_ITEM)
    def ring_open(self, description: str, price: int, *, quantity: int = 1000, tax: str = "") -> Rung:
        """Ring something that is not in the catalogue."""
        name = clean(description, MAX_NAME)
        if not name:
            raise SaleError(N_("The item needs a name."), hint=N_("Key what it is."))
        if price <= 0:
            raise SaleError(N_("The item needs a price above zero."), hint=N_("Key what it costs."))
        shop = self._sale.shop
        group = shop.taxes.group(tax or shop.default_tax)
        line = Line(0, name, 1000, price, group.code, price, entry=Entry.OPEN, list_price=price)
        return self._ring(line.with_quantity(quantity) if quantity != 1000 else line)

    @command(Right.SELL)
    def repeat(self, no: int | None = None) -> Rung:
        """Ring a line once more (the last one if none is named).

        Raises:
            SaleError: There is none.
        """
        lines = [line for line in self._sale.basket.lines if line.live and line.deed is Deed.SALE]
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
        sale = self._sale
        before = sale.basket
        mergeable = line.entry is not Entry.OPEN and line.discount == 0
        if mergeable:
            basket, no = before.merge(line, now_ms=sale.clock())
        else:
            basket, no = before.add(line, now_ms=sale.clock()), before.next_no
        rung = basket.line(no)
        sale.obey_rules(rung, line.quantity)
        sale.became(basket, [rung])
        return Rung(rung, len(basket.lines) == len(before.lines))

    def knows(self, text: str) -> bool:
        """Whether a product has this code."""
        sale = self._sale
        try:
            key = sale.shop.codes.read(text).key
        except TillError:
            return False
        return catalogue.by_code(sale.store.reader, key) is not None

    def note_bad_scan(self, code: str, entry: Entry, reason: BadScan) -> None:
        """Remember a code that could not be rung, for the shopkeeper."""
        sale = self._sale
        operator, at = sale.session.operator.id, sale.clock()
        sale.behind(
            lambda connection: catalogue.note_bad_scan(connection, code, entry.value, operator, reason, at)
        )
