"""A sale that is on disk."""

from __future__ import annotations

from typing import Any

from tilltui.domain.frozen import frozen


@frozen
class Accepted:
    """A sale that is on disk.

    Attributes:
        uuid: Its public identity.
        seq: Its record in the journal.
        sale_id: Its number at the till.
        number: The same as printed.
        job_id: The receipt's print job, or ``None``.
        body: The journal body.
    """

    uuid: str
    seq: int
    sale_id: int
    number: str
    job_id: int | None
    body: dict[str, Any]
