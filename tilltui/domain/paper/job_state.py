"""How a print job stands."""

from __future__ import annotations

import enum


class JobState(enum.StrEnum):
    """How a print job stands."""

    QUEUED = "queued"
    BLOCKED = "blocked"
    """Its printer answers and cannot work: no paper, an open cover."""
    SENDING = "sending"
    """Said before its first byte leaves: from here on it is never sent again by itself."""
    CONFIRMED = "confirmed"
    """The printer said that it has printed it."""
    SENT_UNCONFIRMED = "sent_unconfirmed"
    """All of it was sent to a printer that does not tell."""
    UNCERTAIN = "uncertain"
    """Nobody knows whether it came out: a person looks at the paper."""
    CANCELLED = "cancelled"

    @property
    def waits(self) -> bool:
        """Nothing of it has left for the printer: it may be cancelled, or tried again."""
        return self in _WAIT

    @property
    def open(self) -> bool:
        """Somebody has still to do something about it: its printer, or a person."""
        return self in _OPEN

    @property
    def ended(self) -> bool:
        """Its printer is done with it, however it went; a person may have to look all the same."""
        return self in _ENDED

    @property
    def printed(self) -> bool:
        """It counts as being on paper."""
        return self in _PRINTED


_WAIT = (JobState.QUEUED, JobState.BLOCKED)
_PRINTED = (JobState.CONFIRMED, JobState.SENT_UNCONFIRMED)
_OPEN = (*_WAIT, JobState.SENDING, JobState.UNCERTAIN)
_ENDED = (*_PRINTED, JobState.UNCERTAIN, JobState.CANCELLED)
