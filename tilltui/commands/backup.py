"""``tilltui backup``: a checked copy of everything, while the till sells."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tilltui import paths
from tilltui.commands.settings import shop_config
from tilltui.domain.text import MAX_NOTE, clean
from tilltui.i18n import _
from tilltui.store.file.backup import back_up
from tilltui.store.file.reading import reading


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.description = _(
        "Copies the sales file to a folder, for example of a USB stick, and checks the copy. "
        "The till may be selling. The newest seven copies are kept."
    )
    parser.add_argument(
        "folder",
        nargs="?",
        type=Path,
        metavar="FOLDER",
        help=_("where to; without it the folder “backups” in the till's data folder"),
    )
    parser.add_argument("--json", action="store_true", help=_("write the result as JSON, for scripts"))


def run(args: argparse.Namespace) -> int:
    """Make the backup.

    Raises:
        TillError: There is nothing to copy, or it cannot be written.
    """
    data = paths.data_dir(shop_config(args.config).till.data_dir)
    with reading(data) as connection:
        made = back_up(connection, args.folder or data / "backups")
    if args.json:
        json.dump({"file": str(made), "bytes": made.stat().st_size}, sys.stdout, ensure_ascii=True)
        print()
    else:
        print(_("{file} is written and checked.").format(file=clean(str(made), MAX_NOTE)))
    return 0
