"""Whoever has the file can edit it; the audit says so."""

from __future__ import annotations

import random

import apsw
import pytest

from tests.support import selling
from tilltui.store.audit import audit
from tilltui.store.migrations.m0001_first import IMMUTABLE
from tilltui.store.store import DATABASE

LINE = "SELECT min(no) FROM sale_line WHERE sale_id = 5"
EDITS = [
    "UPDATE sale SET returns = '1-000001' WHERE id = 5",
    "UPDATE sale SET note = 'x' WHERE id = 5",
    "UPDATE sale SET operator_id = 9 WHERE id = 5",
    "UPDATE sale SET closed_ms = closed_ms - 1 WHERE id = 5",
    "UPDATE sale SET opened_ms = opened_ms + 1 WHERE id = 5",
    "UPDATE sale SET offset_min = offset_min + 1 WHERE id = 5",
    "UPDATE sale SET currency = 'EUR' WHERE id = 5",
    "UPDATE sale SET location = 'home' WHERE id = 5",
    *(
        f"UPDATE sale_line SET {change} WHERE sale_id = 5 AND no = ({LINE})"
        for change in (
            "description = 'Pan'", "sku = 'ZZ'", "unit_price = unit_price + 1", "tax = 'none'",
            "unit = 'x'", "lot = 'L'", "location = 'home'", "gross = gross + 1, discount = discount + 1",
        )
    ),
    "UPDATE stock_move SET location = 'home' WHERE id = 3",
    "UPDATE stock_move SET reason = 'theft' WHERE id = 3",
    "INSERT INTO stock_move SELECT 9999, product_id, location, lot, 5, 'sale', 999 FROM stock_move LIMIT 1",
    "INSERT INTO upload_cursor VALUES ('hq', 1000000, 0)",
    "DROP TRIGGER sale_no_update",
]  # fmt: skip


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> apsw.Connection:
    """A till's database in memory: twenty sales."""
    folder = tmp_path_factory.mktemp("edits") / "till"
    store = selling.open_store(folder)
    store.run(lambda connection: connection.execute("INSERT INTO operator (id, name) VALUES (9, 'Eva')"))
    rng = random.Random(6)
    for _ in range(20):
        selling.sell(store, rng, 4)
    store.close()
    memory = apsw.Connection(":memory:")
    disk = apsw.Connection(str(folder / DATABASE))
    with memory.backup("main", disk, "main") as copy:
        copy.step(-1)
    disk.close()
    assert list(audit(memory)) == []
    return memory


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_shows(file: apsw.Connection, edit: str) -> None:
    guards = {
        str(name): str(sql)
        for name, sql in file.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        if str(name).rpartition("_no_")[0] in IMMUTABLE
    }
    file.execute("BEGIN")
    try:
        if not edit.startswith("DROP"):
            for name in guards:
                file.execute(f"DROP TRIGGER {name}")
        before = file.total_changes()
        file.execute(edit)
        assert file.total_changes() > before or edit.startswith("DROP")
        if not edit.startswith("DROP"):
            for sql in guards.values():
                file.execute(sql)
        assert len(list(audit(file))) >= 1
    finally:
        file.execute("ROLLBACK")
    assert list(audit(file)) == []
