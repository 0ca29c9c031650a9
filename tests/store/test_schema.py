"""The schema holds what the house promises of it."""

from __future__ import annotations

import random
import sys
from pathlib import Path
from types import ModuleType

import apsw
import pytest

from tests.support import selling
from tilltui.errors import StoreError
from tilltui.store import migrations, models
from tilltui.store.file import migrate
from tilltui.store.file.backup import backups, check_copy
from tilltui.store.file.engine import Connection
from tilltui.store.file.store import Store
from tilltui.store.migrations.m0001_first import IMMUTABLE

NEXT = migrate.steps()[-1][0] + 1
"""Number of a step that is not there yet."""


def run_sql(store: Store, sql: str) -> None:
    store.run(lambda connection: connection.execute(sql).fetchall())


@pytest.mark.parametrize("table", IMMUTABLE)
def test_rows_of_the_past_cannot_be_changed_or_deleted(store: Store, table: str) -> None:
    rng = random.Random(3)
    for _ in range(5):
        selling.sell(store, rng, 5)
    count = next(store.reader.execute(f"SELECT count(*) FROM {table}"))[0]
    assert count > 0
    # table_info leaves out the columns that SQLite works out itself.
    columns = [row[0] for row in store.reader.execute(f"SELECT name FROM pragma_table_info('{table}')")]
    for sql in (
        f"UPDATE {table} SET {columns[0]} = {columns[0]}",
        f"DELETE FROM {table}",
        f"REPLACE INTO {table} SELECT {', '.join(columns)} FROM {table}",
    ):
        with pytest.raises(StoreError, match="never changed"):
            run_sql(store, sql)
    assert next(store.reader.execute(f"SELECT count(*) FROM {table}"))[0] == count


def test_every_table_is_strict(store: Store) -> None:
    rows = store.reader.execute(
        "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
    )
    loose = {name for name, strict in rows if not strict} - {"sqlite_schema"}
    assert loose == set()
    with pytest.raises(StoreError, match="cannot store TEXT"):
        store.run(lambda connection: connection.execute("INSERT INTO popular VALUES (1, 'many')"))


@pytest.mark.parametrize("model", models.MODELS, ids=lambda model: model.__name__)
def test_models_are_the_schema(store: Store, model: type[models.Base]) -> None:
    meta = model._meta
    columns = {
        name: (kind, bool(notnull))
        for name, kind, notnull in store.reader.execute(
            f"SELECT name, type, \"notnull\" FROM pragma_table_xinfo('{meta.table_name}')"
        )
    }
    fields = {field.column_name: field for field in meta.sorted_fields}
    assert fields.keys() == columns.keys()
    for name, field in fields.items():
        kind, notnull = columns[name]
        if not field.primary_key:
            assert field.null is not notnull, name
        expected = {"BLOB": "BLOB", "TEXT": "TEXT"}.get(kind, "INTEGER")
        assert {"BOOL": "INTEGER", "BOOLEAN": "INTEGER", "INT": "INTEGER", "AUTO": "INTEGER"}.get(
            field.field_type, field.field_type
        ) == expected, name
    list(model.select().limit(1))


@pytest.fixture
def second_step(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    module = ModuleType("tilltui.store.migrations.m9999_colour")
    module.apply = lambda connection: connection.execute("ALTER TABLE product ADD COLUMN colour TEXT")  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    known = migrate.steps()
    monkeypatch.setattr(migrate, "steps", lambda: [*known, (NEXT, module.__name__)])
    return module


def test_a_step_is_preceded_by_a_backup_and_applied_once(
    folder: Path, request: pytest.FixtureRequest
) -> None:
    store = selling.open_store(folder)
    selling.sell(store, random.Random(1), 3)
    store.close()
    assert backups(folder / "backups") == []
    request.getfixturevalue("second_step")
    for _ in range(2):
        store = selling.open_store(folder)
        assert store.reader.pragma("user_version") == NEXT
        assert "colour" in [row[1] for row in store.reader.execute("PRAGMA table_info(product)")]
        store.close()
    (copy,) = backups(folder / "backups")
    assert check_copy(copy) == ""
    old = apsw.Connection(str(copy), flags=apsw.SQLITE_OPEN_READONLY)
    assert old.pragma("user_version") == NEXT - 1
    assert next(old.execute("SELECT count(*) FROM sale"))[0] == 1
    old.close()


def test_a_step_that_fails_leaves_the_database_as_it_was(folder: Path, second_step: ModuleType) -> None:
    def fails(connection: Connection) -> None:
        connection.execute("ALTER TABLE product ADD COLUMN colour TEXT")
        connection.execute("no such statement")

    works = vars(second_step)["apply"]
    vars(second_step)["apply"] = fails
    with pytest.raises(StoreError):
        selling.open_store(folder)
    vars(second_step)["apply"] = works
    store = selling.open_store(folder)
    assert store.reader.pragma("user_version") == NEXT
    store.close()


def test_steps_are_numbered_without_gaps() -> None:
    assert [number for number, _name in migrate.steps()] == list(range(1, len(migrate.steps()) + 1))
    assert all(name.startswith(f"{migrations.__name__}.m") for _number, name in migrate.steps())
