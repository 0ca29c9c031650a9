"""Whether the whole file is sound: asked behind the till's back, for it takes as long as the file is large.

At start only the chain's tail is checked (milliseconds at any size); 60,000 sales take a tenth of a second to
check on a PC and five million lines eight, on a card many times that.
"""

from __future__ import annotations

from pathlib import Path

import apsw

from tilltui.errors import N_, StoreError
from tilltui.store.file.engine import open_reader


def check_file(path: Path, *, vfs: str | None = None) -> None:
    """Check a database with a connection of its own; blocks, and disturbs nobody.

    Raises:
        StoreError: It is damaged, or could not be read to the end.
    """
    try:
        connection = open_reader(path, vfs=vfs)
        try:
            answer = connection.pragma("quick_check")
        finally:
            connection.close()
    except apsw.Error as error:
        answer = str(error)
    if answer != "ok":
        raise StoreError(
            N_("The sales file {path} is damaged: {error}."),
            hint=N_("Stop selling. Restore the newest backup with 'tilltui restore'; keep the damaged file."),
            path=str(path),
            error=str(answer),
        )
