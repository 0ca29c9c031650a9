"""``tilltui audit``: whether every sale is still there as it was closed."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator

from tilltui import paths, plugins
from tilltui.commands.progress import Progress
from tilltui.commands.settings import shop_config
from tilltui.config.load import driver_settings
from tilltui.config.problems import Problems
from tilltui.config.schema import Config
from tilltui.domain.text import MAX_NOTE, clean
from tilltui.errors import N_, ConfigError
from tilltui.i18n import _, fill_in, ngettext
from tilltui.store.audit.check import audit
from tilltui.store.audit.files import file_findings
from tilltui.store.audit.finding import Finding
from tilltui.store.books import journal
from tilltui.store.file.engine import Connection
from tilltui.store.file.reading import reading

MOST_SHOWN = 50
"""Findings that are written out; the rest is counted."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.description = _(
        "Checks the whole sales file: that nothing in it is damaged, that no sale was changed or taken "
        "out, that the totals are the sums of the sales, and that shifts, Z numbers, PINs, codes that could "
        "not be rung, papers and what was sent are as the records say. The till may be selling. Ends with 0 "
        "when all is well."
    )
    parser.add_argument(
        "--files",
        action="store_true",
        help=_(
            "also look for the file of every record that counts as sent, with the driver “folder”; only "
            "where nobody empties the folder"
        ),
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
        if args.files:
            findings += _files(connection, config)
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


def _files(connection: Connection, config: Config) -> Iterator[Finding]:
    """Compare with the files of each folder uploader.

    Raises:
        TillError: There is none, or its folder is not there.
    """
    sections = [section for section in config.of_kind("uploader") if section.driver == "folder"]
    if not sections:
        raise ConfigError(
            N_("No uploader has the driver “folder”: there are no files to compare with."),
            hint=N_("Leave --files away; head office has the other records."),
        )
    for section in sections:
        plugin = plugins.load(section.kind, section.driver)
        problems = Problems("till.toml")
        settings = driver_settings(section, plugin.Settings, problems)
        if settings is None:
            raise next(problem.error for problem in problems)
        uploader = plugin(section.name, settings)
        uploader.open()
        yield from file_findings(connection, section.name, uploader.path_of)


def _words(found: Finding) -> str:
    fields = {name: _(value) if name == "what" else value for name, value in found.fields.items()}
    return clean(fill_in(_(found.message), fields), MAX_NOTE)


def _explain(findings: list[Finding]) -> None:
    for found in findings[:MOST_SHOWN]:
        print(_words(found))
    if len(findings) > MOST_SHOWN:
        print(_("... and {count} more.").format(count=len(findings) - MOST_SHOWN))
    print()
    print(_advice({found.part for found in findings}))


def _advice(parts: set[str]) -> str:
    """What to do, by the worst of what is wrong."""
    if "file" in parts:
        return _("The disk may be failing: make a copy of the data folder, then restore the newest backup.")
    if parts & {"chain", "sale"}:
        return _(
            "Somebody or something changed closed sales. Keep this file and compare it with head office."
        )
    if parts & {"shift", "person", "scans"}:
        return _(
            "The sales are whole, but somebody changed what stands beside them. Keep this file and ask who "
            "can get at this machine."
        )
    if "sent" in parts:
        return _("The sales are whole, but head office may lack some: compare it with this till.")
    if "totals" in parts:
        return _(
            "The sales are whole; only the sums on the reports are wrong. Keep this file and ask for help."
        )
    return _("The sales are whole; a receipt may be missing, or be printed twice.")
