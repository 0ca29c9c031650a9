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
