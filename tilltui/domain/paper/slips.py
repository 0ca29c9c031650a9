"""Papers beside a receipt: the order slip for the kitchen, and the receipt of a gift, which tells no price.

Like the receipt they are written from the sale's record alone.
"""

from __future__ import annotations

from collections.abc import Collection

from tilltui.domain.money.money import QUANTITY_UNIT, Currency, format_quantity
from tilltui.domain.paper.elements import Barcode, Cut, Element, Feed, Rule, Text
from tilltui.domain.paper.letterhead import ReceiptHead, Say, cap, heading, local_time
from tilltui.domain.record.sales.recorded_line import PIECE, RecordedLine
from tilltui.domain.record.sales.sale_record import SaleRecord
from tilltui.domain.text import MAX_NOTE, fold
from tilltui.errors import N_

EVERYTHING = "*"
"""The category that stands for all of them."""

_INDENT = 2


def ordered(category: str, wanted: Collection[str]) -> bool:
    """Whether a product's category is among the wanted ones, whatever the case and accents.

    >>> ordered("Sándwiches", ["sandwiches", "Bebidas"])
    True
    """
    return EVERYTHING in wanted or fold(category) in {fold(one) for one in wanted}


def order_slip(
    sale: SaleRecord,
    head: ReceiptHead,
    currency: Currency,
    say: Say,
    *,
    categories: Collection[str] = (EVERYTHING,),
    copy: int = 0,
) -> list[Element]:
    """Write what the kitchen, the bar or the store room has to make ready, in letters to be read from afar.

    Args:
        sale: Its record.
        head: For the pattern of dates.
        currency: For writing quantities.
        say: Translates the labels.
        categories: Of the products on it; if the sale has none of them (they were set anew since), all.
        copy: 0 for the slip itself, else the number of the copy.
    """
    lines = [line for line in sale.sold if ordered(line.category, categories)] or sale.sold
    marks = copy_mark(copy, say)
    date = local_time(sale.closed_ms, sale.offset_min, head.date_format)
    title = say(N_("ORDER {number}")).format(number=cap(sale.number))
    slip: list[Element] = [*marks, Text(center=title, bold=True, size=2)]
    slip.append(Text(left=date, right=cap(sale.operator.name)))
    if sale.customer is not None:
        slip.append(Text(left=say(N_("Customer: {name}")).format(name=cap(sale.customer.name))))
    slip.append(Rule())
    for line in lines:
        quantity = _quantity(line, currency)
        slip.append(Text(left=f"{quantity} x {cap(line.name)}", bold=True, size=2))
        if line.note:
            slip.append(Text(left=cap(line.note, MAX_NOTE), indent=_INDENT))
    if sale.note:
        slip += [Rule(), Text(left=say(N_("Note: {note}")).format(note=cap(sale.note, MAX_NOTE)))]
    return [*slip, *marks, Cut()]


def gift_receipt(
    sale: SaleRecord, head: ReceiptHead, currency: Currency, say: Say, *, copy: int = 0
) -> list[Element]:
    """Write a receipt without a price, with the code by which the goods can be brought back.

    Args:
        sale: Its record.
        head: Head and foot of the shop's papers.
        currency: For writing quantities.
        say: Translates the labels.
        copy: 0 for the first one, else the number of the copy.
    """
    marks = copy_mark(copy, say)
    if sale.training:
        marks = [Text(center=say(N_("TRAINING – NOT A RECEIPT")), bold=True), *marks]
    date = local_time(sale.closed_ms, sale.offset_min, head.date_format)
    number = cap(sale.number)
    paper: list[Element] = [*marks, *heading(head), Rule()]
    paper += [Text(center=say(N_("GIFT RECEIPT")), bold=True), Text(left=date, right=number), Rule()]
    for line in sale.sold:
        plain = line.quantity == QUANTITY_UNIT and line.unit == PIECE
        paper.append(Text(left=cap(line.name), right="" if plain else _quantity(line, currency)))
    paper += [Rule(), *(Text(center=cap(line)) for line in head.footer)]
    if number.isascii() and not sale.training:
        paper += [Feed(), Barcode(number)]
    return [*paper, *marks, Cut()]


def copy_mark(copy: int, say: Say) -> list[Element]:
    """The line that says that a paper is a copy; nothing for 0."""
    if copy <= 0:
        return []
    return [Text(center=say(N_("*** COPY {number} ***")).format(number=copy), bold=True)]


def _quantity(line: RecordedLine, currency: Currency) -> str:
    unit = "" if line.unit == PIECE else cap(line.unit)
    return f"{format_quantity(line.quantity, currency.decimal)} {unit}".rstrip()
