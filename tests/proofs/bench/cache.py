"""Databases that take long to make: made once, kept in the platform's cache folder, copied for each use."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from tilltui import paths
from tilltui.store.file.engine import Connection, open_reader
from tilltui.store.file.migrate import migrate, schema_version, steps
from tilltui.store.file.store import DATABASE, Store

VERSION = 2
"""Raised when what the makers write changes; another schema needs none, the store migrates."""


def cached(name: str, make: Callable[[Store], None]) -> Path:
    """The data folder of that name, made by ``make`` if it is not there yet, in today's schema."""
    folder = paths.make_private(paths.cache_dir() / "bench") / f"{name}-{VERSION}"
    if (folder / DATABASE).exists():
        if not _current(folder):
            _open(folder).close()
            shutil.rmtree(folder / "backups", ignore_errors=True)
        if _same_schema(folder):
            return folder
        # Made before a migration that nobody has got yet was altered.
        shutil.rmtree(folder)
    rough = folder.with_name(f"new-{folder.name}")
    shutil.rmtree(rough, ignore_errors=True)
    store = _open(rough)
    try:
        make(store)
    finally:
        store.close()
    rough.rename(folder)
    return folder


def _open(folder: Path) -> Store:
    return Store.open(folder, "1", safe_disk_only=False, ballast_bytes=0)


def _current(folder: Path) -> bool:
    reader = open_reader(folder / DATABASE)
    version = schema_version(reader)
    reader.close()
    return version == steps()[-1][0]


def _same_schema(folder: Path) -> bool:
    """Whether it has the schema that a new database gets."""
    new = Connection(":memory:")
    migrate(new, lambda version: None)
    kept = open_reader(folder / DATABASE)
    query = "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name"
    same = new.execute(query).fetchall() == kept.execute(query).fetchall()
    new.close()
    kept.close()
    return same


def copied(source: Path, target: Path) -> Path:
    """A data folder like ``source`` in ``target``, to be written to."""
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copyfile(source / DATABASE, target / DATABASE)
    return target
