"""The records that say what stands beside the sales, read in one pass: enrolment, Z, changes of PINs."""

from __future__ import annotations

from dataclasses import field

from tilltui.domain.frozen import frozen
from tilltui.domain.record.any_record import parse_record
from tilltui.domain.record.damage import RecordDamaged
from tilltui.domain.record.kinds import RecordKind
from tilltui.domain.record.pin_record import PinChangeRecord
from tilltui.domain.record.shift_record import ZRecord
from tilltui.store.audit.finding import Finding, damaged
from tilltui.store.file.engine import Connection

_PARTS = {RecordKind.Z: "shift", RecordKind.PIN: "person"}
"""What a record that cannot be read is of, as ``Finding.part``; every other is of the chain."""

_SAID = (RecordKind.SALE, RecordKind.RETURN, RecordKind.CARD)
"""Kinds that are read, and told of where they are damaged, with what they say."""


@frozen
class Said:
    """What the journal says beside the sales.

    Attributes:
        enrolled_ms: When the till was enrolled; ``None``: never.
        zs: Number in the journal and content of each Z record, oldest first.
        pins: By operator the mark of the PIN that was set last (``operators.pin_mark``).
        damaged: Records of all these that cannot be read.
    """

    enrolled_ms: int | None = None
    zs: list[tuple[int, ZRecord]] = field(default_factory=list)
    pins: dict[int, str] = field(default_factory=dict)
    damaged: list[Finding] = field(default_factory=list)


def said_of_the_rest(connection: Connection) -> Said:
    """Read them all; a record that cannot be read is among the damaged, and left out."""
    enrolled_ms: int | None = None
    said = Said()
    query = "SELECT seq, kind, created_ms, body FROM journal WHERE kind NOT IN (?, ?, ?) ORDER BY seq"
    for seq, kind, created_ms, data in connection.execute(query, _SAID):
        if kind == RecordKind.ENROL:
            enrolled_ms = created_ms if enrolled_ms is None else enrolled_ms
        try:
            record = parse_record(kind, data)
        except RecordDamaged as error:
            said.damaged.append(damaged(_PARTS.get(kind, "chain"), seq, error))
            continue
        if isinstance(record, PinChangeRecord):
            said.pins[record.operator] = record.mark
        elif isinstance(record, ZRecord):
            said.zs.append((seq, record))
    return Said(enrolled_ms, said.zs, said.pins, said.damaged)
