"""scripts/run on machines that lack something, played with stand-ins on the PATH."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout in a folder with a space, with the scripts and the locked requirements only."""
    folder = tmp_path / "till tui"
    (folder / "scripts").mkdir(parents=True)
    (folder / "bin").mkdir()
    for name in ("run", "venv.sh"):
        shutil.copy2(ROOT / "scripts" / name, folder / "scripts" / name)
    shutil.copytree(ROOT / "requirements", folder / "requirements")
    return folder


def program(path: Path, body: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/bash\n{body}\n", "utf-8")
    path.chmod(0o755)


def run(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(checkout / "scripts" / "run"), *arguments],
        cwd=checkout.parent,
        env={
            "PATH": f"{checkout / 'bin'}:/usr/bin:/bin",
            "HOME": "/nonexistent",
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def ready(checkout: Path) -> None:
    """A finished .venv whose python says how it was called, and where."""
    program(
        checkout / ".venv" / "bin" / "python",
        'echo "$PWD|$PYTHONPATH|${PYTHONDONTWRITEBYTECODE-unset}"; printf "<%s>" "$@"; exit 7',
    )
    stamp = subprocess.run(
        ["bash", "-c", ". scripts/venv.sh && stamp requirements/run.txt"],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    (checkout / ".venv" / ".tilltui-run").write_text(stamp, "utf-8")


def test_a_second_start_only_starts(checkout: Path) -> None:
    ready(checkout)
    done = run(checkout, "check", "--config", "a b.toml")
    here, arguments = done.stdout.split("\n")
    assert here == f"{checkout.parent}|{checkout}:{checkout}/drivers|unset"
    assert arguments == "<-m><tilltui><check><--config><a b.toml>"
    assert (done.returncode, done.stderr) == (7, "")


def test_other_requirements_are_installed_with_their_hashes(checkout: Path) -> None:
    ready(checkout)
    with (checkout / "requirements" / "run.txt").open("a") as file:
        file.write("# changed\n")
    program(checkout / ".venv" / "bin" / "python", f'echo "$@" >>{str(checkout.parent / "calls")!r}')
    assert run(checkout).returncode == 0
    calls = (checkout.parent / "calls").read_text("utf-8").splitlines()
    assert any("pip install" in call and "--require-hashes" in call and "run.txt" in call for call in calls)
    assert any("compileall" in call for call in calls)
    assert calls[-1] == "-m tilltui"
    assert run(checkout).returncode == 0
    assert len((checkout.parent / "calls").read_text("utf-8").splitlines()) == len(calls) + 1


def test_a_failed_installation_is_tried_again(checkout: Path) -> None:
    ready(checkout)
    with (checkout / "requirements" / "run.txt").open("a") as file:
        file.write("# changed\n")
    program(checkout / ".venv" / "bin" / "python", '[ "$2" != pip ]')
    for _ in range(2):
        done = run(checkout)
        assert done.returncode == 1
        assert "installing" in done.stderr


def test_a_python_that_went_away_is_replaced(checkout: Path) -> None:
    """After an upgrade of the system .venv/bin/python may point nowhere."""
    ready(checkout)
    python = checkout / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nonexistent/python3.10")
    program(
        checkout / "bin" / "python3",
        f"""
case "$2" in
    venv) mkdir -p "$3/bin"; printf '#!/bin/bash\nexit 0\n' >"$3/bin/python"; chmod +x "$3/bin/python";;
esac
echo "python3 $*" >>{str(checkout.parent / "calls")!r}""",
    )
    done = run(checkout)
    assert done.returncode == 0
    assert "making .venv" in done.stderr
    assert "python3 -m venv .venv" in (checkout.parent / "calls").read_text("utf-8")


def test_without_venv_it_says_what_to_install(checkout: Path) -> None:
    program(checkout / "bin" / "python3", 'case "$2" in *ensurepip*) exit 1;; esac; exit 0')
    program(checkout / "bin" / "id", "echo 1000")
    done = run(checkout)
    assert done.returncode == 1
    assert "sudo apt install python3-venv" in done.stderr
    assert not (checkout / ".venv").exists()


def test_an_old_python_is_refused_in_words(checkout: Path) -> None:
    for name in ("python3", "python3.14", "python3.13", "python3.12", "python3.11"):
        program(checkout / "bin" / name, "exit 1")
    done = run(checkout)
    assert done.returncode == 1
    assert "Python 3.11 or newer is needed" in done.stderr


def test_the_locked_requirements_name_no_place_to_fetch_from() -> None:
    for path in (ROOT / "requirements").iterdir():
        text = path.read_text("utf-8")
        assert "://" not in text
        assert "--index" not in text
        assert "--find-links" not in text
    locked = (ROOT / "requirements" / "run.txt").read_text("utf-8")
    assert locked.count("==") <= locked.count("--hash=sha256:")


def test_every_script_can_be_run() -> None:
    for name in (
        "scripts/run",
        "scripts/test",
        "scripts/lock",
        "scripts/i18n",
        "scripts/config-reference",
        ".ci/run",
    ):
        assert os.access(ROOT / name, os.X_OK), name


def venv_maker(checkout: Path, pip: str) -> None:
    """A system's python3 that makes a .venv whose python does ``pip`` for an installation."""
    program(
        checkout / "bin" / "python3",
        f"""
case "$2" in
    venv) mkdir -p "$3/bin"; cp {str(checkout / "bin" / "venv-python")!r} "$3/bin/python"; echo made >>calls;;
esac""",
    )
    program(checkout / "bin" / "venv-python", f'[ "$2" != pip ] || {{ {pip}; }}')


def test_an_installation_that_was_killed_is_made_anew(checkout: Path) -> None:
    """Pip believes in what it finds, and after a power cut the files of a package may be empty."""
    venv_maker(checkout, "kill -9 $$")
    assert run(checkout).returncode == 1
    unfinished = checkout / ".venv" / ".tilltui-unfinished"
    unfinished.touch()  # as when scripts/run itself was killed, too
    half = checkout / ".venv" / "half.py"
    half.touch()
    venv_maker(checkout, "true")
    done = run(checkout)
    assert done.returncode == 0
    assert "cut off" in done.stderr
    assert not half.exists()
    assert not unfinished.exists()
    assert (checkout / "calls").read_text("utf-8").split() == ["made", "made"]


def test_while_pip_runs_the_installation_counts_as_unfinished(checkout: Path) -> None:
    venv_maker(checkout, "ls -A .venv >seen")
    assert run(checkout).returncode == 0
    assert ".tilltui-unfinished" in (checkout / "seen").read_text("utf-8")
    assert not (checkout / ".venv" / ".tilltui-unfinished").exists()


def test_what_cannot_be_installed_is_explained(checkout: Path) -> None:
    venv_maker(checkout, "exit 1")
    done = run(checkout)
    assert done.returncode == 1
    for word in ("network", "clock", "MB are free"):
        assert word in done.stderr
    assert not (checkout / ".venv" / ".tilltui-run").exists()


def test_two_at_once_install_once(checkout: Path) -> None:
    """The service starts the till while somebody tries it by hand."""
    venv_maker(checkout, "echo pip >>calls; echo begun >begun; read -r _ <go")
    for name in ("begun", "go"):
        os.mkfifo(checkout / name)
    command = [str(checkout / "scripts" / "run")]
    environ = {"PATH": f"{checkout / 'bin'}:/usr/bin:/bin", "HOME": "/nonexistent"}
    with subprocess.Popen(command, env=environ, stderr=subprocess.PIPE, text=True) as first:
        (checkout / "begun").read_text("utf-8")
        with subprocess.Popen(command, env=environ, stderr=subprocess.PIPE, text=True) as second:
            assert second.stderr is not None
            assert "waiting" in second.stderr.readline()
            (checkout / "go").write_text("go\n", "utf-8")
            assert second.wait(60) == 0
        assert first.wait(60) == 0
    assert (checkout / "calls").read_text("utf-8").split() == ["made", "pip"]


@pytest.mark.parametrize(
    ("user", "told"), [("till", "sudo -u rosita -H"), ("rosita", "is read-only"), ("root", "is read-only")]
)
def test_a_folder_that_cannot_be_written_is_told(checkout: Path, user: str, told: str) -> None:
    """Root, whom the tests may run as, may write anywhere: the answer, the owner and the user are played."""
    program(checkout / "bin" / "stat", "echo rosita")
    program(checkout / "bin" / "id", f'[ "$1" = -u ] && echo {0 if user == "root" else 1000} || echo {user}')
    unwritable = 'function [ { case $1 in -w) return 1;; *) builtin [ "$@";; esac; }'
    done = subprocess.run(
        ["bash", "-c", f"{unwritable}; . scripts/venv.sh; fill_venv .tilltui-run 1 touch filled"],
        cwd=checkout,
        env={"PATH": f"{checkout / 'bin'}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told in done.stderr
    assert not (checkout / "filled").exists()
    assert not (checkout / ".venv").exists()


def test_where_several_cannot_be_compiled_at_once_they_are_one_by_one(checkout: Path) -> None:
    """Without /dev/shm, as in some containers, ``compileall -j`` ends with a traceback."""
    venv_maker(checkout, "true")
    program(
        checkout / "bin" / "venv-python",
        'case "$*" in *compileall*-j*) echo Traceback >&2; exit 1;; *compileall*) echo one by one >&2;; esac',
    )
    done = run(checkout)
    assert done.returncode == 0
    assert "one by one" in done.stderr
    assert "Traceback" not in done.stderr
    assert "not compiled" not in done.stderr
