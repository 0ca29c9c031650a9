"""Records of the till itself: how it began, what it was copied from, and its clock."""

from __future__ import annotations

from tilltui.domain.frozen import frozen
from tilltui.domain.record.fields import Body, Fields
from tilltui.domain.record.kinds import RecordKind
from tilltui.domain.record.stamp import Stamp


@frozen
class EnrolRecord:
    """The till's first record.

    Attributes:
        stamp: What every record says of itself.
        till: Number of the till.
    """

    stamp: Stamp
    till: str

    @classmethod
    def parse(cls, body: Body) -> EnrolRecord:
        """Read the body of a record of kind ``enrol``; raises ``RecordDamaged``."""
        said = Fields.of(body, RecordKind.ENROL)
        return cls(Stamp.of(said), said.text("till"))


@frozen
class EpochRecord:
    """The database is a copy of what another was: the records from here on have a new epoch.

    Attributes:
        stamp: What every record says of itself.
        why: ``restore``, ``clone`` ...
        was_epoch: Of the records before, 16 hexadecimal digits.
        was_seq: Number of the last one of them.
        was_hash: Its hash, 64 hexadecimal digits.
        was_sales: Number of the last sale in them.
    """

    stamp: Stamp
    why: str
    was_epoch: str
    was_seq: int
    was_hash: str
    was_sales: int

    @classmethod
    def parse(cls, body: Body) -> EpochRecord:
        """Read the body of a record of kind ``epoch``; raises ``RecordDamaged``."""
        said = Fields.of(body, RecordKind.EPOCH)
        return cls(
            Stamp.of(said),
            said.text("why"),
            said.text("was_epoch"),
            said.count("was_seq"),
            said.text("was_hash"),
            said.count("was_sales"),
        )


@frozen
class ClockRecord:
    """The clock was set back.

    Attributes:
        stamp: What every record says of itself; its time goes on from the record before.
        was_ms: Time of the record before, UTC milliseconds.
        is_ms: What the clock says now.
    """

    stamp: Stamp
    was_ms: int
    is_ms: int

    @classmethod
    def parse(cls, body: Body) -> ClockRecord:
        """Read the body of a record of kind ``clock``; raises ``RecordDamaged``."""
        said = Fields.of(body, RecordKind.CLOCK)
        return cls(Stamp.of(said), said.moment("was_ms"), said.moment("is_ms"))
