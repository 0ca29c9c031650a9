"""``tilltui import``: a product list from a spreadsheet into the catalogue."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from tilltui import paths
from tilltui.commands.progress import Progress
from tilltui.commands.settings import shop_config
from tilltui.domain.text import MAX_NOTE, clean
from tilltui.errors import N_, ImportFailed
from tilltui.i18n import _, explain, ngettext
from tilltui.services.goods.product_list.importing import ImportReport, import_file
from tilltui.services.goods.product_list.rows import Refused
from tilltui.services.goods.product_list.rules import CatalogueRules
from tilltui.services.goods.tables.cells import guard
from tilltui.store.file.store import Store

SHOWN = 20
"""So many refused rows are shown; all of them are in the report file."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.description = _(
        "Reads products from a CSV or XLSX file into the catalogue: new ones are added, those whose SKU is "
        "known are changed. The first row names the columns: sku, barcode, name, price, unit, tax, "
        "category, note. Rows with a mistake are left out and told, with the reason; the others go in "
        "together. Ends with 0 when every row went in."
    )
    parser.add_argument("file", type=Path, metavar="FILE", help=_("product list, CSV or XLSX"))
    parser.add_argument("--dry-run", action="store_true", help=_("check everything and change nothing"))
    parser.add_argument(
        "--report", type=Path, metavar="FILE", help=_("write every refused row to FILE (CSV)")
    )
    parser.add_argument("--json", action="store_true", help=_("write the result as JSON, for scripts"))


def run(args: argparse.Namespace) -> int:
    """Import the file; 0 when every row went in.

    Raises:
        TillError: Nothing went in; the message says why.
    """
    config = shop_config(args.config)
    shown: list[Refused] = []
    progress = Progress(sys.stderr)
    with _report_file(args.report, args.file) as rows:

        def refused(row: Refused) -> None:
            if len(shown) < SHOWN:
                shown.append(row)
            if rows is not None:
                _write_row(rows, row, args.report)

        store = Store.open(paths.data_dir(config.till.data_dir), config.till.id, who="import")
        try:
            report = import_file(
                store,
                args.file,
                CatalogueRules.of(config),
                dry_run=args.dry_run,
                refused=refused,
                progress=progress.show,
            )
        finally:
            store.close()
            progress.clear()
    if args.json:
        _write_json(args, report, shown)
    else:
        _write_text(args, report, shown)
    return 1 if report.refused else 0


@contextmanager
def _report_file(path: Path | None, source: Path) -> Iterator[TextIO | None]:
    if path is None:
        yield None
        return
    if path.exists() and source.exists() and path.samefile(source):
        raise ImportFailed(
            N_("The report would overwrite the list itself: {file}."),
            hint=N_("Choose another name for the report."),
            file=path,
        )
    try:
        # A line at a time: that the disk is full must show before the products are in, not after.
        file = path.open("w", encoding="utf-8-sig", newline="", buffering=1)
    except OSError as e:
        raise _unwritable(path, e) from e
    with file:
        csv.writer(file).writerow([_("line"), _("reason"), _("what to do")])
        yield file


def _write_row(file: TextIO, row: Refused, path: Path) -> None:
    _title, text, hint = explain(row.error)
    try:
        csv.writer(file).writerow(
            [row.line, guard(clean(text, 4 * MAX_NOTE)), guard(clean(hint, 4 * MAX_NOTE))]
        )
    except OSError as e:
        raise _unwritable(path, e) from e


def _unwritable(path: Path, error: OSError) -> ImportFailed:
    return ImportFailed(
        N_("{file} cannot be written: {reason}."),
        hint=N_("Check the folder's permissions, or choose another name."),
        file=path,
        reason=error.strerror or error,
    )


def _write_json(args: argparse.Namespace, report: ImportReport, shown: list[Refused]) -> None:
    result = {
        "file": str(args.file),
        "dry_run": args.dry_run,
        "read": report.read,
        "added": report.added,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "refused": report.refused,
        "ignored_columns": list(report.ignored),
        "seconds": round(report.seconds, 3),
        "problems": [_as_json(row) for row in shown],
    }
    json.dump(result, sys.stdout, ensure_ascii=True, indent=2)
    print()


def _as_json(row: Refused) -> dict[str, str | int]:
    _title, text, hint = explain(row.error)
    return {"line": row.line, "message": text, "hint": hint}


def _write_text(args: argparse.Namespace, report: ImportReport, shown: list[Refused]) -> None:
    for row in shown:
        _title, text, hint = explain(row.error)
        print(_("line {line}: {reason}").format(line=row.line, reason=clean(text, 4 * MAX_NOTE)))
        if hint:
            print(f"    {clean(hint, 4 * MAX_NOTE)}")
    more = report.refused - len(shown)
    if more:
        print(ngettext("… and {count} row more.", "… and {count} rows more.", more).format(count=more))
    if report.ignored:
        names = ", ".join(report.ignored) + (" …" if report.ignored_count > len(report.ignored) else "")
        print(_("Columns that were not read: {names}").format(names=names))
    print(
        _(
            "{read} rows read: {added} added, {changed} changed, {unchanged} unchanged, {refused} refused "
            "({seconds} s)"
        ).format(
            read=report.read,
            added=report.added,
            changed=report.changed,
            unchanged=report.unchanged,
            refused=report.refused,
            seconds=f"{report.seconds:.1f}",
        )
    )
    if args.dry_run:
        print(_("This was a rehearsal: nothing was changed."))
