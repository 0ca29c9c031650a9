"""A product, as the catalogue has it and as it is put in."""

from __future__ import annotations

from tilltui.domain.frozen import frozen
from tilltui.domain.selling.line_kinds import GOODS, LineKind


@frozen
class Product:
    """One row of the catalogue.

    Attributes:
        id: Row.
        sku: The shop's own number.
        name: As shown and printed.
        unit: ``u``, ``kg``, ``l``, ``m``.
        price: Minor units, for one unit.
        open_price: The cashier keys the price.
        tax: Tax group.
        category: For reports.
        note: For the cashier.
        active: May be sold.
        complete: ``False`` until the shopkeeper has looked at what a cashier added.
        kind: What its line is: goods, a deposit ...
    """

    id: int
    sku: str
    name: str
    unit: str
    price: int
    open_price: bool
    tax: str
    category: str
    note: str
    active: bool
    complete: bool
    kind: LineKind = GOODS


@frozen
class NewProduct:
    """A product that comes in; an existing SKU is changed.

    Attributes:
        sku: The shop's own number.
        name: Clean text.
        price: Minor units.
        tax: Tax group.
        unit: ``u``, ``kg``, ``l``, ``m``.
        open_price: The cashier keys the price.
        category: For reports.
        note: For the cashier.
        codes: Lookup keys of its barcodes.
        active: May be sold.
        complete: ``False`` when a cashier added it at the till.
        kind: Key of what its line is.
    """

    sku: str
    name: str
    price: int
    tax: str
    unit: str = "u"
    open_price: bool = False
    category: str = ""
    note: str = ""
    codes: tuple[str, ...] = ()
    active: bool = True
    complete: bool = True
    kind: str = GOODS.key
