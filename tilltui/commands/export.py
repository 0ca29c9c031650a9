"""``tilltui export``: the catalogue into a file for a spreadsheet, which ``tilltui import`` reads back."""

from __future__ import annotations

import argparse
from pathlib import Path

from tilltui import paths
from tilltui.commands.settings import shop_config
from tilltui.domain.text import MAX_NOTE, clean
from tilltui.i18n import _, language, ngettext
from tilltui.services.goods.product_list.exporting import export_file
from tilltui.services.goods.product_list.rules import CatalogueRules
from tilltui.store.goods import catalogue_files


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.description = _(
        "Writes every product to a file, XLSX if its name ends so and CSV otherwise. Change it in a "
        "spreadsheet and read it back with “tilltui import”. The till may be running."
    )
    parser.add_argument("file", type=Path, metavar="FILE", help=_("file to write, .csv or .xlsx"))
    parser.add_argument("--force", action="store_true", help=_("write over an existing file"))


def run(args: argparse.Namespace) -> int:
    """Write the file.

    Raises:
        TillError: There is no catalogue yet, or the file cannot be written.
    """
    config = shop_config(args.config)
    currency = CatalogueRules.of(config).currency
    with catalogue_files.open_catalogue(paths.data_dir(config.till.data_dir)) as connection:
        products = catalogue_files.everything(connection)
        count = export_file(products, args.file, currency, language(), force=args.force)
    print(
        ngettext(
            "{count} product is written to {file}.", "{count} products are written to {file}.", count
        ).format(count=count, file=clean(str(args.file), MAX_NOTE))
    )
    return 0
