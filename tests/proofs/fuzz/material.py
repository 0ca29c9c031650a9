"""Bytes that mean harm: pure chance, and things that are almost right."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from random import Random

Material = Callable[[Random], bytes]
"""Makes the next block."""


def mixed(seeds: Sequence[bytes], longest: int, together: int = 4) -> Material:
    """Blocks of chance, of the seeds' own alphabet, of one byte many times, and of damaged seeds.

    Args:
        seeds: What a healthy device or file would say.
        longest: Most bytes of a block of pure chance.
        together: Most seeds one behind the other.
    """
    alphabet = b"".join(seeds)

    def make(rng: Random) -> bytes:
        kind = rng.random()
        if kind < 0.2:
            return rng.randbytes(rng.randint(1, longest))
        if kind < 0.35:
            return bytes(rng.choices(alphabet, k=rng.randint(1, longest)))
        if kind < 0.4:
            return bytes((rng.choice(alphabet),)) * rng.randint(1, 4 * longest)
        return b"".join(damaged(rng, rng.choice(seeds), alphabet) for _ in range(rng.randint(1, together)))

    return make


def damaged(rng: Random, seed: bytes, alphabet: bytes) -> bytes:
    """A seed with up to four injuries; sometimes none."""
    data = bytearray(seed)
    for _ in range(rng.choice((0, 0, 1, 1, 2, 4))):
        at = rng.randrange(len(data) + 1)
        match rng.randrange(6):
            case 0:
                data[at : at + 1] = rng.randbytes(1)
            case 1:
                data.insert(at, rng.choice(alphabet))
            case 2:
                del data[at : at + rng.randint(1, 8)]
            case 3:
                data[at:at] = data[at : at + rng.randint(1, 30)]
            case 4:
                del data[at:]
            case _:
                data[at:at] = bytes((rng.choice(alphabet),)) * rng.randint(1, 300)
    return bytes(data)


def pieces(rng: Random, data: bytes) -> Iterator[bytes]:
    """``data`` in pieces of chance, some of a single byte and some empty."""
    at = 0
    while at < len(data):
        size = rng.choice((0, 1, 1, 2, 3, 7, 64, 4096))
        yield data[at : at + size]
        at += size
