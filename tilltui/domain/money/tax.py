"""Taxes: dated rates, inclusive or exclusive, that always add up.

A product belongs to a tax group; a group has one or more rates, all on the same net base (Chile's IVA and
the additional tax on drinks both stand on the net price, DL 825 arts. 14 and 42). Taxes are worked out once
on the document: net = total / (1 + rates), rounded, and tax = total - net, so no peso is made or lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise

from tilltui.domain.frozen import frozen
from tilltui.domain.money.money import RATE_UNIT, Rounding, allocate, divide
from tilltui.errors import N_, ConfigError, SaleError


@frozen
class TaxRate:
    """One rate of a group.

    Attributes:
        code: Short name, the same over the years: ``IVA``.
        name: As printed: ``IVA 19%``.
        rate: In hundred-millionths.
        since: First day it holds, ISO date.
        until: Last day it holds, ISO date; empty for ever.
    """

    code: str
    name: str
    rate: int
    since: str = "1900-01-01"
    until: str = ""

    def holds(self, day: str) -> bool:
        """Whether the rate holds on an ISO date."""
        return self.since <= day and (not self.until or day <= self.until)


@frozen
class TaxGroup:
    """What a product is taxed with.

    Attributes:
        code: As in the catalogue: ``general``, ``exempt``, ``beer``.
        rates: Every rate of any date; of one tax code only one may hold on a day.
        inclusive: Prices contain the tax.
    """

    code: str
    rates: tuple[TaxRate, ...] = ()
    inclusive: bool = True

    def on(self, day: str) -> tuple[TaxRate, ...]:
        """Rates that hold on an ISO date."""
        return tuple(rate for rate in self.rates if rate.holds(day))


@frozen
class TaxLine:
    """One tax of a document.

    Attributes:
        group: Tax group.
        code: Tax code; empty for an exempt base.
        name: As printed.
        rate: In hundred-millionths.
        base: Net amount that it stands on, minor units.
        amount: The tax, minor units.
    """

    group: str
    code: str
    name: str
    rate: int
    base: int
    amount: int


@frozen
class Assessment:
    """The taxes of a document.

    Attributes:
        taxes: One row a group and tax; an exempt group gives one row with no tax.
        net: Sum of the bases, each group's once.
        tax: Sum of the taxes.
        added: Taxes on top of the prices (exclusive groups only): what the total grows by.
    """

    taxes: tuple[TaxLine, ...]
    net: int
    tax: int
    added: int


class TaxTable:
    """The shop's tax groups.

    Raises:
        ConfigError: A group stands there twice, or two rates of one tax hold on the same day.
    """

    def __init__(self, groups: Iterable[TaxGroup], rounding: Rounding = Rounding.HALF_UP) -> None:
        self.groups: dict[str, TaxGroup] = {}
        self.rounding = rounding
        for group in groups:
            if group.code in self.groups:
                raise ConfigError(
                    N_("The tax group '{code}' stands there twice."),
                    hint=N_("Keep one of them."),
                    code=group.code,
                )
            _refuse_overlap(group)
            self.groups[group.code] = group

    def group(self, code: str) -> TaxGroup:
        """The group of that code.

        Raises:
            SaleError: There is none.
        """
        try:
            return self.groups[code]
        except KeyError:
            raise SaleError(
                N_("There is no tax group '{code}'."), hint=N_("Correct the product's tax."), code=code
            ) from None

    def assess(self, amounts: Mapping[str, int], day: str) -> Assessment:
        """Work out the taxes of a document.

        Args:
            amounts: Minor units by tax group, after every discount; with tax where the group is inclusive.
            day: ISO date of the sale.
        """
        taxes: list[TaxLine] = []
        net_sum = tax_sum = added = 0
        for code, amount in amounts.items():
            group = self.group(code)
            rates = group.on(day)
            whole = sum(rate.rate for rate in rates)
            if group.inclusive:
                net = divide(amount * RATE_UNIT, RATE_UNIT + whole, self.rounding)
                tax = amount - net
            else:
                net = amount
                tax = divide(net * whole, RATE_UNIT, self.rounding)
                added += tax
            net_sum += net
            tax_sum += tax
            if not rates:
                taxes.append(TaxLine(code, "", "", 0, net, 0))
            for rate, part in zip(rates, allocate(tax, [r.rate for r in rates]), strict=True):
                taxes.append(TaxLine(code, rate.code, rate.name, rate.rate, net, part))
        return Assessment(tuple(taxes), net_sum, tax_sum, added)


def _refuse_overlap(group: TaxGroup) -> None:
    """Refuse a group that would tax a day twice with one tax."""
    rates = sorted(group.rates, key=lambda rate: (rate.code, rate.since))
    for before, after in pairwise(rates):
        if before.code == after.code and (not before.until or after.since <= before.until):
            raise ConfigError(
                N_("Two rates of {tax} hold on {day} in the tax group '{code}'."),
                hint=N_("Give the older rate a last day."),
                tax=after.code,
                day=after.since,
                code=group.code,
            )
