"""What of an earlier sale can still come back, and for how much money."""

from __future__ import annotations

from collections.abc import Mapping

from tilltui.domain.record.sales.recorded_line import RecordedLine
from tilltui.domain.record.sales.sale_record import SaleRecord
from tilltui.domain.selling.basket import Basket
from tilltui.domain.selling.line import Deed, Line

CameBack = Mapping[int, tuple[int, int]]
"""By number of the earlier sale's line: thousandths that came back, and minor units that were refunded."""

_NOTHING = (0, 0)


def returnable(sale: SaleRecord, came_back: CameBack) -> list[Line]:
    """Lines of a sale that have not come back yet, as return lines at the price that was paid.

    A line is refunded with its share of the sale's discount taken off. Of what came back in part, the rest is
    worth what is left of the payment: in the end as much is refunded as was paid, to the last minor unit.

    Args:
        sale: The earlier sale's record.
        came_back: What came back of it so far.
    """
    lines = []
    for line in sale.returnable:
        quantity, refunded = came_back.get(line.no, _NOTHING)
        left = line.quantity - quantity
        if left > 0:
            lines.append(_return_line(line, left, max(line.paid - refunded, 0)))
    return lines


def coming_back(basket: Basket) -> dict[int, tuple[int, int]]:
    """What a basket takes back of its earlier sale, as ``CameBack``."""
    result: dict[int, tuple[int, int]] = {}
    for line in basket.lines:
        if line.deed is Deed.RETURN and line.live and line.origin is not None:
            quantity, amount = result.get(line.origin, _NOTHING)
            result[line.origin] = (quantity - line.quantity, amount - line.amount)
    return result


def added(one: CameBack, other: CameBack) -> dict[int, tuple[int, int]]:
    """Both together."""
    result = dict(one)
    for no, (quantity, amount) in other.items():
        before = result.get(no, _NOTHING)
        result[no] = (before[0] + quantity, before[1] + amount)
    return result


def too_much(sale: SaleRecord, came_back: CameBack) -> str | None:
    """Name of an item of which more would have come back than was bought, or more refunded than was paid.

    Args:
        sale: The earlier sale's record.
        came_back: What has come back of it with what comes back now.

    Returns:
        The item's name (empty for a line that the sale does not have), or ``None`` if all is well.
    """
    sold = {line.no: line for line in sale.returnable}
    for no, (quantity, amount) in came_back.items():
        line = sold.get(no)
        if line is None:
            return ""
        if quantity > line.quantity or amount > line.paid:
            return line.name
    return None


def _return_line(line: RecordedLine, quantity: int, refund: int) -> Line:
    return Line(
        no=0,
        description=line.name,
        quantity=-quantity,
        unit_price=line.price,
        tax=line.tax,
        gross=-refund,
        product_id=line.product,
        sku=line.sku,
        code=line.code,
        unit=line.unit,
        category=line.category,
        list_price=line.price,
        deed=Deed.RETURN,
        kind=line.kind,
        lot=line.lot,
        origin=line.no,
    )
