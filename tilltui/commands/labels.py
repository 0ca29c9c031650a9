"""``tilltui labels``: shelf labels of many products, as after a new price list."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from queue import Empty, Queue
from typing import TYPE_CHECKING, Any

from tilltui import paths, plugins
from tilltui.commands.closed_till import closed_till
from tilltui.commands.settings import shop_config
from tilltui.config.load import driver_settings
from tilltui.config.problems import Problems
from tilltui.config.schema import Config, DeviceSection
from tilltui.domain.goods.gtin import lookup_key
from tilltui.domain.paper.labels import MAX_COPIES, LabelOf, labels
from tilltui.domain.paper.slips import EVERYTHING
from tilltui.domain.text import MAX_NOTE, clean
from tilltui.errors import N_, ConfigError, SaleError, TillError
from tilltui.i18n import _, ngettext
from tilltui.ports import DeviceChanged, DeviceEvent, DeviceState, Job, JobChanged
from tilltui.services.flow import through
from tilltui.services.paper.preview import text_lines
from tilltui.services.paper.print_routes import label_printer, route_of
from tilltui.services.shop import Shop, shop_of
from tilltui.store.file.engine import Connection
from tilltui.store.goods import catalogue, catalogue_files, shelf

if TYPE_CHECKING:
    pass

SLICE = 0.5
"""Seconds of one wait for the printer: how soon Ctrl+C ends it."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.description = _(
        "Prints shelf labels: name, price, bar code. They go to the printer with “labels = true” in its "
        "section, else to the receipts' printer. The till must be closed, but for --dry-run and --preview; "
        "in the till itself a label is printed from the product's card, F7."
    )
    parser.add_argument(
        "--sku", action="append", default=[], help=_("this product, by SKU or barcode; may be repeated")
    )
    parser.add_argument(
        "--category",
        action="append",
        default=[],
        help=_("all products of this category; may be repeated"),
    )
    parser.add_argument(
        "--changed-since",
        type=date.fromisoformat,
        metavar="DATE",
        help=_("only what was added or changed since that day, as in 2026-03-01"),
    )
    parser.add_argument("--all", action="store_true", help=_("every product that is sold"))
    parser.add_argument("--copies", type=int, default=1, metavar="N", help=_("labels of each product"))
    parser.add_argument("--dry-run", action="store_true", help=_("show the labels and print nothing"))
    parser.add_argument(
        "--preview", type=Path, metavar="FOLDER", help=_("draw the labels as PNG pictures and print nothing")
    )


def run(args: argparse.Namespace) -> int:
    """Print, or show, the labels; 0 when all of them came out.

    Raises:
        TillError: Nothing was printed; the message says why.
    """
    if not 1 <= args.copies <= MAX_COPIES:
        raise SaleError(
            N_("Labels of each product: from 1 to {most}, got {value}."),
            hint=N_("Give a number within these after --copies."),
            most=MAX_COPIES,
            value=args.copies,
        )
    config = shop_config(args.config)
    shop = shop_of(config)
    with catalogue_files.open_catalogue(paths.data_dir(config.till.data_dir)) as connection:
        products = chosen(connection, args)
    if not products:
        print(_("No product that is sold is like that: there are no labels to print."))
        return 1
    if args.dry_run:
        paper = labels(products, shop.name, shop.currency, copies=args.copies, cuts=False)
        print("\n".join(text_lines(paper)))
        print(_counted(len(products) * args.copies))
        return 0
    section = _printer(config)
    if args.preview is not None:
        return _draw(section, products, shop, args)
    return _print(config, section, products, shop, args.copies)


def chosen(connection: Connection, args: argparse.Namespace) -> list[LabelOf]:
    """The products that the arguments name, each once.

    Raises:
        TillError: They name none, or one that there is not.
    """
    if not (args.sku or args.category or args.changed_since or args.all):
        raise SaleError(
            N_("It is not said which products want a label."),
            hint=N_("Name them: --sku, --category or --changed-since; --all for every one."),
        )
    found: dict[str, LabelOf] = {}
    for text in args.sku:
        product = catalogue.by_code(connection, lookup_key(text)) or catalogue.by_code(
            connection, clean(text)
        )
        if product is None:
            raise SaleError(
                N_("There is no product {code}."),
                hint=N_("Name it by its SKU or barcode, as “tilltui export” writes them."),
                code=clean(text),
            )
        found[product.sku] = shelf.label_of(connection, product)
    if args.category or args.changed_since or args.all:
        missing = shelf.unsold(shelf.categories(connection), args.category)
        if missing:
            raise SaleError(
                N_("No product has the category {category}."),
                hint=N_("Correct it; “tilltui export” writes each product's category."),
                category=clean(missing[0]),
            )
        since = args.changed_since
        since_ms = round(datetime.combine(since, time()).astimezone().timestamp() * 1000) if since else 0
        for label in shelf.changed(connection, since_ms=since_ms, within=args.category or (EVERYTHING,)):
            found.setdefault(label.sku, label)
    return list(found.values())


def _printer(config: Config) -> DeviceSection:
    name = label_printer(config.of_kind("printer"))
    for section in config.of_kind("printer"):
        if section.name == name:
            return section
    raise ConfigError(
        N_("No printer is set up."), hint=N_("“tilltui doctor” finds printers and says what to write.")
    )


def _draw(section: DeviceSection, products: Sequence[LabelOf], shop: Shop, args: argparse.Namespace) -> int:
    """Draw every label as the printer would print it, without the printer."""
    virtual: Any = plugins.load("printer", "virtual")
    options = {
        key: section.options[key] for key in ("profile", "width_mm", "codepage") if key in section.options
    }
    problems = Problems("")
    drawn = DeviceSection("printer", section.name, "virtual", {**options, "folder": str(args.preview)})
    settings = driver_settings(drawn, virtual.Settings, problems)
    if settings is None:
        raise next(iter(problems)).error
    printer = virtual("label", settings)
    for number, product in enumerate(products, 1):
        paper = labels([product], shop.name, shop.currency, cuts=route_of(printer).cuts)
        printer.deliver(Job(printer.render(paper), number))
    print(
        ngettext(
            "{count} label is drawn in {folder}.", "{count} labels are drawn in {folder}.", number
        ).format(count=number, folder=clean(str(args.preview), MAX_NOTE))
    )
    return 0


def _print(
    config: Config, section: DeviceSection, products: Sequence[LabelOf], shop: Shop, copies: int
) -> int:
    """Queue the labels and stand by until the printer has them; Ctrl+C leaves the rest to the till."""
    events: Queue[DeviceEvent] = Queue()

    def emit(event: DeviceEvent) -> bool:
        events.put(event)
        return True

    with closed_till(replace(config, devices=(section,)), shop, "labels") as till:
        till.start_devices(emit, lambda status: None)
        if section.name not in till.register.devices.of_kind("printer"):
            raise _left_out(till.register.devices.warnings, section)
        jobs = through(till.register.paper.labels(products, copies))
        print(_counted(len(products) * copies))
        return _await(events, set(jobs))


def _left_out(warnings: Sequence[TillError], section: DeviceSection) -> TillError:
    """Why there is no printer to print on."""
    if warnings:
        return warnings[0]
    return ConfigError(
        N_("The printer {name} is left out: its settings are wrong."),
        hint=N_("“tilltui check” says what is wrong with them."),
        name=section.name,
    )


def _await(events: Queue[DeviceEvent], waiting: set[int]) -> int:
    """Wait until every job has ended; say what holds them up, once each."""
    bad, said = 0, ""
    try:
        while waiting:
            try:
                event = events.get(timeout=SLICE)
            except Empty:
                continue
            if isinstance(event, JobChanged) and event.job_id in waiting and event.state.ended:
                waiting.discard(event.job_id)
                bad += not event.state.printed
            elif isinstance(event, DeviceChanged) and event.state in (
                DeviceState.BLOCKED,
                DeviceState.FAILED,
            ):
                why = clean(event.detail or event.reason, MAX_NOTE)
                if why != said:
                    print(_("The printer waits: {why}").format(why=why))
                    print(_("Ctrl+C ends this; the till prints the rest when it is open again."))
                said = why
    except KeyboardInterrupt:
        print(_("The rest of the labels waits; the till prints it when it is open again."))
        return 1
    if bad:
        print(_("Some labels perhaps did not come out: look at the paper."))
    return 1 if bad else 0


def _counted(count: int) -> str:
    return ngettext("{count} label", "{count} labels", count).format(count=count)
