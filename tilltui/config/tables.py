"""Sections of ``till.toml`` whose names are the shop's own: tax groups, tenders and rules."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, TypeVar

from tilltui.config.fill import fill
from tilltui.config.problems import Problems, Severity
from tilltui.config.schema import TaxRate
from tilltui.errors import N_

T = TypeVar("T")

NAME = re.compile(r"[A-Za-z0-9_-]{1,32}")
"""A name that the shop gives."""


def taxes(table: Mapping[str, Any], problems: Problems) -> Mapping[str, tuple[TaxRate, ...]]:
    """Read ``[taxes]``: rates by tax group, in the order of their days."""
    groups: dict[str, tuple[TaxRate, ...]] = {}
    for code, rows in table.items():
        where = f"taxes.{code}"
        if not NAME.fullmatch(code) or not isinstance(rows, list) or not rows:
            problems.add(Severity.ERROR, where, N_("{key} must be a list of rates in square brackets."))
            continue
        rates = []
        for i, row in enumerate(rows):
            if not isinstance(row, dict):
                problems.add(Severity.ERROR, where, N_("{key} must be a list of rates in square brackets."))
                continue
            rate = fill(TaxRate, row, f"{where}[{i}]", problems)
            if rate is not None:
                rates.append(rate)
        if len({(rate.code, rate.since) for rate in rates}) < len(rates):
            problems.add(
                Severity.ERROR,
                where,
                N_("{key} has two rates of one tax from the same day."),
                hint=N_("Give each tax of the group its own code."),
            )
        if len({rate.inclusive for rate in rates}) > 1:
            problems.add(Severity.ERROR, where, N_("{key} mixes prices with and without the tax."))
        groups[code] = tuple(sorted(rates, key=lambda rate: rate.since))
    return MappingProxyType(groups)


def named(cls: type[T], kind: str, table: Mapping[str, Any], problems: Problems) -> Mapping[str, T]:
    """Read sections such as ``[tender.NAME]`` by name.

    Args:
        cls: What each is.
        kind: The name before the dot.
        table: The sections.
        problems: Where mistakes go.
    """
    found: dict[str, T] = {}
    for key, section in table.items():
        where = f"{kind}.{key}"
        if not NAME.fullmatch(key) or not isinstance(section, dict):
            problems.add(
                Severity.ERROR,
                where,
                N_("{key} must be a section with a name of its own, such as [{example}]."),
                example=f"{kind}.main",
            )
        elif one := fill(cls, section, where, problems):
            found[key] = one
    return MappingProxyType(found)
