"""The database for a second process, which only reads: audit, backup, reports beside a till that sells."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

from tilltui.errors import N_, StoreError
from tilltui.store.file.engine import APPLICATION_ID, Connection, open_reader
from tilltui.store.file.migrate import check_version
from tilltui.store.file.store import DATABASE


@contextmanager
def reading(folder: Path) -> Iterator[Connection]:
    """A reading connection of the database in a data folder.

    Raises:
        StoreError: There is none, or it is damaged or not this program's.
    """
    path = folder / DATABASE
    if not path.is_file():
        raise StoreError(
            N_("There are no sales yet: {path} is not there."),
            hint=N_("Open the till once, or set data_dir under [till]."),
            path=str(path),
        )
    try:
        connection = open_reader(path)
        try:
            if connection.pragma("application_id") != APPLICATION_ID:
                raise StoreError(
                    N_("{path} is not a till's database."),
                    hint=N_("Correct data_dir under [till]."),
                    path=str(path),
                )
            check_version(connection)
            yield connection
        finally:
            connection.close()
    except (apsw.CorruptError, apsw.NotADBError) as error:
        raise StoreError(
            N_("The sales file {path} is damaged: {error}."),
            hint=N_("Restore the newest backup with 'tilltui restore'; keep the damaged file."),
            path=str(path),
            error=str(error),
        ) from error
    except apsw.Error as error:
        raise StoreError(
            N_("The sales file {path} cannot be read: {error}."),
            hint=N_("Check that the disk is there and that this user may read it."),
            path=str(path),
            error=str(error),
        ) from error
