"""Hostile texts through every way into a till; every way out is looked at.

A quarter each comes in by product lists, by scans, by keys, and by what a sale keeps. Looked at are the
screen's strips, the bytes of receipts and slips, exported lists, what the commands say, the records that
travel, the uploader's files, and the log.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import csv
import io
import logging
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.proofs.injection import ways_out
from tests.proofs.injection.strings import texts
from tests.proofs.injection.ways_in import Attacker
from tests.proofs.injection.ways_out import Obeyed, check
from tests.support.shop import durable_folder
from tests.ui.cashier import Bench, Cashier, open_till
from tilltui import cli, log
from tilltui.domain.paper.sale_receipt import sale_receipt
from tilltui.domain.paper.slips import gift_receipt, order_slip
from tilltui.domain.record.sales.sale_record import SaleRecord
from tilltui.store.books import journal
from tilltui.upload.envelope import encode, record_line
from tilltui.upload.folder import FolderSettings, FolderUploader
from tilltui_drivers.printers import profiles

ENCODINGS = (("utf-8", "replace"), ("utf-16", "surrogatepass"), ("cp1252", "replace"))
"""How a product list may be written, and what becomes of what the encoding lacks."""

PROFILES = ("generic-58", "TM-T20II")
"""Printers whose bytes are looked at."""


@dataclass
class Report:
    """What was done.

    Attributes:
        ways: How many went each way, and what was looked at.
        seconds: How long it took.
    """

    ways: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0


def attack(count: int, seed: int, folder: Path) -> Report:
    """Send ``count`` hostile texts through a till in ``folder``.

    Raises:
        Obeyed: Something of a text would have been obeyed.
    """
    begun = time.monotonic()
    made = texts(Random(seed), count)
    quarter = count // 4
    report = Report()
    with _logging(folder / "till.log"):
        _lists_in(made[:quarter], folder, report)
        _lists_out(folder, report)
        asyncio.run(_at_the_till(made[quarter:], quarter, folder, report))
    report.ways["lines of the log"] = ways_out.check_log(folder / "till.log")
    report.seconds = time.monotonic() - begun
    return report


@contextlib.contextmanager
def _logging(path: Path) -> Iterator[None]:
    """The till's own log, and the process's logging as it was afterwards."""
    root = logging.getLogger()
    handlers, level, last, raising = root.handlers[:], root.level, logging.lastResort, logging.raiseExceptions
    running = log.configure(path)
    try:
        yield
    finally:
        running.stop()
        logging.captureWarnings(False)
        root.handlers[:], logging.lastResort, logging.raiseExceptions = handlers, last, raising
        root.setLevel(level)


def _settings(folder: Path) -> Path:
    path = folder / "till.toml"
    path.write_text(
        f'[shop]\nname = "Rosita"\nlanguage = "en"\n[till]\ndata_dir = "{folder / "data"}"\n', "utf-8"
    )
    return path


def _command(folder: Path, *words: str) -> tuple[int, int]:
    """Run a command and look at what it says; exit code and lines."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        code = cli.main([*words, "--config", str(_settings(folder))])
    return code, ways_out.check_words(out.getvalue(), f"tilltui {words[0]}")


def _lists_in(names: Sequence[str], folder: Path, report: Report) -> None:
    """Import the names as three lists, each in another encoding; the other cells are hostile as well."""
    said = 0
    for turn, (encoding, errors) in enumerate(ENCODINGS):
        path = folder / f"list-{encoding}.csv"
        with path.open("w", encoding=encoding, errors=errors, newline="") as file:
            writer = csv.writer(file, delimiter=";")
            writer.writerow(["sku", "barcode", "name", "price", "category", "note"])
            for number in range(turn, len(names), len(ENCODINGS)):
                name, other = names[number], names[number - 1]
                # Now and then the number of the product is hostile too: most of such rows are refused.
                sku = name if number % 20 == 7 else f"S{number}"
                writer.writerow([sku, f"H{number}", name, "100", other[:100], other])
        refused = folder / f"refused-{encoding}.csv"
        _code, lines = _command(folder, "import", str(path), "--report", str(refused))
        said += lines
        report.ways["refused rows"] = (
            report.ways.get("refused rows", 0) + ways_out.check_csv(refused, ",") - 1
        )
    report.ways["names by product lists"] = len(names)
    report.ways["lines said by import"] = said


def _lists_out(folder: Path, report: Report) -> None:
    for ending in ("csv", "xlsx"):
        code, _lines = _command(folder, "export", str(folder / f"out.{ending}"))
        check(code == 0, "export", code)
    report.ways["exported rows"] = ways_out.check_csv(folder / "out.csv", ";") - 1
    report.ways["bytes of a workbook"] = ways_out.check_xlsx(folder / "out.xlsx")


async def _at_the_till(made: Sequence[str], quarter: int, folder: Path, report: Report) -> None:
    """Scan, key and sell at an open till."""
    async with open_till(Bench(folder / "data")) as cashier:
        attacker = Attacker(cashier)
        there = {code for (code,) in cashier.store.reader.execute("SELECT code FROM barcode")}
        codes = [code for number in range(quarter) if (code := f"H{number}") in there]
        rung = await attacker.scan_products(codes)
        check(rung == len(codes), "products rung", (rung, len(codes)))
        await attacker.scan_hostile(made[:quarter])
        await attacker.key(made[quarter : 2 * quarter])
        await attacker.keep(made[2 * quarter :])
        await attacker.home()
        check(cashier.app.is_running, "the till", "has ended")
        report.ways |= {
            "imported products rung": rung,
            "codes by scans": quarter,
            "texts by keys": quarter,
            "texts kept with sales": len(made) - 2 * quarter,
            "strips of the screen": attacker.strips,
        }
        _papers(cashier, report)
        _records(cashier, folder, report)


def _papers(cashier: Cashier, report: Report) -> None:
    """The bytes of every sale's receipt, gift receipt and order slip."""
    shop = cashier.app.till.shop
    printers = [profiles.resolve(name) for name in PROFILES]
    count = size = 0
    for sale in _sales(cashier):
        for write in (sale_receipt, gift_receipt, order_slip):
            elements = write(sale, shop.head, shop.currency, str)
            for profile in printers:
                count += 1
                size += ways_out.check_paper(elements, profile)
    report.ways |= {"papers": count, "bytes of papers": size}


def _sales(cashier: Cashier) -> Iterator[SaleRecord]:
    for (body,) in cashier.store.reader.execute("SELECT body FROM journal WHERE kind IN ('sale', 'return')"):
        yield SaleRecord.parse(body)


def _records(cashier: Cashier, folder: Path, report: Report) -> None:
    """The journal as it travels, and the files of a folder uploader."""
    stick = folder / "stick"
    stick.mkdir()
    uploader = FolderUploader("stick", FolderSettings(stick))
    after = files = 0
    while batch := journal.records(cashier.store.reader, after, 200):
        for line in encode(batch).splitlines(keepends=True):
            ways_out.check_record(line, "batch")
        uploader.send(batch)
        for record in batch:
            content = uploader.path_of(record).read_bytes()
            check(content == record_line(record, full=True), "file", content)
            ways_out.check_record(content, "file")
            files += 1
        after = batch[-1].seq
    found = [path for path in stick.rglob("*") if path.is_file()]
    check(len(found) == files, "files", len(found))
    report.ways["records, each sent twice"] = files


def main(argv: Sequence[str] | None = None) -> int:
    """Attack; 1 if something of a text would have been obeyed."""
    parser = argparse.ArgumentParser(prog="scripts/injection", description=__doc__)
    parser.add_argument("--count", type=int, default=100_000, help="hostile texts (default: 100000)")
    parser.add_argument("--seed", type=int, default=0, help="another number, other texts (default: 0)")
    options = parser.parse_args(argv)
    warnings.simplefilter("error", ResourceWarning)
    with tempfile.TemporaryDirectory() as base:
        folder = durable_folder(Path(base))
        folder.mkdir(parents=True, exist_ok=True)
        try:
            report = attack(options.count, options.seed, folder)
        except Obeyed as error:
            print(f"FAIL  {error}")
            return 1
    for way, number in report.ways.items():
        print(f"{number:>10}  {way}")
    print(f"pass  {options.count} texts, nothing obeyed, {report.seconds:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
