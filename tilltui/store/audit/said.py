"""What a sale's record says of the rows that were written with it."""

from __future__ import annotations

from typing import Any

from tilltui.domain.record.sales.recorded_line import RecordedLine
from tilltui.domain.record.sales.sale_record import SaleRecord


def amounts_of_sale(sale: SaleRecord) -> tuple[Any, ...]:
    """Shift and day; subtotal, discount, total, net, tax, rounding and change."""
    return (
        sale.shift,
        sale.day,
        sale.subtotal,
        sale.discount,
        sale.total,
        sale.net,
        sale.tax,
        sale.rounding,
        sale.change,
    )


def said_of_sale(sale: SaleRecord) -> tuple[Any, ...]:
    """Beside the amounts: opened, closed, offset, operator, customer, location, currency, the rest."""
    return (
        sale.opened_ms,
        sale.closed_ms,
        sale.offset_min,
        sale.operator.id,
        sale.customer.id if sale.customer is not None else None,
        sale.location,
        sale.currency,
        sale.returns,
        sale.note,
        sale.apart,
    )


def said_of_line(line: RecordedLine, location: str) -> tuple[Any, ...]:
    """Number, deed, product, quantity, amounts, category; name, price, tax, unit, SKU and the rest."""
    return (
        line.no,
        line.deed,
        line.product,
        line.quantity,
        line.gross,
        line.discount,
        line.shared,
        line.amount,
        line.category,
        line.name,
        line.price,
        line.tax,
        line.unit,
        line.sku,
        line.lot,
        line.location or location,
        line.origin,
        line.kind.key,
    )


def said_of_payments(sale: SaleRecord) -> list[tuple[Any, ...]]:
    """Of each: tender, amount, given, change, rounding, reference."""
    return [(p.tender, p.amount, p.given, p.change, p.rounding, p.reference) for p in sale.payments]


def said_of_taxes(sale: SaleRecord) -> list[tuple[Any, ...]]:
    """Of each: group, code, rate, base, amount."""
    return [(tax.group, tax.code, tax.rate, tax.base, tax.amount) for tax in sale.taxes]
