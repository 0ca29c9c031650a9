"""One line of a basket."""

from __future__ import annotations

import enum
from dataclasses import replace

from tilltui.domain.frozen import frozen
from tilltui.domain.money.money import RATE_UNIT, Rounding, checked, divide, extend
from tilltui.domain.selling.line_kinds import GOODS, LineKind
from tilltui.errors import N_, AmountError, SaleError


class Deed(enum.StrEnum):
    """What a line does."""

    SALE = "sale"
    VOID = "void"
    """Takes back an earlier line of the same basket."""
    RETURN = "return"
    """Takes back a line of an earlier sale."""


class Entry(enum.StrEnum):
    """How an item came into the basket."""

    SCAN = "scan"
    KEY = "key"
    FIND = "find"
    REPEAT = "repeat"
    OPEN = "open"
    """Not from the catalogue: the cashier keyed what it is and costs."""


class PriceBy(enum.StrEnum):
    """Where the price comes from."""

    CATALOGUE = "catalogue"
    LABEL = "label"
    """Embedded in the barcode."""
    CASHIER = "cashier"


UNTAXED = ""
"""In place of a tax group where no tax is asked; an exempt group is one that the tax office hears of."""

# CPython 3.11 looks a member up by a slow path: the ones of the hot path are looked up once.
_SALE, _VOID = Deed.SALE, Deed.VOID
_CATALOGUE = PriceBy.CATALOGUE


@frozen
class Line:
    """One line of a basket; amounts in minor units, quantities in thousandths.

    Attributes:
        no: Number in the basket, from 1, never used again.
        description: As shown and printed.
        quantity: Thousandths; negative on a void or return.
        unit_price: Price of one unit.
        tax: Tax group.
        gross: Price of the quantity, before the discount.
        discount: What is taken off ``gross``; its sign follows ``gross``.
        discount_rate: The percentage behind it in hundred-millionths, 0 for a plain amount.
        product_id: Catalogue row, ``None`` for an open-price item.
        sku: The shop's own number of the product.
        code: What was scanned or keyed.
        unit: ``u``, ``kg``, ``l`` ...
        category: Category for reports.
        list_price: The catalogue's price, for comparing.
        deed: Sale, void or return.
        kind: What it is: goods, a deposit ...
        entry: How it came in.
        price_by: Where the price comes from.
        reverses: For a void: the line that it takes back.
        reversed_by: The void that took this line back.
        origin: For a return: number of the line of the earlier sale that comes back.
        lot: Lot number from the barcode.
        expiry: ISO date from the barcode.
        location: Where the stock leaves from.
        keyed_weight: The weight was keyed by hand.
        note: Cashier's note on the line.
    """

    no: int
    description: str
    quantity: int
    unit_price: int
    tax: str
    gross: int
    discount: int = 0
    discount_rate: int = 0
    product_id: int | None = None
    sku: str = ""
    code: str = ""
    unit: str = "u"
    category: str = ""
    list_price: int = 0
    deed: Deed = Deed.SALE
    kind: LineKind = GOODS
    entry: Entry = Entry.SCAN
    price_by: PriceBy = PriceBy.CATALOGUE
    reverses: int | None = None
    reversed_by: int | None = None
    origin: int | None = None
    lot: str = ""
    expiry: str = ""
    location: str = ""
    keyed_weight: bool = False
    note: str = ""

    @property
    def amount(self) -> int:
        """What the line adds to the basket."""
        return self.gross - self.discount

    @property
    def tax_group(self) -> str:
        """Where its amount is taxed; ``UNTAXED`` where its kind is not."""
        return self.tax if self.kind.taxed else UNTAXED

    @property
    def live(self) -> bool:
        """Neither taken back nor taking back."""
        return self.deed is not _VOID and self.reversed_by is None

    @property
    def can_be_discounted(self) -> bool:
        """Whether a basket's discount can stand on it."""
        return self.live and self.deed is _SALE and self.kind.discountable and self.amount > 0

    @property
    def pieces(self) -> int:
        """How many items it counts for: one where it is weighed, none where its kind does not count."""
        if not self.kind.counts:
            return 0
        if self.unit != "u" or self.quantity % 1000:
            return -1 if self.quantity < 0 else 1
        return self.quantity // 1000

    def with_quantity(self, quantity: int) -> Line:
        """The same item in another quantity; a percentage discount follows, an amount stays.

        Raises:
            AmountError: The price of it is too large.
        """
        line = replace(self, quantity=quantity, gross=extend(quantity, self.unit_price))
        return line._rediscounted()

    def with_fewer_returned(self, quantity: int) -> Line:
        """The same return with less coming back, refunded in proportion to what was paid, rounded down.

        Args:
            quantity: Thousandths, above zero.

        Raises:
            SaleError: More than comes back now.
        """
        if quantity > -self.quantity:
            raise SaleError(
                N_("No more of {name} can come back than was bought."),
                hint=N_("Key the same quantity or less."),
                name=self.description,
            )
        refund = -self.amount * quantity // -self.quantity
        return replace(self, quantity=-quantity, gross=-refund, discount=0, discount_rate=0)

    def with_price(self, unit_price: int, by: PriceBy = PriceBy.CASHIER) -> Line:
        """The same item at another unit price; a percentage discount follows, an amount stays.

        Raises:
            AmountError: The price is below zero or too large.
        """
        if unit_price < 0:
            raise AmountError(N_("A price cannot be below zero."), hint=N_("Use F8 to take an item back."))
        gross = extend(self.quantity, checked(unit_price))
        line = replace(self, unit_price=unit_price, gross=gross, price_by=by)
        return line._rediscounted()

    def with_discount(self, *, rate: int = 0, amount: int = 0) -> Line:
        """The same item with a discount of a rate or an amount; both zero takes the discount away.

        Raises:
            AmountError: More than the line is worth, or below zero.
        """
        if rate < 0 or amount < 0 or rate > RATE_UNIT or amount > abs(self.gross):
            raise AmountError(
                N_("A discount must lie between nothing and the price of the line."),
                hint=N_("Key a percentage up to 100 or an amount up to the price."),
            )
        if rate:
            amount = abs(divide(self.gross * rate, RATE_UNIT, Rounding.HALF_UP))
        return replace(self, discount=amount if self.gross >= 0 else -amount, discount_rate=rate)

    def _rediscounted(self) -> Line:
        if self.discount_rate:
            return self.with_discount(rate=self.discount_rate)
        if abs(self.discount) > abs(self.gross):
            return replace(self, discount=self.gross)
        return self

    def reversal(self, no: int) -> Line:
        """The line that takes this one back."""
        return replace(
            self,
            no=no,
            quantity=-self.quantity,
            gross=checked(-self.gross),
            discount=-self.discount,
            deed=_VOID,
            reverses=self.no,
            reversed_by=None,
        )

    def merges(self, other: Line) -> bool:
        """Whether ``other`` can be added as one more of this line.

        Only what is the same in everything that is printed, taxed, counted or priced: a catalogue that
        changes while the customer stands there starts a new line.
        """
        return (
            self.product_id is not None
            and self._plain
            and other._plain
            and self.kind is other.kind
            and self.unit_price == other.unit_price
            and self._what == other._what
        )

    @property
    def _plain(self) -> bool:
        """Sold by the piece at the catalogue's price, with nothing said about it."""
        return (
            self.deed is _SALE
            and self.reversed_by is None
            and self.price_by is _CATALOGUE
            and self.unit == "u"
            and not (self.discount or self.discount_rate or self.note)
        )

    @property
    def _what(self) -> tuple[int | str | None, ...]:
        """What is sold, taxed how, and from where."""
        return (self.product_id, self.code, self.tax, self.lot, self.expiry, self.location)
