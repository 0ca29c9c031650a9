"""What has to be asked before something rings: a weight, a price, a name."""

from __future__ import annotations

from tilltui.domain.goods.product import Product
from tilltui.domain.selling.line import Entry
from tilltui.i18n import _
from tilltui.services.flow import Interrupted
from tilltui.services.selling.lines import NeedsPrice, NeedsWeight
from tilltui.services.selling.ringing import Rung
from tilltui.ui.dialogs.question import Question, Values
from tilltui.ui.flows.conversation import Conversation
from tilltui.ui.flows.steps import Ask, Find, Weigh
from tilltui.ui.sale.amounts import keyed_price, keyed_quantity

WEIGHABLE = ("kg", "g", "lb")
"""Units of products that a scale can weigh; others are keyed."""


async def ask_what_is_missing(sale: Conversation, need: NeedsWeight | NeedsPrice, entry: Entry) -> None:
    """Ask for the weight or the price of a product, then ring it."""
    if isinstance(need, NeedsPrice):
        await _ask_price(sale, need.product, need.code, need.quantity, entry)
    elif sale.register.devices.weighing is not None and need.product.unit in WEIGHABLE:
        await _weigh(sale, need.product, need.code, entry)
    else:
        await _ask_weight(sale, need.product, need.code, entry)


async def _ask_weight(sale: Conversation, product: Product, code: str, entry: Entry) -> None:
    def ring(values: Values) -> Rung:
        quantity = keyed_quantity(values["weight"])
        return sale.register.selling.ringing.ring(
            product, code=code, quantity=quantity, entry=entry, keyed_weight=True
        )

    question = Question("weight", _("Weight in {unit}:").format(unit=product.unit), hint="0,450", limit=10)
    about = _("{price} per {unit}").format(price=sale.money.format(product.price), unit=product.unit)
    dropped = _("{name}: no weight was given, it was not rung.").format(name=product.name)
    await _rung_or_said(sale, Ask(product.name, [question], ring, about=about), dropped)


async def _weigh(sale: Conversation, product: Product, code: str, entry: Entry) -> None:
    """Watch the scale until it has a weight to sell."""
    weighing = sale.register.devices.weighing
    assert weighing is not None
    price = _("{price} per {unit}").format(price=sale.money.format(product.price), unit=product.unit)
    dropped = _("{name}: no weight was given, it was not rung.").format(name=product.name)
    try:
        weighed = await Weigh(weighing, product.name, product.unit, price)
    except Interrupted:
        sale.face.say(dropped)
        raise
    if weighed is None:
        sale.face.say(dropped, level="warning")
        return
    rung = sale.register.selling.ringing.ring(
        product,
        code=code,
        quantity=weighed.quantity,
        entry=entry,
        keyed_weight=weighed.keyed,
        by_scale=not weighed.keyed,
    )
    sale.face.rung(rung)


async def _ask_price(sale: Conversation, product: Product, code: str, quantity: int, entry: Entry) -> None:
    def ring(values: Values) -> Rung:
        price = keyed_price(sale.money, values["price"])
        return sale.register.selling.ringing.ring(
            product, code=code, quantity=quantity, price=price, entry=entry
        )

    dropped = _("{name}: no price was given, it was not rung.").format(name=product.name)
    await _rung_or_said(sale, Ask(product.name, [Question("price", _("Price:"), limit=20)], ring), dropped)


async def _rung_or_said(sale: Conversation, form: Ask[Rung], dropped: str) -> None:
    """Show what a form rang; left without an answer, say that it was not rung."""
    try:
        rung = await form
    except Interrupted:
        sale.face.say(dropped)
        raise
    if rung is None:
        sale.face.say(dropped, level="warning")
    else:
        sale.face.rung(rung)


async def find(sale: Conversation, text: str = "") -> None:
    """Find a product by its name, and ring it."""
    product = await Find(sale.register.goods.search, text)
    if product is None:
        return
    sale.face.begin()
    quantity = sale.state.buffer.take_quantity()
    try:
        rung = sale.register.selling.ringing.ring(product, quantity=quantity)
    except NeedsWeight:
        missing: NeedsWeight | NeedsPrice = NeedsWeight(product, product.sku)
    except NeedsPrice as need:
        missing = NeedsPrice(product, product.sku, need.quantity)
    else:
        sale.face.rung(rung)
        return
    await ask_what_is_missing(sale, missing, Entry.FIND)


async def repeat(sale: Conversation) -> None:
    """Ring the chosen item once more."""
    line = sale.face.selected()
    no = line.no if line is not None and line.live else None
    sale.face.rung(sale.register.selling.ringing.repeat(no))


async def open_item(sale: Conversation) -> None:
    """Ring something that has no code."""
    keyed = sale.keyed()

    def ring(values: Values) -> Rung:
        price = keyed_price(sale.money, values["price"])
        # The quantity is used up only by what really rings.
        quantity = sale.state.buffer.pending or 1000
        return sale.register.selling.ringing.ring_open(values["name"], price, quantity=quantity)

    questions = [
        Question("name", _("What it is:"), _("Various")),
        Question("price", _("Price:"), keyed, limit=20),
    ]
    rung = await Ask(_("Item without a code"), questions, ring)
    if rung is not None:
        sale.state.buffer.take_quantity()
        sale.face.begin()
        sale.face.rung(rung)
