"""The receipt of a sale, written from its record alone.

Nothing is asked of the catalogue, the settings or the clock: a copy printed years later has the same lines,
taxes and amounts.
"""

from __future__ import annotations

from collections.abc import Sequence

from tilltui.domain.money.money import QUANTITY_UNIT, Currency, format_quantity, format_rate
from tilltui.domain.paper.elements import Barcode, Cut, Element, Feed, Rule, Text
from tilltui.domain.paper.letterhead import ReceiptHead, Say, cap, heading, local_time
from tilltui.domain.record.kinds import RecordKind
from tilltui.domain.record.sales.recorded_line import PIECE, RecordedLine
from tilltui.domain.record.sales.sale_record import SaleRecord
from tilltui.domain.selling.line import Deed
from tilltui.domain.text import MAX_NOTE
from tilltui.errors import N_

_INDENT = 2

MAX_SLIP_LINES = 80
"""Most lines of one card slip on a receipt; real ones have some thirty."""


def sale_receipt(
    sale: SaleRecord,
    head: ReceiptHead,
    currency: Currency,
    say: Say,
    *,
    copy: int = 0,
    fiscal: Sequence[Element] = (),
) -> list[Element]:
    """Write the receipt of a sale.

    Args:
        sale: Its record.
        head: Head and foot of the shop's papers.
        currency: The sale's currency, for writing amounts.
        say: Translates the labels.
        copy: 0 for the receipt itself, else the number of the copy, said on top and at the bottom.
        fiscal: What the law wants under the totals (``FiscalRegime.receipt_elements``).
    """
    marks = _marks(sale, say, copy)
    return [
        *marks,
        *heading(head),
        Rule(),
        *_document(sale, head, say),
        Rule(),
        *(element for line in sale.lines for element in _line(line, currency, say)),
        Rule(),
        *_total(sale, currency, say),
        *_taxes(sale, currency, say),
        *_payments(sale, head, currency, say),
        *_slips(sale),
        *_said(sale, say),
        *fiscal,
        *_foot(sale, head),
        *marks,
        Cut(),
    ]


def _marks(sale: SaleRecord, say: Say, copy: int) -> list[Element]:
    """What keeps a paper from being taken for a receipt."""
    marks: list[Element] = []
    if sale.training:
        marks.append(Text(center=say(N_("TRAINING – NOT A RECEIPT")), bold=True))
    if copy > 0:
        marks.append(Text(center=say(N_("*** COPY {number} ***")).format(number=copy), bold=True))
    return marks


def _document(sale: SaleRecord, head: ReceiptHead, say: Say) -> list[Element]:
    """What it is, when, which and by whom."""
    rows: list[Element] = []
    if sale.kind is RecordKind.RETURN:
        rows.append(Text(center=say(N_("RETURN")), bold=True, size=2))
        if sale.returns:
            original = say(N_("Of the sale {number}")).format(number=cap(sale.returns))
            rows.append(Text(center=original))
    date = local_time(sale.closed_ms, sale.offset_min, head.date_format)
    rows.append(Text(left=date, right=cap(sale.number)))
    if sale.operator.name:
        rows.append(Text(left=say(N_("Served by {name}")).format(name=cap(sale.operator.name))))
    if sale.customer is not None:
        rows.append(Text(left=say(N_("Customer: {name}")).format(name=cap(sale.customer.name))))
    return rows


_LINE_NAMES = {Deed.VOID: N_("Taken back: {name}"), Deed.RETURN: N_("Returned: {name}")}
"""How a line that takes something back is named."""


def _line(line: RecordedLine, currency: Currency, say: Say) -> list[Element]:
    """One line: name and price, then quantity, discount, lot and note where there are any."""
    name = cap(line.name)
    template = _LINE_NAMES.get(line.deed)
    if template:
        name = say(template).format(name=name)
    rows: list[Element] = [Text(left=name, right=currency.format(line.amount + line.discount))]
    unit = "" if line.unit == PIECE else cap(line.unit)
    if unit or abs(line.quantity) != QUANTITY_UNIT:
        quantity = f"{format_quantity(line.quantity, currency.decimal)} {unit}".rstrip()
        rows.append(Text(left=f"{quantity} x {currency.format(line.price)}", indent=_INDENT))
    if line.discount:
        rows.append(_discount(line.discount, line.discount_rate, currency, say, indent=_INDENT))
    if line.lot:
        rows.append(Text(left=say(N_("Lot {lot}")).format(lot=cap(line.lot)), indent=_INDENT))
    if line.note:
        rows.append(Text(left=cap(line.note, MAX_NOTE), indent=_INDENT))
    return rows


def _discount(amount: int, rate: int, currency: Currency, say: Say, indent: int = 0) -> Text:
    label = say(N_("Discount"))
    if rate:
        label = f"{label} {format_rate(rate, currency.decimal)}"
    return Text(left=label, right=currency.format(-amount), indent=indent)


def _total(sale: SaleRecord, currency: Currency, say: Say) -> list[Element]:
    """The total, with what leads from the lines to it."""
    rows: list[Element] = []
    discount, total = sale.discount, sale.total
    added = total - sale.subtotal + discount
    if discount or added:
        rows.append(Text(left=say(N_("Subtotal")), right=currency.format(sale.subtotal)))
    if discount:
        rows.append(_discount(discount, sale.discount_rate, currency, say))
    if added:
        rows.append(Text(left=say(N_("Tax added")), right=currency.format(added)))
    rows.append(Text(left=say(N_("TOTAL")), right=currency.format(total), bold=True, size=2))
    return rows


def _taxes(sale: SaleRecord, currency: Currency, say: Say) -> list[Element]:
    """Each tax with its base; groups that share a tax are one row."""
    sums: dict[tuple[str, str, int], list[int]] = {}
    for tax in sale.taxes:
        row = sums.setdefault((tax.code, tax.name, tax.rate), [0, 0])
        row[0] += tax.base
        row[1] += tax.amount
    rows: list[Element] = []
    for (code, name, _rate), (base, amount) in sums.items():
        if code:
            label = say(N_("{tax} on {base}")).format(tax=cap(name), base=currency.format(base))
            rows.append(Text(left=label, right=currency.format(amount)))
        else:
            rows.append(Text(left=say(N_("Exempt")), right=currency.format(base)))
    return rows


def _payments(sale: SaleRecord, head: ReceiptHead, currency: Currency, say: Say) -> list[Element]:
    """How it was paid: rounding, what was given, and the change."""
    rows: list[Element] = []
    if sale.rounding:
        rows.append(Text(left=say(N_("Cash rounding")), right=currency.format(sale.rounding)))
        to_pay = currency.format(sale.total + sale.rounding)
        rows.append(Text(left=say(N_("To pay")), right=to_pay, bold=True))
    for payment in sale.payments:
        came = payment.amount + payment.change
        rows.append(Text(left=head.tender(payment.tender, say), right=currency.format(came)))
        if payment.given != came:
            worth = say(N_("worth {amount}, used up")).format(amount=currency.format(payment.given))
            rows.append(Text(left=worth, indent=_INDENT))
        if payment.reference:
            rows.append(Text(left=cap(payment.reference), indent=_INDENT))
    if sale.change:
        rows.append(Text(left=say(N_("Change")), right=currency.format(sale.change), bold=True))
    return [Rule(), *rows] if rows else []


def _slips(sale: SaleRecord) -> list[Element]:
    """What the card terminal had to say, line by line as it wrote it."""
    rows: list[Element] = []
    for slip in sale.slips:
        rows.append(Rule())
        rows.extend(Text(left=cap(line)) for line in slip[:MAX_SLIP_LINES])
    return rows


def _said(sale: SaleRecord, say: Say) -> list[Element]:
    """The note on the sale."""
    if not sale.note:
        return []
    return [Rule(), Text(left=say(N_("Note: {note}")).format(note=cap(sale.note, MAX_NOTE)))]


def _foot(sale: SaleRecord, head: ReceiptHead) -> list[Element]:
    """Footer lines, and the code by which a return finds the sale; a practice sale has none."""
    rows: list[Element] = [Text(center=cap(line)) for line in head.footer]
    number = cap(sale.number)
    if number.isascii() and not sale.training:
        rows.append(Barcode(number))
    return [Feed(), *rows] if rows else []
