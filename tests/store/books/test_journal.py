"""The chain shows every deletion, edit and swap."""

from __future__ import annotations

import random
from pathlib import Path

import apsw
import pytest

from tests.support import selling
from tests.support.records import drawer_body
from tilltui.domain.clock import now_ms
from tilltui.domain.record.identity import GENESIS
from tilltui.store.audit.check import audit
from tilltui.store.books import journal
from tilltui.store.file.store import DATABASE, Store

ROW = "seq, epoch, kind, uuid, created_ms, body, hash"


@pytest.fixture(scope="module")
def till(tmp_path_factory: pytest.TempPathFactory) -> apsw.Connection:
    """A journal in memory with its triggers gone: what somebody with the file could do."""
    folder = tmp_path_factory.mktemp("chain") / "till"
    store = selling.open_store(folder)
    rng = random.Random(4)
    for _ in range(12):
        selling.sell(store, rng, 3)
    selling.close_shift(store)
    store.record("drawer", drawer_body()).result(10)
    store.close()
    disk = apsw.Connection(str(folder / DATABASE))
    memory = apsw.Connection(":memory:")
    with memory.backup("main", disk, "main") as copy:
        copy.step(-1)
    disk.close()
    for (name,) in memory.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        memory.execute(f"DROP TRIGGER {name}")
    assert list(journal.flaws(memory)) == []
    return memory


def altered(till: apsw.Connection, *statements: tuple[str, tuple[object, ...]]) -> bool:
    """Whether the chain shows the change, which is then undone."""
    till.execute("BEGIN")
    try:
        for sql, values in statements:
            till.execute(sql, values)
        assert till.total_changes()
        return bool(list(journal.flaws(till)))
    finally:
        till.execute("ROLLBACK")


def test_every_flipped_byte_of_a_record_shows(till: apsw.Connection) -> None:
    rng = random.Random(1)
    tried = 0
    for seq, *columns in till.execute(f"SELECT {ROW} FROM journal").fetchall():
        for name, value in zip(("epoch", "kind", "uuid", "created_ms", "body", "hash"), columns, strict=True):
            raw = value if isinstance(value, bytes) else str(value).encode()
            for at in sorted(rng.sample(range(len(raw)), min(len(raw), 40))):
                flipped = bytearray(raw)
                flipped[at] ^= 1 << rng.randrange(7)
                new: object = bytes(flipped)
                if isinstance(value, str):
                    new = flipped.decode("utf-8", "replace")
                elif isinstance(value, int):
                    new = value ^ 1 << rng.randrange(40)
                assert altered(till, (f"UPDATE journal SET {name} = ? WHERE seq = ?", (new, seq))), (
                    seq,
                    name,
                    at,
                )
                tried += 1
    assert tried > 1500


def test_every_flipped_byte_of_the_head_shows(till: apsw.Connection) -> None:
    row = next(till.execute("SELECT till, epoch, seq, hash, sales, grand_total, last_ms FROM head"))
    names = ("till", "epoch", "seq", "hash", "sales", "grand_total", "last_ms")
    for name, value in zip(names, row, strict=True):
        if isinstance(value, int):
            changed: list[object] = [value + 1, value - 1, 0]
        elif isinstance(value, bytes):
            changed = [bytes([*value[:at], value[at] ^ 1, *value[at + 1 :]]) for at in range(len(value))]
        else:
            changed = [value[:-1] + "\x7f", "", value + "\n"]
        for new in changed:
            assert altered(till, (f"UPDATE head SET {name} = ?", (new,))), (name, new)
    assert altered(till, ("DELETE FROM head", ()))


def test_every_deletion_shows(till: apsw.Connection) -> None:
    last = journal.read_head(till).seq
    for seq in range(1, last + 1):
        assert altered(till, ("DELETE FROM journal WHERE seq = ?", (seq,)))
        assert altered(till, ("DELETE FROM journal WHERE seq >= ?", (seq,)))
        assert altered(
            till,
            ("DELETE FROM journal WHERE seq = ?", (seq,)),
            ("UPDATE journal SET seq = seq - 1 WHERE seq > ?", (seq,)),
        )
        assert altered(
            till,
            ("DELETE FROM journal WHERE seq >= ?", (seq,)),
            ("UPDATE head SET seq = ?", (seq - 1,)),
        )


def test_every_swap_and_every_record_too_many_shows(till: apsw.Connection) -> None:
    last = journal.read_head(till).seq
    for first in range(1, last):
        for second in (first + 1, last):
            if first == second:
                continue
            move = "UPDATE journal SET seq = ? WHERE seq = ?"
            assert altered(till, (move, (-1, first)), (move, (first, second)), (move, (second, -1)))
    again = f"INSERT INTO journal SELECT ?, {ROW[5:]} FROM journal WHERE seq = ?"
    assert altered(till, (again, (last + 1, last)))
    assert altered(till, (again, (0, 1)))
    assert altered(till, (again, (-5, 1)))


def test_the_tail_is_checked_at_the_start_and_no_more_than_the_tail(store: Store) -> None:
    rng = random.Random(2)
    for _ in range(20):
        selling.sell(store, rng, 2)
    head = journal.read_head(store.reader)
    assert list(journal.flaws(store.reader, head.seq - 5)) == []
    assert [flaw.seq for flaw in journal.flaws(store.reader, head.seq + 5)] == [head.seq + 5]
    journal.check_tail(store.reader, 3)


def test_a_till_that_sells_meanwhile_makes_no_flaw(store: Store) -> None:
    rng = random.Random(2)
    selling.sell(store, rng, 2)
    found = journal.flaws(store.reader)
    selling.sell(store, rng, 2)
    assert list(found) == []


def test_a_clock_that_goes_back_is_recorded_and_order_stays(store: Store) -> None:
    head = journal.read_head(store.reader)
    long_ago = head.last_ms - 10 * 365 * 86_400_000

    def note(when: int) -> journal.Head:
        return store.run(lambda c: journal.note_clock(c, journal.read_head(c), when))

    assert note(head.last_ms - 1000) == head
    jumped = note(long_ago)
    assert jumped.seq == head.seq + 1
    assert note(long_ago + 1000).seq == jumped.seq
    record = journal.records(store.reader, jumped.seq - 1, 1)[0]
    assert record.kind == "clock"
    assert record.created_ms == head.last_ms + 1
    again = store.run(lambda c: journal.append(c, "drawer", drawer_body(), long_ago))
    times = [r.created_ms for r in journal.records(store.reader, 0, 1000)]
    assert times == sorted(set(times))
    assert again.last_ms == record.created_ms + 1
    assert list(audit(store.reader)) == []


def test_sales_after_a_clock_that_went_back_are_no_jumps(store: Store) -> None:
    rng = random.Random(3)
    head = journal.read_head(store.reader)
    store.run(lambda c: journal.append(c, "drawer", drawer_body(), head.last_ms + 365 * 86_400_000))
    for _ in range(4):
        selling.sell(store, rng, 2)
    kinds = [record.kind for record in journal.records(store.reader, head.seq, 100)]
    assert kinds.count("clock") == 1
    assert kinds[:2] == ["drawer", "clock"]
    assert list(audit(store.reader)) == []


def test_records_carry_the_hash_before_them_wherever_a_batch_begins(store: Store) -> None:
    for number in range(10):
        store.record("drawer", drawer_body(str(number))).result(10)
    whole = journal.records(store.reader, 0, 100)
    assert [record.seq for record in whole] == list(range(1, len(whole) + 1))
    assert [record.prev_hash for record in whole] == [GENESIS, *(r.hash for r in whole[:-1])]
    for after in range(len(whole)):
        assert journal.records(store.reader, after, 3) == whole[after : after + 3]


def test_a_new_epoch_goes_on_with_the_chain(store: Store) -> None:
    old = journal.read_head(store.reader)
    new = store.run(lambda c: journal.begin_epoch(c, "clone", now_ms()))
    assert new.epoch != old.epoch
    assert len(new.epoch) == 16
    assert new.seq == old.seq + 1
    record = journal.records(store.reader, old.seq, 1)[0]
    assert (record.kind, record.epoch, record.prev_hash) == ("epoch", new.epoch, old.hash)
    assert list(audit(store.reader)) == []


def test_the_path_of_a_database_is_not_its_identity(store: Store, tmp_path: Path) -> None:
    """A clone is told by head office, which sees one number twice; here both are whole."""
    copy = store.backup(tmp_path)()
    clone = apsw.Connection(str(copy), flags=apsw.SQLITE_OPEN_READONLY)
    assert journal.read_head(clone) == journal.read_head(store.reader)
    clone.close()
