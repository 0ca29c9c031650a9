"""``tilltui pin`` at a terminal: asked twice, shown never, kept in the journal; refused where it must be."""

from __future__ import annotations

import json
import os
import pty
import pwd
import select
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import selling
from tests.support.program import environment
from tests.support.shop import ROOT, durable_folder
from tilltui.commands.init import write
from tilltui.services.people.pin import Pins
from tilltui.store.audit.check import audit
from tilltui.store.file.store import Store

PATIENCE = 60.0
"""Seconds after which the command has not done what it should."""


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    path = tmp_path / "till.toml"
    data = durable_folder(tmp_path) / "data"
    write(
        path,
        f'[shop]\nname = "Rosita"\nlanguage = "en"\n\n[till]\nid = "1"\ndata_dir = "{data}"\n',
    )
    return path


@pytest.fixture
def data(settings: Path) -> Path:
    folder = Path(settings.read_text("utf-8").rpartition('data_dir = "')[2].partition('"')[0])
    store = selling.open_store(folder)
    Pins(store).change(1, "", "4711")
    assert not Pins(store).check(1, "0000")
    store.close()
    return folder


def keyed(settings: Path, answers: tuple[str, ...], *words: str) -> tuple[int, str]:
    """Run the command in a terminal and key the answers; exit code, and all that it or the echo wrote."""
    argv = [sys.executable, "-m", "tilltui", "pin", "--config", str(settings), *words]
    ours, theirs = pty.openpty()
    command = subprocess.Popen(
        argv, stdin=theirs, stdout=theirs, stderr=theirs, cwd=ROOT, start_new_session=True,
        env=environment(settings.parent / "home"),
    )  # fmt: skip
    os.close(theirs)
    waiting = list(zip((b"New PIN:", b"Once more:"), answers, strict=False))
    seen = bytearray()
    try:
        while select.select([ours], [], [], PATIENCE)[0]:
            try:
                seen += os.read(ours, 4096)
            except OSError:  # the other end is closed: the command has ended
                break
            if waiting and waiting[0][0] in seen:
                os.write(ours, waiting.pop(0)[1].encode() + b"\r")
        return command.wait(PATIENCE), seen.decode()
    finally:
        command.kill()
        command.wait(PATIENCE)
        os.close(ours)


def pin_records(store: Store) -> list[dict[str, object]]:
    rows = store.reader.execute("SELECT body FROM journal WHERE kind = 'pin' ORDER BY seq")
    return [json.loads(body) for (body,) in rows]


def test_a_forgotten_pin_is_set_anew_and_the_journal_says_by_whom(settings: Path, data: Path) -> None:
    code, seen = keyed(settings, ("2580", "2580"))
    assert code == 0
    assert "The PIN is set." in seen
    assert "2580" not in seen
    store = selling.open_store(data)
    assert Pins(store).waits(1) == 0, "who forgot it does not wait for the tries before"
    assert Pins(store).check(1, "2580")
    first, last = pin_records(store)
    assert (first["by"], first["set"]) == ("till", True)
    assert str(last["by"]).startswith(pwd.getpwuid(os.getuid()).pw_name)
    assert last["set"]
    assert isinstance(last["created_ms"], int)
    assert "2580" not in json.dumps(last | {"uuid": "", "created_ms": 0, "mark": ""})
    assert list(audit(store.reader)) == []
    store.close()


def test_taking_it_away_is_kept_too(settings: Path, data: Path) -> None:
    code, seen = keyed(settings, (), "--remove")
    assert (code, "There is no PIN any more." in seen) == (0, True)
    store = selling.open_store(data)
    assert not Pins(store).has(1)
    assert pin_records(store)[-1]["set"] is False
    assert list(audit(store.reader)) == []
    store.close()


@pytest.mark.parametrize(
    ("answers", "words", "said"),
    [
        (("2580", "2581"), (), "The two new PINs differ."),
        (("12",), (), "A PIN has 4 to 12 digits."),
        ((), ("--operator", "7"), "There is no operator 7."),
    ],
)
def test_what_is_refused_changes_nothing(
    settings: Path, data: Path, answers: tuple[str, ...], words: tuple[str, ...], said: str
) -> None:
    code, seen = keyed(settings, answers, *words)
    assert code == 1
    assert said in seen
    store = selling.open_store(data)
    assert len(pin_records(store)) == 1
    assert Pins(store).waits(1) > 0
    store.close()


def test_an_open_till_says_who_holds_it_before_anything_is_asked(settings: Path, data: Path) -> None:
    store = selling.open_store(data)
    code, seen = keyed(settings, ())
    assert code == 1
    assert f"till, process {os.getpid()}" in seen
    assert "New PIN" not in seen
    store.close()


def test_without_a_terminal_nothing_is_read(settings: Path, data: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tilltui", "pin", "--config", str(settings)],
        input="2580\n2580\n",
        env=environment(settings.parent / "home"),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        start_new_session=True,
    )
    assert ran.returncode == 1
    assert "must be keyed at a terminal" in ran.stderr
    store = selling.open_store(data)
    assert len(pin_records(store)) == 1
    store.close()
