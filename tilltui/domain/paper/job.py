"""A print job, as it is kept."""

from __future__ import annotations

from typing import Any

from tilltui.domain.frozen import frozen
from tilltui.domain.paper.job_state import JobState
from tilltui.domain.paper.paper_kind import PaperKind


@frozen
class JobRow:
    """One print job as stored.

    Attributes:
        id: Row.
        printer: The shop's own name of the printer.
        kind: A ``PaperKind``, or another one of a newer till.
        title: For the cashier: the sale's number.
        seq: Journal record that it prints, or ``None``.
        copy_no: 0 for the first, 1 for the first copy ...
        doc: Elements as ``domain.paper.elements.to_data`` gives them; ``None``: the record is the document.
        state: How it stands.
        attempts: How often it was begun.
        reason: Why it is blocked, uncertain or cancelled.
        created_ms: UTC milliseconds.
    """

    id: int
    printer: str
    kind: str
    title: str
    seq: int | None
    copy_no: int
    doc: list[list[Any]] | None
    state: JobState
    attempts: int
    reason: str
    created_ms: int


@frozen
class NewJob:
    """A paper of a sale beside its receipt, to be queued with it.

    Attributes:
        printer: The shop's own name of the printer.
        kind: ``COPY``, ``GIFT`` or ``ORDER``.
        copy_no: 0 for the first, 1 for the first copy ...
    """

    printer: str
    kind: PaperKind
    copy_no: int = 0
