"""The X and the Z report on paper, written from what the shift came to alone."""

from __future__ import annotations

from tilltui.domain.money.money import Currency, format_quantity
from tilltui.domain.paper.elements import Cut, Element, Rule, Text
from tilltui.domain.paper.letterhead import ReceiptHead, Say, cap, heading, local_time
from tilltui.domain.record.shift_record import ShiftReport, ShiftTotal
from tilltui.domain.record.total_kind import TotalKind
from tilltui.domain.selling.line_kinds import LINE_KINDS
from tilltui.errors import N_

_DISCOUNTS = {"line": N_("Discounts on lines"), "basket": N_("Discounts on sales")}
"""Names of the discounts by what they were given on."""

_PLAIN = {
    TotalKind.SALE: N_("Sales"),
    TotalKind.RETURN: N_("Returns"),
    TotalKind.APART: N_("Not revenue"),
    TotalKind.DISCOUNT: N_("Discounts"),
    TotalKind.PRICE: N_("Prices changed"),
    TotalKind.VOID: N_("Taken back"),
    TotalKind.ROUNDING: N_("Cash rounding"),
    TotalKind.CHANGE: N_("Change given"),
}
"""Kinds that are a row each, in their order on paper."""

_SECTIONS = {
    TotalKind.TENDER: N_("Tenders"),
    TotalKind.TAX: N_("Taxes"),
    TotalKind.CATEGORY: N_("Categories"),
}
"""Kinds that are a section with a row a key, in their order on paper."""

_BY_QUANTITY = (TotalKind.CATEGORY, TotalKind.APART)
"""Kinds that say how much, not how many sales."""


def z_report(shift: ShiftReport, head: ReceiptHead, currency: Currency, say: Say) -> list[Element]:
    """Write the Z report of a shift, or as an X how the open one stands.

    Args:
        shift: What it came to.
        head: Head of the shop's papers.
        currency: For writing amounts.
        say: Translates the labels.
    """
    rows: list[Element] = [*heading(head), Rule(), *_document(shift, head, say), Rule()]
    for kind, label in _PLAIN.items():
        rows += [_row(total, say(label), head, currency, say) for total in shift.of_kind(kind)]
    for kind, label in _SECTIONS.items():
        section = [_row(total, "", head, currency, say) for total in shift.of_kind(kind)]
        if section:
            rows += [Rule(), Text(left=say(label), bold=True), *section]
    # A newer till may count what this one does not know: it is printed as it stands, never left out.
    known = _PLAIN.keys() | _SECTIONS.keys()
    unknown = [total for total in shift.totals if total.kind not in known]
    rows += [_row(total, cap(total.kind), head, currency, say) for total in unknown]
    rows.append(Rule())
    rows.append(Text(left=say(N_("Grand total")), right=currency.format(shift.grand_total), bold=True))
    if shift.parked.count:
        label = f"{say(N_('Parked, not yet paid'))} ({shift.parked.count})"
        rows.append(Text(left=label, right=currency.format(shift.parked.amount)))
    return [*rows, Cut()]


def _document(shift: ShiftReport, head: ReceiptHead, say: Say) -> list[Element]:
    opened = local_time(shift.opened_ms, shift.offset_min, head.date_format)
    closed = local_time(shift.closed_ms, shift.offset_min, head.date_format)
    closes = shift.closes
    title = say(N_("Z REPORT {number}")).format(number=shift.number) if closes else say(N_("X REPORT"))
    rows: list[Element] = [
        Text(center=title, bold=True, size=2),
        Text(left=say(N_("Shift {number}")).format(number=shift.shift), right=cap(shift.day)),
        Text(left=say(N_("Opened")), right=opened),
        Text(left=say(N_("Closed")) if closes else say(N_("Until now")), right=closed),
    ]
    if closes and shift.operator.name:
        rows.append(Text(left=say(N_("Closed by {name}")).format(name=cap(shift.operator.name))))
    return rows


def _row(total: ShiftTotal, label: str, head: ReceiptHead, currency: Currency, say: Say) -> Text:
    """One sum: what, how often (or how much of it), and the amount."""
    kind, key, name = total.kind, total.key, cap(total.key)
    if kind == TotalKind.TENDER:
        name = head.tender(key, say)
    elif kind == TotalKind.DISCOUNT and key in _DISCOUNTS:
        label, name = say(_DISCOUNTS[key]), ""
    elif kind == TotalKind.APART and key in LINE_KINDS:
        label, name = "", say(LINE_KINDS[key].words)
    elif kind == TotalKind.CATEGORY and not key:
        name = say(N_("Without a category"))
    many = format_quantity(total.quantity, currency.decimal) if kind in _BY_QUANTITY else str(total.count)
    return Text(left=f"{label} {name}".strip() + f" ({many})", right=currency.format(total.amount))
