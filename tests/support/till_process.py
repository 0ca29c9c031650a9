"""A till in a process of its own, to be killed: sells, prints and uploads, and says what was accepted.

``python -m tests.support.till_process FOLDER SEED``. Lines on standard output, each written whole:
``ready N`` (lines in the basket that was found), ``rung N`` (a line was saved), ``sale UUID``, ``sent SEQ``,
``printed JOB``.
"""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path

from tests.support import selling
from tilltui.domain.clock import now_ms
from tilltui.domain.selling.basket import Basket
from tilltui.store.books import totals
from tilltui.store.file.backup import sync
from tilltui.store.file.store import Store
from tilltui.store.paper import jobs
from tilltui.store.selling import baskets
from tilltui.store.upload import outbox


def say(text: str) -> None:
    """Tell the parent, past every buffer."""
    os.write(1, f"{text}\n".encode())


def upload(store: Store, folder: Path) -> None:
    """Send what waits, as the folder uploader does: a synced file a record, then the cursor."""
    batch = outbox.pending(store.reader, "folder", 20)
    for record in batch:
        target = folder / f"{record.epoch}-{record.seq:09d}.json"
        part = target.with_suffix(".part")
        part.write_bytes(record.body)
        sync(part)
        part.rename(target)
    sync(folder)
    if batch:
        last = batch[-1].seq
        store.run(lambda connection: outbox.acknowledge(connection, "folder", last, [], now_ms()))
        say(f"sent {last}")


def print_one(store: Store) -> None:
    """Take one job from the queue to the paper."""
    job = jobs.next_job(store.reader, "receipt")
    if job is not None:
        move(store, job.id, "sending")
        move(store, job.id, "confirmed")
        say(f"printed {job.id}")


def move(store: Store, job_id: int, state: str) -> None:
    """Put a job into another state."""
    store.run(lambda connection: jobs.set_state(connection, job_id, state, now_ms()))


def main(folder: Path, seed: str) -> None:
    """Sell 300 times, or until killed."""
    rng = random.Random(seed)
    store = selling.open_store(folder / "till")
    found = baskets.open_basket(store.reader)
    say(f"ready {len(found[1].lines) if found else 0}")
    store.run(lambda connection: jobs.recover(connection, "receipt", now_ms()))
    basket_id = found[0] if found else 1
    for _ in range(300):
        basket = found[1] if found else Basket()
        found = None
        for _ in range(rng.randrange(1, 5)):
            basket = basket.add(selling.line(rng), now_ms=now_ms())
            selling.keep(store, basket_id, basket, durable=False)
            say(f"rung {len(basket.lines)}")
        shift = totals.current_shift(store.reader)
        assert shift is not None
        closing = selling.closing(basket, rng, shift=shift.id)
        accepted = store.close_sale(closing, printer="receipt", basket_id=basket_id).result(30)
        say(f"sale {accepted.uuid}")
        if rng.random() < 0.5:
            print_one(store)
        if rng.random() < 0.2:
            upload(store, folder / "uploads")
    store.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
