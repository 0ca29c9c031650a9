"""What of an earlier sale can still come back, and for how much money."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tilltui.domain.selling.basket import Basket
from tilltui.domain.selling.line import Deed, Line
from tilltui.domain.selling.line_kinds import GOODS, LINE_KINDS, LineKind

CameBack = Mapping[int, tuple[int, int]]
"""By number of the earlier sale's line: thousandths that came back, and minor units that were refunded."""

_NOTHING = (0, 0)


def returnable(body: Mapping[str, Any], came_back: CameBack) -> list[Line]:
    """Lines of a sale that have not come back yet, as return lines at the price that was paid.

    A line is refunded with its share of the sale's discount taken off. Of what came back in part, the rest is
    worth what is left of the payment: in the end as much is refunded as was paid, to the last minor unit.

    Args:
        body: The earlier sale's journal body.
        came_back: What came back of it so far.
    """
    lines = []
    for row in body["lines"]:
        if not _sold(row):
            continue
        quantity, refunded = came_back.get(row["no"], _NOTHING)
        left = row["qty"] - quantity
        if left > 0:
            lines.append(_return_line(row, left, max(paid(row) - refunded, 0)))
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


def too_much(body: Mapping[str, Any], came_back: CameBack) -> str | None:
    """Name of an item of which more would have come back than was bought, or more refunded than was paid.

    Args:
        body: The earlier sale's journal body.
        came_back: What has come back of it with what comes back now.

    Returns:
        The item's name (empty for a line that the sale does not have), or ``None`` if all is well.
    """
    rows = {row["no"]: row for row in body["lines"] if _sold(row)}
    for no, (quantity, amount) in came_back.items():
        row = rows.get(no)
        if row is None:
            return ""
        if quantity > row["qty"] or amount > paid(row):
            return str(row["name"])
    return None


def paid(row: Mapping[str, Any]) -> int:
    """What was paid for a line of a body, its share of the sale's discount taken off; minor units."""
    return int(row["amount"]) - int(row.get("shared", 0))


def _sold(row: Mapping[str, Any]) -> bool:
    """Whether a line of a body was sold, not taken back since, and is of a kind that can come back."""
    return not (row.get("deed") or row.get("reversed_by")) and _kind(row).returnable


def _kind(row: Mapping[str, Any]) -> LineKind:
    key = row.get("kind")
    return LINE_KINDS[key] if key else GOODS


def _return_line(row: Mapping[str, Any], quantity: int, refund: int) -> Line:
    sku = row.get("sku", "")
    return Line(
        no=0,
        description=row["name"],
        quantity=-quantity,
        unit_price=row["price"],
        tax=row["tax"],
        gross=-refund,
        product_id=row.get("product"),
        sku=sku,
        code=row.get("code", sku),
        unit=row.get("unit", "u"),
        category=row.get("category", ""),
        list_price=row["price"],
        deed=Deed.RETURN,
        kind=_kind(row),
        lot=row.get("lot", ""),
        origin=row["no"],
    )
