"""Around the basket: parking, who buys, what an item is."""

from __future__ import annotations

from tilltui.domain.goods.product import Product
from tilltui.domain.selling.basket import Basket
from tilltui.domain.selling.parked import Parked
from tilltui.domain.text import clean
from tilltui.errors import N_, SaleError
from tilltui.i18n import _, ngettext
from tilltui.store.goods import catalogue
from tilltui.ui.customers import choose_customer
from tilltui.ui.dialogs.question import Question, Values
from tilltui.ui.sale.rows import age_text
from tilltui.ui.sale.state import Mode
from tilltui.ui.screens.labels import LabelActions
from tilltui.ui.widgets.choice import Choice
from tilltui.ui.widgets.sale.product_card import ProductView


class AsideActions(LabelActions):
    """What stands around the basket."""

    def do_park(self) -> None:
        """Park this sale, or recall one."""
        if self.checkout.basket:
            self.park(self.buffer.take())
        else:
            future = self.try_to(self.checkout.parked)
            if future is not None:
                self.later(future, self._offer_parked, wait=True)

    def park(self, name: str) -> None:
        """Put the sale aside; what it is called can be keyed before."""
        saved = self.try_to(lambda: self.checkout.park(name))
        if saved is not None:
            self.begin()
            self.become(Mode.SELL)
            self.paint_all()
            # Saved behind: the status line counts it once it is there.
            self.later(saved, lambda done: self.till.paint_status(), failed=lambda error: None)

    def _offer_parked(self, parked: list[Parked]) -> None:
        if not parked:
            self.fail(SaleError(N_("No sale is parked."), hint=N_("F5 parks the sale in hand.")))
        elif len(parked) == 1:
            self._recall(parked[0].id)
        else:
            now = self.till.now_ms()
            choices = [self._parked_choice(row, now) for row in parked]
            self.pick(
                _("Parked sales"),
                choices,
                lambda choice: self._recall(int(str(choice.value))) if choice is not None else None,
            )

    def _parked_choice(self, row: Parked, now_ms: int) -> Choice:
        lines = ngettext("{count} line", "{count} lines", row.lines).format(count=row.lines)
        detail = f"{self.money.format(row.subtotal)}  {age_text(row.saved_ms, now_ms)}"
        return Choice(f"{row.name or _('without a name')} ({lines})", detail, row.id)

    def _recall(self, basket_id: int) -> None:
        future = self.try_to(lambda: self.checkout.recall(basket_id))
        if future is not None:
            self.later(future, lambda basket: self._take_parked(basket_id, basket), wait=True)

    def _take_parked(self, basket_id: int, basket: Basket | None) -> None:
        if self.attempt(lambda: self.checkout.take_parked(basket_id, basket)):
            self.begin()
            self.paint_all()
            self.later(self.checkout.kept(), lambda done: self.till.paint_status())

    def do_customer(self) -> None:
        """Say who buys."""
        basket = self.checkout.basket

        def answer(values: Values) -> str:
            return clean(values["name"])

        def take(name: str) -> None:
            self.begin()
            choose_customer(self, name)

        self.ask(
            _("Customer"),
            [Question("name", _("Name or tax number:"), basket.customer)],
            answer,
            take,
            about=_("Empty: no customer."),
        )

    def do_card_of_product(self) -> None:
        """Show everything about the chosen item, or add the unknown one."""
        if self.errors and self.is_unknown(self.errors[0]):
            self.add_unknown(self.errors[0])
            return
        keyed, line, reader = self.buffer.take(), self.selected(), self.desk.store.reader
        self.paint_input()
        product: Product | None = None
        if keyed:
            product = catalogue.by_code(reader, self.desk.shop.codes.read(keyed).key)
        elif line is not None and line.product_id is not None:
            product = catalogue.by_id(reader, line.product_id)
        if product is None:
            self.fail(SaleError(N_("No item is chosen."), hint=N_("Scan an item, or key its code, then F7.")))
            return
        from tilltui.ui.dialogs.show import CardDialog

        dialog = CardDialog(self.product_view(product), labels=bool(self.desk.devices.label_printer))
        self.open(dialog, lambda result: self.ask_labels(product) if result == "labels" else None)

    def product_view(self, product: Product) -> ProductView:
        """A product for its card."""
        price = self.money.format(product.price)
        if product.unit != "u":
            price = f"{price} / {product.unit}"
        codes = catalogue.barcodes(self.desk.store.reader, product.id)
        group = self.desk.shop.taxes.groups.get(product.tax)
        rates = group.on(self.desk.shop.day(self.till.now_ms())) if group is not None else ()
        tax = " + ".join(rate.name for rate in rates) or _("exempt")
        details: tuple[tuple[str, str], ...] = (
            (_("SKU"), product.sku),
            (_("Category"), product.category),
            (_("Tax"), tax),
            (_("Codes"), " ".join(codes[1:5])),
        )
        details = tuple((label, value) for label, value in details if value)
        return ProductView(product.name, price, codes[0] if codes else "", details, product.note)
