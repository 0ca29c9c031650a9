"""F7: everything about a product; an unknown code is added to the catalogue."""

from __future__ import annotations

from tilltui.domain.goods.product import Product
from tilltui.domain.selling.line import Entry
from tilltui.domain.text import clean
from tilltui.errors import N_, SaleError
from tilltui.i18n import _
from tilltui.services.flow import Flow
from tilltui.ui.dialogs.question import Question, Values
from tilltui.ui.flows.conversation import Conversation
from tilltui.ui.flows.paper.labels import labels_of
from tilltui.ui.flows.steps import Ask, ShowSheet
from tilltui.ui.sale.amounts import keyed_price
from tilltui.ui.sale.product_view import product_view
from tilltui.ui.sale.state import Shown


async def product_sheet(sale: Conversation) -> None:
    """Show everything about the chosen item, or add the unknown one."""
    unknown = sale.state.unknown
    if unknown is not None:
        await _add_unknown(sale, unknown)
        return
    keyed, line, goods = sale.keyed(), sale.face.selected(), sale.register.goods
    product: Product | None = None
    if keyed:
        product = goods.by_code(keyed)
    elif line is not None and line.product_id is not None:
        product = goods.by_id(line.product_id)
    if product is None:
        raise SaleError(N_("No item is chosen."), hint=N_("Scan an item, or key its code, then F7."))
    view = product_view(goods.sheet(product), sale.money)
    if await ShowSheet(view, labels=bool(sale.register.paper.label_printer)) == "labels":
        await labels_of(sale, product)


async def _add_unknown(sale: Conversation, unknown: Shown) -> None:
    """Put an unknown code into the catalogue with what the cashier knows, and ring it."""
    code, shop = unknown.code, sale.shop

    def add(values: Values) -> Flow[None]:
        name = clean(values["name"])
        return sale.register.goods.add(
            code,
            name,
            keyed_price(sale.money, values["price"]),
            tax=values["tax"],
            category=values["category"],
        )

    questions = [
        Question("name", _("What it is:")),
        Question("price", _("Price:"), limit=20),
        Question("tax", _("Tax:"), shop.default_tax, hint=", ".join(shop.taxes.groups), limit=30),
        Question("category", _("Category:"), limit=60),
    ]
    about = _("{code} is put into the catalogue; the shopkeeper will look at it.").format(code=code)
    adding = await Ask(_("New item"), questions, add, about=about)
    if adding is None:
        return
    await adding
    sale.face.put_away(unknown)
    sale.face.begin()
    quantity = sale.state.buffer.take_quantity() or unknown.quantity
    rung = sale.register.selling.ringing.scan(code, quantity=quantity, entry=Entry.KEY)
    sale.face.rung(rung)
