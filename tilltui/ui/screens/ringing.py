"""Ringing: by code, by name, by weight, with a price, and what nobody knew yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tilltui.domain.goods.product import NewProduct, Product
from tilltui.domain.selling.line import Entry
from tilltui.domain.text import clean
from tilltui.errors import N_, SaleError, TillError
from tilltui.i18n import _
from tilltui.ports import WeightRead
from tilltui.services.selling.lines import NeedsPrice, NeedsWeight
from tilltui.store.goods import catalogue
from tilltui.ui.dialogs.question import Question, Values
from tilltui.ui.sale.amounts import keyed_price, keyed_quantity
from tilltui.ui.sale.state import Shown
from tilltui.ui.screens.base import SaleBase

if TYPE_CHECKING:
    from tilltui.services.devices.weighing import Weighed, WeighingDesk
    from tilltui.ui.dialogs.weigh import WeighDialog

WEIGHABLE = ("kg", "g", "lb")
"""Units of products that a scale can weigh; others are keyed."""


class RingActions(SaleBase):
    """What brings something into the basket."""

    weigh_dialog: WeighDialog | None = None

    def ring_code(
        self,
        text: str,
        symbology: str | None = None,
        entry: Entry = Entry.SCAN,
        quantity: int | None = None,
    ) -> bool:
        """Ring a scanned or keyed code, with the quantity keyed before it.

        Returns:
            Whether it was rung or is being asked about; otherwise the bar says why not.
        """
        self.begin()
        quantity = self.buffer.take_quantity() or quantity
        try:
            rung = self.checkout.scan(text, symbology, quantity=quantity, entry=entry)
        except NeedsWeight as need:
            self.ask_weight(need.product, need.code, entry)
        except NeedsPrice as need:
            self.ask_price(need.product, need.code, need.quantity, entry)
        except TillError as error:
            self.fail(error, code=clean(text, 40), quantity=quantity)
            self.paint_input()
            return False
        else:
            self.rung(rung)
        return True

    def ring_product(self, product: Product, entry: Entry = Entry.FIND) -> None:
        """Ring a product that was found by its name."""
        self.begin()
        quantity = self.buffer.take_quantity()
        try:
            self.rung(self.checkout.ring(product, quantity=quantity, entry=entry))
        except NeedsWeight:
            self.ask_weight(product, product.sku, entry)
        except NeedsPrice as need:
            self.ask_price(product, product.sku, need.quantity, entry)
        except TillError as error:
            self.fail(error)

    def ask_weight(self, product: Product, code: str, entry: Entry) -> None:
        """Weigh a product, or ask for its weight; a scan meanwhile says that it was not rung."""
        weighing = self.desk.devices.weighing
        if weighing is not None and product.unit in WEIGHABLE:
            self._weigh(weighing, product, code, entry)
            return

        def answer(values: Values) -> int:
            return keyed_quantity(values["weight"])

        def ring(quantity: int) -> None:
            rung = self.try_to(
                lambda: self.checkout.ring(
                    product, code=code, quantity=quantity, entry=entry, keyed_weight=True
                )
            )
            if rung is not None:
                self.rung(rung)

        price = self.money.format(product.price)
        self.ask(
            product.name,
            [Question("weight", _("Weight in {unit}:").format(unit=product.unit), hint="0,450", limit=10)],
            answer,
            ring,
            about=_("{price} per {unit}").format(price=price, unit=product.unit),
            dropped=_("{name}: no weight was given, it was not rung.").format(name=product.name),
        )

    def _weigh(self, weighing: WeighingDesk, product: Product, code: str, entry: Entry) -> None:
        """Watch the scale until it has a weight to sell."""
        from tilltui.ui.dialogs.weigh import WeighDialog

        price = _("{price} per {unit}").format(price=self.money.format(product.price), unit=product.unit)
        dialog = WeighDialog(weighing, product.name, product.unit, self.money.decimal, price)

        def closed(weighed: Weighed | None) -> None:
            self.weigh_dialog = None
            if weighed is None:
                text = _("{name}: no weight was given, it was not rung.").format(name=product.name)
                self.fail(text, level="error" if dialog.interrupted else "warning")
                return
            rung = self.try_to(
                lambda: self.checkout.ring(
                    product,
                    code=code,
                    quantity=weighed.quantity,
                    entry=entry,
                    keyed_weight=weighed.keyed,
                    by_scale=not weighed.keyed,
                )
            )
            if rung is not None:
                self.rung(rung)

        self.weigh_dialog = dialog
        self.open(dialog, closed)

    def weight_read(self, event: WeightRead) -> None:
        """The scale says something; only the pop-up that weighs wants to know."""
        if self.weigh_dialog is not None:
            self.weigh_dialog.hear(event)

    def ask_price(self, product: Product, code: str, quantity: int, entry: Entry) -> None:
        """Ask for the price of a product without one."""

        def answer(values: Values) -> int:
            return keyed_price(self.money, values["price"])

        def ring(price: int) -> None:
            rung = self.try_to(
                lambda: self.checkout.ring(product, code=code, quantity=quantity, price=price, entry=entry)
            )
            if rung is not None:
                self.rung(rung)

        self.ask(
            product.name,
            [Question("price", _("Price:"), limit=20)],
            answer,
            ring,
            dropped=_("{name}: no price was given, it was not rung.").format(name=product.name),
        )

    def do_open_item(self) -> None:
        """Ring something that has no code."""

        def answer(values: Values) -> tuple[str, int]:
            return self._named(values["name"]), keyed_price(self.money, values["price"])

        def ring(item: tuple[str, int]) -> None:
            self.begin()
            quantity = self.buffer.take_quantity() or 1000
            rung = self.try_to(lambda: self.checkout.ring_open(item[0], item[1], quantity=quantity))
            if rung is not None:
                self.rung(rung)

        keyed = self.buffer.take()
        questions = [
            Question("name", _("What it is:"), _("Various")),
            Question("price", _("Price:"), keyed, limit=20),
        ]
        self.ask(_("Item without a code"), questions, answer, ring)

    def do_repeat(self) -> None:
        """Ring the chosen item once more."""
        line = self.selected()
        rung = self.try_to(lambda: self.checkout.repeat(line.no if line is not None and line.live else None))
        if rung is not None:
            self.rung(rung)

    def do_find(self, text: str = "") -> None:
        """Find a product by its name."""
        from tilltui.ui.dialogs.find import FindDialog

        reader = self.desk.store.reader

        def found(product: Product | None) -> None:
            if product is not None:
                self.ring_product(product)

        self.open(FindDialog(lambda words: catalogue.search(reader, words), self.money, text), found)

    def add_unknown(self, unknown: Shown) -> None:
        """Put an unknown code into the catalogue with what the cashier knows, and ring it."""
        code = unknown.code
        groups = ", ".join(self.desk.shop.taxes.groups)

        def answer(values: Values) -> NewProduct:
            name, price = self._named(values["name"]), keyed_price(self.money, values["price"])
            tax = self.desk.shop.taxes.group(clean(values["tax"]) or self.desk.shop.default_tax).code
            key = self.desk.shop.codes.read(code).key
            return NewProduct(
                key, name, price, tax, category=clean(values["category"], 60), codes=(key,), complete=False
            )

        def added(_count: int) -> None:
            self.errors.remove(unknown)
            self.paint_errors()
            self.ring_code(code, entry=Entry.KEY, quantity=unknown.quantity)

        def add(product: NewProduct) -> None:
            self.later(self.checkout.add_product(product), added, wait=True)

        questions = [
            Question("name", _("What it is:")),
            Question("price", _("Price:"), limit=20),
            Question("tax", _("Tax:"), self.desk.shop.default_tax, hint=groups, limit=30),
            Question("category", _("Category:"), limit=60),
        ]
        about = _("{code} is put into the catalogue; the shopkeeper will look at it.").format(code=code)
        self.ask(_("New item"), questions, answer, add, about=about)

    def _named(self, text: str) -> str:
        name = clean(text)
        if not name:
            raise SaleError(N_("The item needs a name."), hint=N_("Key what it is."))
        return name
