"""``tilltui report x|z``: what the shift came to."""

from __future__ import annotations

import argparse
import json

from tilltui.commands.closed_till import closed_till
from tilltui.commands.settings import shop_config
from tilltui.i18n import _
from tilltui.services.day.closing import paper
from tilltui.services.flow import through
from tilltui.services.paper.preview import text_lines
from tilltui.services.shop import shop_of

CLOSE = "z"
"""Closes the shift; every other name is a report that changes nothing."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.description = _(
        "Show what the open shift came to (x), or close it and begin the next (z). "
        "The till must be closed; in the till itself it is in the menu, F12."
    )
    parser.add_argument("which", type=_which, metavar="x|z", help=_("x only shows, z closes the shift"))
    parser.add_argument("--json", action="store_true", help=_("write JSON instead of text"))


def _which(text: str) -> str:
    """A report's name; what makes them is loaded when one is asked for, not to show the help."""
    from tilltui.services.reports.registry import REPORTS

    if text not in (*REPORTS, CLOSE):
        names = ", ".join((*REPORTS, CLOSE))
        raise argparse.ArgumentTypeError(_("There are: {names}.").format(names=names))
    return text


def run(args: argparse.Namespace) -> int:
    """Show the report.

    Raises:
        TillError: The settings or the database do not open; or, once the report is shown, something that
            follows a Z failed, such as its backup. The Z stands.
    """
    from tilltui.services.reports.registry import REPORTS
    from tilltui.services.reports.report import Made

    config = shop_config(args.config)
    shop = shop_of(config)
    failed: list[BaseException] = []
    # Its devices are named but not started: a Z is printed when the till opens again.
    with closed_till(config, shop, "report") as till:
        till.register.events.failed = failed.append
        if args.which == CLOSE:
            z = through(till.register.day.close())
            made = Made(paper(z, shop, _), z.body())
        else:
            made = REPORTS[args.which].make(till.register, _)
    if args.json:
        print(json.dumps(made.data, ensure_ascii=False))
    else:
        print("\n".join(text_lines(made.elements)))
    for error in failed:
        raise error
    return 0
