"""Every reader of what comes from outside lives through chance and damage; ``scripts/fuzz`` gives it more."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from tests.proofs.fuzz.main import TARGETS, main
from tests.proofs.fuzz.material import damaged, mixed, pieces
from tests.proofs.fuzz.target import MOST_GROWTH, Feed, Target, plain, run

BYTES = {"table-csv": 6_000, "table-xlsx": 30_000, "codes": 8_000}
"""Of slow readers; of the others there are more."""

MATERIAL = mixed((b"hello\r", b"world\r"), 50)


@pytest.mark.parametrize("name", TARGETS)
def test_no_error_leaves_it_and_it_does_not_grow(name: str) -> None:
    count = BYTES.get(name, 20_000)
    seen = run(TARGETS[name], count, seed=1)
    assert not seen.failure
    assert seen.eaten >= count
    assert seen.results > 0  # it was not only fed with what it refuses


def lines(data: bytes) -> list[object]:
    return list(data.split(b"\r"))


def raising(data: bytes) -> list[object]:
    if b"hello" in data:
        raise KeyError("hello")
    return []


def hoarder() -> Feed:
    held = bytearray()

    def feed(data: bytes) -> list[object]:
        held.extend(data * 20)
        return []

    return feed


@pytest.mark.parametrize(
    ("make", "allowed", "said"),
    [
        (lambda: raising, (), "KeyError left it"),
        (lambda: raising, (KeyError,), ""),
        (lambda: lines, (), "in pieces"),
        (hoarder, (), "KiB more than at first"),
    ],
)
def test_what_is_wrong_is_found(
    make: Callable[[], Feed], allowed: tuple[type[Exception], ...], said: str
) -> None:
    seen = run(Target("bad", plain(make), MATERIAL, stream=True, allowed=allowed), 20_000, seed=3)
    assert bool(seen.failure) is bool(said)
    assert said in seen.failure
    assert (seen.growth > MOST_GROWTH) is ("more" in said)


def test_the_same_seed_makes_the_same_bytes_and_pieces_lose_none() -> None:
    first, second = ([MATERIAL(rng) for _ in range(50)] for rng in (Random(5), Random(5)))
    assert first == second
    data = b"".join(first)
    assert b"".join(pieces(Random(1), data)) == data
    assert {damaged(Random(n), b"hello", b"x") == b"hello" for n in range(20)} == {True, False}


def test_the_command_says_how_each_fared(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--bytes", "500", "--only", "scale-nci", "--only", "printer-status"]) == 0
    said = capsys.readouterr().out
    assert [line.split()[:2] for line in said.splitlines()[:2]] == [
        ["pass", "scale-nci"],
        ["pass", "printer-status"],
    ]
