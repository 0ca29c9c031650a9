"""The journal: every record hashed with the one before, and the outbox of every uploader.

``head`` holds one row, moved in the same transaction: where the chain stands, how many sales there were, and what
they came to since the till began.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tilltui.domain.identity import GENESIS, canonical, chain, new_epoch, uuid7
from tilltui.errors import N_, StoreError
from tilltui.ports import OutboxRecord
from tilltui.store.engine import Connection

CLOCK_JUMP_MS = 120_000
"""A clock that goes back by more than this is recorded."""


@dataclass(frozen=True, slots=True)
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
_MOVE = "UPDATE head SET seq = ?, hash = ?, sales = ?, grand_total = ?, last_ms = ? WHERE id = 1"
_RECORD = "INSERT INTO journal (seq, epoch, kind, uuid, created_ms, body, hash) VALUES (?, ?, ?, ?, ?, ?, ?)"


def read_head(connection: Connection) -> Head:
    """Where the chain stands now."""
    till, epoch, seq, digest, sales, grand_total, last_ms = next(connection.execute(_HEAD))
    return Head(till, epoch, seq, digest.hex(), sales, grand_total, last_ms)


def enrol(connection: Connection, till: str, now_ms: int) -> None:
    """Begin the chain of a new till."""
    connection.execute(
        "INSERT INTO head (id, till, epoch, seq, hash, sales, grand_total, last_ms) VALUES (1, ?, ?, 0, ?, 0, 0, 0)",
        (till, new_epoch(), bytes.fromhex(GENESIS)),
    )
    append(connection, "enrol", {"till": till}, now_ms)


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
        kind: ``sale``, ``z``, ``drawer``, ``import``, ``epoch``, ``clock`` ...
        body: Plain values.
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
    data = canonical(body)
    digest = chain(head.hash, head.till, head.epoch, seq, kind, data)
    raw = bytes.fromhex(digest)
    connection.execute(_RECORD, (seq, head.epoch, kind, uuid, created_ms, data, raw))
    connection.execute(_MOVE, (seq, raw, sales, grand_total, created_ms))
    return Head(head.till, head.epoch, seq, digest, sales, grand_total, created_ms)


def note_clock(connection: Connection, head: Head, now_ms: int) -> Head:
    """Record a clock that went back since the last record."""
    if now_ms >= head.last_ms - CLOCK_JUMP_MS:
        return head
    body = {"was_ms": head.last_ms, "is_ms": now_ms}
    last = next(connection.execute("SELECT kind, body FROM journal WHERE seq = ?", (head.seq,)), None)
    if last and last[0] == "clock" and abs(json.loads(last[1])["is_ms"] - now_ms) < CLOCK_JUMP_MS:
        return head
    return append(connection, "clock", body, now_ms, head=head)


def begin_epoch(connection: Connection, why: str, now_ms: int) -> Head:
    """Give the records to come a new epoch: this database is a copy of what another was."""
    old = read_head(connection)
    epoch = new_epoch()
    connection.execute("UPDATE head SET epoch = ? WHERE id = 1", (epoch,))
    body = {"why": why, "was_epoch": old.epoch, "was_seq": old.seq, "was_hash": old.hash}
    return append(connection, "epoch", body, now_ms)


def records(connection: Connection, after: int, limit: int) -> list[OutboxRecord]:
    """Records after a number, oldest first."""
    till = next(connection.execute("SELECT till FROM head"))[0]
    rows: list[tuple[Any, ...]] = connection.execute(
        "SELECT seq, epoch, kind, uuid, created_ms, body, hash FROM journal WHERE seq >= ? ORDER BY seq LIMIT ?",
        (after, limit + 1),
    ).fetchall()
    prev = GENESIS
    result: list[OutboxRecord] = []
    for seq, epoch, kind, uuid, created_ms, body, digest in rows:
        if seq > after:
            result.append(OutboxRecord(till, epoch, seq, uuid, kind, created_ms, body, prev, digest.hex()))
        prev = digest.hex()
    return result[:limit]


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something in the chain that should not be.

    Attributes:
        seq: Number of the record.
        what: English words, marked for translation.
    """

    seq: int
    what: str


def flaws(connection: Connection, since: int = 0) -> Iterator[Flaw]:
    """Check the chain from after record ``since`` to its head, and the head itself."""
    head = read_head(connection)
    prev, expected = GENESIS, 1
    if since > 0:
        row = next(connection.execute("SELECT hash FROM journal WHERE seq = ?", (since,)), None)
        if row is None:
            yield Flaw(since, N_("a record is missing"))
            return
        prev, expected = row[0].hex(), since + 1
    query = "SELECT seq, epoch, kind, body, hash FROM journal WHERE seq > ? ORDER BY seq"
    for seq, epoch, kind, body, digest in connection.execute(query, (since,)):
        if seq != expected:
            yield Flaw(expected, N_("a record is missing"))
        if chain(prev, head.till, epoch, seq, kind, body) != digest.hex():
            yield Flaw(seq, N_("a record was altered"))
        prev, expected = digest.hex(), seq + 1
    if (head.seq, head.hash) != (expected - 1, prev):
        yield Flaw(head.seq, N_("the end of the journal is missing or was altered"))


def check_tail(connection: Connection, length: int = 200) -> None:
    """Check the last records of the chain.

    Raises:
        StoreError: Something is missing or was altered.
    """
    head = read_head(connection)
    for flaw in flaws(connection, max(0, head.seq - length)):
        raise StoreError(
            N_("The journal of sales is damaged at record {seq}: {what}."),
            hint=N_("Run 'tilltui audit' and restore the last good backup."),
            seq=flaw.seq,
            what=flaw.what,
        )
