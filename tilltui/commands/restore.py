"""``tilltui restore``: a backup in the place of the sales file."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tilltui import paths
from tilltui.commands.settings import shop_config
from tilltui.domain.text import MAX_NOTE, clean
from tilltui.i18n import _
from tilltui.store.file.lock import TillLock
from tilltui.store.file.restore import restore_file
from tilltui.store.file.store import DATABASE


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.description = _(
        "Puts a backup in the place of the sales file, after checking it. The file that is there now is kept "
        "beside it. Close the till first. Nothing is sent or printed a second time."
    )
    parser.add_argument("file", type=Path, metavar="FILE", help=_("the backup, till-....db"))
    parser.add_argument("--json", action="store_true", help=_("write the result as JSON, for scripts"))


def run(args: argparse.Namespace) -> int:
    """Restore.

    Raises:
        TillError: The till is open, or the backup is not whole or not this till's; nothing was changed.
    """
    till = shop_config(args.config).till
    data = paths.data_dir(till.data_dir)
    lock = TillLock(data).acquire("restore")
    try:
        aside = restore_file(args.file, data / DATABASE, till=till.id)
    finally:
        lock.release()
    if args.json:
        json.dump({"restored": str(args.file), "kept": str(aside) if aside else None}, sys.stdout)
        print()
        return 0
    print(_("{file} is restored.").format(file=clean(str(args.file), MAX_NOTE)))
    if aside is not None:
        print(_("What was there before is kept in {file}.").format(file=clean(str(aside), MAX_NOTE)))
    print(_("Sales made after the backup are at head office, or in the kept file. Open the till to go on."))
    return 0
