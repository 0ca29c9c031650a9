"""What a sale's record says of the rows that were written with it."""

from __future__ import annotations

from typing import Any


def said_of_sale(body: dict[str, Any]) -> tuple[Any, ...]:
    """Beside the amounts: opened, closed, offset, operator, customer, location, currency, the rest."""
    customer = body.get("customer")
    return (
        body["opened_ms"],
        body["closed_ms"],
        body["offset_min"],
        body["operator"][0],
        customer[0] if customer else None,
        body["location"],
        body["currency"],
        body.get("returns", ""),
        body.get("note", ""),
        body.get("apart", 0),
    )


def said_of_line(row: dict[str, Any], location: str) -> tuple[Any, ...]:
    """Number, deed, product, quantity, amounts, category; name, price, tax, unit, SKU and the rest."""
    return (
        row["no"],
        row.get("deed", "sale"),
        row.get("product"),
        row["qty"],
        row.get("gross", row["amount"]),
        row.get("discount", 0),
        row.get("shared", 0),
        row["amount"],
        row.get("category", ""),
        row["name"],
        row["price"],
        row["tax"],
        row.get("unit", "u"),
        row.get("sku", ""),
        row.get("lot", ""),
        row.get("location", location),
        row.get("origin"),
        row.get("kind", "goods"),
    )
