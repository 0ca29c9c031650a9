"""The receipt of a sale, written from its journal body alone.

Nothing is asked of the catalogue, the settings or the clock: a copy printed years later has the same lines,
taxes and amounts. ``domain.sale.body`` says what the body holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tilltui.domain.money.money import QUANTITY_UNIT, Currency, format_quantity, format_rate
from tilltui.domain.paper.elements import Barcode, Cut, Element, Feed, Rule, Text
from tilltui.domain.paper.letterhead import ReceiptHead, Say, cap, heading, local_time
from tilltui.domain.paper.z_report import z_report
from tilltui.domain.text import MAX_NOTE
from tilltui.errors import N_

__all__ = ["ReceiptHead", "sale_receipt", "z_report"]

_INDENT = 2

MAX_VOUCHER_LINES = 80
"""Most lines of one card voucher on a receipt; real ones have some thirty."""


def sale_receipt(
    body: Mapping[str, Any],
    head: ReceiptHead,
    currency: Currency,
    say: Say,
    *,
    copy: int = 0,
    fiscal: Sequence[Element] = (),
) -> list[Element]:
    """Write the receipt of a sale.

    Args:
        body: Journal body of the sale (``domain.sale.body``).
        head: Head and foot of the shop's papers.
        currency: The sale's currency, for writing amounts.
        say: Translates the labels.
        copy: 0 for the receipt itself, else the number of the copy, said on top and at the bottom.
        fiscal: What the law wants under the totals (``FiscalRegime.receipt_elements``).
    """
    marks = _marks(body, say, copy)
    return [
        *marks,
        *heading(head),
        Rule(),
        *_document(body, head, say),
        Rule(),
        *(element for row in body["lines"] for element in _line(row, currency, say)),
        Rule(),
        *_total(body, currency, say),
        *_taxes(body, currency, say),
        *_payments(body, head, currency, say),
        *_vouchers(body),
        *_said(body, say),
        *fiscal,
        *_foot(body, head),
        *marks,
        Cut(),
    ]


def _marks(body: Mapping[str, Any], say: Say, copy: int) -> list[Element]:
    """What keeps a paper from being taken for a receipt."""
    marks: list[Element] = []
    if body.get("training"):
        marks.append(Text(center=say(N_("TRAINING – NOT A RECEIPT")), bold=True))
    if copy > 0:
        marks.append(Text(center=say(N_("*** COPY {number} ***")).format(number=copy), bold=True))
    return marks


def _document(body: Mapping[str, Any], head: ReceiptHead, say: Say) -> list[Element]:
    """What it is, when, which and by whom."""
    rows: list[Element] = []
    if body["kind"] == "return":
        rows.append(Text(center=say(N_("RETURN")), bold=True, size=2))
        if body.get("returns"):
            original = say(N_("Of the sale {number}")).format(number=cap(body["returns"]))
            rows.append(Text(center=original))
    date = local_time(body["closed_ms"], body["offset_min"], head.date_format)
    rows.append(Text(left=date, right=cap(body["number"])))
    if body["operator"][1]:
        rows.append(Text(left=say(N_("Served by {name}")).format(name=cap(body["operator"][1]))))
    if body.get("customer"):
        rows.append(Text(left=say(N_("Customer: {name}")).format(name=cap(body["customer"][1]))))
    return rows


_LINE_NAMES = {"void": N_("Taken back: {name}"), "return": N_("Returned: {name}")}
"""How a line that takes something back is named."""


def _line(row: Mapping[str, Any], currency: Currency, say: Say) -> list[Element]:
    """One line: name and price, then quantity, discount, lot and note where there are any."""
    name, discount = cap(row["name"]), row.get("discount", 0)
    template = _LINE_NAMES.get(row.get("deed", ""))
    if template:
        name = say(template).format(name=name)
    gross = row["amount"] + discount
    rows: list[Element] = [Text(left=name, right=currency.format(gross))]
    unit = cap(row.get("unit", ""))
    if unit or abs(row["qty"]) != QUANTITY_UNIT:
        quantity = f"{format_quantity(row['qty'], currency.decimal)} {unit}".rstrip()
        rows.append(Text(left=f"{quantity} x {currency.format(row['price'])}", indent=_INDENT))
    if discount:
        rows.append(_discount(discount, row.get("rate", 0), currency, say, indent=_INDENT))
    if row.get("lot"):
        rows.append(Text(left=say(N_("Lot {lot}")).format(lot=cap(row["lot"])), indent=_INDENT))
    if row.get("note"):
        rows.append(Text(left=cap(row["note"], MAX_NOTE), indent=_INDENT))
    return rows


def _discount(amount: int, rate: int, currency: Currency, say: Say, indent: int = 0) -> Text:
    label = say(N_("Discount"))
    if rate:
        label = f"{label} {format_rate(rate, currency.decimal)}"
    return Text(left=label, right=currency.format(-amount), indent=indent)


def _total(body: Mapping[str, Any], currency: Currency, say: Say) -> list[Element]:
    """The total, with what leads from the lines to it."""
    rows: list[Element] = []
    discount, total = body["discount"], body["total"]
    added = total - body["subtotal"] + discount
    if discount or added:
        rows.append(Text(left=say(N_("Subtotal")), right=currency.format(body["subtotal"])))
    if discount:
        rows.append(_discount(discount, body.get("discount_rate", 0), currency, say))
    if added:
        rows.append(Text(left=say(N_("Tax added")), right=currency.format(added)))
    rows.append(Text(left=say(N_("TOTAL")), right=currency.format(total), bold=True, size=2))
    return rows


def _taxes(body: Mapping[str, Any], currency: Currency, say: Say) -> list[Element]:
    """Each tax with its base; groups that share a tax are one row."""
    sums: dict[tuple[str, str, int], list[int]] = {}
    for _group, code, name, rate, base, amount in body["taxes"]:
        row = sums.setdefault((code, name, rate), [0, 0])
        row[0] += base
        row[1] += amount
    rows: list[Element] = []
    for (code, name, _rate), (base, amount) in sums.items():
        if code:
            label = say(N_("{tax} on {base}")).format(tax=cap(name), base=currency.format(base))
            rows.append(Text(left=label, right=currency.format(amount)))
        else:
            rows.append(Text(left=say(N_("Exempt")), right=currency.format(base)))
    return rows


def _payments(body: Mapping[str, Any], head: ReceiptHead, currency: Currency, say: Say) -> list[Element]:
    """How it was paid: rounding, what was given, and the change."""
    rows: list[Element] = []
    if body["rounding"]:
        rows.append(Text(left=say(N_("Cash rounding")), right=currency.format(body["rounding"])))
        to_pay = currency.format(body["total"] + body["rounding"])
        rows.append(Text(left=say(N_("To pay")), right=to_pay, bold=True))
    for tender, amount, given, change, _rounding, reference in body["payments"]:
        rows.append(Text(left=head.tender(tender, say), right=currency.format(amount + change)))
        if given != amount + change:
            worth = say(N_("worth {amount}, used up")).format(amount=currency.format(given))
            rows.append(Text(left=worth, indent=_INDENT))
        if reference:
            rows.append(Text(left=cap(reference), indent=_INDENT))
    if body["change"]:
        rows.append(Text(left=say(N_("Change")), right=currency.format(body["change"]), bold=True))
    return [Rule(), *rows] if rows else []


def _vouchers(body: Mapping[str, Any]) -> list[Element]:
    """What the card terminal had to say, line by line as it wrote it."""
    rows: list[Element] = []
    for voucher in body.get("vouchers", ()):
        rows.append(Rule())
        rows.extend(Text(left=cap(line)) for line in voucher[:MAX_VOUCHER_LINES])
    return rows


def _said(body: Mapping[str, Any], say: Say) -> list[Element]:
    """The note on the sale."""
    if not body.get("note"):
        return []
    return [Rule(), Text(left=say(N_("Note: {note}")).format(note=cap(body["note"], MAX_NOTE)))]


def _foot(body: Mapping[str, Any], head: ReceiptHead) -> list[Element]:
    """Footer lines, and the code by which a return finds the sale; a practice sale has none."""
    rows: list[Element] = [Text(center=cap(line)) for line in head.footer]
    number = cap(body["number"])
    if number.isascii() and not body.get("training"):
        rows.append(Barcode(number))
    return [Feed(), *rows] if rows else []
