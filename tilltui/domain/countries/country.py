"""What a country brings, and the few forms in which its taxes are written down."""

from __future__ import annotations

from tilltui.domain.frozen import frozen
from tilltui.domain.money.money import Currency, parse_rate
from tilltui.domain.money.tax import TaxGroup, TaxRate

SCALE_TEMPLATES = ("20IIIIIPPPPPC", "21IIIIIWWWWWC", "24IIIIINNNNNC")
"""Codes that a shop's own scale prints where nothing else is said: price, weight and count embedded."""

DAY_FIRST = "%d-%m-%Y %H:%M"
"""A date with its time as most countries write it; for ``strftime``."""


@frozen
class Identity:
    """How a country numbers those who pay taxes.

    Attributes:
        name: What the tax number is called there.
        check: Name of its check among the country's in python-stdnum; empty: the number is not checked.
        example: One with a right check digit.
    """

    name: str
    check: str = ""
    example: str = ""


@frozen
class Country:
    """The defaults of a shop in one country.

    Attributes:
        code: ISO 3166-1 alpha-2.
        currency: With its cash rounding.
        taxes: Tax groups; the first is what a product has when nothing is said.
        notes: Bank notes for the note keys, minor units, ascending.
        identity: Tax numbers.
        date_form: A date with its time on paper, for ``strftime``.
        templates: Templates of price-, weight- and count-embedded codes.
        regime: Fiscal regime of a shop that sets none.
    """

    code: str
    currency: Currency
    taxes: tuple[TaxGroup, ...]
    notes: tuple[int, ...]
    identity: Identity
    date_form: str = DAY_FIRST
    templates: tuple[str, ...] = SCALE_TEMPLATES
    regime: str = "none"


def rate(code: str, percent: str, since: str = "1900-01-01", until: str = "") -> TaxRate:
    """A rate of a tax, named after both.

    Args:
        code: Short name of the tax.
        percent: With the decimal mark of the country.
        since: First day, ISO date.
        until: Last day, ISO date; empty for ever.
    """
    return TaxRate(code, f"{code} {percent}%", parse_rate(percent), since, until)


def groups(
    code: str, general: str, *reduced: tuple[str, str], inclusive: bool = True
) -> tuple[TaxGroup, ...]:
    """The groups of a country with one tax: general, the named ones, and exempt.

    Args:
        code: Short name of the tax.
        general: Its usual per cent.
        reduced: Name and per cent of each other group.
        inclusive: Prices contain the tax.
    """
    result = [TaxGroup("general", (rate(code, general),), inclusive)]
    result += [TaxGroup(name, (rate(code, percent),), inclusive) for name, percent in reduced]
    return (*result, TaxGroup("exempt", (), inclusive))
