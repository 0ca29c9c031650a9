"""Whoever has the file can edit it; the audit says so."""

from __future__ import annotations

import random
from functools import partial

import apsw
import pytest

from tests.support import selling
from tilltui.domain.goods.bad_scan import BadScan
from tilltui.services.people.pin import Pins
from tilltui.store.audit.check import audit
from tilltui.store.file.engine import Connection
from tilltui.store.file.store import DATABASE
from tilltui.store.goods import catalogue
from tilltui.store.migrations.m0001_first import IMMUTABLE
from tilltui.store.upload import outbox

LINE = "SELECT min(no) FROM sale_line WHERE sale_id = 5"
SALES = [
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
    "DROP TRIGGER sale_no_update",
    "DROP TRIGGER payment_attempt_kept",
]  # fmt: skip
SHIFTS = [
    "UPDATE meta SET value = '7' WHERE key = 'z'",
    "UPDATE meta SET value = '1' WHERE key = 'z'",
    "DELETE FROM meta WHERE key = 'z'",
    "UPDATE shift SET opened_ms = opened_ms + 1 WHERE id = 1",
    "UPDATE shift SET opened_ms = opened_ms - 60000 WHERE id = 3",
    "UPDATE shift SET closed_ms = closed_ms + 1 WHERE id = 2",
    "UPDATE shift SET closed_ms = NULL WHERE id = 2",
    "UPDATE shift SET closed_ms = 5 WHERE id = 3",
    "UPDATE shift SET operator_id = 2 WHERE id = 1",
    "INSERT INTO shift (opened_ms, operator_id) VALUES (1, 1)",
    "DELETE FROM shift WHERE id = 3",
]
TOTALS = [
    "INSERT INTO day_total VALUES (3, '2026-11-21', 'tender', 'gift', 0, 0, 0)",
    "INSERT INTO day_total VALUES (1, '2026-11-22', 'sale', '', 0, 0, 0)",
    "UPDATE day_total SET amount = amount - 100 WHERE shift_id = 1 AND kind = 'tender' AND key = 'cash'",
    "DELETE FROM day_total WHERE shift_id = 2 AND kind = 'category'",
]
PEOPLE = [
    "UPDATE operator SET name = 'Eva'",
    "UPDATE operator SET role = 'manager'",
    "UPDATE operator SET active = 0",
    "INSERT INTO operator (id, name) VALUES (9, 'Eva')",
    "UPDATE operator SET pin_hash = ''",
    "UPDATE operator SET pin_hash = 'scrypt:16:00:00:0'",
]
SCANS = [
    "DELETE FROM bad_scan",
    "DELETE FROM bad_scan WHERE id = 2",
    "DELETE FROM bad_scan WHERE id = 4",
    "DELETE FROM bad_scan WHERE id >= 3",
    "UPDATE bad_scan SET code = '1' WHERE id = 2",
    "UPDATE bad_scan SET at_ms = at_ms + 1 WHERE id = 1",
    "UPDATE meta SET value = '0' WHERE key = 'bad_scans'",
]
PAPERS = [
    "DELETE FROM print_job WHERE id = 2",
    "DELETE FROM print_job WHERE id >= 10",
    "UPDATE print_job SET state = 'confirmed' WHERE id = 3",
    "UPDATE print_job SET state = 'sent_unconfirmed' WHERE id = 20",
]
SENT = [
    "INSERT INTO upload_cursor VALUES ('stick', 1000000, 0)",
    "UPDATE upload_cursor SET seq = 1000000",
    "UPDATE upload_cursor SET seq = 2",
    "DELETE FROM upload_cursor",
]
EDITS = [
    (part, edit)
    for part, edits in (
        ("sale", SALES), ("shift", SHIFTS), ("totals", TOTALS), ("person", PEOPLE), ("scans", SCANS),
        ("paper", PAPERS), ("sent", SENT),
    )
    for edit in edits
]  # fmt: skip
"""What somebody does to the file, and the part that the audit then finds wrong."""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> apsw.Connection:
    """A till's database in memory: twenty sales in three shifts, and a little of everything else."""
    folder = tmp_path_factory.mktemp("edits") / "till"
    store = selling.open_store(folder)
    rng = random.Random(6)
    for number in range(20):
        selling.sell(store, rng, 4)
        if number in (5, 12):
            store.run(bad_scan)
            store.run(bad_scan)
            store.run(partial(outbox.acknowledge, uploader="hq", upto_seq=number, parked=[], now_ms=1))
            assert selling.close_shift(store) == (1 if number == 5 else 2)
    store.run(bad_scan)
    Pins(store).change(1, "", "4711")
    store.close()
    memory = apsw.Connection(":memory:")
    disk = apsw.Connection(str(folder / DATABASE))
    with memory.backup("main", disk, "main") as copy:
        copy.step(-1)
    disk.close()
    assert list(audit(memory)) == []
    return memory


def bad_scan(connection: Connection) -> None:
    catalogue.note_bad_scan(connection, "7801", "front", 1, BadScan.UNKNOWN, 1_795_271_520_000)


@pytest.mark.parametrize(("part", "edit"), EDITS)
def test_an_edit_shows(file: apsw.Connection, part: str, edit: str) -> None:
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
        assert part in {found.part for found in audit(file)}
    finally:
        file.execute("ROLLBACK")
    assert list(audit(file)) == []
