"""Which engine, which pragmas, which disk."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

import apsw
import pytest

from tests.support import selling
from tilltui.errors import StoreError
from tilltui.store.audit.check import audit
from tilltui.store.file import engine
from tilltui.store.file.filesystem import check_filesystem, filesystem_of
from tilltui.store.file.store import Store

MOUNTS = """\
22 1 179:2 / / rw,noatime - ext4 /dev/mmcblk0p2 rw
30 22 0:25 / /run rw,nosuid - tmpfs tmpfs rw
31 22 179:3 / /var/lib/tilltui rw shared:5 master:1 - ext4 /dev/mmcblk0p3 rw
32 22 0:40 / /mnt/Almac\u00e9n\\040Rosita rw - vfat /dev/sda1 rw
33 22 0:41 / /media/stick rw - fuseblk /dev/sdb1 rw
34 22 0:42 / /over rw - ext4 /dev/x rw
35 34 0:43 / /over rw - overlay overlay rw
garbage
"""


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 7, 0), False), ((3, 40, 1), False), ((3, 44, 5), False), ((3, 44, 6), True), ((3, 45, 9), False),
        ((3, 50, 6), False), ((3, 50, 7), True), ((3, 51, 2), False), ((3, 51, 3), True), ((3, 54, 1), True),
        ((4, 0, 0), True),
    ],
)  # fmt: skip
def test_the_engines_that_may_use_a_write_ahead_log(version: tuple[int, int, int], safe: bool) -> None:
    assert engine.wal_is_safe(version) is safe


def test_the_engine_that_ships_is_safe() -> None:
    assert engine.wal_is_safe(engine.engine_version())


def pragmas(store: Store) -> list[object]:
    names = (
        "journal_mode",
        "synchronous",
        "foreign_keys",
        "page_size",
        "application_id",
        "wal_autocheckpoint",
    )
    return store.run(lambda connection: [connection.pragma(name) for name in names])


def test_a_safe_engine_sells_on_wal_and_extra(folder: Path) -> None:
    store = selling.open_store(folder)
    assert pragmas(store) == ["wal", 3, 1, 4096, engine.APPLICATION_ID, 1000]
    store.close()


def test_an_old_engine_sells_on_truncate_and_never_below_extra(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "engine_version", lambda: (3, 40, 1))
    store = selling.open_store(folder)
    assert pragmas(store)[:2] == ["truncate", 3]
    level = store.run(lambda connection: connection.pragma("synchronous"), durable=False)
    assert level == 3
    selling.sell(store, random.Random(1), 5)
    backup = store.backup()()
    assert backup.is_file()
    assert list(audit(store.reader)) == []
    store.close()


def test_only_work_that_says_so_goes_without_the_disk(store: Store) -> None:
    def level(connection: engine.Connection) -> object:
        return connection.pragma("synchronous")

    assert [store.run(level), store.run(level, durable=False), store.run(level)] == [3, 1, 3]


@pytest.mark.parametrize("name", ["synchronous", "journal_mode", "foreign_keys", "mmap_size"])
def test_a_pragma_that_does_not_hold_stops_the_till(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    class Deaf(apsw.Connection):
        def pragma(self, *args: Any, **kwargs: Any) -> Any:
            return "never" if args[0] == name else super().pragma(*args, **kwargs)

    monkeypatch.setattr(apsw, "Connection", Deaf)
    with pytest.raises(StoreError, match=f"{name} is never") as refused:
        selling.open_store(folder)
    assert refused.value.hint


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "ext4"), ("/home/ana", "ext4"), ("/run/till", "tmpfs"), ("/var/lib/tilltui/x", "ext4"),
        ("/mnt/Almac\u00e9n Rosita/till", "vfat"), ("/media/stick", "fuseblk"), ("/over/x", "overlay"),
        ("/running", "ext4"),
    ],
)  # fmt: skip
def test_the_file_system_is_told_from_the_mounts(path: str, kind: str) -> None:
    assert filesystem_of(Path(path), MOUNTS) == kind


@pytest.mark.parametrize("kind", ["tmpfs", "overlay", "9p", "vfat", "nfs4", "fuse.sshfs", "fuseblk"])
def test_a_disk_that_forgets_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str) -> None:
    monkeypatch.setattr("tilltui.store.file.filesystem.filesystem_of", lambda path: kind)
    with pytest.raises(StoreError, match=kind) as refused:
        check_filesystem(tmp_path)
    assert "ext4" in refused.value.hint
    with pytest.raises(StoreError, match=kind):
        Store.open(tmp_path, "1")


def test_a_disk_of_small_blocks_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tilltui.store.file.filesystem.filesystem_of", lambda path: "ext4")
    real = os.statvfs(tmp_path)
    for size in (512, 1024, 2048):
        monkeypatch.setattr(os, "statvfs", lambda path, size=size: os.statvfs_result((size, *real[1:])))
        with pytest.raises(StoreError, match=f"{size} bytes") as refused:
            check_filesystem(tmp_path)
        assert "4096" in refused.value.hint
    monkeypatch.setattr(os, "statvfs", lambda path: os.statvfs_result((4096, *real[1:])))
    check_filesystem(tmp_path)


@pytest.mark.parametrize("kind", ["ext4", "xfs", "btrfs", "f2fs", ""])
def test_a_disk_that_keeps_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str) -> None:
    monkeypatch.setattr("tilltui.store.file.filesystem.filesystem_of", lambda path: kind)
    check_filesystem(tmp_path)
