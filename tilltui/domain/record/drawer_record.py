"""The drawer was opened without a sale."""

from __future__ import annotations

from tilltui.domain.frozen import frozen
from tilltui.domain.record.fields import Body, Fields
from tilltui.domain.record.kinds import RecordKind
from tilltui.domain.record.person import Person
from tilltui.domain.record.stamp import Stamp


@frozen
class DrawerRecord:
    """The drawer was opened without a sale.

    Attributes:
        stamp: What every record says of itself.
        reason: In the cashier's words.
        operator: Who opened it.
        drawer: The shop's own name of it.
        at_ms: When, UTC milliseconds.
    """

    stamp: Stamp
    reason: str
    operator: Person
    drawer: str
    at_ms: int

    @classmethod
    def parse(cls, body: Body) -> DrawerRecord:
        """Read the body of a record of kind ``drawer``; raises ``RecordDamaged``."""
        said = Fields.of(body, RecordKind.DRAWER)
        return cls(
            Stamp.of(said),
            said.text("reason"),
            said.person("operator"),
            said.text("drawer"),
            said.moment("at_ms"),
        )
