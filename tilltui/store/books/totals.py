"""X and Z: totals that were kept sale by sale, so a report is one small read at any size."""

from __future__ import annotations

from typing import Any

from tilltui.domain.frozen import frozen
from tilltui.store.books.journal import append, read_head
from tilltui.store.books.z_marks import z_marks
from tilltui.store.file.engine import Connection
from tilltui.store.goods.catalogue import refresh_popular
from tilltui.store.selling import baskets


@frozen
class TotalRow:
    """One kept total.

    Attributes:
        kind: ``sale``, ``return``, ``apart``, ``tender``, ``tax``, ``discount``, ``void``, ``rounding``,
            ``change``, ``category``.
        key: Tender, tax, category, or kind of line of what is no revenue.
        count: How many sales or lines.
        quantity: Thousandths; for a tax its base in minor units.
        amount: Minor units.
    """

    kind: str
    key: str
    count: int
    quantity: int
    amount: int


@frozen
class Shift:
    """A shift.

    Attributes:
        id: Its number.
        opened_ms: UTC milliseconds.
        operator_id: Who opened it.
        closed_ms: UTC milliseconds, or ``None`` while it is open.
    """

    id: int
    opened_ms: int
    operator_id: int
    closed_ms: int | None


def current_shift(connection: Connection) -> Shift | None:
    """The open shift."""
    query = """SELECT id, opened_ms, operator_id, closed_ms FROM shift WHERE closed_ms IS NULL
     ORDER BY id DESC LIMIT 1"""
    for row in connection.execute(query):
        return Shift(*row)
    return None


def open_shift(connection: Connection, operator_id: int, now_ms: int) -> Shift:
    """Begin a shift. Runs in the caller's transaction."""
    connection.execute("INSERT INTO shift (opened_ms, operator_id) VALUES (?, ?)", (now_ms, operator_id))
    return Shift(connection.last_insert_rowid(), now_ms, operator_id, None)


def shift_totals(connection: Connection, shift_id: int) -> list[TotalRow]:
    """Totals of a shift over its days."""
    query = """SELECT kind, key, sum(count), sum(quantity), sum(amount) FROM day_total WHERE shift_id = ?
     GROUP BY kind, key ORDER BY kind, key"""
    return [TotalRow(*row) for row in connection.execute(query, (shift_id,))]


def x_body(connection: Connection, now_ms: int, operator: tuple[int, str]) -> dict[str, Any]:
    """The totals of the open shift so far, in the shape of a Z record."""
    shift = current_shift(connection)
    rows = shift_totals(connection, shift.id) if shift else []
    parked = baskets.parked(connection)
    return {
        "kind": "x",
        "shift": shift.id if shift else 0,
        "opened_ms": shift.opened_ms if shift else now_ms,
        "closed_ms": now_ms,
        "operator": list(operator),
        "totals": [[r.kind, r.key, r.count, r.quantity, r.amount] for r in rows],
        "parked": [len(parked), sum(basket.subtotal for basket in parked)],
        "grand_total": read_head(connection).grand_total,
    }


def close_shift(
    connection: Connection, now_ms: int, operator: tuple[int, str], *, day: str, offset_min: int
) -> dict[str, Any]:
    """Close the open shift with a Z record and begin the next. Runs in the caller's transaction.

    Returns:
        The body of the Z record, with its number.
    """
    body = x_body(connection, now_ms, operator) | {"kind": "z", "day": day, "offset_min": offset_min}
    count = next(connection.execute("SELECT coalesce(max(value + 0), 0) FROM meta WHERE key = 'z'"))[0]
    body["number"] = int(count) + 1
    connection.execute(
        "INSERT INTO meta VALUES ('z', ?) ON CONFLICT DO UPDATE SET value = excluded.value",
        (str(body["number"]),),
    )
    body |= z_marks(connection)
    head = append(connection, "z", body, now_ms)
    connection.execute("UPDATE shift SET closed_ms = ? WHERE id = ?", (now_ms, body["shift"]))
    open_shift(connection, operator[0], now_ms)
    refresh_popular(connection)
    return body | {"seq": head.seq}
