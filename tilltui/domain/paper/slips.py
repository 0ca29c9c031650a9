"""Papers beside a receipt: the order slip for the kitchen, and the receipt of a gift, which tells no price.

Like the receipt they are written from the sale's journal body alone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from tilltui.domain.money.money import QUANTITY_UNIT, Currency, format_quantity
from tilltui.domain.paper.elements import Barcode, Cut, Element, Feed, Rule, Text
from tilltui.domain.paper.letterhead import ReceiptHead, Say, cap, heading, local_time
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
    body: Mapping[str, Any],
    head: ReceiptHead,
    currency: Currency,
    say: Say,
    *,
    categories: Collection[str] = (EVERYTHING,),
    copy: int = 0,
) -> list[Element]:
    """Write what the kitchen, the bar or the store room has to make ready, in letters to be read from afar.

    Args:
        body: Journal body of the sale (``domain.sale.body``).
        head: For the pattern of dates.
        currency: For writing quantities.
        say: Translates the labels.
        categories: Of the products on it; if the sale has none of them (they were set anew since), all.
        copy: 0 for the slip itself, else the number of the copy.
    """
    rows = [row for row in _sold(body) if ordered(row.get("category", ""), categories)] or _sold(body)
    marks = copy_mark(copy, say)
    date = local_time(body["closed_ms"], body["offset_min"], head.date_format)
    title = say(N_("ORDER {number}")).format(number=cap(body["number"]))
    slip: list[Element] = [*marks, Text(center=title, bold=True, size=2)]
    slip.append(Text(left=date, right=cap(body["operator"][1])))
    if body.get("customer"):
        slip.append(Text(left=say(N_("Customer: {name}")).format(name=cap(body["customer"][1]))))
    slip.append(Rule())
    for row in rows:
        quantity = _quantity(row, currency)
        slip.append(Text(left=f"{quantity} x {cap(row['name'])}", bold=True, size=2))
        if row.get("note"):
            slip.append(Text(left=cap(row["note"], MAX_NOTE), indent=_INDENT))
    if body.get("note"):
        slip += [Rule(), Text(left=say(N_("Note: {note}")).format(note=cap(body["note"], MAX_NOTE)))]
    return [*slip, *marks, Cut()]


def gift_receipt(
    body: Mapping[str, Any], head: ReceiptHead, currency: Currency, say: Say, *, copy: int = 0
) -> list[Element]:
    """Write a receipt without a price, with the code by which the goods can be brought back.

    Args:
        body: Journal body of the sale (``domain.sale.body``).
        head: Head and foot of the shop's papers.
        currency: For writing quantities.
        say: Translates the labels.
        copy: 0 for the first one, else the number of the copy.
    """
    marks = copy_mark(copy, say)
    if body.get("training"):
        marks = [Text(center=say(N_("TRAINING – NOT A RECEIPT")), bold=True), *marks]
    date = local_time(body["closed_ms"], body["offset_min"], head.date_format)
    number = cap(body["number"])
    paper: list[Element] = [*marks, *heading(head), Rule()]
    paper += [Text(center=say(N_("GIFT RECEIPT")), bold=True), Text(left=date, right=number), Rule()]
    for row in _sold(body):
        plain = row["qty"] == QUANTITY_UNIT and not row.get("unit")
        paper.append(Text(left=cap(row["name"]), right="" if plain else _quantity(row, currency)))
    paper += [Rule(), *(Text(center=cap(line)) for line in head.footer)]
    if number.isascii() and not body.get("training"):
        paper += [Feed(), Barcode(number)]
    return [*paper, *marks, Cut()]


def copy_mark(copy: int, say: Say) -> list[Element]:
    """The line that says that a paper is a copy; nothing for 0."""
    if copy <= 0:
        return []
    return [Text(center=say(N_("*** COPY {number} ***")).format(number=copy), bold=True)]


def _sold(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Lines that went out of the shop: not what was taken back or returned."""
    return [row for row in body["lines"] if not row.get("deed") and not row.get("reversed_by")]


def _quantity(row: Mapping[str, Any], currency: Currency) -> str:
    return f"{format_quantity(row['qty'], currency.decimal)} {cap(row.get('unit', ''))}".rstrip()
