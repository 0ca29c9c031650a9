"""Products by code and by name, among 100,000 and among a million."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tests.proofs.bench import cache, shopping
from tests.proofs.bench.children import child
from tests.proofs.bench.figure import Figure
from tests.proofs.bench.options import Options

ROUNDS = 3


def measure(options: Options) -> Iterator[Figure]:
    """Exact codes and searches as a cashier types them."""
    sizes = (10_000, 100_000) if options.quick else (100_000, 1_000_000)
    folders = [
        cache.cached(f"products-{size}", lambda store, size=size: shopping.fill_catalogue(store, size))  # type: ignore[misc]
        for size in sizes
    ]
    # In turn, and the best of each: what else runs on the machine must not fall on one size alone.
    rounds = [
        [child("look_up", folder, size) for folder, size in zip(folders, sizes, strict=True)]
        for _ in range(ROUNDS)
    ]
    seen = [_best(results) for results in zip(*rounds, strict=True)]
    how = "reading the code included; median of 2,000 random products, best of 9 in turn"
    for size, result in zip(sizes, seen, strict=True):
        yield Figure("lookup", f"exact barcode, {size:,} products", result["exact_ms"], "ms", 0.3, how)
    slower = max(0.0, (seen[1]["exact_ms"] / seen[0]["exact_ms"] - 1) * 100)
    yield Figure("lookup", f"slower with {sizes[1]:,} than {sizes[0]:,}", slower, "%", 20, "the two above")
    for size, result in zip(sizes, seen, strict=True):
        times: dict[str, float] = result["search_ms"]
        worst = max(times, key=lambda text: times[text])
        how = (
            f"worst of {len(times)} queries: '{worst}' ({result['found'][worst]} found); best of {7 * ROUNDS}"
        )
        yield Figure(
            "lookup", f"search, {size:,} products", times[worst], "ms", 1 if size <= 100_000 else None, how
        )


def _best(results: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The shortest time of each look-up and search."""
    first = results[0]
    searches = {text: min(one["search_ms"][text] for one in results) for text in first["search_ms"]}
    return first | {"exact_ms": min(one["exact_ms"] for one in results), "search_ms": searches}
