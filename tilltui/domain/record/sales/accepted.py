"""A sale that is on disk."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any

from tilltui.domain.frozen import frozen

if TYPE_CHECKING:
    from tilltui.domain.record.sales.sale_record import SaleRecord


@frozen
class Accepted:
    """A sale that is on disk.

    Attributes:
        uuid: Its public identity.
        seq: Its record in the journal.
        sale_id: Its number at the till.
        number: The same as printed.
        job_id: The receipt's print job, or ``None``.
        body: The journal body, as ``domain.record.sales.closing.body`` made it; ``record`` is what it says.
    """

    uuid: str
    seq: int
    sale_id: int
    number: str
    job_id: int | None
    body: dict[str, Any]
    _record: SaleRecord | None = field(default=None, repr=False, compare=False)

    @property
    def record(self) -> SaleRecord:
        """What the sale's record says; read when it is first asked for, not in the sale's transaction."""
        record = self._record
        if record is None:
            from tilltui.domain.record.sales.sale_record import SaleRecord

            record = SaleRecord.parse(self.body)
            object.__setattr__(self, "_record", record)
        return record
