"""What every record says of itself."""

from __future__ import annotations

from typing import Any

from tilltui.domain.frozen import frozen
from tilltui.domain.record.fields import Body, Fields
from tilltui.domain.record.kinds import SALES
from tilltui.domain.record.sales.number import SaleNumber
from tilltui.errors import N_


@frozen
class Stamp:
    """What every record says of itself, whatever its kind.

    Attributes:
        uuid: Public identity (UUIDv7).
        grand_total: Sum of all sales of the till up to this record, returns taken off, minor units.
        created_ms: When it was written, UTC milliseconds; never earlier than the record before.
        sales: Number of the till's last sale.
        clock_ms: What the clock said then, which may have been set back: UTC milliseconds.
    """

    uuid: str
    grand_total: int
    created_ms: int
    sales: int
    clock_ms: int

    @classmethod
    def parse(cls, body: Body, kind: str) -> Stamp:
        """Read it of a record of whatever kind.

        Raises:
            RecordDamaged: It is not there, or not whole.
        """
        return cls.of(Fields.of(body, kind))

    @classmethod
    def of(cls, fields: Fields) -> Stamp:
        """Read it of a record's members."""
        if fields.where not in SALES:
            created_ms, sales = fields.moment("created_ms"), fields.count("sales")
        else:
            # A sale says both by members of its own, unless they differ.
            created_ms = fields.moment("created_ms" if "created_ms" in fields.values else "closed_ms")
            sales = fields.count("sales", _sale(fields))
        clock_ms = fields.moment("is_ms", fields.moment("closed_ms", created_ms))
        return cls(fields.text("uuid"), fields.whole("grand_total"), created_ms, sales, clock_ms)


def put_stamp(
    body: dict[str, Any], kind: str, uuid: str, created_ms: int, sales: int, grand_total: int
) -> None:
    """Put into a body what ``Stamp`` reads of it; a sale says its number and, if it is the same, its time.

    Args:
        body: Of the record to come.
        kind: Of the record.
        uuid: Public identity.
        created_ms: UTC milliseconds.
        sales: Number of the last sale, this one's if it is one.
        grand_total: Minor units.
    """
    body |= {"uuid": uuid, "grand_total": grand_total}
    sale = kind in SALES
    if not sale or body.get("closed_ms") != created_ms:
        body["created_ms"] = created_ms
    if not sale or "number" not in body:
        body["sales"] = sales


def _sale(fields: Fields) -> int:
    """The number of a sale at its till."""
    found = SaleNumber.read(fields.text("number"))
    if found is None:
        raise fields.damaged("number", N_("a number such as 1-000123"))
    return found.sale
