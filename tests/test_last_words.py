"""What the program says last arrives, or its exit code says that it did not."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.program import environment
from tests.support.shop import ROOT
from tilltui import last_words


def run(home: Path, *argv: str, stdout: int, stderr: int = subprocess.PIPE) -> tuple[int, str]:
    """Run the program; its exit code and what it said on stderr."""
    done = subprocess.run(
        [sys.executable, "-m", "tilltui", *argv],
        env=environment(home), cwd=ROOT, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, text=True,
        timeout=60, check=False,
    )  # fmt: skip
    return done.returncode, done.stderr or ""


@pytest.fixture
def full() -> Iterator[int]:
    """A disk that takes no more."""
    fd = os.open("/dev/full", os.O_WRONLY)
    yield fd
    os.close(fd)


@pytest.fixture
def unread() -> Iterator[int]:
    """A pipe whose reader has gone."""
    reading, writing = os.pipe()
    os.close(reading)
    yield writing
    os.close(writing)


@pytest.fixture
def hung_up() -> Iterator[int]:
    """A terminal that is gone."""
    master, slave = os.openpty()
    os.close(master)
    yield slave
    os.close(slave)


@pytest.mark.parametrize("argument", ["--version", "--help"])
def test_a_full_disk_is_said(argument: str, tmp_path: Path, full: int) -> None:
    code, said = run(tmp_path, argument, stdout=full)
    assert code == 1
    assert said.splitlines()[1:] == [
        "  stdout cannot be written: No space left on device.",
        "  Check that the disk is there and has room, then try again.",
    ]


def test_where_nothing_can_be_said_the_code_says_it(tmp_path: Path, full: int) -> None:
    assert run(tmp_path, "--version", stdout=full, stderr=full)[0] == 1


def test_a_reader_who_wants_no_more_is_told_nothing(tmp_path: Path, unread: int) -> None:
    assert run(tmp_path, "--version", stdout=unread) == (1, "")


def test_a_terminal_that_is_gone_is_no_failure(tmp_path: Path, hung_up: int) -> None:
    assert run(tmp_path, "--version", stdout=hung_up) == (0, "")


@pytest.mark.parametrize("name", ["stdout", "stderr"])
def test_what_nobody_takes_is_not_tried_again(
    name: str, hung_up: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open(os.dup(hung_up), "w", encoding="utf-8") as stream:
        stream.write("last words")
        monkeypatch.setattr(sys, name, stream)
        assert last_words.send() is None
        stream.write("more")
        stream.flush()


def test_a_stream_that_was_never_open_holds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    assert last_words.send() is None
