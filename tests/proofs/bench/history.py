"""A database with years of sales.

A block of real sales is repeated with SQL, its numbers moved on; the last sales are closed one by one, so
that the chain's end, which the store checks when it opens, is real. The journal before it has its size but
not its hashes.
"""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from tests.proofs.bench import cache, shopping
from tests.proofs.bench.options import Options
from tilltui.store.books import sales
from tilltui.store.books.keys import AFTER_SALE, first_key
from tilltui.store.file.engine import Connection
from tilltui.store.file.store import Store

LINES_A_SALE = 10
BLOCK = 1000
END = 300
"""Sales closed one by one at the end; the store checks the last 200."""


def lines(options: Options) -> int:
    """How many lines are kept."""
    return 200_000 if options.quick else 5_000_000


def folder(options: Options) -> Path:
    """The data folder, made if need be."""
    blocks = lines(options) // LINES_A_SALE // BLOCK
    return cache.cached(f"history-{blocks}", lambda store: _fill(store, blocks))


def _fill(store: Store, blocks: int) -> None:
    closings = shopping.closings(BLOCK + END, lines=LINES_A_SALE)
    for amount in [100] * (BLOCK // 100):
        made = list(islice(closings, amount))
        store.run(lambda c, made=made: [sales.close_sale(c, one) for one in made] and None, durable=False)  # type: ignore[misc]
    for block in range(1, blocks):
        store.run(lambda c, block=block: _repeat(c, block), durable=False)  # type: ignore[misc]
    store.run(_go_on, durable=False)
    made = list(closings)
    store.run(lambda c: [sales.close_sale(c, one, printer="receipt") for one in made] and None)


def _repeat(connection: Connection, block: int) -> None:
    """Insert the first block once more, ``block`` blocks later."""
    shift = block * BLOCK
    of_sales = f"id {AFTER_SALE} AND id < {first_key(BLOCK + 1)}"
    # The first record of the journal is the enrolment.
    for table, moved, where, after in (
        ("sale", {"id": shift, "seq": shift}, f"id > ?1 AND id <= {BLOCK}", 0),
        ("sale_line", {"id": first_key(shift)}, of_sales, 0),
        ("payment", {"id": first_key(shift)}, of_sales, 0),
        ("sale_tax", {"id": first_key(shift)}, of_sales, 0),
        ("stock_move", {"seq": shift}, f"seq > ?1 AND seq <= {BLOCK + 1}", 1),
    ):
        names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        if table == "stock_move":
            names.remove("id")
        picked = ", ".join(f"{name} + {moved.get(name, 0)}" if name in moved else name for name in names)
        connection.execute(
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {picked} FROM {table} WHERE {where}", (after,)
        )
    connection.execute(
        f"INSERT INTO journal SELECT seq + {shift}, epoch, kind, uuid, created_ms, body, hash FROM journal "
        f"WHERE seq > 1 AND seq <= {BLOCK + 1}"
    )


def _go_on(connection: Connection) -> None:
    """Set the head to the last record, as if it had been closed one by one."""
    top = next(connection.execute("SELECT max(seq) FROM journal"))[0]
    count = next(connection.execute("SELECT max(id) FROM sale"))[0]
    connection.execute("UPDATE head SET seq = ?, sales = ?", (top, count))
    row = next(connection.execute("SELECT hash FROM journal WHERE seq = ?", (top,)))
    connection.execute("UPDATE head SET hash = ?", (row[0],))
