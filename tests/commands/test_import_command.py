"""``tilltui import`` and ``tilltui export`` as a shopkeeper meets them, and a kill at the worst moment."""

from __future__ import annotations

import csv
import fcntl
import json
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pyte
import pytest

from tilltui import cli
from tilltui.domain.goods.product import NewProduct
from tilltui.store.file.lock import TillLock
from tilltui.store.file.store import DATABASE, Store
from tilltui.store.goods import catalogue_files

ROOT = Path(__file__).resolve().parents[2]

# The test's folder may lie on a file system on which no till would keep its sales.
MAIN = """
import sys
from tilltui import cli
from tilltui.store.file import store
store.check_filesystem = lambda path: None
sys.exit(cli.main(sys.argv[1:]))
"""


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tilltui.store.file.store.check_filesystem", lambda path: None)
    path = tmp_path / "till.toml"
    data = json.dumps(str(tmp_path / "data"))
    path.write_text(f'[shop]\nname = "Rosita"\nlanguage = "en"\n[till]\ndata_dir = {data}\n')
    return path


def products(tmp_path: Path) -> list[NewProduct]:
    with catalogue_files.open_catalogue(tmp_path / "data") as connection:
        return list(catalogue_files.everything(connection))


def listed(tmp_path: Path, *rows: str) -> str:
    path = tmp_path / "list.csv"
    path.write_text("\n".join(["sku;barcode;name;price;supplier", *rows]) + "\n", encoding="utf-8")
    return str(path)


def command(*args: object) -> list[str]:
    return [sys.executable, "-c", MAIN, *map(str, args)]


ENVIRONMENT = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/nonexistent"}


def test_all_good_is_zero(config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = listed(tmp_path, "1;7801234567894;Leche;1190;ACME", "2;;Pan;990;ACME")
    assert cli.main(["import", path, "--config", str(config)]) == 0
    out = capsys.readouterr().out
    assert "2 rows read: 2 added, 0 changed, 0 unchanged, 0 refused" in out
    assert "supplier" in out
    assert [p.sku for p in products(tmp_path)] == ["1", "2"]
    assert cli.main(["import", path, "--config", str(config)]) == 0
    assert "0 added, 0 changed, 2 unchanged" in capsys.readouterr().out


def test_refused_rows_are_shown_reported_and_one(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = listed(tmp_path, "1;;Leche;1190;", *(f"{n};;=Pan\x1b[2J;-{n};" for n in range(2, 32)))
    report = tmp_path / "refused.csv"
    assert cli.main(["import", path, "--config", str(config), "--report", str(report)]) == 1
    out = capsys.readouterr().out
    assert out.count("negative") == 20
    assert "line 3: The price -$2 is negative." in out
    assert "10 rows more" in out
    with report.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert [row[0] for row in rows[1:]] == [str(line) for line in range(3, 33)]
    assert [p.sku for p in products(tmp_path)] == ["1"]


def test_json_is_for_scripts(config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = listed(tmp_path, "1;;Leche;1190;", "2;7801234567895;Té;100;")
    assert cli.main(["import", path, "--config", str(config), "--json", "--dry-run"]) == 1
    result = json.loads(capsys.readouterr().out)
    counts = {name: result[name] for name in ("dry_run", "read", "added", "refused", "ignored_columns")}
    assert counts == {"dry_run": True, "read": 2, "added": 1, "refused": 1, "ignored_columns": ["supplier"]}
    assert [problem["line"] for problem in result["problems"]] == [3]
    assert products(tmp_path) == []


def test_a_running_till_is_named(config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = listed(tmp_path, "1;;Leche;1190;")
    (tmp_path / "data").mkdir()
    lock = TillLock(tmp_path / "data").acquire("till")
    try:
        assert cli.main(["import", path, "--config", str(config)]) == 1
    finally:
        lock.release()
    assert f"till, process {os.getpid()}" in capsys.readouterr().err
    assert not (tmp_path / "data" / DATABASE).exists()


@pytest.mark.parametrize("args", [["import"], ["import", "a", "b"], ["export"], ["import", "a", "--what"]])
def test_wrong_usage_is_two(config: Path, args: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main([*args, "--config", str(config)])
    assert stopped.value.code == 2


def test_mistakes_are_said_in_words(config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = listed(tmp_path, "1;;Leche;1190;")
    assert cli.main(["import", str(tmp_path / "missing.csv"), "--config", str(config)]) == 1
    assert "cannot be read" in capsys.readouterr().err
    assert cli.main(["import", path, "--report", path, "--config", str(config)]) == 1
    assert "overwrite" in capsys.readouterr().err
    report = str(tmp_path / "missing" / "r.csv")
    assert cli.main(["import", path, "--report", report, "--config", str(config)]) == 1
    assert "cannot be written" in capsys.readouterr().err
    assert Path(path).read_text().startswith("sku;")


def test_export_and_import_agree(config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.csv"
    assert cli.main(["export", str(out), "--config", str(config)]) == 1
    assert "no sales file" in capsys.readouterr().err
    cli.main(["import", listed(tmp_path, "1;A1;=Leche;1190;", "2;;Pan;990;"), "--config", str(config)])
    store = Store.open(tmp_path / "data", "1", who="till", ballast_bytes=0)
    try:
        assert cli.main(["export", str(out), "--config", str(config)]) == 0, "also while the till runs"
    finally:
        store.close()
    assert "2 products" in capsys.readouterr().out
    assert cli.main(["import", str(out), "--config", str(config)]) == 0
    assert "2 unchanged" in capsys.readouterr().out
    assert cli.main(["export", str(out), "--config", str(config)]) == 1
    assert "there already" in capsys.readouterr().err


def test_kill_in_the_middle_leaves_the_catalogue_as_it_was(config: Path, tmp_path: Path) -> None:
    before = listed(tmp_path, "1;A1;Leche;1190;", "2;B1;Pan;990;")
    assert cli.main(["import", before, "--config", str(config)]) == 0
    old = products(tmp_path)
    rows = (f"{n};C{n};Producto número {n};{n + 1};" for n in range(60_000))
    path = listed(tmp_path, *rows)
    with subprocess.Popen(
        command("import", path, "--config", config), stderr=subprocess.PIPE, cwd=ROOT, env=ENVIRONMENT
    ) as process:
        assert process.stderr is not None
        line = process.stderr.readline()
        assert line == b"10000 rows read\n", line + process.stderr.read()
        # Ten thousand products have been written into the open transaction.
        process.send_signal(signal.SIGKILL)
        assert process.wait(timeout=30) == -signal.SIGKILL
    assert products(tmp_path) == old
    store = Store.open(tmp_path / "data", "1", ballast_bytes=0)
    try:
        kinds = [kind for (kind,) in store.reader.execute("SELECT kind FROM journal ORDER BY seq")]
        assert list(catalogue_files.everything(store.reader)) == old
    finally:
        store.close()
    assert kinds.count("import") == 1
    assert cli.main(["import", path, "--config", str(config), "--json"]) == 0
    assert len(products(tmp_path)) == 60_000


def test_control_c_leaves_the_catalogue_as_it_was(config: Path, tmp_path: Path) -> None:
    path = listed(tmp_path, *(f"{n};;Producto {n};{n + 1};" for n in range(60_000)))
    with subprocess.Popen(
        command("import", path, "--config", config), stderr=subprocess.PIPE, cwd=ROOT, env=ENVIRONMENT
    ) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == b"10000 rows read\n"
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 1
        assert b"Traceback" not in process.stderr.read()
    assert products(tmp_path) == []


def test_a_terminal_shows_a_bar_that_goes_away(config: Path, tmp_path: Path) -> None:
    path = listed(tmp_path, *(f"{n};;Producto {n};{n + 1};" for n in range(20_000)))
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    process = subprocess.Popen(
        command("import", path, "--config", config),
        stdin=slave,
        stdout=slave,
        stderr=slave,
        cwd=ROOT,
        env=ENVIRONMENT,
    )
    os.close(slave)
    screen = pyte.Screen(80, 24)
    stream = pyte.ByteStream(screen)
    seen: set[int] = set()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if not select.select([master], [], [], 1)[0]:
            continue
        try:
            data = os.read(master, 65536)
        except OSError:  # Linux: the other side has closed
            break
        if not data:
            break
        for piece in data.split(b"\r"):
            stream.feed(piece + b"\r")
            shown = screen.display[0]
            if " % " in shown:
                assert "█" in shown or "░" in shown
                seen.add(int(shown.partition(" % ")[0].split()[-1]))
    os.close(master)
    assert process.wait(timeout=30) == 0
    assert len(seen) >= 3
    assert max(seen) == 100
    lines = [line.strip() for line in screen.display if line.strip()]
    assert len(lines) == 2
    assert lines[0] == "Columns that were not read: supplier"
    assert lines[1].startswith("20000 rows read: 20000 added")


def test_without_settings_there_is_nowhere_to_import_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tilltui.commands.settings.load", lambda path: None)
    assert cli.main(["import", "list.csv"]) == 1
    assert "tilltui init" in capsys.readouterr().err
