"""X and Z over years of sales, from totals that were kept sale by sale."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.proofs.bench import cache, history
from tests.proofs.bench.children import child
from tests.proofs.bench.figure import Figure
from tests.proofs.bench.options import Options


def measure(options: Options) -> Iterator[Figure]:
    """The totals read, the shift closed, the database opened."""
    source, lines = history.folder(options), history.lines(options)
    with TemporaryDirectory(dir=source.parent) as folder:
        seen = child("read_totals", cache.copied(source, Path(folder) / "data"))
    how = f"{seen['rows']} totals, median of 50"
    yield Figure("reports", f"totals of a Z, {lines:,} lines kept", seen["x_ms"], "ms", 1, how)
    how = "the whole transaction: record, sync, what sells best counted anew"
    yield Figure("reports", f"closing the shift, {lines:,} lines kept", seen["z_ms"], "ms", None, how)
    how = "pragmas, quick_check, the chain's end; file cached"
    yield Figure("reports", f"opening the database, {lines:,} lines kept", seen["open_ms"], "ms", None, how)
