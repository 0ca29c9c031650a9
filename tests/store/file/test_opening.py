"""Every way a database cannot be opened is said in words."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
from pathlib import Path

import apsw
import pytest

from tests.support import selling
from tests.support.faults import Faults
from tilltui.errors import StoreError
from tilltui.store import models
from tilltui.store.file.engine import Connection
from tilltui.store.file.store import DATABASE, Store


def refused(folder: Path, till: str = "1", vfs: str | None = None) -> StoreError:
    with pytest.raises(StoreError) as error:
        selling.open_store(folder, till=till, vfs=vfs)
    assert str(error.value)
    assert error.value.hint
    assert not any(thread.name == "store-writer" for thread in threading.enumerate())
    return error.value


@pytest.fixture
def closed(folder: Path) -> Path:
    store = selling.open_store(folder)
    rng = random.Random(1)
    for _ in range(30):
        selling.sell(store, rng, 6)
    store.close()
    assert not (folder / f"{DATABASE}-wal").exists()
    return folder


def test_files_are_private(closed: Path) -> None:
    assert closed.stat().st_mode & 0o777 == 0o700
    for name in (DATABASE, "till.lock", "ballast"):
        assert (closed / name).stat().st_mode & 0o077 == 0


def test_a_second_till_is_told_who_holds_the_data(store: Store, folder: Path) -> None:
    with pytest.raises(StoreError, match=f"till, process {os.getpid()}"):
        selling.open_store(folder)
    assert selling.sell(store, random.Random(1), 2)


def test_the_lock_goes_with_a_process_that_is_killed(folder: Path) -> None:
    code = (
        "import pathlib, sys; from tests.support import selling;"
        "selling.open_store(pathlib.Path(sys.argv[1])); print('open', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(folder)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": os.getcwd()},
    ) as other:  # fmt: skip
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        with pytest.raises(StoreError, match=f"process {other.pid}"):
            selling.open_store(folder)
        other.kill()
    selling.open_store(folder).close()


def test_no_database_at_all(folder: Path) -> None:
    folder.mkdir()
    (folder / DATABASE).write_bytes(b"this was never a database, " * 200)
    assert "damaged" in str(refused(folder))


def test_damaged_pages(closed: Path) -> None:
    data = bytearray((closed / DATABASE).read_bytes())
    for page in range(2, len(data) // 4096):
        data[page * 4096 : page * 4096 + 64] = bytes(64)
    (closed / DATABASE).write_bytes(data)
    assert "damaged" in str(refused(closed))


def test_a_file_cut_short(closed: Path) -> None:
    data = (closed / DATABASE).read_bytes()
    (closed / DATABASE).write_bytes(data[: len(data) // 2])
    assert "damaged" in str(refused(closed))


def test_an_altered_record_at_the_end_of_the_journal(closed: Path) -> None:
    with_raw(
        closed,
        "DROP TRIGGER journal_no_update; UPDATE journal SET body = CAST(body || ' ' AS BLOB) WHERE seq = 20",
    )
    error = refused(closed)
    assert "record 20" in str(error)
    assert "audit" in error.hint


def test_a_newer_schema(closed: Path) -> None:
    with_raw(closed, "PRAGMA user_version=999")
    before = (closed / DATABASE).read_bytes()
    assert "999" in str(refused(closed))
    assert (closed / DATABASE).read_bytes() == before


def test_another_till(closed: Path) -> None:
    assert "till 1, not to till 2" in str(refused(closed, till="2"))


@pytest.mark.parametrize("sql", ["PRAGMA application_id=77", "CREATE TABLE mine (x)"])
def test_somebody_elses_database(folder: Path, sql: str) -> None:
    folder.mkdir()
    with_raw(folder, f"CREATE TABLE t (x); {sql}")
    assert "not a till's database" in str(refused(folder))


def test_a_disk_that_went_read_only(closed: Path) -> None:
    faults = Faults("read-only")
    store = selling.open_store(closed, vfs=faults.name)
    faults.arm("write", 1, sticky=True, error=apsw.ReadOnlyError)
    with pytest.raises(StoreError, match="read-only"):
        selling.sell(store, random.Random(2), 3)
    faults.heal()
    assert selling.sell(store, random.Random(2), 3)
    store.close()
    faults.unregister()


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="cannot be opened"):
        selling.open_store(tmp_path / "file" / "till")


def test_a_closed_store_says_so(folder: Path) -> None:
    store = selling.open_store(folder)
    store.close()
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.run(lambda connection: None)
    with pytest.raises(StoreError, match="closed"):
        _ = store.reader


def test_work_that_fails_is_undone_and_said(store: Store) -> None:
    def work(connection: Connection) -> None:
        connection.execute("INSERT INTO customer (name) VALUES ('Eva')")
        connection.execute("INSERT INTO barcode VALUES ('1', 999999)")

    with pytest.raises(StoreError, match="refused"):
        store.run(work)
    assert next(store.reader.execute("SELECT count(*) FROM customer"))[0] == 0


def test_models_write_inside_work_and_read_outside(store: Store) -> None:
    made = store.run(lambda connection: models.Customer.create(name="Eva"))
    assert models.Customer.get(models.Customer.name == "Eva") == made
    with pytest.raises(Exception, match="readonly"):
        models.Customer.create(name="Max")


def with_raw(folder: Path, sql: str) -> None:
    connection = apsw.Connection(str(folder / DATABASE))
    connection.execute(sql)
    connection.close()
