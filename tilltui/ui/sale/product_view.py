"""A product for its card and its sheet, in the cashier's words."""

from __future__ import annotations

from tilltui.domain.money.money import Currency
from tilltui.i18n import _
from tilltui.services.goods.catalogue import ProductSheet
from tilltui.ui.widgets.sale.values import ProductView


def product_view(sheet: ProductSheet, money: Currency) -> ProductView:
    """What the card shows of a product: its price, its codes, its tax; empty rows are left out."""
    product, codes = sheet.product, sheet.codes
    price = money.format(product.price)
    if product.unit != "u":
        price = f"{price} / {product.unit}"
    details = (
        (_("SKU"), product.sku),
        (_("Category"), product.category),
        (_("Tax"), " + ".join(sheet.taxes) or _("exempt")),
        (_("Codes"), " ".join(codes[1:5])),
    )
    said = tuple((label, value) for label, value in details if value)
    return ProductView(product.name, price, codes[0] if codes else "", said, product.note)
