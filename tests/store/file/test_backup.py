"""Backups that can be trusted, and what a restored one does not do again."""

from __future__ import annotations

import random
import threading
from datetime import UTC, datetime
from pathlib import Path

import apsw
import pytest

from tests.support import selling
from tilltui.domain.clock import now_ms
from tilltui.domain.selling.parking import WaitsFor
from tilltui.errors import StoreError
from tilltui.store.audit.check import audit
from tilltui.store.books import journal
from tilltui.store.file.backup import back_up, backups, check_copy
from tilltui.store.file.restore import NUMBERS_SKIPPED, restore_file
from tilltui.store.file.store import DATABASE, Store
from tilltui.store.paper import jobs
from tilltui.store.selling import baskets
from tilltui.store.upload import outbox


def sell(store: Store, count: int, seed: int = 1) -> None:
    rng = random.Random(seed)
    for _ in range(count):
        selling.sell(store, rng, 4)


def test_a_backup_is_whole_private_and_needs_no_log(store: Store, tmp_path: Path) -> None:
    sell(store, 5)
    copy = store.backup(tmp_path / "stick")()
    assert check_copy(copy) == ""
    assert copy.stat().st_mode & 0o077 == 0
    assert sorted(path.name for path in copy.parent.iterdir()) == [copy.name]
    connection = apsw.Connection(str(copy), flags=apsw.SQLITE_OPEN_READONLY)
    assert next(connection.execute("SELECT count(*) FROM sale"))[0] == 5
    assert list(audit(connection)) == []
    connection.close()


def test_a_backup_of_a_selling_till_ends(store: Store, tmp_path: Path) -> None:
    sell(store, 20)
    stop, copies = threading.Event(), []

    def copy() -> None:
        while not stop.is_set():
            copies.append(store.backup(tmp_path)())

    thread = threading.Thread(target=copy)
    thread.start()
    sell(store, 60, seed=2)
    stop.set()
    thread.join(20)
    assert not thread.is_alive()
    assert copies
    for path in backups(tmp_path):
        connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
        assert list(audit(connection)) == []
        connection.close()


def test_seven_are_kept_and_never_the_new_one_deleted(store: Store, tmp_path: Path) -> None:
    for day in range(1, 11):
        back_up(store.reader, tmp_path, now=datetime(2026, 11, day, tzinfo=UTC))
    assert [path.name[5:13] for path in backups(tmp_path)] == [f"202611{day:02}" for day in range(4, 11)]
    # A Pi without a clock battery calls today 1970.
    newest = back_up(store.reader, tmp_path, now=datetime(1970, 1, 1, tzinfo=UTC))
    assert newest in backups(tmp_path)
    assert len(backups(tmp_path)) == 7


def test_a_backup_that_cannot_be_written_is_said(store: Store, tmp_path: Path) -> None:
    (tmp_path / "stick").write_text("a file, not a folder")
    with pytest.raises(StoreError, match="failed") as error:
        store.backup(tmp_path / "stick")()
    assert error.value.hint


@pytest.mark.parametrize("content", [b"", b"nonsense" * 1000])
def test_what_is_no_backup_is_not_restored(folder: Path, tmp_path: Path, content: bytes) -> None:
    store = selling.open_store(folder)
    store.close()
    before = (folder / DATABASE).read_bytes()
    (tmp_path / "bad.db").write_bytes(content)
    with pytest.raises(StoreError, match="cannot be restored"):
        restore_file(tmp_path / "bad.db", folder / DATABASE)
    assert (folder / DATABASE).read_bytes() == before
    assert not list(folder.glob("*.restoring*"))


def test_a_backup_with_a_broken_chain_or_of_another_till_is_not_restored(
    folder: Path, tmp_path: Path
) -> None:
    store = selling.open_store(folder)
    sell(store, 3)
    copy = store.backup(tmp_path)()
    store.close()
    with pytest.raises(StoreError, match="backup of till 1"):
        restore_file(copy, folder / DATABASE, till="2")
    raw = apsw.Connection(str(copy))
    raw.execute("DROP TRIGGER journal_no_delete; DELETE FROM journal WHERE seq = 2")
    raw.close()
    with pytest.raises(StoreError, match="record 2"):
        restore_file(copy, folder / DATABASE)


def test_a_restored_till_sends_prints_and_numbers_nothing_twice(folder: Path, tmp_path: Path) -> None:
    store = selling.open_store(folder)
    sell(store, 3)
    rng = random.Random(8)
    selling.keep(store, 7, list(selling.steps(rng, 4))[-1], durable=True)
    store.run(lambda c: outbox.acknowledge(c, "hq", 2, [], now_ms()))
    copy = store.backup(tmp_path)()
    at_backup = journal.read_head(store.reader)
    sell(store, 4, seed=2)
    lost = journal.read_head(store.reader)
    sent = {(r.epoch, r.seq): r.hash for r in journal.records(store.reader, 0, 1000)}
    store.close()

    aside = restore_file(copy, folder / DATABASE, till="1")

    assert aside is not None
    old = apsw.Connection(str(aside), flags=apsw.SQLITE_OPEN_READONLY)
    assert journal.read_head(old) == lost
    old.close()
    store = selling.open_store(folder)
    head = journal.read_head(store.reader)
    assert head.epoch != at_backup.epoch
    assert (head.seq, head.sales, head.grand_total) == (at_backup.seq + 1, lost.sales, at_backup.grand_total)
    assert jobs.unsettled(store.reader) == []
    assert baskets.open_basket(store.reader) is None
    assert [(p.id, p.waits_for) for p in baskets.parked(store.reader)] == [(7, WaitsFor.LOOK)]
    sell(store, 2, seed=3)
    newest = next(store.reader.execute("SELECT max(id) FROM sale"))[0]
    assert newest == lost.sales + 2
    assert list(audit(store.reader)) == []
    for record in outbox.pending(store.reader, "hq", 1000):
        # What head office has under this key is the same record, or nothing.
        assert sent.get((record.epoch, record.seq), record.hash) == record.hash
    store.close()


def test_a_restore_over_a_damaged_database_skips_numbers(folder: Path, tmp_path: Path) -> None:
    store = selling.open_store(folder)
    sell(store, 3)
    copy = store.backup(tmp_path)()
    store.close()
    (folder / DATABASE).write_bytes(b"gone" * 5000)
    aside = restore_file(copy, folder / DATABASE)
    assert aside is not None
    assert aside.read_bytes() == b"gone" * 5000
    store = selling.open_store(folder)
    assert journal.read_head(store.reader).sales == 3 + NUMBERS_SKIPPED
    store.close()


def test_a_restore_on_a_new_card(folder: Path, tmp_path: Path) -> None:
    store = selling.open_store(folder)
    sell(store, 3)
    copy = store.backup(tmp_path)()
    store.close()
    card = tmp_path / "card"
    card.mkdir()
    assert restore_file(copy, card / DATABASE) is None
    store = selling.open_store(card)
    assert list(audit(store.reader)) == []
    store.close()


def test_the_sales_in_the_log_go_aside_with_the_old_database(folder: Path, tmp_path: Path) -> None:
    """A till that was killed leaves its last sales in the write-ahead log."""
    store = selling.open_store(folder)
    copy = store.backup(tmp_path)()
    sell(store, 3)
    killed = tmp_path / "killed"
    killed.mkdir()
    for path in folder.glob(f"{DATABASE}*"):
        (killed / path.name).write_bytes(path.read_bytes())
    store.close()
    assert (killed / f"{DATABASE}-wal").stat().st_size > 0
    aside = restore_file(copy, killed / DATABASE)
    assert aside is not None
    old = apsw.Connection(str(aside), flags=apsw.SQLITE_OPEN_READWRITE)
    assert next(old.execute("SELECT count(*) FROM sale"))[0] == 3
    old.close()
    store = selling.open_store(killed)
    assert next(store.reader.execute("SELECT count(*) FROM sale"))[0] == 0
    assert journal.read_head(store.reader).sales == 3
    store.close()
