"""A country is one module and one row; what it brings holds together."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from stdnum import get_cc_module

from tilltui import plugins
from tilltui.domain import countries
from tilltui.domain.countries.country import Country
from tilltui.domain.countries.known import COUNTRIES
from tilltui.domain.goods.embedded import Template
from tilltui.domain.money.tax import TaxTable

EVERY = pytest.mark.parametrize("country", COUNTRIES.values(), ids=COUNTRIES)


def test_every_module_of_a_country_has_its_row() -> None:
    folder = Path(countries.__file__).parent
    modules = {path.stem.upper() for path in folder.glob("*.py") if len(path.stem) == 2}
    assert modules == set(COUNTRIES)


@EVERY
def test_what_a_country_brings_holds_together(country: Country) -> None:
    assert TaxTable(country.taxes).groups
    assert country.currency.cash_step > 0
    assert list(country.notes) == sorted(country.notes)
    assert all(note % country.currency.cash_step == 0 for note in country.notes)
    assert [Template.parse(layout).layout for layout in country.templates] == list(country.templates)
    assert "2026" in datetime(2026, 11, 29, 10, 5).strftime(country.date_form)  # noqa: DTZ001 -- only its form
    assert country.regime in plugins.BUILTIN["fiscal"]


@EVERY
def test_the_example_of_a_number_passes_its_own_check(country: Country) -> None:
    identity = country.identity
    assert identity.name
    assert bool(identity.check) == bool(identity.example)
    if identity.check:
        assert get_cc_module(country.code.lower(), identity.check).is_valid(identity.example)


def test_only_the_united_states_write_the_month_first() -> None:
    assert [code for code, country in COUNTRIES.items() if country.date_form.startswith("%m")] == ["US"]
