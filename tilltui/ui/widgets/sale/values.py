"""What the widgets of the sale show: plain values, made without a screen."""

from __future__ import annotations

from typing import Literal

from tilltui.domain.frozen import frozen

RowKind = Literal["sale", "void", "voided", "discount", "note", "open", "payment", "return"]


@frozen
class BasketRow:
    """One line of the basket, ready to be read.

    Attributes:
        quantity: As the cashier reads it: ``3``, ``0,450``; may be empty.
        description: Name of the article, discount or payment.
        unit_price: Price of one, formatted; may be empty.
        amount: Amount of the line, formatted, with its sign.
        kind: ``sale``; ``voided`` (taken back, dim) and ``void`` (the reversing line); ``return``;
            ``discount``; ``note``; ``open`` (waits for a price or weight); ``payment``.
    """

    quantity: str
    description: str
    unit_price: str
    amount: str
    kind: RowKind = "sale"


@frozen
class TotalView:
    """Everything the panel says; empty texts leave their line blank.

    Attributes:
        label: Heading of the amount: TOTAL, TO PAY, CHANGE.
        amount: The formatted amount.
        items: ``9 articles``.
        tax: ``VAT incl. $2.074``.
        customer: ``Customer: M. Soto``.
        last_change: ``Last change $1.010``.
        extra: Further lines, such as what was paid so far.
        emphasis: ``total``, ``rest`` (still to pay) or ``change`` (to give back): colours the amount.
    """

    label: str
    amount: str
    items: str = ""
    tax: str = ""
    customer: str = ""
    last_change: str = ""
    extra: tuple[str, ...] = ()
    emphasis: Literal["total", "rest", "change"] = "total"


@frozen
class ProductView:
    """An article, ready to be read.

    Attributes:
        name: Its name; wrapped over two lines.
        price: Formatted price, with its unit: ``$1.990 / kg``.
        code: Its barcode or PLU.
        details: Pairs of label and value: stock, department, tax, other branches.
        note: A sentence, wrapped over what is left.
    """

    name: str
    price: str
    code: str = ""
    details: tuple[tuple[str, str], ...] = ()
    note: str = ""


@frozen
class Notice:
    """One thing to know.

    Attributes:
        text: In words, complete: ``printer: no paper``.
        level: ``info``, ``warning`` or ``error``: colours it.
    """

    text: str
    level: Literal["info", "warning", "error"] = "info"
