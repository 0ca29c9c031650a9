"""The open basket and the parked ones, saved at every step so that a kill loses nothing that was rung."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from typing import Any

from tilltui.domain.paying.settlement import Payment
from tilltui.domain.paying.tenders import TENDERS, Tenders
from tilltui.domain.selling.basket import Basket
from tilltui.domain.selling.change import Change
from tilltui.domain.selling.line import Deed, Entry, Line, PriceBy
from tilltui.domain.selling.line_kinds import LINE_KINDS
from tilltui.domain.selling.parked import Parked
from tilltui.domain.selling.parking import WaitsFor
from tilltui.store.file.engine import Connection

_LINE_FIELDS = tuple(field.name for field in dataclasses.fields(Line))
_LINE_DEFAULTS = {
    field.name: field.default
    for field in dataclasses.fields(Line)
    if field.default is not dataclasses.MISSING
}
_HEADER_FIELDS = (
    "subtotal", "items", "discount_rate", "discount_amount", "customer_id", "customer", "note", "name",
    "returns", "next_no", "opened_ms", "recalled",
)  # fmt: skip


def save(
    connection: Connection,
    basket_id: int,
    basket: Basket,
    changed: Sequence[Line],
    *,
    operator_id: int,
    now_ms: int,
    waits_for: WaitsFor | None = None,
    payments: Sequence[Payment] = (),
) -> None:
    """Save a basket's header, the lines that changed and what was paid so far.

    Runs in the caller's transaction. What waits for something is parked, anything else is open.
    """
    header: dict[str, Any] = {name: getattr(basket, name) for name in _HEADER_FIELDS}
    header["by_tax"] = dict(basket.by_tax)
    header["apart"] = dict(basket.apart)
    header["trail"] = [dataclasses.astuple(change) for change in basket.trail]
    if payments:
        header["payments"] = [
            (p.tender.key, p.amount, p.given, p.change, p.reference, p.cash_rounding, p.slip)
            for p in payments
        ]
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":"))
    connection.execute(
        """INSERT INTO basket (id, waits_for, name, operator_id, saved_ms, header) VALUES (?,?,?,?,?,?)
         ON CONFLICT (id) DO UPDATE SET waits_for = excluded.waits_for, name = excluded.name,
         operator_id = excluded.operator_id, saved_ms = excluded.saved_ms, header = excluded.header""",
        (basket_id, waits_for or "", basket.name, operator_id, now_ms, text),
    )
    if changed:
        connection.executemany(
            "INSERT INTO basket_line VALUES (?,?,?) ON CONFLICT DO UPDATE SET body = excluded.body",
            [(basket_id, line.no, _dump(line)) for line in changed],
        )


def load(connection: Connection, basket_id: int) -> Basket | None:
    """A saved basket, whole."""
    row = next(connection.execute("SELECT header FROM basket WHERE id = ?", (basket_id,)), None)
    if row is None:
        return None
    header = json.loads(row[0])
    header.pop("payments", None)
    query = "SELECT body FROM basket_line WHERE basket_id = ? ORDER BY no"
    lines = tuple(_read(text) for (text,) in connection.execute(query, (basket_id,)))
    trail = tuple(Change(*values) for values in header.pop("trail"))
    return Basket(lines=lines, trail=trail, **header)


def payments(connection: Connection, basket_id: int, tenders: Tenders = TENDERS) -> tuple[Payment, ...]:
    """What had been paid of a saved basket before the till stopped."""
    row = next(connection.execute("SELECT header FROM basket WHERE id = ?", (basket_id,)), None)
    rows = json.loads(row[0]).get("payments", []) if row else []
    return tuple(
        Payment(tenders.of(key), amount, given, change, reference, cash_rounding, tuple(slip))
        for key, amount, given, change, reference, cash_rounding, slip in rows
    )


def open_basket(connection: Connection) -> tuple[int, Basket] | None:
    """The basket that was open when the till stopped, if any."""
    row = next(
        connection.execute("SELECT id FROM basket WHERE waits_for = '' ORDER BY id DESC LIMIT 1"), None
    )
    if row is None:
        return None
    basket = load(connection, row[0])
    return (row[0], basket) if basket is not None else None


def parked(connection: Connection) -> list[Parked]:
    """Parked baskets, oldest first."""
    query = """SELECT b.id, b.name, b.saved_ms, b.operator_id,
     (SELECT count(*) FROM basket_line l WHERE l.basket_id = b.id), json_extract(b.header, '$.subtotal'),
     b.waits_for FROM basket b WHERE b.waits_for <> '' ORDER BY b.saved_ms, b.id"""
    return [
        Parked(number, name, saved_ms, operator_id, lines, subtotal, WaitsFor(waits_for))
        for number, name, saved_ms, operator_id, lines, subtotal, waits_for in connection.execute(query)
    ]


def discard(connection: Connection, basket_id: int) -> None:
    """Forget a saved basket. Runs in the caller's transaction."""
    connection.execute("DELETE FROM basket WHERE id = ?", (basket_id,))


def next_id(connection: Connection) -> int:
    """A basket number that is not in use."""
    return int(next(connection.execute("SELECT coalesce(max(id), 0) + 1 FROM basket"))[0])


def _dump(line: Line) -> str:
    values = {name: getattr(line, name) for name in _LINE_FIELDS}
    kept = {name: value for name, value in values.items() if _LINE_DEFAULTS.get(name, ...) != value}
    if "kind" in kept:
        kept["kind"] = kept["kind"].key
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def _read(text: str) -> Line:
    values = json.loads(text)
    for name, kind in (("deed", Deed), ("entry", Entry), ("price_by", PriceBy)):
        if name in values:
            values[name] = kind(values[name])
    if "kind" in values:
        values["kind"] = LINE_KINDS[values["kind"]]
    return Line(**values)
