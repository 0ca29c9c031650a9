"""The PIN that unlocks the till: a salted scrypt hash, and a count of wrong ones that survives a power cut.

A PIN of four digits does not withstand somebody who has the file; it keeps a customer's hand off a till that
nobody watches. Each try is counted on disk before it is answered, and each wrong one doubles the wait.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import math
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import replace

from tilltui.domain.clock import now_ms
from tilltui.domain.frozen import frozen
from tilltui.errors import N_, SaleError
from tilltui.store.file.store import Store
from tilltui.store.people import operators

log = logging.getLogger(__name__)

SHORTEST, LONGEST = 4, 12
"""Digits of a PIN."""

MOST_SECONDS = 300
"""Longest wait after a wrong PIN."""

AT_TILL = "till"
"""Who changed a PIN, where it was the operator at the till, who knew the old one."""

COST = 2**14
"""``n`` of scrypt with ``r`` = 8 and ``p`` = 1: 16 MiB for a moment (RFC 7914)."""


@frozen
class PinRecord:
    """A PIN as it is kept: ``scrypt:16384:SALT:HASH:WRONG``.

    Attributes:
        cost: ``n`` of scrypt.
        salt: Random bytes.
        key: The hash.
        wrong: Tries since the last right one.
    """

    cost: int
    salt: bytes
    key: bytes
    wrong: int = 0

    @classmethod
    def of(cls, pin: str) -> PinRecord:
        """Make the record of a new PIN."""
        salt = secrets.token_bytes(16)
        return cls(COST, salt, _hash(pin, salt, COST))

    @classmethod
    def parse(cls, text: str) -> PinRecord:
        """Read a record.

        Raises:
            ValueError: It is none.
        """
        name, cost, salt, key, wrong = text.split(":")
        if name != "scrypt" or not 2 <= int(cost) <= 2**20:
            raise ValueError(f"Failed to read {text[:12]!r} as a PIN record: expected scrypt:COST:...")
        return cls(int(cost), bytes.fromhex(salt), bytes.fromhex(key), int(wrong))

    def text(self) -> str:
        """Write the record."""
        return f"scrypt:{self.cost}:{self.salt.hex()}:{self.key.hex()}:{self.wrong}"

    def matches(self, pin: str) -> bool:
        """Whether it is the PIN; takes as long as ``cost`` says."""
        return hmac.compare_digest(_hash(pin, self.salt, self.cost), self.key)


def _hash(pin: str, salt: bytes, cost: int) -> bytes:
    return hashlib.scrypt(pin.encode(), salt=salt, n=cost, r=8, p=1, maxmem=64 * 1024 * 1024, dklen=32)


def checked_pin(text: str) -> str:
    """A new PIN.

    Raises:
        SaleError: It is not of 4 to 12 digits.
    """
    text = text.strip()
    if not (text.isascii() and text.isdigit() and SHORTEST <= len(text) <= LONGEST):
        raise SaleError(
            N_("A PIN has {shortest} to {longest} digits."),
            hint=N_("Key digits only."),
            shortest=SHORTEST,
            longest=LONGEST,
        )
    return text


def delay(wrong: int) -> int:
    """Seconds to wait after that many wrong tries.

    >>> [delay(wrong) for wrong in (0, 1, 2, 3, 20)]
    [0, 2, 4, 8, 300]
    """
    return min(MOST_SECONDS, 2 ** min(wrong, 10)) if wrong else 0


class Pins:
    """The PINs of a till's operators.

    Args:
        store: Where they are kept.
        clock: ``time.monotonic`` or a test's; after a start the whole wait begins anew.
    """

    def __init__(self, store: Store, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._last_try = clock()
        self._one_at_a_time = threading.Lock()

    def has(self, operator_id: int) -> bool:
        """Whether the operator has a PIN; never waits."""
        return bool(operators.pin_text(self._store.reader, operator_id))

    def waits(self, operator_id: int) -> int:
        """Whole seconds until the next try is looked at."""
        record = self._record(operator_id)
        if record is None or not record.wrong:
            return 0
        return max(0, math.ceil(delay(record.wrong) - self._clock() + self._last_try))

    def check(self, operator_id: int, pin: str) -> bool:
        """Whether it is the operator's PIN; blocks for the hash and the disk.

        A try during the wait is not looked at: it is wrong, and does not make the wait longer.

        Raises:
            StoreError: The try could not be counted, so it is not answered.
        """
        with self._one_at_a_time:
            record = self._record(operator_id)
            if record is None:
                return True
            if self.waits(operator_id):
                return False
            self._keep(operator_id, replace(record, wrong=record.wrong + 1))
            right = record.matches(pin)
            self._last_try = self._clock()
            if right:
                self._keep(operator_id, replace(record, wrong=0))
            else:
                log.warning("wrong PIN of operator %d, try %d", operator_id, record.wrong + 1)
            return right

    def change(self, operator_id: int, old: str, new: str) -> None:
        """Set, change or, with an empty new one, take away the operator's PIN; blocks as ``check``.

        Raises:
            SaleError: The old PIN is wrong, or the new one is none.
        """
        if new:
            checked_pin(new)
        if not self.check(operator_id, old):
            raise SaleError(
                N_("The old PIN is wrong."),
                hint=N_("Wait {seconds} seconds, then try again."),
                seconds=self.waits(operator_id),
            )
        self._change(operator_id, new, AT_TILL)

    def reset(self, operator_id: int, new: str, by: str) -> None:
        """Set or, with an empty one, take away a PIN without knowing the old one; ends its wait. Blocks.

        For ``tilltui pin`` at the closed till: who may write the sales file may do this.

        Args:
            operator_id: Whose.
            new: The PIN; empty for none.
            by: Who does it, for the journal.

        Raises:
            SaleError: There is no such operator, or it is no PIN.
        """
        if new:
            checked_pin(new)
        self.check_operator(operator_id)
        self._change(operator_id, new, by)

    def check_operator(self, operator_id: int) -> None:
        """Raise ``SaleError`` where there is no such operator."""
        if not operators.exists(self._store.reader, operator_id):
            raise SaleError(
                N_("There is no operator {id}."), hint=N_("Name one that the till has."), id=operator_id
            )

    def _change(self, operator_id: int, new: str, by: str) -> None:
        text = PinRecord.of(new).text() if new else ""
        self._store.run(lambda connection: operators.change_pin(connection, operator_id, text, by, now_ms()))
        log.info("the PIN of operator %d was %s by %s", operator_id, "set" if new else "taken away", by)

    def _record(self, operator_id: int) -> PinRecord | None:
        text = operators.pin_text(self._store.reader, operator_id)
        return PinRecord.parse(text) if text else None

    def _keep(self, operator_id: int, record: PinRecord) -> None:
        self._store.run(lambda connection: operators.set_pin_text(connection, operator_id, record.text()))
