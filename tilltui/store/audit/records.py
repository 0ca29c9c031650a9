"""The records that say what stands beside the sales, read in one pass: enrolment, Z, changes of PINs."""

from __future__ import annotations

import json
from dataclasses import field
from typing import Any

from tilltui.domain.frozen import frozen
from tilltui.store.file.engine import Connection


@frozen
class ZRecord:
    """What a Z record says.

    Attributes:
        seq: Its number in the journal.
        number: The Z's own, from 1.
        shift: The shift that it closed.
        opened_ms: When that was opened.
        closed_ms: When it was closed, and the next opened.
        operator_id: Who closed it.
        totals: Kind, key, count, quantity and amount of each total.
        body: All of it.
    """

    seq: int
    number: int
    shift: int
    opened_ms: int
    closed_ms: int
    operator_id: int
    totals: list[list[Any]]
    body: dict[str, Any]


@frozen
class Said:
    """What the journal says beside the sales.

    Attributes:
        enrolled_ms: When the till was enrolled; ``None``: never.
        zs: The Z records, oldest first.
        pins: By operator the mark of the PIN that was set last (``operators.pin_mark``).
    """

    enrolled_ms: int | None = None
    zs: list[ZRecord] = field(default_factory=list)
    pins: dict[int, str] = field(default_factory=dict)


def said_beside(connection: Connection) -> Said:
    """Read them; a record that cannot be read is left out, for the chain tells of it."""
    enrolled_ms: int | None = None
    zs: list[ZRecord] = []
    pins: dict[int, str] = {}
    query = "SELECT seq, kind, created_ms, body FROM journal WHERE kind IN ('enrol', 'z', 'pin') ORDER BY seq"
    for seq, kind, created_ms, data in connection.execute(query):
        body = _parsed(data)
        if kind == "enrol":
            enrolled_ms = created_ms if enrolled_ms is None else enrolled_ms
        elif kind == "pin":
            if type(operator := body.get("operator")) is int:
                pins[operator] = str(body.get("mark", ""))
        elif (z := _z(seq, body)) is not None:
            zs.append(z)
    return Said(enrolled_ms, zs, pins)


def _parsed(data: bytes) -> dict[str, Any]:
    """A record's body; nothing where it is no longer JSON."""
    try:
        body = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _z(seq: int, body: dict[str, Any]) -> ZRecord | None:
    operator, totals = body.get("operator"), body.get("totals")
    values = [body.get(name) for name in ("number", "shift", "opened_ms", "closed_ms")]
    values.append(operator[0] if isinstance(operator, list) and operator else None)
    if not isinstance(totals, list) or not all(type(value) is int for value in values):
        return None
    number, shift, opened_ms, closed_ms, operator_id = (int(value) for value in values if value is not None)
    return ZRecord(seq, number, shift, opened_ms, closed_ms, operator_id, totals, body)
