"""The catalogue at the till: finding a product, what its sheet says, adding an unknown one."""

from __future__ import annotations

from tilltui.domain.clock import Clock, now_ms
from tilltui.domain.frozen import frozen
from tilltui.domain.goods.product import NewProduct, Product
from tilltui.domain.people.rights import Right
from tilltui.domain.text import clean
from tilltui.errors import N_, SaleError
from tilltui.services.flow import Flow, Wait
from tilltui.services.session import Session, command
from tilltui.services.shop import Shop
from tilltui.store.file.store import Store
from tilltui.store.goods import catalogue


@frozen
class ProductSheet:
    """Everything about a product that the cashier may read.

    Attributes:
        product: As the catalogue has it.
        codes: Its barcodes.
        taxes: Names of the taxes in force today; empty: exempt.
    """

    product: Product
    codes: tuple[str, ...]
    taxes: tuple[str, ...]


class Catalogue:
    """Commands on products.

    Args:
        store: Where they are kept.
        shop: Its taxes and its codes.
        session: Who asks.
        clock: The wall clock, UTC milliseconds.
    """

    def __init__(self, store: Store, shop: Shop, session: Session, *, clock: Clock = now_ms) -> None:
        self.session = session
        self._store = store
        self._shop = shop
        self._clock = clock

    @command(Right.SELL)
    def search(self, words: str) -> list[Product]:
        """Products whose name has words that begin so, best sellers first."""
        return catalogue.search(self._store.reader, words)

    @command(Right.SELL)
    def by_code(self, keyed: str) -> Product | None:
        """The product of a keyed code.

        Raises:
            BarcodeError: It is no code.
        """
        return catalogue.by_code(self._store.reader, self._shop.codes.read(keyed).key)

    def by_id(self, product_id: int) -> Product | None:
        """The product of a line."""
        return catalogue.by_id(self._store.reader, product_id)

    def sheet(self, product: Product) -> ProductSheet:
        """What a product's sheet says."""
        group = self._shop.taxes.groups.get(product.tax)
        rates = group.on(self._shop.day(self._clock())) if group is not None else ()
        codes = tuple(catalogue.barcodes(self._store.reader, product.id))
        return ProductSheet(product, codes, tuple(rate.name for rate in rates))

    @command(Right.ADD_PRODUCT)
    def add(self, code: str, name: str, price: int, *, tax: str = "", category: str = "") -> Flow[None]:
        """Put what a cashier adds into the catalogue, for the shopkeeper to look at.

        Args:
            code: As scanned or keyed.
            name: What it is.
            price: Minor units.
            tax: Code of its tax group; the default one's where it is empty.
            category: For reports.

        Raises:
            SaleError: It has no name; at once, as what else is wrong.
        """
        name = clean(name)
        if not name:
            raise SaleError(N_("The item needs a name."), hint=N_("Key what it is."))
        group = self._shop.taxes.group(clean(tax) or self._shop.default_tax).code
        key = self._shop.codes.read(code).key
        product = NewProduct(
            key, name, price, group, category=clean(category, 60), codes=(key,), complete=False
        )
        return self._add(product)

    async def _add(self, product: NewProduct) -> None:
        at = self._clock()
        await Wait(self._store.submit(lambda connection: catalogue.put(connection, [product], at)))
