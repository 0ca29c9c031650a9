"""What the audit says of something that is wrong."""

from __future__ import annotations

from dataclasses import field
from typing import Any

from tilltui.domain.frozen import frozen
from tilltui.domain.record.damage import RecordDamaged
from tilltui.errors import N_


@frozen
class Finding:
    """Something that is wrong.

    Attributes:
        part: ``file``, ``chain``, ``sale``, ``totals``, ``shift``, ``person``, ``scans``, ``sent``,
            ``paper`` or ``card``.
        message: English text with ``{named}`` fields, marked for translation.
        fields: Values for the fields.
    """

    part: str
    message: str
    fields: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message.format(**self.fields)


def damaged(part: str, seq: int, error: RecordDamaged) -> Finding:
    """What is said of a record that cannot be read.

    Args:
        part: What the record is of, as ``Finding.part``.
        seq: Its number in the journal.
        error: What is wrong with it.
    """
    return Finding(
        part,
        N_("Record {seq}: {key} cannot be read: expected {expected}, got {got}."),
        {"seq": seq, "key": error.key, "expected": error.expected, "got": error.got},
    )
