"""One thing that reads bytes, and what it must live through: no error leaves it, and it does not grow."""

from __future__ import annotations

import gc
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.proofs.fuzz.material import Material, pieces

MOST_GROWTH = 96 * 1024
"""Bytes that a reader may hold more at the end than after the first quarter: the largest keeps 64 KiB."""

Feed = Callable[[bytes], list[object]]
"""Takes bytes; gives what they completed."""


@dataclass(frozen=True, slots=True)
class Target:
    """Something that reads.

    Attributes:
        name: For ``--only``.
        open: Makes a reader that may use the folder.
        material: What it is fed with.
        stream: Bytes come in any pieces, and whatever the pieces, the results are the same.
        pieced: They come in pieces, but the results may differ (a clock or a line decides).
        allowed: Errors that it says it raises.
    """

    name: str
    open: Callable[[Path], AbstractContextManager[Feed]]
    material: Material
    stream: bool = False
    pieced: bool = False
    allowed: tuple[type[Exception], ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a target fared.

    Attributes:
        name: The target's.
        eaten: Bytes that it read.
        results: Things that it made of them.
        refused: Blocks that it refused with an error of its own.
        seconds: How long that took, under ``tracemalloc``.
        growth: Bytes that it held more at the end than after the first quarter.
        failure: What went wrong; empty: nothing.
    """

    name: str
    eaten: int
    results: int
    refused: int
    seconds: float
    growth: int
    failure: str = ""


def plain(make: Callable[[], Feed]) -> Callable[[Path], AbstractContextManager[Feed]]:
    """A reader that needs no folder and nothing to be cleared away."""

    @contextmanager
    def opened(_folder: Path) -> Iterator[Feed]:
        yield make()

    return opened


def run(target: Target, count: int, seed: int) -> Outcome:
    """Feed a target with at least ``count`` bytes."""
    tracing = tracemalloc.is_tracing()
    if not tracing:
        tracemalloc.start()
    try:
        with TemporaryDirectory() as folder:
            for name in ("one", "other"):
                (Path(folder) / name).mkdir()
            with target.open(Path(folder) / "one") as one, target.open(Path(folder) / "other") as other:
                return _Run(target, Random(seed), one, other).until(count)
    finally:
        if not tracing:
            tracemalloc.stop()


class _Run:
    """One target at work; the second reader gets the same bytes in pieces."""

    def __init__(self, target: Target, rng: Random, one: Feed, other: Feed) -> None:
        self._target = target
        self._rng = rng
        self._one = one
        self._other = other
        self._eaten = self._results = self._refused = 0
        self._begun = time.monotonic()

    def until(self, count: int) -> Outcome:
        held = 0
        while self._eaten < count:
            if not held and self._eaten >= count // 4:
                held = _held()
            block = self._target.material(self._rng)
            self._eaten += len(block)
            failure = self._block(block)
            if failure:
                return self._outcome(0, f"{failure}; the block was {block[:300]!r}")
        growth = _held() - (held or _held())
        return self._outcome(
            growth, "" if growth <= MOST_GROWTH else f"it holds {growth // 1024} KiB more than at first"
        )

    def _block(self, block: bytes) -> str:
        """Feed one block; gives what was wrong."""
        try:
            if self._target.pieced:
                found = [thing for piece in pieces(self._rng, block) for thing in self._one(piece)]
            else:
                found = self._one(block)
            self._results += len(found)
            if self._target.stream:
                others = [thing for piece in pieces(self._rng, block) for thing in self._other(piece)]
                if others != found:
                    return f"whole it gave {found!r:.300}, in pieces {others!r:.300}"
        except self._target.allowed:
            self._refused += 1
        except Exception as error:
            return f"{type(error).__name__} left it: {error}"
        return ""

    def _outcome(self, growth: int, failure: str) -> Outcome:
        seconds = time.monotonic() - self._begun
        return Outcome(self._target.name, self._eaten, self._results, self._refused, seconds, growth, failure)


def _held() -> int:
    gc.collect()
    return tracemalloc.get_traced_memory()[0]
