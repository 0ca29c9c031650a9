"""The journal: every record hashed with the one before, and the outbox of every uploader.

``head`` holds one row, moved in the same transaction: where the chain stands, how many sales there were, and
what they came to since the till began. Every record carries the same figures in its body, under the hash, so
that the head can be held against them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from tilltui.domain.frozen import frozen
from tilltui.domain.record.damage import RecordDamaged
from tilltui.domain.record.identity import GENESIS, canonical, chain, new_epoch, uuid7
from tilltui.domain.record.kinds import SALES, RecordKind
from tilltui.domain.record.sales.plain_json import sale_json
from tilltui.domain.record.stamp import Stamp, put_stamp
from tilltui.errors import N_, StoreError
from tilltui.ports import OutboxRecord
from tilltui.store.file.engine import Connection

FIRST = -(2**63)
"""Below every record's number, also of one that somebody put in before the first."""

CLOCK_JUMP_MS = 120_000
"""A clock that goes back by more than this is recorded."""


@frozen
class Head:
    """Where the chain stands.

    Attributes:
        till: Number of the till.
        epoch: Of the records to come, 16 hexadecimal digits.
        seq: Number of the last record, 0 before the first.
        hash: Its hash, 64 hexadecimal digits.
        sales: Number of the last sale.
        grand_total: Sum of all sales, minor units.
        last_ms: UTC milliseconds of the last record; never goes back.
    """

    till: str
    epoch: str
    seq: int
    hash: str
    sales: int
    grand_total: int
    last_ms: int


_HEAD = "SELECT till, epoch, seq, hash, sales, grand_total, last_ms FROM head WHERE id = 1"
_HEAD_AND_END = """SELECT (SELECT max(seq) FROM journal), till, epoch, seq, hash, sales, grand_total, last_ms
 FROM head WHERE id = 1"""
_MOVE = "UPDATE head SET seq = ?, hash = ?, sales = ?, grand_total = ?, last_ms = ? WHERE id = 1"
_RECORD = "INSERT INTO journal (seq, epoch, kind, uuid, created_ms, body, hash) VALUES (?, ?, ?, ?, ?, ?, ?)"


def read_head(connection: Connection) -> Head:
    """Where the chain stands now.

    Raises:
        StoreError: The row is not there.
    """
    for till, epoch, seq, digest, sales, grand_total, last_ms in connection.execute(_HEAD):
        return Head(till, epoch, seq, digest.hex(), sales, grand_total, last_ms)
    raise StoreError(
        N_("The journal of sales has lost its head."),
        hint=N_("Restore the last good backup with 'tilltui restore'."),
    )


def enrol(connection: Connection, till: str, now_ms: int) -> None:
    """Begin the chain of a new till."""
    connection.execute(
        """INSERT INTO head (id, till, epoch, seq, hash, sales, grand_total, last_ms)
         VALUES (1, ?, ?, 0, ?, 0, 0, 0)""",
        (till, new_epoch(), bytes.fromhex(GENESIS)),
    )
    append(connection, RecordKind.ENROL, {"till": till}, now_ms)


def append(
    connection: Connection,
    kind: str,
    body: dict[str, Any],
    now_ms: int,
    *,
    uuid: str = "",
    head: Head | None = None,
    sales: int | None = None,
    grand_total: int | None = None,
) -> Head:
    """Write the next record. Runs in the caller's transaction.

    Args:
        connection: The writing connection.
        kind: A ``RecordKind``.
        body: Plain values; ``uuid``, ``created_ms``, ``sales`` and ``grand_total`` are set in it where it
            does not say them already (a sale's ``closed_ms`` and ``number``).
        now_ms: The wall clock; the record never gets an earlier time than the one before.
        uuid: Public identity, made here if not given.
        head: Where the chain stands, if the caller has just read it.
        sales: Number of the last sale after this record.
        grand_total: Grand total after this record.

    Returns:
        Where the chain stands afterwards.
    """
    head = head or read_head(connection)
    seq = head.seq + 1
    created_ms = max(now_ms, head.last_ms + 1)
    sales = head.sales if sales is None else sales
    grand_total = head.grand_total if grand_total is None else grand_total
    uuid = uuid or uuid7(now_ms)
    # The hash covers the body alone; these columns stand in it too, so that none can be altered unseen.
    put_stamp(body, kind, uuid, created_ms, sales, grand_total)
    data = sale_json(body) if kind in SALES else canonical(body)
    digest = chain(head.hash, head.till, head.epoch, seq, kind, data)
    raw = bytes.fromhex(digest)
    connection.execute(_RECORD, (seq, head.epoch, kind, uuid, created_ms, data, raw))
    connection.execute(_MOVE, (seq, raw, sales, grand_total, created_ms))
    return Head(head.till, head.epoch, seq, digest, sales, grand_total, created_ms)


def note_clock(connection: Connection, head: Head, now_ms: int) -> Head:
    """Record a clock that went back since the last record, once."""
    if now_ms >= head.last_ms - CLOCK_JUMP_MS:
        return head
    # Records never go back: after a jump their time runs ahead, and what the clock said stands in the body.
    clock_ms = head.last_ms
    for kind, body in connection.execute("SELECT kind, body FROM journal WHERE seq = ?", (head.seq,)):
        with suppress(RecordDamaged):  # which the chain tells of: a sale goes on all the same
            clock_ms = Stamp.parse(body, kind).clock_ms
    if now_ms >= clock_ms - CLOCK_JUMP_MS:
        return head
    return append(connection, RecordKind.CLOCK, {"was_ms": head.last_ms, "is_ms": now_ms}, now_ms, head=head)


def begin_epoch(connection: Connection, why: str, now_ms: int, *, sales: int | None = None) -> Head:
    """Give the records to come a new epoch: this database is a copy of what another was.

    Args:
        connection: The writing connection.
        why: ``restore``, ``clone`` ...
        now_ms: The wall clock.
        sales: Number of the last sale that the other may have used.
    """
    old = read_head(connection)
    epoch = new_epoch()
    connection.execute("UPDATE head SET epoch = ? WHERE id = 1", (epoch,))
    body = {
        "why": why,
        "was_epoch": old.epoch,
        "was_seq": old.seq,
        "was_hash": old.hash,
        "was_sales": old.sales,
    }
    return append(connection, RecordKind.EPOCH, body, now_ms, sales=sales)


def records(connection: Connection, after: int, limit: int) -> list[OutboxRecord]:
    """Records after a number, oldest first."""
    till = read_head(connection).till
    rows: list[tuple[Any, ...]] = connection.execute(
        """SELECT seq, epoch, kind, uuid, created_ms, body, hash FROM journal WHERE seq >= ?
         ORDER BY seq LIMIT ?""",
        (after, limit + 1),
    ).fetchall()
    prev = GENESIS
    result: list[OutboxRecord] = []
    for seq, epoch, kind, uuid, created_ms, body, digest in rows:
        if seq > after:
            result.append(OutboxRecord(till, epoch, seq, uuid, kind, created_ms, body, prev, digest.hex()))
        prev = digest.hex()
    return result[:limit]


@frozen
class Flaw:
    """Something in the chain that should not be.

    Attributes:
        seq: Number of the record.
        what: English words, marked for translation.
    """

    seq: int
    what: str


def flaws(connection: Connection, since: int = 0) -> Iterator[Flaw]:
    """Check the chain from after record ``since`` to its head, and the head itself.

    Sales may be closed meanwhile by another connection: the head is read once, later records are left out.
    """
    row = next(connection.execute(_HEAD_AND_END), None)
    if row is None:
        # A power cut between the first schema and the enrolment leaves neither head nor record.
        if next(connection.execute("SELECT count(*) FROM journal"))[0]:
            yield Flaw(0, N_("the head of the journal is missing"))
        return
    newest, till, *ends = row
    prev, expected, before_ms = GENESIS, 1, 0
    if since > 0:
        row = next(connection.execute("SELECT hash, created_ms FROM journal WHERE seq = ?", (since,)), None)
        if row is None:
            yield Flaw(since, N_("a record is missing"))
            return
        prev, expected, before_ms = row[0].hex(), since + 1, row[1]
    epoch, kind, uuid, created_ms, body, altered = ends[0], "", "", before_ms, b"", True
    query = """SELECT seq, epoch, kind, uuid, created_ms, body, hash FROM journal WHERE seq > ? AND seq <= ?
     ORDER BY seq"""
    for seq, epoch, kind, uuid, created_ms, body, digest in connection.execute(
        query, (since or FIRST, ends[1])
    ):
        if seq != expected:
            yield Flaw(expected, N_("a record is missing"))
        altered = (
            not _stamped(body, uuid, created_ms)
            or _hash_of(prev, till, epoch, seq, kind, body) != digest.hex()
        )
        if altered:
            yield Flaw(seq, N_("a record was altered"))
        elif created_ms <= before_ms:
            yield Flaw(seq, N_("a record is older than the one before"))
        prev, expected, before_ms = digest.hex(), seq + 1, created_ms
    if _is_end(ends, newest, (epoch, expected - 1, prev, created_ms)):
        if not altered:
            yield from _head_flaws(ends, kind, body)
    else:
        yield Flaw(ends[1], N_("the end of the journal is missing or was altered"))


def _stamped(body: bytes, uuid: str, created_ms: int) -> bool:
    """Whether a body says the same as the columns beside it."""
    made = b'"created_ms":%d,' if b'"created_ms":' in body else b'"closed_ms":%d,'
    return made % created_ms in body and b'"uuid":"%s"' % uuid.encode() in body


def _hash_of(prev: str, till: str, epoch: str, seq: int, kind: str, body: bytes) -> str:
    """Hash of a record that may be damaged; nothing where it has none."""
    try:
        return chain(prev, till, epoch, seq, kind, body)
    except ValueError:
        return ""


def _is_end(head: list[Any], newest: int | None, last: tuple[str, int, str, int]) -> bool:
    """Whether the head stands at the last record that was found, and at the newest that there is."""
    epoch, seq, digest, _sales, _grand_total, last_ms = head
    return (epoch, seq, digest.hex(), last_ms) == last and newest == (seq or None)


def _head_flaws(head: list[Any], kind: str, body: bytes) -> Iterator[Flaw]:
    """Hold the head's sums against the last record's, which is as it was hashed."""
    _epoch, seq, _digest, sales, grand_total, _last_ms = head
    try:
        stamp = Stamp.parse(body, kind)
    except RecordDamaged:
        yield Flaw(seq, N_("a record was altered"))
        return
    if (sales, grand_total) != (stamp.sales, stamp.grand_total):
        yield Flaw(seq, N_("the totals in the head of the journal were altered"))


def check_tail(connection: Connection, length: int = 200) -> None:
    """Check the last records of the chain.

    Raises:
        StoreError: Something is missing or was altered.
    """
    newest = next(connection.execute("SELECT seq FROM head"), (0,))[0]
    for flaw in flaws(connection, max(0, newest - length)):
        raise StoreError(
            N_("The sales file {path} is damaged at record {seq}: {what}."),
            hint=N_("Run 'tilltui audit' and restore the last good backup."),
            path=connection.filename,
            seq=flaw.seq,
            what=flaw.what,
        )
