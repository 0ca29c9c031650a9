"""``tilltui audit``, ``backup`` and ``restore`` as a shopkeeper calls them."""

from __future__ import annotations

import argparse
import importlib
import json
import random
from functools import partial
from pathlib import Path

import apsw
import pytest

from tests.support import selling
from tilltui.commands.init import write
from tilltui.errors import ConfigError, StoreError, TillError, UploadUnavailable
from tilltui.ports import Verdict
from tilltui.store.audit.check import audit
from tilltui.store.books import journal
from tilltui.store.file.store import DATABASE
from tilltui.store.upload import outbox
from tilltui.upload.folder import FolderSettings, FolderUploader


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    path = tmp_path / "till.toml"
    write(
        path,
        '[shop]\nname = "Rosita"\ncountry = "CL"\nlanguage = "en"\n\n[till]\nid = "1"\n'
        f'data_dir = "{tmp_path / "data"}"\n',
    )
    return path


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    store = selling.open_store(folder)
    rng = random.Random(1)
    for _ in range(8):
        selling.sell(store, rng, 4)
    store.close()
    return folder


def call(name: str, settings: Path, *words: str) -> int:
    module = importlib.import_module(f"tilltui.commands.{name}")
    parser = argparse.ArgumentParser()
    module.configure(parser)
    assert parser.description
    args = parser.parse_args(words)
    args.config = settings
    return int(module.run(args))


def test_audit_says_that_all_is_well(settings: Path, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("audit", settings) == 0
    assert "All is well: 9 records" in capsys.readouterr().out
    assert call("audit", settings, "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["whole"], answer["records"], answer["sales"], answer["findings"]) == (True, 9, 8, [])


def test_audit_runs_beside_a_till_that_sells(settings: Path, data: Path) -> None:
    store = selling.open_store(data)
    selling.sell(store, random.Random(3), 3)
    assert call("audit", settings) == 0
    assert call("backup", settings) == 0
    store.close()


def test_audit_says_what_was_changed_and_what_to_do(
    settings: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = apsw.Connection(str(data / DATABASE))
    raw.execute(
        "DROP TRIGGER sale_no_update; UPDATE sale SET total = total - 100, net = net - 100 WHERE id = 3"
    )
    raw.close()
    assert call("audit", settings) == 1
    out = capsys.readouterr().out
    assert "Sale 3: its amounts are not those of its record." in out
    assert "compare it with head office" in out
    assert call("audit", settings, "--json") == 1
    answer = json.loads(capsys.readouterr().out)
    assert not answer["whole"]
    assert {found["part"] for found in answer["findings"]} >= {"sale", "totals"}


def test_audit_finds_a_cursor_that_was_moved_on_by_the_files(
    settings: Path, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stick = tmp_path / "stick"
    with pytest.raises(ConfigError, match="no files to compare"):
        call("audit", settings, "--files")
    with settings.open("a", encoding="utf-8") as file:
        file.write(f'\n[uploader.stick]\ndriver = "folder"\nfolder = "{stick}"\n')
    with pytest.raises(UploadUnavailable):
        call("audit", settings, "--files")
    stick.mkdir()
    store = selling.open_store(data)
    uploader = FolderUploader("stick", FolderSettings(stick))
    records = journal.records(store.reader, 0, 6)
    assert {outcome.verdict for outcome in uploader.send(records)} == {Verdict.ACCEPTED}
    store.run(partial(outbox.acknowledge, uploader="stick", upto_seq=6, parked=[], now_ms=1))
    assert call("audit", settings, "--files") == 0
    store.run(lambda connection: connection.execute("UPDATE upload_cursor SET seq = 9"))
    store.close()

    assert call("audit", settings) == 0, "the file alone does not know what was sent"
    capsys.readouterr()
    assert call("audit", settings, "--files") == 1
    out = capsys.readouterr().out
    assert "stick: 3 records count as sent and have no file, from record 7 on." in out
    assert "head office may lack some" in out

    path = uploader.path_of(records[2])
    content = path.read_bytes()
    for wrong in (content.replace(records[2].hash.encode(), records[3].hash.encode()), b"[]", b"{" * 9999):
        path.write_bytes(wrong)
        assert call("audit", settings, "--files") == 1
        assert "stick: the file of record 3 is not that record." in capsys.readouterr().out


def test_audit_says_who_can_have_done_it(
    settings: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = apsw.Connection(str(data / DATABASE))
    raw.execute("UPDATE operator SET name = 'Eva'")
    raw.close()
    assert call("audit", settings) == 1
    out = capsys.readouterr().out
    assert "Operator 1 is not as the till made them." in out
    assert "who can get at this machine" in out


def test_audit_of_a_broken_file_is_said_in_words(settings: Path, data: Path) -> None:
    (data / DATABASE).write_bytes(b"gone" * 4000)
    with pytest.raises(StoreError, match="damaged"):
        call("audit", settings)


def test_audit_without_a_database_or_settings(settings: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no sales yet"):
        call("audit", settings)
    with pytest.raises(TillError):
        call("audit", tmp_path / "nothing.toml")


def test_a_backup_restores_what_was_there(
    settings: Path, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("backup", settings, str(tmp_path / "stick"), "--json") == 0
    made = Path(json.loads(capsys.readouterr().out)["file"])
    assert made.parent == tmp_path / "stick"
    store = selling.open_store(data)
    selling.sell(store, random.Random(2), 4)
    with pytest.raises(StoreError, match="till, process"):
        call("restore", settings, str(made))
    store.close()

    assert call("restore", settings, str(made)) == 0
    assert "is kept in" in capsys.readouterr().out
    store = selling.open_store(data)
    assert next(store.reader.execute("SELECT count(*) FROM sale"))[0] == 8
    assert list(audit(store.reader)) == []
    store.close()


def test_a_file_that_is_no_backup_changes_nothing(settings: Path, data: Path) -> None:
    before = (data / DATABASE).read_bytes()
    with pytest.raises(StoreError, match="cannot be restored"):
        call("restore", settings, str(settings))
    with pytest.raises(StoreError):
        call("restore", settings, str(settings.with_name("nothing.db")))
    assert (data / DATABASE).read_bytes() == before
