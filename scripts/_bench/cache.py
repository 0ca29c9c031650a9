"""Databases that take long to make: made once, kept in the platform's cache folder, copied for each use."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from tilltui import paths
from tilltui.store.store import DATABASE, Store

VERSION = 1
"""Raised when what the makers write changes."""


def cached(name: str, make: Callable[[Store], None]) -> Path:
    """The data folder of that name, made by ``make`` if it is not there yet."""
    folder = paths.make_private(paths.cache_dir() / "bench") / f"{name}-{VERSION}-{_schema()}"
    if (folder / DATABASE).exists():
        return folder
    for old in folder.parent.glob(f"{name}-{VERSION}-*"):
        shutil.rmtree(old)
    rough = folder.with_name(f"new-{folder.name}")
    shutil.rmtree(rough, ignore_errors=True)
    store = Store.open(rough, "1", safe_disk_only=False, ballast_bytes=0)
    try:
        make(store)
    finally:
        store.close()
    rough.rename(folder)
    return folder


def copied(source: Path, target: Path) -> Path:
    """A data folder like ``source`` in ``target``, to be written to."""
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copyfile(source / DATABASE, target / DATABASE)
    return target


def _schema() -> int:
    """Size of the schema's own text: another schema, another cache."""
    import inspect
    import zlib

    from tilltui.domain import sale
    from tilltui.store import journal, sales
    from tilltui.store.migrations import m0001_first

    text = "".join(inspect.getsource(module) for module in (m0001_first, sales, journal, sale))
    return zlib.crc32(text.encode())
