"""What a shift came to: an X shows it, the record of a Z keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tilltui.domain.frozen import frozen
from tilltui.domain.record.fields import Body, Fields
from tilltui.domain.record.kinds import RecordKind
from tilltui.domain.record.person import Person
from tilltui.domain.record.stamp import Stamp

X = "x"
"""Kind of a report that closes nothing; it is never kept."""

_TOTAL = ("kind", "key", "count", "quantity", "amount")
_PARKED = ("count", "amount")
_BAD_SCANS = ("after", "last", "hash")


@frozen
class ShiftTotal:
    """One sum over the sales of a shift.

    Attributes:
        kind: A ``TotalKind``, or another one of a newer till.
        key: Tender, tax, category or what a discount was on; empty where the kind says all.
        count: How many sales or lines.
        quantity: Thousandths; for a tax its base in minor units.
        amount: Minor units.
    """

    kind: str
    key: str
    count: int
    quantity: int
    amount: int

    @classmethod
    def of(cls, row: Fields) -> ShiftTotal:
        """Read one row of ``totals``."""
        return cls(
            row.text("kind"), row.text("key"), row.whole("count"), row.whole("quantity"), row.whole("amount")
        )


@frozen
class ParkedSales:
    """Sales that are set aside and not paid yet.

    Attributes:
        count: How many.
        amount: What they come to, minor units.
    """

    count: int = 0
    amount: int = 0


@frozen
class ShiftReport:
    """What a shift came to, as it stands on an X or a Z.

    Attributes:
        kind: ``X`` or ``RecordKind.Z``.
        number: The Z's own, from 1; 0 on an X.
        shift: Number of the shift; 0: none is open.
        day: Business day, ISO date.
        opened_ms: When the shift was opened, UTC milliseconds.
        closed_ms: When it was closed, or until when an X tells of it.
        offset_min: Minutes east of UTC, for showing the time.
        operator: Who closed it, or asked.
        totals: In no order that means something.
        parked: What was set aside at that moment.
        grand_total: Sum of all sales of the till up to then, minor units.
    """

    kind: str
    number: int
    shift: int
    day: str
    opened_ms: int
    closed_ms: int
    offset_min: int
    operator: Person
    totals: tuple[ShiftTotal, ...]
    parked: ParkedSales
    grand_total: int

    @property
    def closes(self) -> bool:
        """Whether it closed the shift."""
        return self.kind == RecordKind.Z

    def of_kind(self, kind: str) -> tuple[ShiftTotal, ...]:
        """The sums of one kind."""
        return tuple(total for total in self.totals if total.kind == kind)

    def body(self) -> dict[str, Any]:
        """The body that says it: of an X to be shown, of a Z without its marks and its stamp."""
        body: dict[str, Any] = {
            "kind": str(self.kind),
            "shift": self.shift,
            "opened_ms": self.opened_ms,
            "closed_ms": self.closed_ms,
            "operator": [self.operator.id, self.operator.name],
            "totals": [[t.kind, t.key, t.count, t.quantity, t.amount] for t in self.totals],
            "parked": [self.parked.count, self.parked.amount],
            "grand_total": self.grand_total,
            "day": self.day,
            "offset_min": self.offset_min,
        }
        return body | {"number": self.number} if self.closes else body

    @classmethod
    def parse(cls, body: Body) -> ShiftReport:
        """Read the body of an X or a Z.

        Raises:
            RecordDamaged: Something of it is not there, or not what it should be.
        """
        return cls.of(Fields.of(body, RecordKind.Z))

    @classmethod
    def of(cls, said: Fields) -> ShiftReport:
        """Read it of a body's members."""
        kind = said.text("kind")
        if kind not in (X, RecordKind.Z):
            raise said.damaged("kind", f"{X}, {RecordKind.Z}")
        return cls(
            kind=kind,
            number=said.count("number") if kind == RecordKind.Z else 0,
            shift=said.count("shift"),
            day=said.text("day"),
            opened_ms=said.moment("opened_ms"),
            closed_ms=said.moment("closed_ms"),
            offset_min=said.offset("offset_min", 0),
            operator=said.person("operator"),
            totals=tuple(ShiftTotal.of(row) for row in said.rows("totals", _TOTAL)),
            parked=_parked(said),
            grand_total=said.whole("grand_total"),
        )


@frozen
class BadScansMark:
    """What a Z says of the codes that could not be rung since the one before.

    Attributes:
        after: Number of the last one before them.
        last: Number of the last one of them.
        hash: SHA-256 of them, 64 hexadecimal digits.
    """

    after: int
    last: int
    hash: str


@frozen
class ZRecord:
    """The record of a Z: a shift was closed.

    Attributes:
        stamp: What every record says of itself.
        report: What the shift came to.
        bad_scans: The codes that could not be rung; ``None``: it does not say.
        papers: Number of the last print job; ``None``: it does not say.
        sent: By uploader the last record that its receiver is said to have.
    """

    stamp: Stamp
    report: ShiftReport
    bad_scans: BadScansMark | None
    papers: int | None
    sent: Mapping[str, int]

    @property
    def number(self) -> int:
        """The Z's own number, from 1."""
        return self.report.number

    @property
    def shift(self) -> int:
        """The shift that it closed."""
        return self.report.shift

    @classmethod
    def parse(cls, body: Body) -> ZRecord:
        """Read the body of a record of kind ``z``.

        Raises:
            RecordDamaged: Something of it is not there, or not what it should be.
        """
        said = Fields.of(body, RecordKind.Z)
        report = ShiftReport.of(said)
        if not report.closes:
            raise said.damaged("kind", RecordKind.Z)
        return cls(
            stamp=Stamp.of(said),
            report=report,
            bad_scans=_bad_scans(said),
            papers=said.number_or_none("papers"),
            sent=said.numbers_by_name("sent") if "sent" in said.values else {},
        )


def _parked(said: Fields) -> ParkedSales:
    if "parked" not in said.values:
        return ParkedSales()
    row = said.row("parked", _PARKED)
    return ParkedSales(row.count("count"), row.whole("amount"))


def _bad_scans(said: Fields) -> BadScansMark | None:
    if "bad_scans" not in said.values:
        return None
    row = said.row("bad_scans", _BAD_SCANS)
    return BadScansMark(row.count("after"), row.count("last"), row.text("hash"))
