"""Taking goods of an earlier sale back: what can still come back of it."""

from __future__ import annotations

from tilltui.domain.frozen import frozen
from tilltui.domain.returns.returning import added, coming_back, returnable
from tilltui.domain.selling.basket import Basket
from tilltui.domain.selling.line import Line
from tilltui.errors import N_, SaleError
from tilltui.services.shop import Shop
from tilltui.store.file.store import Store
from tilltui.store.returns.earlier_sales import original


@frozen
class Returnable:
    """What can still come back of a sale.

    Attributes:
        number: The sale's, as printed.
        lines: Return lines at the price that was paid, without those that the basket takes back already.
        before_restore: The till cannot know all that came back of it: ask the customer.
    """

    number: str
    lines: list[Line]
    before_restore: bool


def find_returnable(store: Store, shop: Shop, basket: Basket, number: str) -> Returnable:
    """Look a sale up whose goods come back.

    Args:
        store: Where the sale was kept.
        shop: The shop; in practice only practice sales come back.
        basket: The open basket, which may take something of it back already.
        number: As scanned or keyed.

    Raises:
        SaleError: There is no such sale here, or the basket takes back another one.
        RecordDamaged: Its record cannot be read.
    """
    earlier = original(store.reader, number, training=shop.training)
    if basket.returns not in ("", earlier.number):
        raise SaleError(
            N_("This basket takes back sale {number}."), hint=N_("Finish it first."), number=basket.returns
        )
    came_back = added(earlier.came_back, coming_back(basket))
    return Returnable(earlier.number, returnable(earlier.sale, came_back), earlier.before_restore)
