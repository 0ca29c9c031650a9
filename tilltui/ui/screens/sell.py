"""Ringing and correcting: the keys while selling."""

from __future__ import annotations

from tilltui.domain.line import Entry, Line
from tilltui.domain.money import format_quantity, parse_quantity, parse_rate
from tilltui.domain.text import clean
from tilltui.errors import N_, AmountError, SaleError, TillError
from tilltui.i18n import _
from tilltui.services.ringing import NeedsPrice, NeedsWeight
from tilltui.store import catalogue
from tilltui.store.catalogue import NewProduct, Product
from tilltui.ui.dialogs.ask import Question, Values
from tilltui.ui.dialogs.find import FindDialog
from tilltui.ui.dialogs.pick import PickDialog
from tilltui.ui.dialogs.show import CardDialog
from tilltui.ui.rows import age_text
from tilltui.ui.screens.base import SaleBase
from tilltui.ui.widgets.choice_list import Choice
from tilltui.ui.widgets.product_card import ProductView


class SellActions(SaleBase):
    """What the keys do while selling; a method ``do_ID`` for each action."""

    # Ringing

    def ring_code(self, text: str, symbology: str | None = None, entry: Entry = Entry.SCAN) -> bool:
        """Ring a scanned or keyed code, with the quantity keyed before it.

        Returns:
            Whether it was rung or is being asked about; otherwise the bar says why not.
        """
        self.begin()
        quantity = self.buffer.take_quantity()
        try:
            rung = self.checkout.scan(text, symbology, quantity=quantity, entry=entry)
        except NeedsWeight as need:
            self.ask_weight(need.product, need.code, entry)
        except NeedsPrice as need:
            self.ask_price(need.product, need.code, need.quantity, entry)
        except TillError as error:
            self.fail(error, code=clean(text, 40))
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
        """Ask for the weight of a product; a scan meanwhile says that it was not rung."""

        def answer(values: Values) -> int:
            return parse_quantity(values["weight"])

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

    def ask_price(self, product: Product, code: str, quantity: int, entry: Entry) -> None:
        """Ask for the price of a product without one."""

        def answer(values: Values) -> int:
            price = self.money.parse(values["price"])
            if price <= 0:
                raise AmountError(N_("The item needs a price above zero."), hint=N_("Key what it costs."))
            return price

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
        self.begin()

        def answer(values: Values) -> tuple[str, int]:
            name, price = clean(values["name"]), self.money.parse(values["price"])
            if not name:
                raise SaleError(N_("The item needs a name."), hint=N_("Key what it is."))
            if price <= 0:
                raise SaleError(N_("The item needs a price above zero."), hint=N_("Key what it costs."))
            return name, price

        def ring(item: tuple[str, int]) -> None:
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
        self.begin()
        reader = self.desk.store.reader

        def found(product: Product | None) -> None:
            if product is not None:
                self.ring_product(product)

        self.open(FindDialog(lambda words: catalogue.search(reader, words), self.money, text), found)

    def add_unknown(self, code: str) -> None:
        """Put an unknown code into the catalogue with what the cashier knows, and ring it."""
        groups = ", ".join(self.desk.shop.taxes.groups)

        def answer(values: Values) -> NewProduct:
            name, price = clean(values["name"]), self.money.parse(values["price"])
            if not name:
                raise SaleError(N_("The item needs a name."), hint=N_("Key what it is."))
            if price <= 0:
                raise SaleError(N_("The item needs a price above zero."), hint=N_("Key what it costs."))
            tax = self.desk.shop.taxes.group(clean(values["tax"]) or self.desk.shop.default_tax).code
            key = self.desk.shop.codes.read(code).key
            return NewProduct(
                key, name, price, tax, category=clean(values["category"], 60), codes=(key,), complete=False
            )

        def add(product: NewProduct) -> None:
            if self.attempt(lambda: self.checkout.add_product(product)):
                self.next_error()
                self.ring_code(code, entry=Entry.KEY)

        questions = [
            Question("name", _("What it is:")),
            Question("price", _("Price:"), limit=20),
            Question("tax", _("Tax:"), self.desk.shop.default_tax, hint=groups, limit=30),
            Question("category", _("Category:"), limit=60),
        ]
        about = _("{code} is put into the catalogue; the shopkeeper will look at it.").format(code=code)
        self.ask(_("New item"), questions, answer, add, about=about)

    # Correcting

    def do_times(self) -> None:
        """Take ``*``: what is keyed is a quantity."""
        self.begin()
        if self.attempt(lambda: self.buffer.times()) and self.buffer.pending:
            self._unused_quantity += 1
            mine = self._unused_quantity
            self.set_timer(10.0, lambda: self._forget_quantity(mine))
        self.paint_input()

    def _forget_quantity(self, mine: int) -> None:
        """A quantity that nobody used within ten seconds is forgotten."""
        if mine == self._unused_quantity and self.buffer.pending is not None:
            self.buffer.take_quantity()
            self.paint_input()

    def set_line_quantity(self, text: str) -> None:
        """``*5`` makes the chosen line five."""
        line = self.chosen()
        if line is None:
            return
        if self.attempt(lambda: self.checkout.set_quantity(line.no, parse_quantity(text))):
            self.changed(line.no)

    def do_edit(self) -> None:
        """Change quantity or price of the chosen line; what is keyed already is the quantity."""
        line = self.chosen()
        if line is None:
            return
        keyed = self.buffer.take()
        if keyed:
            self.set_line_quantity(keyed)
            return
        now_quantity = format_quantity(abs(line.quantity), self.money.decimal)
        now_price = self.money.format(line.unit_price, symbol=False)

        def answer(values: Values) -> bool:
            if values["quantity"].strip() != now_quantity:
                self.checkout.set_quantity(line.no, parse_quantity(values["quantity"]))
            if values["price"].strip() != now_price:
                self.checkout.set_price(line.no, self.money.parse(values["price"]))
            return True

        questions = [
            Question("quantity", _("Quantity:"), now_quantity, limit=10),
            Question("price", _("Price:"), now_price, limit=20),
        ]
        self.ask(line.description, questions, answer, lambda done: self.changed(line.no))

    def do_discount(self) -> None:
        """Give a discount on the chosen line, or on everything."""
        if not self.checkout.basket:
            self.fail(SaleError(N_("There is nothing to discount yet."), hint=N_("Scan an item first.")))
            return
        line, keyed = self.selected(), self.buffer.take()
        choices = [Choice(_("On the whole sale"), self.money.format(self.checkout.basket.subtotal), "sale")]
        if line is not None and line.live:
            choices.insert(0, Choice(line.description, self.money.format(line.gross), "line"))

        def picked(choice: Choice | None) -> None:
            if choice is not None:
                self._ask_discount(line if choice.value == "line" else None, keyed)

        self.open(PickDialog(_("Discount"), choices), picked)

    def _ask_discount(self, line: Line | None, keyed: str) -> None:
        def answer(values: Values) -> bool:
            text = values["discount"].strip()
            rate = parse_rate(text) if text.endswith("%") else 0
            amount = 0 if rate or text.endswith("%") else self.money.parse(text or "0")
            if line is not None:
                self.checkout.set_line_discount(line.no, rate=rate, amount=amount)
            else:
                self.checkout.set_discount(rate=rate, amount=amount)
            return True

        example = self.money.format(500, symbol=False)
        question = Question(
            "discount", _("Discount:"), keyed, hint=_("10% or {amount}").format(amount=example), limit=20
        )
        title = line.description if line is not None else _("Discount on the sale")
        self.ask(title, [question], answer, lambda done: self.changed(*([line.no] if line else [])))

    def chosen(self) -> Line | None:
        """The chosen line, or ``None`` with a word about it."""
        line = self.selected()
        if line is None:
            self.fail(SaleError(N_("No line is chosen."), hint=N_("Scan an item first.")))
        return line

    # Around the basket

    def do_park(self) -> None:
        """Park this sale, or recall one."""
        self.begin()
        if self.checkout.basket:
            name = self.buffer.take()
            if self.attempt(lambda: self.checkout.park(name)):
                self.paint_all()
                self.app.paint_status()
            return
        parked = self.try_to(self.checkout.parked)
        if parked is None:
            return
        if len(parked) == 1:
            self._recall(parked[0].id)
        elif not parked:
            self.fail(SaleError(N_("No sale is parked."), hint=N_("F5 parks the sale in hand.")))
        else:
            now = self.app.now_ms()
            choices = [
                Choice(
                    row.name or _("{count} lines").format(count=row.lines),
                    f"{self.money.format(row.subtotal)}  {age_text(row.saved_ms, now)}",
                    row.id,
                )
                for row in parked
            ]
            self.open(
                PickDialog(_("Parked sales"), choices),
                lambda choice: self._recall(int(str(choice.value))) if choice is not None else None,
            )

    def _recall(self, basket_id: int) -> None:
        if self.attempt(lambda: self.checkout.recall(basket_id)):
            self.paint_all()
            self.app.paint_status()

    def do_customer(self) -> None:
        """Say who buys."""
        self.begin()
        basket = self.checkout.basket

        def answer(values: Values) -> str:
            return clean(values["name"])

        def take(name: str) -> None:
            self.app.pick_customer(name)

        self.ask(
            _("Customer"),
            [Question("name", _("Name or tax number:"), basket.customer)],
            answer,
            take,
            about=_("Empty: no customer."),
        )

    def do_card_of_product(self) -> None:
        """Show everything about the chosen item, or add the unknown one."""
        if self.errors and self.errors[0].unknown:
            self.add_unknown(self.errors[0].code)
            return
        keyed, line, reader = self.buffer.take(), self.selected(), self.desk.store.reader
        product: Product | None = None
        if keyed:
            product = catalogue.by_code(reader, self.desk.shop.codes.read(keyed).key)
        elif line is not None and line.product_id is not None:
            product = catalogue.by_id(reader, line.product_id)
        self.paint_input()
        if product is None:
            self.fail(SaleError(N_("No item is chosen."), hint=N_("Scan an item, or key its code, then F7.")))
            return
        self.open(CardDialog(self.product_view(product)))

    def product_view(self, product: Product) -> ProductView:
        """A product for its card."""
        price = self.money.format(product.price)
        if product.unit != "u":
            price = f"{price} / {product.unit}"
        codes = catalogue.barcodes(self.desk.store.reader, product.id)
        group = self.desk.shop.taxes.groups.get(product.tax)
        rates = group.on(self.desk.shop.day(self.app.now_ms())) if group is not None else ()
        tax = " + ".join(rate.name for rate in rates) or _("exempt")
        details = (
            (_("SKU"), product.sku),
            (_("Category"), product.category),
            (_("Tax"), tax),
            (_("Codes"), " ".join(codes[:4])),
        )
        return ProductView(product.name, price, codes[0] if codes else "", details, product.note)
