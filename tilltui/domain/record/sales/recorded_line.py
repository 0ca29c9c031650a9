"""One line of a sale that is closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tilltui.domain.frozen import frozen
from tilltui.domain.record.fields import Fields
from tilltui.domain.selling.line import Deed, Entry, PriceBy
from tilltui.domain.selling.line_kinds import GOODS, LINE_KINDS, LineKind

PIECE = "u"
"""Unit of what is sold by the piece."""


@frozen
class RecordedLine:
    """One line of a sale that is closed; amounts in minor units, quantities in thousandths.

    Attributes:
        no: Number in the basket, never used again.
        name: As printed.
        quantity: Below zero on a void or a return.
        price: Of one unit.
        tax: Tax group.
        amount: What it adds to the subtotal.
        deed: Sale, void or return.
        kind: What it is: goods, a deposit ...
        gross: Price before its discount.
        discount: Taken off ``gross``; its sign follows it.
        discount_rate: The percentage behind it in hundred-millionths, 0 for a plain amount.
        shared: Its share of the basket's discount.
        product: Row in the catalogue, ``None`` for what is not in it.
        sku: The shop's number of the product.
        code: What was scanned or keyed.
        category: For reports; may be empty.
        unit: ``PIECE``, ``kg``, ``l`` ...
        list_price: The catalogue's price of one unit.
        entry: How it came in: an ``Entry``, or another word of a newer till.
        price_by: Where its price comes from: a ``PriceBy``, or another word.
        reverses: Of a void the line that it takes back.
        reversed_by: The void that took this line back.
        origin: Of a return: number of the original sale's line.
        lot: Lot number.
        expiry: ISO date.
        location: Where its stock leaves from; empty: where the sale's does.
        keyed_weight: A person keyed the weight.
        note: On the line.
    """

    no: int
    name: str
    quantity: int
    price: int
    tax: str
    amount: int
    deed: Deed = Deed.SALE
    kind: LineKind = GOODS
    gross: int = 0
    discount: int = 0
    discount_rate: int = 0
    shared: int = 0
    product: int | None = None
    sku: str = ""
    code: str = ""
    category: str = ""
    unit: str = PIECE
    list_price: int = 0
    entry: str = Entry.SCAN
    price_by: str = PriceBy.CATALOGUE
    reverses: int | None = None
    reversed_by: int | None = None
    origin: int | None = None
    lot: str = ""
    expiry: str = ""
    location: str = ""
    keyed_weight: bool = False
    note: str = ""

    @property
    def live(self) -> bool:
        """Neither taken back nor taking back."""
        return self.deed is not Deed.VOID and not self.reversed_by

    @property
    def sold(self) -> bool:
        """It went out of the shop: it was neither taken back nor came back with it."""
        return self.deed is Deed.SALE and not self.reversed_by

    @property
    def paid(self) -> int:
        """What was paid for it, its share of the sale's discount taken off."""
        return self.amount - self.shared

    @classmethod
    def of(cls, row: Fields) -> RecordedLine:
        """Read one object of ``lines``; what is usual was left out of it.

        Raises:
            RecordDamaged: Something of it is not there, or not what it should be.
        """
        price, amount = row.whole("price"), row.whole("amount")
        said: dict[str, Any] = {}
        # Most lines say a few of these: to ask for each of them in every line would take three times as long.
        for key in row.values:
            if key in _IF_UNUSUAL:
                name, read = _IF_UNUSUAL[key]
                said[name] = read(row, key)
        said.setdefault("gross", amount)
        said.setdefault("list_price", price)
        said.setdefault("code", said.get("sku", ""))
        return cls(
            row.count("no"), row.text("name"), row.whole("qty"), price, row.text("tax"), amount, **said
        )


def _deed(row: Fields, key: str) -> Deed:
    return row.word(key, Deed)


def _kind(row: Fields, key: str) -> LineKind:
    kind = LINE_KINDS.get(row.text(key))
    if kind is None:
        raise row.damaged(key, ", ".join(LINE_KINDS))
    return kind


def _entry(row: Fields, key: str) -> str:
    return row.known_word(key, Entry)


def _price_by(row: Fields, key: str) -> str:
    return row.known_word(key, PriceBy)


_IF_UNUSUAL: dict[str, tuple[str, Callable[[Fields, str], Any]]] = {
    "deed": ("deed", _deed),
    "kind": ("kind", _kind),
    "gross": ("gross", Fields.whole),
    "discount": ("discount", Fields.whole),
    "rate": ("discount_rate", Fields.whole),
    "shared": ("shared", Fields.whole),
    "product": ("product", Fields.whole),
    "sku": ("sku", Fields.text),
    "code": ("code", Fields.text),
    "category": ("category", Fields.text),
    "unit": ("unit", Fields.text),
    "list": ("list_price", Fields.whole),
    "entry": ("entry", _entry),
    "by": ("price_by", _price_by),
    "reverses": ("reverses", Fields.whole),
    "reversed_by": ("reversed_by", Fields.whole),
    "origin": ("origin", Fields.whole),
    "lot": ("lot", Fields.text),
    "expiry": ("expiry", Fields.text),
    "location": ("location", Fields.text),
    "keyed_weight": ("keyed_weight", Fields.flag),
    "note": ("note", Fields.text),
}
"""By its key what a line says where it is not as usual: the field that it becomes, and how it is read."""
