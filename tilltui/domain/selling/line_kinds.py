"""Kinds of line: what a line is, as a table whose columns say what is done with it.

What a line *does* (sells, takes back, gives back) is its ``Deed``; what it *is* stands here. Nobody asks for
a kind by name: sums, taxes, discounts, returns, papers and reports read its columns, so that a new kind is
one more row.

Sources: deposits on containers stand on the document as an item that is not taxed (Chile: SII, electronic
document format, field ``IndExe`` 3); who sells for a principal owes tax on the commission alone (Chile: SII,
Oficio 1400 of 2020); a tip is the waiter's and no income of the shop (Chile: Código del Trabajo, art. 64).
"""

from __future__ import annotations

from tilltui.domain.frozen import frozen
from tilltui.errors import N_


@frozen
class LineKind:
    """One kind; what its row does not say of it is not so.

    What is discountable is revenue, and what is taxed is revenue on the document: a share of a discount or a
    tax need not be looked for among what is no revenue.

    Attributes:
        key: As records, files and the database write it.
        words: What it is called, on its row of X and Z too.
        revenue: It is the shop's income: it counts as sold and in its category. What is no revenue has a row
            of its own on X and Z, and is in no grand total.
        taxed: Its amount is taxed by its tax group.
        on_document: It stands on the legal document.
        discountable: A discount can be given on it, and one on the whole basket is shared out to it.
        returnable: It can come back by the number of its sale.
        counts: Its quantity counts as items.
    """

    key: str
    words: str
    revenue: bool = False
    taxed: bool = False
    on_document: bool = False
    discountable: bool = False
    returnable: bool = False
    counts: bool = False


GOODS = LineKind(
    "goods",
    N_("Goods"),
    revenue=True,
    taxed=True,
    on_document=True,
    discountable=True,
    returnable=True,
    counts=True,
)
"""What the shop sells."""

DEPOSIT = LineKind(
    "deposit",
    N_("Deposits"),
    on_document=True,
    returnable=True,
)
"""Money for a bottle or a crate, which goes back with it."""

THIRD_PARTY = LineKind("third_party", N_("For third parties"))
"""Taken for a principal: a top-up, a bill, a ticket."""

TIP = LineKind("tip", N_("Tips"))
"""Given to who serves."""

OWN_USE = LineKind(
    "own_use",
    N_("Own use"),
    returnable=True,
    counts=True,
)
"""Goods that the shop itself uses up."""

ON_ACCOUNT = LineKind("on_account", N_("Payments on account"))
"""Paid by a customer against what he owes."""

LINE_KINDS: dict[str, LineKind] = {
    kind.key: kind for kind in (GOODS, DEPOSIT, THIRD_PARTY, TIP, OWN_USE, ON_ACCOUNT)
}
"""Every kind by its key, in the order of their rows on paper."""

PRODUCT_KINDS = (GOODS, DEPOSIT)
"""Kinds that a product of the catalogue can be of."""
