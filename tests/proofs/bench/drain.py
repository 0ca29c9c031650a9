"""Ten thousand sales that waited for a network, sent to the reference receiver over loopback."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.proofs.bench import cache, shopping, till
from tests.proofs.bench.children import child
from tests.proofs.bench.figure import Figure
from tests.proofs.bench.options import Options
from tilltui.store.books import sales
from tilltui.store.file.store import Store


def measure(options: Options) -> Iterator[Figure]:
    """Real records from a real store; the receiver commits each batch to its disk before it answers."""
    count = 1000 if options.quick else 10_000
    source = cache.cached(f"queue-{count}", lambda store: _fill(store, count))
    best: dict[str, float] = {}
    for _ in range(3):
        with TemporaryDirectory() as folder:
            seen = _drain(Path(folder), source)
        if seen["records"] < count:
            raise ValueError(f"Head office has {seen['records']} of {count} records.")
        best = seen if not best or seen["seconds"] < best["seconds"] else best
    how = f"{best['requests']:.0f} requests, receiver in its own process with durable SQLite; best of 3"
    yield Figure("drain", f"{count:,} queued sales sent", best["seconds"], "s", 1 * count / 10_000, how)
    yield Figure(
        "drain", "a sale on the wire", best["bytes"] / best["records"], "bytes", 300, "gzip, 4 lines each"
    )
    yield Figure("drain", "CPU of the till a sale", best["cpu"] / count * 1e6, "us", None, "process_time")


def _drain(home: Path, source: Path) -> dict[str, float]:
    data = cache.copied(source, home / "data")
    office = subprocess.Popen(
        till.program("receive", str(home)),
        env=till.environment(till.ROOT),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert office.stdin is not None
    assert office.stdout is not None
    with office:
        where = json.loads(office.stdout.readline())
        key = home / "hq.key"
        key.touch(mode=0o600)
        key.write_text(where["secret"], encoding="ascii")
        sent = child("drain_journal", data, where["url"], key)
        office.stdin.close()
        received: dict[str, float] = json.loads(office.stdout.readline())
    return sent | received


def _fill(store: Store, count: int) -> None:
    closings = shopping.closings(count, lines=4)
    while made := list(islice(closings, 500)):
        store.run(lambda c, made=made: [sales.close_sale(c, one) for one in made] and None, durable=False)  # type: ignore[misc]
