"""An operator's PIN was set or taken away."""

from __future__ import annotations

from tilltui.domain.frozen import frozen
from tilltui.domain.record.fields import Body, Fields
from tilltui.domain.record.kinds import RecordKind
from tilltui.domain.record.stamp import Stamp


@frozen
class PinChangeRecord:
    """An operator's PIN was set or taken away.

    Attributes:
        stamp: What every record says of itself.
        operator: Whose, their row.
        there: There is one now.
        mark: Of the PIN (``store.people.operators.pin_mark``); empty where there is none.
        by: ``till``, or the user of the machine who did it from outside.
    """

    stamp: Stamp
    operator: int
    there: bool
    mark: str
    by: str

    @classmethod
    def parse(cls, body: Body) -> PinChangeRecord:
        """Read the body of a record of kind ``pin``; raises ``RecordDamaged``."""
        said = Fields.of(body, RecordKind.PIN)
        return cls(
            Stamp.of(said), said.whole("operator"), said.flag("set"), said.text("mark"), said.text("by")
        )
