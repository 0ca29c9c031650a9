"""Records as files: durable, once, and nothing overwritten."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from tests.support.outbox import MemoryOutbox, chain, make_record
from tilltui.errors import UploadUnavailable
from tilltui.ports import Verdict
from tilltui.services.upload.worker import IDLE_SECONDS, SyncWorker
from tilltui.upload import folder
from tilltui.upload.folder import FolderSettings, FolderUploader, sync_files


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_record_is_one_readable_file_under_its_till_and_thousand(stick: Path) -> None:
    record = make_record(12345, body='{"total":1990,"name":"Ñandú"}'.encode())
    uploader = FolderUploader("usb", FolderSettings(stick))
    uploader.open()
    assert [o.verdict for o in uploader.send([record])] == [Verdict.ACCEPTED]
    ((name, content),) = tree(stick).items()
    stem = "till-1-0f3a9c5577d1e2b4"
    assert name == f"{stem}/000012000/{stem}-000012345.json"
    data = json.loads(content)
    assert data.pop("body") == {"total": 1990, "name": "Ñandú"}
    assert data == {
        "v": 1,
        "till": "1",
        "epoch": "0f3a9c5577d1e2b4",
        "seq": 12345,
        "uuid": record.uuid,
        "kind": "sale",
        "created_ms": record.created_ms,
        "hash": record.hash,
        "prev_hash": record.prev_hash,
    }
    assert content.endswith(b',"body":' + record.body + b"}\n")


def test_names_sort_as_the_records_run_across_folders(stick: Path) -> None:
    uploader = FolderUploader("usb", FolderSettings(stick))
    uploader.send(chain(4, first=998))
    assert [json.loads(content)["seq"] for content in tree(stick).values()] == [998, 999, 1000, 1001]


def test_the_same_batch_again_changes_nothing(stick: Path) -> None:
    uploader = FolderUploader("usb", FolderSettings(stick))
    batch = chain(30)
    first = uploader.send(batch)
    before = {p: (p.read_bytes(), p.stat().st_ino) for p in stick.rglob("*.json")}
    assert uploader.send(batch) == first
    assert {p: (p.read_bytes(), p.stat().st_ino) for p in stick.rglob("*.json")} == before


def test_another_record_of_the_same_number_is_a_fork_and_the_first_stays(stick: Path) -> None:
    uploader = FolderUploader("usb", FolderSettings(stick))
    batch = chain(3)
    uploader.send(batch)
    before = tree(stick)
    other = make_record(2, batch[0].hash, body=b'{"n":99}')
    outcomes = uploader.send([batch[0], other, batch[2]])
    assert [o.verdict for o in outcomes] == [Verdict.ACCEPTED, Verdict.FORK, Verdict.ACCEPTED]
    assert tree(stick) == before


@pytest.mark.parametrize("left", [0, 1, 40])
def test_a_torn_file_is_kept_aside_and_written_anew(stick: Path, left: int) -> None:
    uploader = FolderUploader("usb", FolderSettings(stick))
    (record,) = chain(1)
    uploader.send([record])
    path = uploader.path_of(record)
    whole = path.read_bytes()
    path.write_bytes(whole[:left])
    assert uploader.send([record])[0].verdict is Verdict.ACCEPTED
    assert path.read_bytes() == whole
    assert path.with_suffix(".damaged").read_bytes() == whole[:left]


@pytest.mark.parametrize("till", ["../../etc", "a/b", "..", "ñ\x00", "C:\\x"])
def test_a_till_cannot_name_its_way_out_of_the_folder(stick: Path, tmp_path: Path, till: str) -> None:
    record = make_record(1, till=till)
    FolderUploader("usb", FolderSettings(stick)).send([record])
    assert len(tree(stick)) == 1
    assert [p.name for p in tmp_path.iterdir()] == ["stick"]


def test_a_missing_folder_or_stick_is_said_in_words(tmp_path: Path, stick: Path) -> None:
    with pytest.raises(UploadUnavailable, match="is not there") as caught:
        FolderUploader("usb", FolderSettings(tmp_path / "gone")).open()
    assert "Plug the USB stick in" in caught.value.hint
    with pytest.raises(UploadUnavailable, match="Nothing is mounted on"):
        FolderUploader("usb", FolderSettings(stick, mount=str(stick))).open()
    assert not (tmp_path / "gone").exists()


@pytest.mark.parametrize("call", ["open", "write", "fsync", "replace"])
@pytest.mark.parametrize(
    ("code", "words"),
    [(errno.ENOSPC, "is full"), (errno.EROFS, "cannot be written to"), (errno.EIO, "cannot be used")],
)
def test_a_disk_that_fails_at_any_step_accepts_nothing_and_the_retry_is_whole(
    stick: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int, words: str
) -> None:
    # Each file on its own, so that its sync can fail too.
    monkeypatch.setattr(folder, "MANY", 1000)
    outbox = MemoryOutbox(chain(20))
    worker = SyncWorker(FolderUploader("usb", FolderSettings(stick)), outbox, lambda status: None)
    calls = 0
    real = getattr(os, call)

    def failing(*args: object, **kwargs: object) -> object:
        nonlocal calls
        calls += 1
        if calls == 9:
            raise OSError(code, os.strerror(code))
        return real(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(os, call, failing)
        assert worker.step() != 0.0
    assert calls == 9
    assert words in worker.status.last_error
    assert outbox.cursor("usb") == 0
    while worker.step() != IDLE_SECONDS:
        pass
    assert [json.loads(content)["seq"] for content in tree(stick).values()] == list(range(1, 21))
    assert outbox.cursor("usb") == 20


def test_every_file_and_folder_is_synced_before_its_record_counts(
    stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    story: list[tuple[str, str]] = []
    real_sync, real_replace = os.fsync, os.replace

    def fsync(fd: int) -> None:
        story.append(("sync", Path(os.readlink(f"/proc/self/fd/{fd}")).name))
        real_sync(fd)

    def replace(source: Path, target: Path) -> None:
        story.append(("rename", Path(source).name))
        real_replace(source, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "replace", replace)
    FolderUploader("usb", FolderSettings(stick)).send(chain(2))
    stem = "till-1-0f3a9c5577d1e2b4"
    names = [f"{stem}-{seq:09d}.tmp" for seq in (1, 2)]
    assert story == [
        ("sync", stem),
        ("sync", "stick"),
        *(("sync", name) for name in names),
        *(("rename", name) for name in names),
        ("sync", "000000000"),
    ]


def test_a_large_batch_is_synced_as_a_whole_and_each_record_is_there(stick: Path) -> None:
    uploader = FolderUploader("usb", FolderSettings(stick))
    assert {o.verdict for o in uploader.send(chain(100))} == {Verdict.ACCEPTED}
    assert [json.loads(content)["seq"] for content in tree(stick).values()] == list(range(1, 101))


def test_a_sync_that_fails_is_an_error_for_few_files_and_for_many(stick: Path) -> None:
    fd = os.open(stick / "x", os.O_WRONLY | os.O_CREAT)
    os.close(fd)
    for count in (1, folder.MANY):
        with pytest.raises(OSError, match="Bad file descriptor"):
            sync_files([fd] * count)
