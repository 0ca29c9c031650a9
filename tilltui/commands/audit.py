"""``tilltui audit``: whether every sale is still there as it was closed."""

from __future__ import annotations

import argparse
import json
import sys

from tilltui import paths
from tilltui.commands.progress import Progress
from tilltui.commands.settings import shop_config
from tilltui.domain.text import MAX_NOTE, clean
from tilltui.i18n import _, fill_in, ngettext
from tilltui.store import journal
from tilltui.store.audit import audit
from tilltui.store.audit_finding import Finding
from tilltui.store.reading import reading

MOST_SHOWN = 50
"""Findings that are written out; the rest is counted."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.description = _(
        "Checks the whole sales file: that nothing in it is damaged, that no sale was changed or taken "
        "out, and that the totals are the sums of the sales. The till may be selling. Ends with 0 when all "
        "is well."
    )
    parser.add_argument("--json", action="store_true", help=_("write the result as JSON, for scripts"))


def run(args: argparse.Namespace) -> int:
    """Check; 0 when nothing is wrong.

    Raises:
        TillError: There is nothing to check, or it cannot be read at all.
    """
    config = shop_config(args.config)
    bar = Progress(sys.stderr)
    with reading(paths.data_dir(config.till.data_dir)) as connection:
        findings = list(audit(connection, lambda done, total: bar.show(done / max(total, 1), done)))
        head = journal.read_head(connection) if not findings else None
    bar.clear()
    if args.json:
        result = {
            "whole": not findings,
            "records": head.seq if head else None,
            "sales": head.sales if head else None,
            "hash": head.hash if head else None,
            "findings": [{"part": found.part, "message": _words(found)} for found in findings],
        }
        json.dump(result, sys.stdout, ensure_ascii=True, indent=2)
        print()
    elif head is not None:
        print(
            ngettext(
                "All is well: {count} record, none missing, none changed.",
                "All is well: {count} records, none missing, none changed.",
                head.seq,
            ).format(count=head.seq)
        )
    else:
        _explain(findings)
    return 1 if findings else 0


def _words(found: Finding) -> str:
    fields = {name: _(value) if name == "what" else value for name, value in found.fields.items()}
    return clean(fill_in(_(found.message), fields), MAX_NOTE)


def _explain(findings: list[Finding]) -> None:
    for found in findings[:MOST_SHOWN]:
        print(_words(found))
    if len(findings) > MOST_SHOWN:
        print(_("... and {count} more.").format(count=len(findings) - MOST_SHOWN))
    print()
    parts = {found.part for found in findings}
    if "file" in parts:
        print(_("The disk may be failing: make a copy of the data folder, then restore the newest backup."))
    elif parts & {"chain", "sale"}:
        print(
            _("Somebody or something changed closed sales. Keep this file and compare it with head office.")
        )
    elif "totals" in parts:
        print(
            _("The sales are whole; only the sums on the reports are wrong. Keep this file and ask for help.")
        )
    else:
        print(_("A receipt may be printed twice; the sales are whole."))
