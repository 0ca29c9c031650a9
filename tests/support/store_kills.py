"""``kill -9`` at random moments of a selling till, and what must be true afterwards."""

from __future__ import annotations

import json
import os
import random
import select
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.support import selling
from tilltui.store.audit.check import audit
from tilltui.store.books import journal
from tilltui.store.file.store import Store
from tilltui.store.selling import baskets
from tilltui.store.upload import outbox

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Told:
    """What the tills that were killed had said.

    Attributes:
        sales: Accepted sales in order.
        sent: Highest record acknowledged by the uploader.
        printed: Jobs that were on paper.
        rung: Lines in the open basket.
    """

    sales: list[str] = field(default_factory=list)
    sent: int = 0
    printed: set[int] = field(default_factory=set)
    rung: int = 0

    def hear(self, line: str) -> None:
        """One line of a till."""
        what, _, value = line.partition(" ")
        if what == "sale":
            self.sales.append(value)
            self.rung = 0
        elif what == "sent":
            self.sent = int(value)
        elif what == "printed":
            self.printed.add(int(value))
        elif what in ("rung", "ready"):
            self.rung = int(value)


def kill_one(folder: Path, told: Told, seed: str) -> None:
    """Start a till, let it say a random number of things, wait a random moment more, kill it."""
    rng = random.Random(seed)
    command = [sys.executable, "-m", "tests.support.till_process", str(folder), seed]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, env=environment) as till:
        assert till.stdout is not None
        heard, wanted = b"", rng.randrange(1, 60)
        os.set_blocking(till.stdout.fileno(), False)
        while heard.count(b"\n") < wanted:
            readable, _, _ = select.select([till.stdout], [], [], 30)
            chunk = till.stdout.read() if readable else b""
            if not chunk:
                raise AssertionError(f"the till of {seed} fell silent after {heard[-200:]!r}")
            heard += chunk
        # A few milliseconds of work, so that the kill comes within a step and not always after one.
        select.select([], [], [], rng.random() * 0.006)
        till.kill()
        os.set_blocking(till.stdout.fileno(), True)
        heard += till.stdout.read()
    for line in heard.decode().splitlines():
        told.hear(line)


def check(folder: Path, told: Told, *, thorough: bool) -> list[str]:
    """What is wrong after the kills so far; at most one sale more than was said may be there."""
    store = selling.open_store(folder / "till")
    try:
        return list(_faults(store, folder / "uploads", told, thorough=thorough))
    finally:
        store.close()


def _faults(store: Store, uploads: Path, told: Told, *, thorough: bool) -> list[str]:
    faults = [str(flaw) for flaw in journal.flaws(store.reader)]
    if thorough:
        faults += [str(finding) for finding in audit(store.reader)]
    there = [row[0] for row in store.reader.execute("SELECT uuid FROM sale ORDER BY id")]
    if len(there) != len(set(there)):
        faults.append("a sale is there twice")
    more = [uuid for uuid in there if uuid not in set(told.sales)]
    if [uuid for uuid in there if uuid not in set(more)] != told.sales or len(more) > 1:
        faults.append(f"{len(told.sales)} sales were accepted, {len(there)} are there")
    if more:
        # It was committed and the till died before it could say so: from here on it counts.
        if more != there[-1:]:
            faults.append("a sale nobody was told of stands among older ones")
        told.sales.append(more[0])
        told.rung = 0
    cursor = outbox.cursor(store.reader, "folder")
    if cursor < told.sent:
        faults.append(f"the uploader was at {told.sent}, now at {cursor}")
    sent = {int(path.stem.partition("-")[2]) for path in uploads.glob("*.json")}
    if not set(range(1, cursor + 1)) <= sent:
        faults.append("a record that counts as sent is not in the folder")
    if thorough:
        uuids = Counter(json.loads(path.read_bytes()).get("uuid") for path in uploads.glob("*.json"))
        if any(count > 1 for count in uuids.values()):
            faults.append("a record was uploaded twice under two names")
    done = {row[0] for row in store.reader.execute("SELECT id FROM print_job WHERE state = 'confirmed'")}
    if not told.printed <= done:
        faults.append("a receipt that was printed is no longer so")
    found = baskets.open_basket(store.reader)
    lines = len(found[1].lines) if found else 0
    if not told.rung <= lines <= told.rung + 1:
        faults.append(f"{told.rung} lines had been rung, {lines} are in the basket")
    return faults


def run(count: int, seed: int, *, fresh: int = 20) -> Counter[str]:
    """Kill tills ``count`` times, on a new database every ``fresh`` kills.

    Returns:
        ``kills``, ``sales``, ``unsaid`` (there, but killed before it was said) and each fault.
    """
    found: Counter[str] = Counter()
    for start in range(0, count, fresh):
        with tempfile.TemporaryDirectory(prefix="kills-") as temp:
            folder = Path(temp)
            (folder / "uploads").mkdir()
            told = Told()
            last = min(start + fresh, count) - 1
            for number in range(start, last + 1):
                before = len(told.sales)
                kill_one(folder, told, f"{seed}-{number}")
                said = len(told.sales)
                found.update(check(folder, told, thorough=number == last or number % 10 == 0))
                found.update(kills=1, sales=len(told.sales) - before, unsaid=len(told.sales) - said)
    return found
