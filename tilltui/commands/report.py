"""``tilltui report x|z``: what the shift came to."""

from __future__ import annotations

import argparse
import json

from tilltui import paths
from tilltui.commands.settings import shop_config
from tilltui.i18n import _
from tilltui.services.day.closing import close_shift, paper, x_body
from tilltui.services.paper.preview import text_lines
from tilltui.services.shop import shop_of
from tilltui.store.file.store import Store


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.description = _(
        "Show what the open shift came to (x), or close it and begin the next (z). "
        "The till must be closed; in the till itself it is in the menu, F12."
    )
    parser.add_argument("which", choices=("x", "z"), help=_("x only shows, z closes the shift"))
    parser.add_argument("--json", action="store_true", help=_("write JSON instead of text"))


def run(args: argparse.Namespace) -> int:
    """Show the report.

    Raises:
        TillError: The settings or the database do not open.
    """
    config = shop_config(args.config)
    shop = shop_of(config)
    store = Store.open(paths.data_dir(config.till.data_dir), config.till.id, who="report")
    try:
        operator = (1, "")
        if args.which == "z":
            body = close_shift(store, shop, operator, _).result()
        else:
            body = x_body(store, shop, operator)
    finally:
        store.close()
    if args.json:
        print(json.dumps(body, ensure_ascii=False))
    else:
        print("\n".join(text_lines(paper(body, shop, _))))
    return 0
