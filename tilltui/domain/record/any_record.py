"""A record of whatever kind, read as what its kind is.

>>> body = b'{"created_ms":1,"grand_total":0,"sales":0,"till":"1","uuid":"u"}'
>>> parse_record("enrol", body).till
'1'
"""

from __future__ import annotations

from collections.abc import Callable

from tilltui.domain.frozen import frozen
from tilltui.domain.record.card_record import CardRecord
from tilltui.domain.record.drawer_record import DrawerRecord
from tilltui.domain.record.fields import Body
from tilltui.domain.record.import_record import ImportRecord
from tilltui.domain.record.kinds import RecordKind
from tilltui.domain.record.pin_record import PinChangeRecord
from tilltui.domain.record.sales.sale_record import SaleRecord
from tilltui.domain.record.shift_record import ZRecord
from tilltui.domain.record.stamp import Stamp
from tilltui.domain.record.till_records import ClockRecord, EnrolRecord, EpochRecord


@frozen
class OtherRecord:
    """A record of a kind that only a newer till knows.

    Attributes:
        stamp: What every record says of itself.
        kind: Its kind.
    """

    stamp: Stamp
    kind: str


Record = (
    SaleRecord
    | ZRecord
    | DrawerRecord
    | ImportRecord
    | PinChangeRecord
    | CardRecord
    | EnrolRecord
    | EpochRecord
    | ClockRecord
    | OtherRecord
)

_PARSE: dict[str, Callable[[Body], Record]] = {
    RecordKind.SALE: SaleRecord.parse,
    RecordKind.RETURN: SaleRecord.parse,
    RecordKind.Z: ZRecord.parse,
    RecordKind.DRAWER: DrawerRecord.parse,
    RecordKind.IMPORT: ImportRecord.parse,
    RecordKind.PIN: PinChangeRecord.parse,
    RecordKind.CARD: CardRecord.parse,
    RecordKind.ENROL: EnrolRecord.parse,
    RecordKind.EPOCH: EpochRecord.parse,
    RecordKind.CLOCK: ClockRecord.parse,
}


def parse_record(kind: str, body: Body) -> Record:
    """Read a record.

    Args:
        kind: As it stands beside the body: a ``RecordKind``, or another of a newer till.
        body: The journal's bytes, or what they say.

    Raises:
        RecordDamaged: The body is not what its kind wants.
    """
    parse = _PARSE.get(kind)
    return parse(body) if parse is not None else OtherRecord(Stamp.parse(body, kind), kind)
