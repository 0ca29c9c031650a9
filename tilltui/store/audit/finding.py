"""What the audit says of something that is wrong."""

from __future__ import annotations

from dataclasses import field
from typing import Any

from tilltui.domain.frozen import frozen


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
