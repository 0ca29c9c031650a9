"""Brings a database to this version's schema."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable

from tilltui.errors import N_, StoreError
from tilltui.store import migrations
from tilltui.store.file.engine import Connection


def steps() -> list[tuple[int, str]]:
    """Number and module of every migration, in order."""
    names = sorted(m.name for m in pkgutil.iter_modules(migrations.__path__) if m.name.startswith("m"))
    return [(int(name[1:5]), f"{migrations.__name__}.{name}") for name in names]


def schema_version(connection: Connection) -> int:
    """Number of the last migration that the database has seen."""
    return int(connection.pragma("user_version") or 0)


def migrate(connection: Connection, before: Callable[[int], object]) -> int:
    """Apply what is missing, each step in a transaction of its own.

    Args:
        connection: The writing connection.
        before: Called with the present version before the first step on a database that is not new: makes a
            backup.

    Returns:
        How many steps were applied.

    Raises:
        StoreError: The database was written by a newer Tilltui.
    """
    known = steps()
    present = check_version(connection)
    missing = [(number, name) for number, name in known if number > present]
    if missing and present:
        before(present)
    for number, name in missing:
        module = importlib.import_module(name)
        connection.execute("BEGIN IMMEDIATE")
        try:
            module.apply(connection)
            connection.execute(f"PRAGMA user_version={number}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
    return len(missing)


def check_version(connection: Connection) -> int:
    """Number of the last migration that the database has seen, if this program knows it.

    Raises:
        StoreError: The database was written by a newer Tilltui.
    """
    present = schema_version(connection)
    newest = steps()[-1][0]
    if present > newest:
        raise StoreError(
            N_("The sales file was written by a newer Tilltui (schema {present}, this one knows {newest})."),
            hint=N_("Install the newer version again; nothing was changed."),
            present=present,
            newest=newest,
        )
    return present
