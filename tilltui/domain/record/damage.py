"""What is said of a record that is not what its kind wants."""

from __future__ import annotations

import reprlib

from tilltui.domain.text import clean
from tilltui.errors import N_, TillError

MAX_GOT = 40
"""Most characters that are quoted of what stands in a record."""

_MAX_DIGITS = 64
"""Bits of the largest whole number that is quoted."""

NOTHING = object()
"""Stands for a member that is not there."""


class RecordDamaged(TillError):
    """A record's body is not what its kind wants; it says where, what was expected and what is there.

    Attributes:
        key: Where, as in ``sale.payments[0].amount``.
        expected: English words, marked for translation.
        got: What stands there, shortened.
    """

    title = N_("A record of the journal is damaged")

    def __init__(self, key: str, expected: str, got: object) -> None:
        self.key = key
        self.expected = expected
        self.got = quoted(got)
        super().__init__(
            N_("{key} cannot be read: expected {expected}, got {got}."),
            hint=N_("Run 'tilltui audit': it says what else is wrong. Then restore the last good backup."),
            key=key,
            expected=expected,
            got=self.got,
        )


def quoted(got: object) -> str:
    """What stands in a record, in at most ``MAX_GOT`` characters.

    >>> quoted([1, "a" * 100])
    "[1, 'aaaaaaaaaaaa...aaaaaaaaaaaaa']"
    """
    if got is NOTHING:
        return N_("nothing")
    if isinstance(got, int) and got.bit_length() > _MAX_DIGITS:
        return N_("a number without end")  # Python refuses to write the longest ones out
    return clean(reprlib.repr(got), MAX_GOT)
