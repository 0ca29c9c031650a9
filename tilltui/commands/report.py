"""``tilltui report x|z``: what the shift came to."""

from __future__ import annotations

import argparse
import json
from contextlib import ExitStack

from tilltui import paths
from tilltui.commands.settings import shop_config
from tilltui.domain.people.operator import Operator
from tilltui.i18n import _
from tilltui.services.day.closing import paper
from tilltui.services.devices.devices import Devices
from tilltui.services.flow import through
from tilltui.services.paper.preview import text_lines
from tilltui.services.paper.spool import Spool
from tilltui.services.shop import shop_of
from tilltui.services.till import Till
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
        TillError: The settings or the database do not open; or, once the report is shown, something that
            follows a Z failed, such as its backup. The Z stands.
    """
    config = shop_config(args.config)
    shop = shop_of(config)
    failed: list[BaseException] = []
    with ExitStack() as ends:
        data = paths.data_dir(config.till.data_dir)
        store = Store.open(data, config.till.id, who="report")
        ends.callback(store.close)
        # Its devices are named but not started: a Z is printed when the till opens again.
        devices = Devices(config, store)
        till = Till(shop, store, devices, Spool(store, shop, _), Operator(1, ""), _, ends=ends)
        till.register.events.failed = failed.append
        report = through(till.register.day.close()) if args.which == "z" else till.register.day.x()
    if args.json:
        print(json.dumps(report.body(), ensure_ascii=False))
    else:
        print("\n".join(text_lines(paper(report, shop, _))))
    for error in failed:
        raise error
    return 0
