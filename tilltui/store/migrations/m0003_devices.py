"""What a device was found able to do, so that it is asked once and not at every start."""

from __future__ import annotations

from tilltui.store.file.engine import Connection

TABLES = """
CREATE TABLE device_memory (
    identity TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    updated_ms INTEGER NOT NULL,
    PRIMARY KEY (identity, key)
) STRICT, WITHOUT ROWID;
"""


def apply(connection: Connection) -> None:
    """Create the memory of devices."""
    connection.execute(TABLES)
