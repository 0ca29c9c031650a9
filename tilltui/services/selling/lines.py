"""From a product and a code to a line."""

from __future__ import annotations

from tilltui.domain.goods.barcode import ScannedCode
from tilltui.domain.goods.product import Product
from tilltui.domain.money.money import QUANTITY_UNIT, checked, divide, extend
from tilltui.domain.selling.line import Entry, Line, PriceBy
from tilltui.errors import N_, BarcodeError, SaleError


class UnknownCode(BarcodeError):
    """A code that no product has.

    Attributes:
        code: As scanned or keyed.
    """

    title = N_("Unknown code")

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(
            N_("No product has the code {code}."),
            hint=N_("Take the item aside, or press F7 to add it."),
            code=code,
        )


class NeedsWeight(SaleError):
    """A weighed product came without a weight.

    Attributes:
        product: The product.
        code: As scanned or keyed.
    """

    def __init__(self, product: Product, code: str) -> None:
        self.product = product
        self.code = code
        super().__init__(N_("{name} is sold by weight."), hint=N_("Key the weight."), name=product.name)


class NeedsPrice(SaleError):
    """A product whose price the cashier keys.

    Attributes:
        product: The product.
        code: As scanned or keyed.
        quantity: Thousandths.
    """

    def __init__(self, product: Product, code: str, quantity: int) -> None:
        self.product = product
        self.code = code
        self.quantity = quantity
        super().__init__(N_("{name} has no fixed price."), hint=N_("Key the price."), name=product.name)


def line_of(
    product: Product,
    *,
    code: ScannedCode | None = None,
    text: str = "",
    quantity: int | None = None,
    price: int | None = None,
    entry: Entry = Entry.SCAN,
    keyed_weight: bool = False,
    by_scale: bool = False,
) -> Line:
    """Make the line of a product, its number still to be given.

    Args:
        product: What is sold.
        code: The code that was read, with what is embedded in it.
        text: The code as scanned or keyed where there is no ``code``.
        quantity: Thousandths that the cashier keyed before; multiplies what the code says.
        price: Unit price that the cashier keyed.
        entry: How it came in.
        keyed_weight: The weight was keyed by hand.
        by_scale: The quantity is the scale's; any other one of a weighed product was keyed.

    Raises:
        NeedsWeight: Sold by weight, and nobody said how much.
        NeedsPrice: The cashier has to key the price.
        SaleError: The product is not for sale.
        AmountError: Too much.
    """
    if not product.active:
        raise SaleError(N_("{name} is no longer sold."), hint=N_("Take the item aside."), name=product.name)
    text = code.text if code is not None else text
    embedded = code.quantity if code is not None else None
    if code is not None and code.price is not None:
        return _label_line(product, text, code.price, embedded, quantity, entry, code)
    if embedded is None and quantity is not None and product.unit != "u" and not by_scale:
        keyed_weight = True
    amount = _amount(product, text, embedded, quantity)
    if product.open_price and price is None:
        raise NeedsPrice(product, text, amount)
    unit_price = checked(product.price if price is None else price)
    return _line(
        product,
        text,
        code,
        quantity=amount,
        unit_price=unit_price,
        gross=extend(amount, unit_price),
        entry=entry,
        price_by=PriceBy.CATALOGUE if price is None else PriceBy.CASHIER,
        keyed_weight=keyed_weight,
    )


def _amount(product: Product, text: str, embedded: int | None, quantity: int | None) -> int:
    """Thousandths that are sold, by the code, the cashier or the scale; else one piece."""
    if embedded is not None:
        return embedded * (quantity or QUANTITY_UNIT) // QUANTITY_UNIT
    if quantity is None:
        if product.unit != "u":
            raise NeedsWeight(product, text)
        return QUANTITY_UNIT
    if product.unit == "u" and quantity % QUANTITY_UNIT:
        raise SaleError(N_("{name} is sold by the piece."), hint=N_("Key a whole number."), name=product.name)
    return quantity


def _label_line(
    product: Product,
    text: str,
    label_price: int,
    embedded: int | None,
    quantity: int | None,
    entry: Entry,
    code: ScannedCode | None,
) -> Line:
    """A line whose price stands on the label: the weight follows from the price, not the price from it."""
    times = quantity or QUANTITY_UNIT
    if times % QUANTITY_UNIT:
        raise SaleError(N_("A label with a price is sold whole."), hint=N_("Key a whole number."))
    pieces = times // QUANTITY_UNIT
    gross = checked(label_price * pieces)
    if product.unit == "u" or not product.price:
        amount, unit_price = (embedded or QUANTITY_UNIT) * pieces, label_price
    else:
        amount = embedded * pieces if embedded else max(1, divide(gross * QUANTITY_UNIT, product.price))
        unit_price = product.price
    return _line(
        product,
        text,
        code,
        quantity=amount,
        unit_price=unit_price,
        gross=gross,
        entry=entry,
        price_by=PriceBy.LABEL,
    )


def _line(
    product: Product,
    text: str,
    code: ScannedCode | None,
    *,
    quantity: int,
    unit_price: int,
    gross: int,
    entry: Entry,
    price_by: PriceBy,
    keyed_weight: bool = False,
) -> Line:
    """A line with everything that the catalogue and the code say."""
    return Line(
        no=0,
        description=product.name,
        quantity=quantity,
        unit_price=unit_price,
        tax=product.tax,
        gross=gross,
        product_id=product.id,
        sku=product.sku,
        code=text,
        unit=product.unit,
        category=product.category,
        kind=product.kind,
        list_price=product.price,
        entry=entry,
        price_by=price_by,
        lot=code.lot if code is not None else "",
        expiry=code.expiry if code is not None else "",
        keyed_weight=keyed_weight,
    )
