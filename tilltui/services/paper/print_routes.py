"""Which papers a sale makes, and on which printers.

A printer's own section says so: ``categories`` for order slips, ``copies`` and ``gift`` beside the receipt,
``labels`` for shelf labels.
The jobs are written in the sale's own transaction, so that an order can be lost as little as its sale.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from tilltui.domain.frozen import frozen
from tilltui.domain.paper.job import NewJob
from tilltui.domain.paper.paper_kind import PaperKind
from tilltui.domain.record.kinds import RecordKind
from tilltui.domain.record.sales.closing import Closing
from tilltui.domain.selling.line import Deed
from tilltui.ports import Printer

if TYPE_CHECKING:
    from tilltui.config.schema import DeviceSection

MAX_COPIES = 5
"""Most copies beside a receipt; more is a slip of the finger in the settings."""


@frozen
class Route:
    """What one printer prints beside what it is asked for.

    Attributes:
        printer: The shop's own name of the printer.
        categories: Products that it prints order slips for; empty: none.
        copies: Copies with each receipt, each of which says COPY.
        gift: A receipt without prices with each receipt.
        cuts: It has a knife.
    """

    printer: str
    categories: tuple[str, ...] = ()
    copies: int = 0
    gift: bool = False
    cuts: bool = True


def route_of(printer: Printer) -> Route:
    """What a printer says of its papers."""
    rules = printer.paper_rules
    copies = max(0, min(MAX_COPIES, rules.copies))
    return Route(printer.name, tuple(rules.categories), copies, rules.gift, printer.paper_profile.cuts)


def receipt_printer(printers: Iterable[DeviceSection]) -> str:
    """Name of the printer for receipts; empty: there is none.

    It is the one called ``receipt``, else the first that is neither for some categories nor for labels.
    """
    sections = list(printers)
    names = [section.name for section in sections]
    if "receipt" in names:
        return "receipt"
    apart = ("categories", "labels")
    whole = [section.name for section in sections if not any(map(section.options.get, apart))]
    return next(iter(whole or names), "")


def label_printer(printers: Iterable[DeviceSection]) -> str:
    """Name of the printer for shelf labels: the first that is for labels, else the receipts'."""
    sections = list(printers)
    names = [section.name for section in sections if section.options.get("labels") is True]
    return next(iter(names), receipt_printer(sections))


def extra_jobs(closing: Closing, receipt: str, routes: Iterable[Route]) -> list[NewJob]:
    """The jobs of a sale beside its receipt, in the order in which they are to be printed.

    Args:
        closing: The sale.
        receipt: Printer of its receipt; empty: it has none, so no copies either.
        routes: What each printer prints.
    """
    jobs: list[NewJob] = []
    for route in routes:
        if route.printer == receipt:
            jobs += [NewJob(receipt, PaperKind.COPY, number) for number in range(1, route.copies + 1)]
            if route.gift and closing.kind is RecordKind.SALE:
                jobs.append(NewJob(receipt, PaperKind.GIFT))
        # Nobody cooks for a practice sale.
        if route.categories and not closing.training and _any_ordered(closing, route.categories):
            jobs.append(NewJob(route.printer, PaperKind.ORDER))
    return jobs


def _any_ordered(closing: Closing, categories: Collection[str]) -> bool:
    from tilltui.domain.paper.slips import ordered  # a till opens without paper

    return any(
        line.live and line.deed is Deed.SALE and ordered(line.category, categories)
        for line in closing.basket.lines
    )
