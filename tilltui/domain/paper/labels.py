"""Shelf labels: what a product is called, what it costs, and the code that finds it, on receipt paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tilltui.domain.frozen import frozen
from tilltui.domain.goods.gtin import has_valid_check, is_digits, lookup_key
from tilltui.domain.money.money import Currency
from tilltui.domain.paper.elements import Barcode, Cut, Element, Feed, Rule, Text
from tilltui.domain.paper.letterhead import cap

MAX_COPIES = 99
"""Most labels of one product at a time; more is a slip of the finger."""

LARGE_NAME = 32
"""A name of at most so many characters is printed large: two lines on paper of 58 mm."""

MAX_CODE = 48
"""Most characters of a code that is printed as bars; a longer one fits no shelf."""

PIECE = "u"
"""The unit of what is sold by the piece."""


@frozen
class LabelOf:
    """A product as its label shows it.

    Attributes:
        sku: The shop's own number.
        name: What it is called.
        price: Minor units, for one unit.
        unit: ``u``, ``kg``, ``l``, ``m``; of all but ``u`` the price is the price of that unit.
        codes: Lookup keys of its barcodes; the best of them is printed.
        open_price: The cashier keys the price, so the label has none.
    """

    sku: str
    name: str
    price: int
    unit: str = PIECE
    codes: tuple[str, ...] = ()
    open_price: bool = False


def shelf_label(product: LabelOf, shop: str, currency: Currency) -> list[Element]:
    """Write one label, without what parts it from the next.

    Not a word of it is the till's own, so that it reads the same in every language.

    Args:
        product: Whose label it is.
        shop: Name of the shop, at the foot.
        currency: For writing the price.
    """
    name = cap(product.name)
    label: list[Element] = [Text(center=name, bold=True, size=2 if len(name) <= LARGE_NAME else 1)]
    if not product.open_price:
        label.append(Text(center=_price(product, currency), bold=True, size=2))
    bars = bar_code(product)
    if bars is not None:
        label += [Feed(), bars]
    label.append(Text(left=cap(product.sku), right=cap(shop)))
    return label


def labels(
    products: Iterable[LabelOf], shop: str, currency: Currency, *, copies: int = 1, cuts: bool = True
) -> list[Element]:
    """Write the labels of several products, one below the other.

    Args:
        products: In the order in which they are to hang.
        shop: Name of the shop.
        currency: For writing prices.
        copies: Of each product, at most ``MAX_COPIES``.
        cuts: The printer has a knife: each label is cut off; else a line shows where to tear.
    """
    elements: list[Element] = []
    for product in products:
        for _ in range(max(1, min(copies, MAX_COPIES))):
            if elements and not cuts:
                elements += [Feed(), Rule("-"), Feed()]
            elements += shelf_label(product, shop, currency)
            if cuts:
                elements.append(Cut())
    return elements if cuts or not elements else [*elements, Cut()]


def bar_code(product: LabelOf) -> Barcode | None:
    """The code by which a scanner finds the product, or ``None`` where no code would.

    A trade item number is printed as EAN-13 (a UPC-A is one that begins with 0) or EAN-8; any other code of
    the shop, and an SKU where there is none, as Code 128. Twelve or thirteen digits with a wrong check digit
    are left out: a scanner that does not tell the kind of code makes a misread EAN of them.
    """
    usable = [code for code in _best_first(product.codes) if _readable(code)]
    if not usable and _readable(product.sku):
        usable = [product.sku]
    if not usable:
        return None
    code = usable[0]
    if has_valid_check(code) and len(code) in (8, 13):
        return Barcode(code, f"ean{len(code)}")
    return Barcode(code)


def _best_first(codes: Sequence[str]) -> list[str]:
    """Codes of single items before those of cartons and the shop's own, the shorter one first."""
    return sorted(
        codes, key=lambda code: (not (len(code) in (8, 13) and has_valid_check(code)), len(code), code)
    )


def _readable(code: str) -> bool:
    """Whether a scan of the code as bars is read as that code again."""
    if not 0 < len(code) <= MAX_CODE or not all(" " <= char <= "~" for char in code):
        return False
    if is_digits(code) and len(code) in (12, 13) and not has_valid_check(code):
        return False
    return lookup_key(code) == code


def _price(product: LabelOf, currency: Currency) -> str:
    price = currency.format(product.price)
    return price if product.unit == PIECE else f"{price} / {cap(product.unit, 8)}"
