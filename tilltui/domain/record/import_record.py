"""A product list came in."""

from __future__ import annotations

from tilltui.domain.frozen import frozen
from tilltui.domain.record.fields import Body, Fields
from tilltui.domain.record.kinds import RecordKind
from tilltui.domain.record.stamp import Stamp


@frozen
class ImportRecord:
    """A product list came in and changed something.

    Attributes:
        stamp: What every record says of itself.
        file: Name of the file.
        added: Products that are new.
        changed: Products that are not as before.
    """

    stamp: Stamp
    file: str
    added: int
    changed: int

    @classmethod
    def parse(cls, body: Body) -> ImportRecord:
        """Read the body of a record of kind ``import``; raises ``RecordDamaged``."""
        said = Fields.of(body, RecordKind.IMPORT)
        return cls(Stamp.of(said), said.text("file"), said.count("added"), said.count("changed"))
