"""``tilltui report``: the same register as the screen's, so that what follows a Z follows here too."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.registers import a_till, close, settle
from tilltui import cli
from tilltui.store.audit.check import audit
from tilltui.store.books import totals
from tilltui.store.file.lock import TillLock
from tilltui.store.file.store import Store


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The data of a till that sold twice."""
    folder = tmp_path / "data"
    with a_till(folder, printer="receipt") as till:
        for price in (1000, 2500):
            till.register.selling.ringing.ring_open("Pan", price)
            till.register.paying.pay_cash()
            close(till.register)
    return folder


@pytest.fixture
def config(tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tilltui.store.file.store.check_filesystem", lambda path: None)
    path = tmp_path / "till.toml"
    path.write_text(
        f'[shop]\nname = "Rosita"\ncountry = "CL"\nlanguage = "en"\n\n[till]\nid = "1"\ndata_dir = "{data}"\n'
        '\n[printer.receipt]\ndriver = "escpos"\ntransport = "network"\nhost = "192.0.2.1"\n',
        "utf-8",
    )
    return path


def report(config: Path, *words: str) -> int:
    return cli.main(["report", "--config", str(config), *words])


def small(text: str) -> str:
    """What is written in large letters, whose characters stand apart, as one writes it."""
    return "\n".join(
        line.replace("   ", "_").replace(" ", "").replace("_", " ") for line in text.splitlines()
    )


def opened(data: Path) -> Store:
    return Store.open(data, "1", safe_disk_only=False)


def books(data: Path) -> tuple[list[str], list[tuple[str, str, str]], int]:
    """Kinds of the journal, papers of a Z that wait, and the shift that is open."""
    store = opened(data)
    try:
        assert [str(finding) for finding in audit(store.reader)] == []
        kinds = [kind for (kind,) in store.reader.execute("SELECT kind FROM journal ORDER BY seq")]
        query = "SELECT printer, title, state FROM print_job WHERE kind = 'z' ORDER BY id"
        shift = totals.current_shift(store.reader)
        assert shift is not None
        return kinds, list(store.reader.execute(query)), shift.id
    finally:
        store.close()


def backups(data: Path) -> list[Path]:
    return sorted(path for path in (data / "backups").glob("*") if path.is_file())


def test_an_x_changes_nothing(config: Path, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = books(data)
    assert report(config, "x", "--json") == 0
    body = json.loads(capsys.readouterr().out)
    assert [(row[2], row[-1]) for row in body["totals"] if row[0] == "sale"] == [(2, 3500)]
    assert report(config, "x") == 0
    assert "X REPORT" in small(capsys.readouterr().out)
    assert books(data) == before
    assert backups(data) == []


def test_a_z_is_closed_its_paper_queued_a_backup_made_and_the_next_shift_open(
    config: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kinds = books(data)[0]
    assert report(config, "z") == 0
    out = capsys.readouterr()
    assert "Z REPORT" in small(out.out)
    assert out.err == ""
    assert books(data) == ([*kinds, "z"], [("receipt", "Z 1", "queued")], 2)
    made = backups(data)
    assert len(made) == 1
    assert report(config, "z", "--json") == 0
    assert json.loads(capsys.readouterr().out)["number"] == 2
    assert books(data)[2] == 3


def test_the_backup_of_a_z_has_the_z(config: Path, data: Path, tmp_path: Path) -> None:
    from tilltui.store.file.restore import restore_file
    from tilltui.store.file.store import DATABASE

    assert report(config, "z", "--json") == 0
    (tmp_path / "elsewhere").mkdir()
    restore_file(backups(data)[0], tmp_path / "elsewhere" / DATABASE)
    assert books(tmp_path / "elsewhere")[0][-2:].count("z") == 1


def test_a_sale_in_the_basket_keeps_the_shift_open(
    config: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with a_till(data, printer="receipt") as till:
        till.register.selling.ringing.ring_open("Pan", 700)
        settle(till.store)
    before = books(data)
    assert report(config, "z") == 1
    err = capsys.readouterr().err
    assert "Finish or park this sale first." in err
    assert books(data) == before
    assert backups(data) == []
    assert report(config, "x") == 0


def test_a_till_that_is_open_is_not_closed_from_outside(
    config: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lock = TillLock(data).acquire("till")
    try:
        assert report(config, "z") == 1
    finally:
        lock.release()
    assert "till" in capsys.readouterr().err
    assert backups(data) == []


def test_a_backup_that_cannot_be_made_is_said_and_the_z_stands(
    config: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / "backups").write_text("a file where the folder should be")
    assert report(config, "z", "--json") == 1
    said = capsys.readouterr()
    assert json.loads(said.out)["number"] == 1
    assert "The backup to" in said.err
    assert "Check that the disk or USB stick is there" in said.err
    assert books(data)[2] == 2
