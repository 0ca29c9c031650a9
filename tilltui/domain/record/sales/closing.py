"""A closed sale: what the journal keeps, the printer prints and head office receives."""

from __future__ import annotations

from typing import Any

from tilltui.domain.frozen import frozen
from tilltui.domain.paying.settlement import Settlement
from tilltui.domain.record.kinds import RecordKind
from tilltui.domain.selling.basket import Basket
from tilltui.domain.selling.line import Deed, Entry, Line, PriceBy
from tilltui.domain.selling.line_kinds import GOODS
from tilltui.domain.selling.totals import Totals
from tilltui.errors import N_, SaleError

# CPython 3.11 looks a member up by a slow path: these are asked for every line of every sale.
_SALE, _RETURN = Deed.SALE, Deed.RETURN
_SCAN, _CATALOGUE = Entry.SCAN, PriceBy.CATALOGUE
_SOLD, _GOODS_BACK = RecordKind.SALE, RecordKind.RETURN

BODY_VERSION = 1
"""Version of the body's shape; a receiver keeps what it does not know."""


@frozen
class Closing:
    """Everything that a sale is made of at the moment it closes.

    Attributes:
        uuid: Public identity (UUIDv7), made before the first try and kept over all.
        basket: What is sold.
        totals: What it comes to.
        settlement: How it was paid; settled.
        operator_id: Who sold.
        operator: The seller's name.
        shift_id: Shift that it belongs to.
        location: Where the stock leaves from.
        closed_ms: UTC milliseconds since 1970.
        offset_min: Minutes east of UTC, for showing the time.
        day: Business day, ISO date.
        training: A practice sale: no stock moves, no totals, said on paper.
    """

    uuid: str
    basket: Basket
    totals: Totals
    settlement: Settlement
    operator_id: int
    operator: str
    shift_id: int
    location: str
    closed_ms: int
    offset_min: int
    day: str
    training: bool = False

    def checked(self) -> Closing:
        """Return itself if the sale may close.

        Raises:
            SaleError: Nothing is sold, or it is not paid in full, or its sums disagree.
        """
        if not self.basket.lines:
            raise SaleError(N_("There is nothing to sell yet."), hint=N_("Scan an item first."))
        if self.settlement.total != self.totals.total:
            raise SaleError(
                N_("The payments are for {paid}, the sale comes to {total}."),
                hint=N_("Go back to the sale and take the payment again."),
                paid=self.settlement.currency.format(self.settlement.total),
                total=self.settlement.currency.format(self.totals.total),
            )
        if not self.settlement.settled:
            raise SaleError(
                N_("{due} is still to be paid."),
                hint=N_("Take the rest in cash or with another tender."),
                due=self.settlement.currency.format(self.settlement.due),
            )
        return self

    @property
    def kind(self) -> RecordKind:
        """``SALE``, or ``RETURN`` when goods come back, with or without the number of their sale."""
        goods_back = any(line.live and line.deed is _RETURN for line in self.basket.lines)
        return _GOODS_BACK if self.basket.returns or goods_back else _SOLD


def number_text(till: str, number: int) -> str:
    """Number of a sale as printed and scanned.

    >>> number_text("1", 123)
    '1-000123'
    """
    return f"{till}-{number:06d}"


def body(closing: Closing, *, till: str, number: int, grand_total: int) -> dict[str, Any]:
    """The journal body of a sale: plain values, amounts in minor units, defaults left out of lines.

    Args:
        closing: The sale.
        till: Number of the till.
        number: Gap-free number of the sale at this till.
        grand_total: Revenue of all sales of the till including this one, minor units.
    """
    basket, totals, settlement = closing.basket, closing.totals, closing.settlement
    shared = basket.shared_discount()
    result: dict[str, Any] = {
        "v": BODY_VERSION,
        "kind": closing.kind.value,
        "uuid": closing.uuid,
        "number": number_text(till, number),
        "day": closing.day,
        "opened_ms": basket.opened_ms,
        "closed_ms": closing.closed_ms,
        "offset_min": closing.offset_min,
        "operator": [closing.operator_id, closing.operator],
        "shift": closing.shift_id,
        "location": closing.location,
        "currency": settlement.currency.code,
        "lines": [_line(line, shared.get(line.no, 0)) for line in basket.lines],
        "subtotal": totals.subtotal,
        "discount": totals.discount,
        "total": totals.total,
        "net": totals.net,
        "tax": totals.tax,
        "items": totals.items,
        "taxes": [[t.group, t.code, t.name, t.rate, t.base, t.amount] for t in totals.taxes],
        "payments": [
            [p.tender.key, p.amount, p.given, p.change, p.cash_rounding, p.reference]
            for p in settlement.payments
        ],
        "rounding": settlement.rounding,
        "change": settlement.change,
        "grand_total": grand_total,
    }
    optional = {
        "customer": [basket.customer_id, basket.customer] if basket.customer_id is not None else None,
        "discount_rate": basket.discount_rate if totals.discount else 0,
        "apart": totals.apart,
        "note": basket.note,
        "returns": basket.returns,
        "training": closing.training,
        "slips": [list(p.slip) for p in settlement.payments if p.slip],
        "trail": [
            [c.what, c.line, c.before, c.after, c.operator, c.approved_by, c.at_ms] for c in basket.trail
        ],
    }
    result.update({key: value for key, value in optional.items() if value})
    if totals.document != totals.total:
        result["document"] = totals.document
    return result


def shares(body: dict[str, Any]) -> list[int]:
    """Each line's share of the basket's discount, minor units, out of a body that ``body`` has just made."""
    return [row.get("shared", 0) for row in body["lines"]]


def _line(line: Line, shared: int) -> dict[str, Any]:
    """One line of the body."""
    row: dict[str, Any] = {
        "no": line.no,
        "name": line.description,
        "qty": line.quantity,
        "price": line.unit_price,
        "tax": line.tax_group,
        "amount": line.amount,
    }
    # Plain ifs instead of a table of defaults: this runs for every line of every sale.
    if line.product_id is not None:
        row["product"] = line.product_id
    if line.sku:
        row["sku"] = line.sku
    if line.code and line.code != line.sku:
        row["code"] = line.code
    if line.category:
        row["category"] = line.category
    if line.unit != "u":
        row["unit"] = line.unit
    if line.list_price and line.list_price != line.unit_price:
        row["list"] = line.list_price
    if line.discount:
        row["gross"] = line.gross
        row["discount"] = line.discount
    if line.discount_rate:
        row["rate"] = line.discount_rate
    if shared:
        row["shared"] = shared
    if line.deed is not _SALE:
        row["deed"] = line.deed.value
    if line.kind is not GOODS:
        row["kind"] = line.kind.key
    if line.entry is not _SCAN:
        row["entry"] = line.entry.value
    if line.price_by is not _CATALOGUE:
        row["by"] = line.price_by.value
    if line.reverses or line.reversed_by or line.origin:
        _put(row, reverses=line.reverses, reversed_by=line.reversed_by, origin=line.origin)
    if line.lot or line.expiry or line.location or line.note or line.keyed_weight:
        _put(
            row,
            lot=line.lot,
            expiry=line.expiry,
            location=line.location,
            keyed_weight=line.keyed_weight,
            note=line.note,
        )
    return row


def _put(row: dict[str, Any], **values: Any) -> None:
    """Put what is said into a row, and leave out what is not."""
    row.update({key: value for key, value in values.items() if value})
