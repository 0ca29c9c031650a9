"""The X and the Z report on paper, written from a journal body alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tilltui.domain.money.money import Currency, format_quantity
from tilltui.domain.paper.elements import Cut, Element, Rule, Text
from tilltui.domain.paper.letterhead import ReceiptHead, Say, cap, heading, local_time
from tilltui.domain.selling.line_kinds import LINE_KINDS
from tilltui.errors import N_

_DISCOUNTS = {"line": N_("Discounts on lines"), "basket": N_("Discounts on sales")}
"""Names of the discounts by what they were given on."""

_PLAIN = {
    "sale": N_("Sales"),
    "return": N_("Returns"),
    "apart": N_("Not revenue"),
    "discount": N_("Discounts"),
    "price": N_("Prices changed"),
    "void": N_("Taken back"),
    "rounding": N_("Cash rounding"),
    "change": N_("Change given"),
}
"""Kinds that are a row each, in their order on paper."""

_SECTIONS = {"tender": N_("Tenders"), "tax": N_("Taxes"), "category": N_("Categories")}
"""Kinds that are a section with a row a key, in their order on paper."""

_BY_QUANTITY = ("category", "apart")
"""Kinds that say how much, not how many sales."""

_NONE_PARKED = (0, 0)


def z_report(body: Mapping[str, Any], head: ReceiptHead, currency: Currency, say: Say) -> list[Element]:
    """Write the Z report of a shift, or with ``kind`` ``x`` (and no number) how the open one stands.

    Args:
        body: ``{"kind": "z", "number", "shift", "day", "opened_ms", "closed_ms", "operator": [id, name],
            "totals": [[kind, key, count, quantity, amount], ...], "parked": [count, amount],
            "grand_total"}``, and ``offset_min`` (minutes east of UTC) where it is known; amounts in minor
            units, quantities in thousandths.
        head: Head of the shop's papers.
        currency: For writing amounts.
        say: Translates the labels.
    """
    rows: list[Element] = [*heading(head), Rule(), *_document(body, head, say), Rule()]
    totals = body["totals"]
    for kind, label in _PLAIN.items():
        rows += [_row(total, say(label), head, currency, say) for total in totals if total[0] == kind]
    for kind, label in _SECTIONS.items():
        section = [_row(total, "", head, currency, say) for total in totals if total[0] == kind]
        if section:
            rows += [Rule(), Text(left=say(label), bold=True), *section]
    # A newer till may count what this one does not know: it is printed as it stands, never left out.
    known = _PLAIN.keys() | _SECTIONS.keys()
    rows += [_row(total, cap(total[0]), head, currency, say) for total in totals if total[0] not in known]
    rows.append(Rule())
    grand_total = currency.format(body["grand_total"])
    rows.append(Text(left=say(N_("Grand total")), right=grand_total, bold=True))
    if (parked := body.get("parked", _NONE_PARKED))[0]:
        label = say(N_("Parked, not yet paid"))
        rows.append(Text(left=f"{label} ({parked[0]})", right=currency.format(parked[1])))
    return [*rows, Cut()]


def _document(body: Mapping[str, Any], head: ReceiptHead, say: Say) -> list[Element]:
    offset, closes = body.get("offset_min", 0), body["kind"] == "z"
    opened = local_time(body["opened_ms"], offset, head.date_format)
    closed = local_time(body["closed_ms"], offset, head.date_format)
    title = say(N_("Z REPORT {number}")).format(number=body["number"]) if closes else say(N_("X REPORT"))
    rows: list[Element] = [
        Text(center=title, bold=True, size=2),
        Text(left=say(N_("Shift {number}")).format(number=body["shift"]), right=cap(body["day"])),
        Text(left=say(N_("Opened")), right=opened),
        Text(left=say(N_("Closed")) if closes else say(N_("Until now")), right=closed),
    ]
    if closes and body["operator"][1]:
        rows.append(Text(left=say(N_("Closed by {name}")).format(name=cap(body["operator"][1]))))
    return rows


def _row(total: list[Any], label: str, head: ReceiptHead, currency: Currency, say: Say) -> Text:
    """One sum: what, how often (or how much of it), and the amount."""
    kind, key, count, quantity, amount = total
    name = cap(key)
    if kind == "tender":
        name = head.tender(key, say)
    elif kind == "discount" and key in _DISCOUNTS:
        label, name = say(_DISCOUNTS[key]), ""
    elif kind == "apart" and key in LINE_KINDS:
        label, name = "", say(LINE_KINDS[key].words)
    elif kind == "category" and not key:
        name = say(N_("Without a category"))
    many = format_quantity(quantity, currency.decimal) if kind in _BY_QUANTITY else str(count)
    return Text(left=f"{label} {name}".strip() + f" ({many})", right=currency.format(amount))
