"""Records of sales, whole, of which a test says only what it is about."""

from __future__ import annotations

from typing import Any

from tilltui.domain.record.sales.sale_record import SaleRecord

_NOTHING_SOLD: dict[str, Any] = {
    "v": 1,
    "kind": "sale",
    "uuid": "u-1",
    "number": "1-000001",
    "day": "2026-11-21",
    "opened_ms": 0,
    "closed_ms": 1_700_000_000_000,
    "offset_min": -180,
    "operator": [1, "Ana"],
    "shift": 1,
    "location": "shop",
    "currency": "CLP",
    "lines": [],
    "subtotal": 0,
    "discount": 0,
    "total": 0,
    "net": 0,
    "tax": 0,
    "items": 0,
    "taxes": [],
    "payments": [],
    "rounding": 0,
    "change": 0,
    "grand_total": 0,
}


def sale_record(lines: list[dict[str, Any]], **said: Any) -> SaleRecord:
    """A sale of these lines, of which each has a tax group, with what is said otherwise."""
    rows = [{"tax": "general", **line} for line in lines]
    return SaleRecord.parse({**_NOTHING_SOLD, "lines": rows, **said})


def drawer_body(reason: str = "coins") -> dict[str, Any]:
    """Body of the record of a drawer that was opened by hand."""
    return {"reason": reason, "operator": [1, "Ana"], "drawer": "main", "at_ms": 1_700_000_000_000}
